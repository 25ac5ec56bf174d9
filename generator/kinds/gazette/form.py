"""Rules for the form of a document: fields that it needs or does not have, headings in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.content.field_types import Leaf
from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem
from generator.content.record import label_of, specs
from generator.content.settings import DRAFT, MISC
from generator.kinds.gazette.entry import SUBJECT_FORMS, GazetteEntry
from generator.site.kind import Site

_LABELS = {
    "subject": "主旨",
    "basis": "依據",
    "items": "公告事項",
    "explanation": "說明",
    "method": "辦法",
}
"""The headings that the page adds, so that a text must not begin with them."""
_EXCLUDED = {
    "order": ("subject", "basis", "items", "explanation", "method"),
    "decision": ("subject", "basis", "items", "explanation", "method"),
    "announcement": ("body", "markdown"),
    "letter": ("basis", "items", "body", "markdown"),
    "notice": ("basis", "items", "body", "markdown"),
}
"""The fields that documents of a form do not have."""
_NUMBER = re.compile(
    r"[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]"
    r"|[0-9]{1,2}[.、．](?![0-9])|[(（][0-9]{1,2}[)）]"
)


def form_rules(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """The problems of an entry's fields under its form and the nature of its category."""
    nature = site.settings.gazette.category(entry.category).nature
    yield from _needed(entry, nature)
    yield from _misplaced(entry, nature)
    yield from _typed_twice(entry)


def _needed(entry: GazetteEntry, nature: str) -> Iterator[Problem]:
    if entry.form in SUBJECT_FORMS:
        if not (entry.subject or entry.lacks("subject")):
            yield rule_problem("form-needs", entry, "form", "subject")
    elif not (entry.body or entry.markdown or entry.lacks("body")):
        yield rule_problem("form-needs", entry, "form", "body")
    if entry.body and entry.markdown:
        yield rule_problem("body-twice", entry, "markdown")
    if nature == DRAFT and not (entry.comment_period or entry.lacks("comment_period")):
        yield rule_problem("form-needs", entry, "category", "comment-period")
    free = nature == MISC or entry.form == "other" or entry.lacks("document_numbers")
    if not entry.document_numbers and not free:
        yield rule_problem("form-needs", entry, "form", "document-numbers")


def _misplaced(entry: GazetteEntry, nature: str) -> Iterator[Problem]:
    for name in _EXCLUDED.get(entry.form, ()):
        if getattr(entry, name):
            yield rule_warning("form-field", entry, name, form=entry.form_name, id=entry.form)
    if entry.comment_period and nature != DRAFT:
        yield rule_warning("form-field", entry, "comment_period", "category")


def _typed_twice(entry: GazetteEntry) -> Iterator[Problem]:
    for spec in specs(GazetteEntry):
        if spec.name in _LABELS and (value := getattr(entry, spec.attribute)):
            for leaf in spec.type.leaves(value, spec.name):
                yield from _repeated(entry, spec.name, leaf)


def _repeated(entry: GazetteEntry, name: str, leaf: Leaf) -> Iterator[Problem]:
    """A heading at the head of a whole field, or a number at the head of one of its clauses."""
    label = _LABELS[name]
    if leaf.path == name:
        if re.match(rf"\s*{label}\s*[:：]", leaf.value):
            yield rule_warning("form-words", entry, leaf.path, value=label)
    elif number := _NUMBER.match(leaf.value.lstrip()):
        label = label_of(entry, name)
        yield rule_warning("form-words", entry, leaf.path, "number", value=number[0])
