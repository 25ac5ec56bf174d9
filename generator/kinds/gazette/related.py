"""The foot of an entry's page: related entries.

Entries are related by a named reason: a relation to the same entry, the same law in their titles,
the same form of title, rare keywords.  Frequent keywords tell nothing, and would make hundreds of
pages stale with each new entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from generator.content.model import Ref
from generator.content.record import Record
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.status import enacts
from generator.site.kind import Related, Site
from generator.text.law_names import number_key, quoted_laws

MOST = 5
"""The most related entries that a page lists."""
RARE = 8
"""The most entries that have a rare keyword."""
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
    yield from filter(None, map(number_key, entry.document_numbers))


def shared_keys(entry: GazetteEntry) -> Iterator[str]:
    """What an entry has in common with related ones: each key begins with its sort."""
    for name in dict.fromkeys(quoted_laws(entry.title)):
        yield f"law {name}"
    form = _PARTICULAR.sub("", entry.title)
    if len(form) >= _SHORTEST and form != entry.title:
        yield f"form {form}"
    for word in entry.keywords:
        yield f"word {word}"


def related_by_keys(entry: GazetteEntry, site: Site) -> tuple[Related, ...]:
    """The entries that share a law, a form of title or rare keywords, the most related first.

    Of a law the newest entries count, of a form the nearest, so that one more entry changes a few
    pages only.
    """
    reasons: dict[str, list[tuple[str, str]]] = {}
    others: dict[str, Record] = {}
    weights: dict[str, int] = {}
    excluded = _related_by_relation(entry, site)
    for key in shared_keys(entry):
        sort, _, words = key.partition(" ")
        holders = site.sharing(key)
        if sort == "law":
            holders = holders[-MOST - 1 :]
        elif sort == "form" and holders:
            place = next(place for place, other in enumerate(holders) if other is entry)
            holders = holders[max(0, place - 2) : place + 3]
        elif len(holders) > RARE:
            continue
        weight = _WEIGHTS.get(sort) or _WEIGHT_OF_WORDS // max(1, len(holders))
        for other in holders:
            others[other.id] = other
            reasons.setdefault(other.id, []).append((sort, words))
            weights[other.id] = weights.get(other.id, 0) + weight
    close = [o for i, o in others.items() if weights[i] >= _LEAST and o.ref not in excluded]
    close.sort(key=lambda other: (-weights[other.id], -site.archive.place(other)))
    return tuple(_row(other, reasons[other.id], site) for other in close[:MOST])


def _row(other: Record, reasons: Sequence[tuple[str, str]], site: Site) -> Related:
    """A related entry with its strongest reason; keywords are named together."""
    sort, words = reasons[0]
    if sort == "word":
        words = "、".join(word for _, word in reasons)
    return Related(reason=sort, words=words, title=site.title(other), address=site.address(other))


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
