"""Rules for entries and issues: fields against each other, the issue, and all other entries.

`form.py`, `relations.py` and `personal_rules.py` have the rules of one subject each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from unicodedata2 import normalize

from generator.content.field_types import Text
from generator.content.files import SITE_FILE
from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Origin, Problem, Ref
from generator.content.record import leaves_of
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.form import form_rules
from generator.kinds.gazette.issue import ISSUE_ID, GazetteIssue
from generator.kinds.gazette.personal_rules import private_rules
from generator.kinds.gazette.relations import relation_rules
from generator.kinds.gazette.status import first_day, stated_days
from generator.site.kind import Site
from generator.text.dates import roc, roc_year
from generator.text.pasted_cells import pasted_table

_LEFT_OUT = re.compile(r"[\s字第號()]")
_PROMISE = re.compile("(?:詳?如|詳見|詳)(?:後)?附(?:件|表|圖|檔)")
PROMISED, AFTER = timedelta(days=31), 2
"""The days after publication in which what is missing is reported: nobody adds it later."""
_SAME_NUMBER = ("corrects", "replaces", "withdraws")
LATEST = 366
"""The most days from dispatch to publication; beyond them the year is often mistyped."""
COMMENT_DAYS = 60
"""The fewest days for comments on a draft; a shorter period needs a reason."""


def folded_number(number: str) -> str:
    """A document number as look-ups compare it: NFKC, without spaces, 字, 第 and 號."""
    plain = normalize("NFKC", number).casefold().replace("臺", "台")
    return _LEFT_OUT.sub("", plain)


def entry_rules(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """The problems of an entry's fields, alone and against each other."""
    yield from form_rules(entry, site)
    yield from _numbers(entry)
    yield from relation_rules(entry, site)
    yield from _attachments(entry, site)
    yield from _cells(entry, site)
    yield from _periods(entry, site)
    yield from _stated_effect(entry, site)
    yield from _comment_period(entry)
    yield from private_rules(entry, site)
    if site.missing(entry.issue):
        yield rule_problem("issue-missing", entry, "", value=entry.issue.id)


def _numbers(entry: GazetteEntry) -> Iterator[Problem]:
    several = len(entry.issuers) > 1 and len(entry.document_numbers) > 0
    if several and len(entry.document_numbers) != len(entry.issuers):
        counts = {"numbers": str(len(entry.document_numbers)), "issuers": str(len(entry.issuers))}
        yield rule_warning("numbers-per-issuer", entry, "document_numbers", **counts)


def _attachments(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    for index, attachment in enumerate(entry.attachments):
        if sum(map(bool, (attachment.path, attachment.url, attachment.availability))) == 0:
            yield rule_problem("attachment-empty", entry, f"attachments.{index}")
    if not (entry.attachments or entry.lacks("attachments")):
        yield from _promised(entry, site)


def _promised(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """The first text that mentions an attachment, if the entry is new and has none."""
    for leaf in leaves_of(entry, Text):
        mention = _PROMISE.search(leaf.value)
        if mention:
            day = site.publication_day(entry)
            if day and site.phase(day, day + PROMISED) < AFTER:
                yield rule_warning("attachment-promised", entry, leaf.path, value=mention[0])
            return


def _cells(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """A table pasted one cell a line, if the entry is new: its rows are lost to every reader."""
    day = site.publication_day(entry)
    if day and site.phase(day, day + PROMISED) < AFTER and (cell := pasted_table(entry.body)):
        yield rule_warning("table-cells", entry, "body", value=cell)


def _periods(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    if entry.pages and entry.pages.last and entry.pages.last < entry.pages.first:
        yield rule_problem("period-order", entry, "pages.last", "pages")
    dispatched, issue = entry.dispatch_date, site.archive.get(GazetteIssue, entry.issue)
    published = issue.publication_date if issue else None
    if dispatched and published and dispatched > published:
        yield rule_warning("date-order", entry, "dispatch_date", "dispatch", other=roc(published))
    elif dispatched and published and (published - dispatched).days > LATEST:
        other = roc(published)
        yield rule_warning("date-order", entry, "dispatch_date", "dispatch-early", other=other)
    for index, effective in enumerate(entry.effective):
        path, first = f"effective.{index}", effective.date
        if not (effective.date or effective.from_):
            yield rule_problem("effective-empty", entry, path)
        elif effective.until and first and effective.until < first:
            yield rule_problem("period-order", entry, f"{path}.until")
        elif first and dispatched and first < dispatched and not effective.note:
            other = roc(dispatched)
            yield rule_warning("date-order", entry, f"{path}.date", "effective", other=other)


def _stated_effect(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """Words that name another day of effect than the fields, if the entry is new."""
    day, stated = site.publication_day(entry), stated_days(entry)
    days = [first for e in entry.effective if (first := first_day(e, entry, site))]
    differ = stated and days and stated.keys().isdisjoint(days)
    if differ and day and site.phase(day, day + PROMISED) < AFTER:
        values = {"value": next(iter(stated.values())), "other": roc(min(days))}
        yield rule_warning("date-order", entry, "effective", "stated", **values)


def _comment_period(entry: GazetteEntry) -> Iterator[Problem]:
    period = entry.comment_period
    if period is None:
        return
    between = (period.ends_on - period.starts_on).days
    if between < 0:
        yield rule_problem("period-order", entry, "comment_period.ends_on")
        return
    if period.days and period.days not in (between, between + 1):
        values = {"value": str(period.days), "counted": str(between + 1)}
        yield rule_problem("comment-days", entry, "comment_period.days", **values)
    if between + 1 < COMMENT_DAYS and not period.reason:
        yield rule_warning("comment-short", entry, "comment_period", value=str(between + 1))


def setting_rules(site: Site) -> Iterator[Problem]:
    """A site with a gazette needs its settings: one problem, not one for each entry."""
    of_gazette = (*site.archive.of(GazetteIssue), *site.archive.of(GazetteEntry))
    if of_gazette and not site.settings.has_gazette:
        values = {"value": of_gazette[0].origin.path}
        yield Problem(code="gazette-unset", origin=Origin(path=SITE_FILE), values=values)


def issue_rules(issue: GazetteIssue, site: Site) -> Iterator[Problem]:
    """The problems of an issue's number and volume year."""
    parts = ISSUE_ID.fullmatch(issue.id)
    width = site.settings.gazette.number_width
    number = parts["number"] if parts else ""
    if len(number) != max(width, len(number.lstrip("0"))):
        expected = issue.id[: -len(number)] + number.lstrip("0").zfill(width)
        if site.archive.find(Ref(issue.kind, expected)):
            return  # `issue_order_rules` reports both issues of the same number
        yield rule_problem("issue-number-width", issue, "", value=issue.id, expected=expected)
    yield from _volume(issue)


def _volume(issue: GazetteIssue) -> Iterator[Problem]:
    """The volume year and the year of the date may differ by one, around New Year."""
    year = roc_year(issue.publication_date) if issue.publication_date else issue.volume
    values = {"value": str(year), "volume": str(issue.volume)}
    if abs(year - issue.volume) > 1:
        yield rule_problem("volume-year", issue, "publication_date", **values)
    elif year != issue.volume:
        yield rule_warning("volume-year", issue, "publication_date", "near", **values)


def number_rules(site: Site) -> Iterable[Problem]:
    """Document numbers of two entries, which look-ups could not tell apart.

    An entry that corrects, replaces or withdraws the other one may repeat its number.
    """
    holders: dict[str, GazetteEntry] = {}
    for entry in site.archive.of(GazetteEntry):
        for index, number in enumerate(entry.document_numbers):
            first = holders.setdefault(folded_number(number), entry)
            if first is entry or entry.form == "other":
                continue
            if first.ref not in {r.target for r in entry.relations if r.type in _SAME_NUMBER}:
                path = f"document_numbers.{index}"
                values = {"value": number, "other": first.origin.path}
                yield rule_problem("document-number-duplicate", entry, path, **values)
