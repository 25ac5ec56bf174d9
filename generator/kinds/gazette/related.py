"""The foot of an entry's page: related entries.

Entries are related by a named reason: a relation to the same entry, the same law in their titles,
the same form of title, rare keywords.  Each reason is looked for near the entry in the archive,
since what a page says of all entries makes it stale with each new issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from generator.content.model import Ref
from generator.content.record import Record
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.status import enacts
from generator.site.connections import SharedKey
from generator.site.kind import Related, Site
from generator.text.law_names import cited_number, quoted_laws

MOST = 5
"""The most related entries that a page lists."""
_WEIGHTS = {"law": 1000, "form": 100}
_WEIGHT_OF_WORDS = 120
"""The weight of a keyword, which those who have it share."""
_LEAST = 24
"""The least weight of a related entry: a keyword that five have, or two that eight have."""
_SHORTEST = 8
"""The fewest characters of a form of title that tells something."""
_PARTICULAR = re.compile(r"[0-9A-Za-z０-９〇零一二三四五六七八九十百千\s\u3000]+")
"""What differs between titles of one form: numbers, days, codes."""


def names_of(entry: GazetteEntry) -> Iterator[str]:
    """The names by which other texts refer to an entry: of the law that it settles, its numbers."""
    if enacts(entry):
        yield from quoted_laws(entry.title)
    yield from filter(None, map(cited_number, entry.document_numbers))


def shared_keys(entry: GazetteEntry) -> Iterator[SharedKey]:
    """What an entry has in common with related ones."""
    for name in quoted_laws(entry.title):
        yield SharedKey("law", name)
    form = _PARTICULAR.sub("", entry.title)
    if len(form) >= _SHORTEST and form != entry.title:
        yield SharedKey("form", form)
    for word in entry.keywords:
        yield SharedKey("word", word, rare=True)


def related_by_keys(entry: GazetteEntry, site: Site) -> tuple[Related, ...]:
    """The entries near this one that share a law, a form of title or rare keywords.

    The most related come first.
    """
    reasons: dict[str, list[SharedKey]] = {}
    others: dict[str, Record] = {}
    weights: dict[str, int] = {}
    excluded = _related_by_relation(entry, site)
    for key, sharing in site.near(entry):
        weight = _WEIGHTS.get(key.sort) or _WEIGHT_OF_WORDS // (len(sharing) + 1)
        for other in sharing:
            if other.ref not in excluded:
                others[other.id] = other
                reasons.setdefault(other.id, []).append(key)
                weights[other.id] = weights.get(other.id, 0) + weight
    close = [other for name, other in others.items() if weights[name] >= _LEAST]
    close.sort(key=lambda other: (-weights[other.id], -site.archive.place(other)))
    return tuple(_row(entry, other, reasons[other.id], site) for other in close[:MOST])


def _row(entry: GazetteEntry, other: Record, keys: Sequence[SharedKey], site: Site) -> Related:
    """A related entry with its strongest reason; keywords are named together, as the entry does."""
    strongest = max(keys, key=lambda key: _WEIGHTS.get(key.sort, 0))
    words = strongest.words
    if strongest.sort == "word":
        shared = {key.words for key in keys}
        words = "、".join(word for word in entry.keywords if word in shared)
    return Related(
        reason=strongest.sort, words=words, title=site.title(other), address=site.address(other)
    )


def related(entry: GazetteEntry, site: Site) -> tuple[Related, ...]:
    """The entries with a relation to the same targets, then those that share a key.

    Entries with a relation to or from this one are left out, since the page lists them already.
    """
    listed = _related_by_relation(entry, site)
    targets = [r.target and site.linked(r.target) for r in entry.relations]
    beside = [
        Related(reason="target", words=site.title(target), title=other.title, address=other.address)
        for target in filter(None, targets)
        for other in site.archive.referring_to(target, GazetteEntry)
        if other.ref not in listed
    ]
    rows: dict[str, Related] = {}
    for row in (*beside, *site.related(entry)):
        rows.setdefault(row.address, row)
    return tuple(islice(rows.values(), MOST))


def _related_by_relation(entry: GazetteEntry, site: Site) -> set[Ref]:
    """The entry itself and those with a relation to or from it, which its page lists as such."""
    refs = {entry.ref, *(r.target for r in entry.relations if r.target)}
    return refs | {other.ref for other in site.archive.referring_to(entry, GazetteEntry)}


def of_same_issue(
    entry: GazetteEntry, beside: Sequence[GazetteEntry], site: Site
) -> tuple[GazetteEntry, ...]:
    """The entries of the same category in the same issue, for a page without related ones.

    `beside` is the entry's whole issue.
    """
    excluded = _related_by_relation(entry, site)
    same = (o for o in beside if o.category == entry.category and o.ref not in excluded)
    return tuple(islice(same, MOST))
