"""The figures that stand at the head of a report: some that it cites, one of each record.

So the head never says a number that the text does not.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from msgspec import Struct

from generator.content.model import Ref
from generator.content.record import Record
from generator.site.english import english_address
from generator.site.figures.accounting import Account
from generator.site.figures.citing import Cited
from generator.site.kind import Site

MOST = 6


class Highlight(Struct, frozen=True, kw_only=True):
    """A cited figure: what it counts, of which record, and the address of its place there."""

    name: str
    record: str
    number: str
    unit: str
    machine: str
    address: str


def highlights(accounts: Iterable[Account], site: Site) -> tuple[Highlight, ...]:
    """The figures at the head of a report with these accounts of its sections."""
    accounts = tuple(accounts)
    placed = {p.what.ref for own in accounts for p in own.placed if isinstance(p.what, Record)}
    cited = (cited for own in accounts for cited in own.cited)
    return tuple(highlight(one, site) for one in ranked(cited, placed, site)[:MOST])


def ranked(cited: Iterable[Cited], placed: Container[Ref], site: Site) -> Sequence[Cited]:
    """A figure of each record that a text cites, the most important first.

    Figures that editors chose to stand for a record come first, then those of records whose table
    or chart is `placed` in the text, then the others; each group in the order of the text.
    """
    figures: dict[Ref, tuple[bool, Cited]] = {}
    for one in cited:
        if one.citable.figure and one.citable.unit:
            chosen = one.citable.path in site.kind(one.record).figures.chosen(one.record)
            before = figures.get(one.record.ref)
            if before is None or (chosen and not before[0]):
                figures[one.record.ref] = chosen, one
    rows = [(not chosen, one.record.ref not in placed, one) for chosen, one in figures.values()]
    return [one for _, _, one in sorted(rows, key=lambda row: row[:2])]


def highlight(cited: Cited, site: Site) -> Highlight:
    """A cited figure as it stands at a head."""
    citable = cited.citable
    return Highlight(
        name=citable.title,
        record=site.title(cited.record),
        number=citable.figure.shown if citable.figure else "",
        unit=citable.unit,
        machine=citable.machine,
        address=site.address(cited.record) + citable.fragment,
    )


def english_highlight(cited: Cited, site: Site) -> Highlight:
    """The same for a figure with English names; a unit without one is left out."""
    citable = cited.citable
    return Highlight(
        name=citable.title_en,
        record=site.kind(cited.record).english.title(cited.record),
        number=citable.figure.english if citable.figure else "",
        unit=citable.unit_en,
        machine=citable.machine,
        address=english_address(cited.record, site) + citable.fragment,
    )
