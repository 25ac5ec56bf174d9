"""`record.json`: the bytes of an entry that its seal covers.

The format never changes, since a seal cannot be undone: objects, arrays and strings, text exactly
as typed, agencies' names on the day of dispatch.  It leaves out whatever may change without
changing the document: labels of categories, revision notes, addresses, derived dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from generator.content.model import Ref
from generator.content.outline import Clause, Outline
from generator.content.record import specs
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.issue import GazetteIssue
from generator.ledger.merkle import leaf_hash
from generator.site.kind import Site, folder_of
from generator.text.canonical_json import Canonical, canonical_json

SCHEMA = "gongbao-record-1"
_ADMINISTRATIVE = frozenset(
    ("published_on", "revisions", "expires_on", "legacy_urls", "source", "personal_data")
)
_OWN = frozenset(("issuers", "attachments"))
_TRANSLATED = ("summary_en", "title_en")
"""Translations, which are often added later: part of a record only if they were sealed with it."""


def sealed_json(entry: GazetteEntry, issue: GazetteIssue, site: Site) -> bytes:
    """The bytes of an entry's record, kept because its page, its seal and its issue need them.

    A sealed record keeps its bytes.  Translations added after the seal are not part of it, so that
    editors may still correct them.
    """
    if id(entry) not in site.sealed_documents:
        site.sealed_documents[id(entry)] = entry, _sealed(entry, issue, site)
    return site.sealed_documents[id(entry)][1]


def _sealed(entry: GazetteEntry, issue: GazetteIssue, site: Site) -> bytes:
    whole, sealed = _record_json(entry, issue, site), site.sealed_leaf(entry)
    if not sealed or leaf_hash(whole) == sealed:
        return whole
    # the seal does not say which translations it covers, so leave out each combination
    later = [name for name in _TRANSLATED if getattr(entry, name)]
    sets = (names for count in range(1, len(later) + 1) for names in combinations(later, count))
    candidates = (_record_json(entry, issue, site, frozenset(names)) for names in sets)
    return next((record for record in candidates if leaf_hash(record) == sealed), whole)


def _record_json(
    entry: GazetteEntry, issue: GazetteIssue, site: Site, leave: frozenset[str] = frozenset()
) -> bytes:
    """The canonical bytes of an entry's record, without some of its fields."""
    day = entry.dispatch_date or issue.publication_date
    record: dict[str, Canonical] = {
        "schema": SCHEMA,
        "id": entry.id,
        "issue": {"id": issue.id, "publication_date": _plain(issue.publication_date)},
        "issuers": [{"id": ref.id, "name": site.title_on(ref, day)} for ref in entry.issuers],
        **_fields(entry, leave=_ADMINISTRATIVE | _OWN | leave),
    }
    if entry.attachments:
        record["attachments"] = [_attachment(entry, a, site) for a in entry.attachments]
    return canonical_json(record)


def _fields(group: Any, leave: frozenset[str] = frozenset()) -> dict[str, Canonical]:
    values = ((spec, getattr(group, spec.attribute)) for spec in specs(type(group)))
    return {
        spec.name: _plain(value)
        for spec, value in values
        if spec.name not in leave and value is not None and value != spec.type.blank
    }


def _attachment(entry: GazetteEntry, attachment: Any, site: Site) -> Mapping[str, Canonical]:
    path = f"{folder_of(entry)}/{attachment.path}"
    derived: dict[str, Canonical] = {}
    if attachment.path:
        derived = {"bytes": str(site.files[path]), "sha256": site.digests[path]}
    return {**_fields(attachment), **derived}


def _plain(value: Any) -> Canonical:
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Ref):
        return value.id
    if isinstance(value, Outline):
        return value.text or _clauses(value.clauses)
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return _fields(value)


def _clauses(clauses: tuple[Clause, ...]) -> list[Canonical]:
    texts: list[Canonical] = []
    for clause in clauses:
        texts.append(clause.text)
        if clause.clauses:
            texts.append(_clauses(clause.clauses))
    return texts
