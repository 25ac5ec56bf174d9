"""What must hold across an entry's fields, its issue and the other entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from generator.dates import roc_year
from generator.kind import Site, rule_problem, rule_warning
from generator.kinds.gazette.entry import SUBJECT_FORMS, GazetteEntry
from generator.kinds.gazette.issue import ISSUE_ID, GazetteIssue
from generator.model import Problem


def folded_number(number: str) -> str:
    """A document number as look-ups compare it: NFKC, no spaces, without 字, 第 and 號."""
    plain = unicodedata.normalize("NFKC", number).casefold().replace("臺", "台")
    return re.sub(r"[\s字第號()]", "", plain)


def entry_rules(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """Everything that an entry's fields demand of each other."""
    yield from _form(entry)
    yield from _numbers(entry)
    yield from _relations(entry)
    yield from _attachments(entry)
    yield from _periods(entry)
    if entry.personal_data and not entry.nonce:
        yield rule_problem("nonce-missing", entry, "personal_data")
    if site.missing(entry.issue):
        yield rule_problem("issue-missing", entry, "", value=entry.issue.id)


def _form(entry: GazetteEntry) -> Iterator[Problem]:
    if entry.form in SUBJECT_FORMS:
        if not (entry.subject or entry.lacks("subject")):
            yield rule_problem("form-needs", entry, "form", "subject")
    elif not (entry.body or entry.markdown or entry.lacks("body")):
        yield rule_problem("form-needs", entry, "form", "body")
    if entry.body and entry.markdown:
        yield rule_problem("body-twice", entry, "markdown")
    if entry.category == "draft" and not (entry.comment_period or entry.lacks("comment_period")):
        yield rule_problem("form-needs", entry, "category", "comment-period")


def _numbers(entry: GazetteEntry) -> Iterator[Problem]:
    free = "other" in (entry.category, entry.form) or entry.lacks("document_numbers")
    if not entry.document_numbers and not free:
        yield rule_problem("form-needs", entry, "form", "document-numbers")
    several = len(entry.issuers) > 1 and len(entry.document_numbers) > 0
    if several and len(entry.document_numbers) != len(entry.issuers):
        counts = {"numbers": str(len(entry.document_numbers)), "issuers": str(len(entry.issuers))}
        yield rule_warning("numbers-per-issuer", entry, "document_numbers", **counts)


def _relations(entry: GazetteEntry) -> Iterator[Problem]:
    for index, relation in enumerate(entry.relations):
        path = f"relations.{index}"
        if (relation.target is None) == (not relation.citation):
            yield rule_problem("relation-target", entry, path)
        if relation.target == entry.ref:
            yield rule_problem("relation-self", entry, f"{path}.target")


def _attachments(entry: GazetteEntry) -> Iterator[Problem]:
    for index, attachment in enumerate(entry.attachments):
        if sum(map(bool, (attachment.path, attachment.url, attachment.availability))) == 0:
            yield rule_problem("attachment-empty", entry, f"attachments.{index}")


def _periods(entry: GazetteEntry) -> Iterator[Problem]:
    period = entry.comment_period
    if period and period.ends_on < period.starts_on:
        yield rule_problem("period-order", entry, "comment_period.ends_on")
    if entry.pages and entry.pages.last and entry.pages.last < entry.pages.first:
        yield rule_problem("period-order", entry, "pages.last", "pages")
    for index, effective in enumerate(entry.effective):
        if not (effective.date or effective.from_):
            yield rule_problem("effective-empty", entry, f"effective.{index}")


def issue_rules(issue: GazetteIssue, site: Site) -> Iterator[Problem]:
    """What an issue's folder must agree with."""
    parts = ISSUE_ID.fullmatch(issue.id)
    width = site.settings.gazette.number_width
    number = parts["number"] if parts else ""
    if len(number) != max(width, len(number.lstrip("0"))):
        expected = issue.id[: -len(number)] + number.lstrip("0").zfill(width)
        yield rule_problem("issue-number-width", issue, "", value=issue.id, expected=expected)
    if issue.publication_date and abs(roc_year(issue.publication_date) - issue.volume) > 1:
        year = str(roc_year(issue.publication_date))
        path = "publication_date"
        yield rule_problem("volume-year", issue, path, value=year, volume=str(issue.volume))


def number_rules(site: Site) -> Iterable[Problem]:
    """Document numbers that two entries claim; look-ups could not tell them apart.

    An entry that names the other one (a correction, say) may repeat its number.
    """
    holders: dict[str, GazetteEntry] = {}
    for entry in site.archive.of(GazetteEntry):
        named = {relation.target for relation in entry.relations}
        for index, number in enumerate(entry.document_numbers):
            first = holders.setdefault(folded_number(number), entry)
            if first is not entry and first.ref not in named and entry.form != "other":
                path = f"document_numbers.{index}"
                values = {"value": number, "other": first.origin.path}
                yield rule_problem("document-number-duplicate", entry, path, **values)
