"""Front pages: the blocks of kinds for the home page, and those of an agency or a topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from msgspec import structs

from generator.content.model import Mapped, Ref
from generator.content.record import Record
from generator.site.english import row_in
from generator.site.kind import HomeBlock, Kind, Scope, Site
from generator.site.listing import Row, plain_row
from generator.text.urls import ENGLISH

NEWEST = 6
"""The most records of a kind without blocks of its own on the page of an agency or a topic."""


def blocks_of(site: Site, scope: Scope) -> tuple[HomeBlock, ...]:
    """The blocks of all kinds, by their parts and then in the order of the menu.

    Each kind is told what those before it show, so that nothing stands on a page twice.
    """
    blocks: list[HomeBlock] = []
    ranked = sorted(site.kinds, key=lambda kind: (_rank(kind), kind.name))
    for kind in ranked:
        if kind.home:
            blocks += kind.home(site, structs.replace(scope, shown=shown_in(blocks)))
        else:
            blocks += _plain_block(kind, site, scope)
    return tuple(sorted(blocks, key=lambda block: block.part))


def _rank(kind: Kind) -> int:
    return kind.section.rank if kind.section else 1000


def shown_in(blocks: Iterable[HomeBlock]) -> frozenset[Ref]:
    """The records that stand in the lines of blocks."""
    return frozenset(ref for block in blocks for ref in block.shows)


def _plain_block(kind: Kind, site: Site, scope: Scope) -> Sequence[HomeBlock]:
    """The newest records of an agency or a topic of a kind without blocks of its own."""
    if scope.records is None or not kind.page:
        return ()
    own = scope.of(kind.record_type, site)
    if not own:
        return ()
    label = kind.label_en if scope.language == ENGLISH else kind.label
    rows = Mapped(partial(_row, scope.language, site), site.newest(own)[:NEWEST])
    context = {"title": label, "count": len(own), "rows": rows}
    shows = frozenset(record.ref for record in own)
    return (HomeBlock(template="plain-block.html", context=context, shows=shows),)


def _row(language: str, site: Site, record: Record) -> Row:
    return row_in(language, plain_row)(record, site)
