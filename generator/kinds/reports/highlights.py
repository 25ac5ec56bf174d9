"""The figures that stand at the head of a report: some that it cites, one of each record.

Figures of records whose table or chart the report places come first, then the others, each in the
order of the text; so the head never says a number that the text does not.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from generator.content.model import Ref
from generator.content.record import Record
from generator.site.figures.accounting import Account
from generator.site.figures.citing import Cited
from generator.site.kind import Site

MOST = 6


class Highlight(Struct, frozen=True, kw_only=True):
    """A cited figure: what it counts, in which record, and the address of its place there."""

    name: str
    record: Record
    number: str
    unit: str
    machine: str
    address: str


def highlights(accounts: Iterable[Account], site: Site) -> tuple[Highlight, ...]:
    """The figures at the head of a report with these accounts of its sections."""
    accounts = tuple(accounts)
    placed = {p.what.ref for own in accounts for p in own.placed if isinstance(p.what, Record)}
    first: dict[Ref, Cited] = {}
    for cited in (cited for own in accounts for cited in own.cited):
        if cited.citable.figure and cited.citable.unit:
            first.setdefault(cited.record.ref, cited)
    ranked = sorted(first.values(), key=lambda cited: cited.record.ref not in placed)
    return tuple(_highlight(cited, site) for cited in ranked[:MOST])


def _highlight(cited: Cited, site: Site) -> Highlight:
    citable = cited.citable
    place = f"#{citable.anchor}" if citable.anchor else ""
    return Highlight(
        name=citable.title,
        record=cited.record,
        number=citable.figure.shown if citable.figure else "",
        unit=citable.unit,
        machine=citable.machine,
        address=site.address(cited.record) + place,
    )
