"""The foot of an entry's page: related entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from generator.content.model import Ref
from generator.kinds.gazette.entry import GazetteEntry
from generator.site.kind import Site

MOST = 5
"""The most related entries that a page lists."""


def related(
    entry: GazetteEntry, beside: Sequence[GazetteEntry], site: Site
) -> tuple[GazetteEntry, ...]:
    """Entries with relations to the same targets, then those of its category in its issue.

    Entries with a relation to or from this one are left out, since the page lists them already.
    `beside` is the entry's whole issue.
    """
    excluded = {entry.ref, *(r.target for r in entry.relations)}
    excluded |= {other.ref for other in site.archive.referring_to(entry, GazetteEntry)}
    same_category = (other.ref for other in beside if other.category == entry.category)
    refs = dict.fromkeys((*_same_targets(entry, site), *same_category))
    entries = (site.archive.get(GazetteEntry, ref) for ref in refs if ref not in excluded)
    return tuple(islice(filter(None, entries), MOST))


def _same_targets(entry: GazetteEntry, site: Site) -> Iterator[Ref]:
    """The entries with a relation to a target of this one."""
    for relation in entry.relations:
        target = relation.target and site.linked(relation.target)
        if target:
            yield from (o.ref for o in site.archive.referring_to(target, GazetteEntry))
