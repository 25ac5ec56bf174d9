"""The figures that follow from others, computed again from what the table declares.

Every computation is exact (fractions of whole numbers) and rounded once, half away from zero,
at the precision printed.  An approximation is never a part of one; the result of a rounded rule
may say 約 of itself.  A limit takes the numbers as printed, approximations too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from generator.content.archive import Archive
from generator.content.field_types import near
from generator.content.figure import Figure
from generator.content.model import Ref
from generator.kinds.statistics.declarations import KIND, CellName
from generator.kinds.statistics.grid import Grid, Spot
from generator.kinds.statistics.reckoning import Reckoning, reckonings
from generator.kinds.statistics.table import Statistic
from generator.site.figures.cells import (
    Cell,
    NoCell,
    Proof,
    Sort,
    Tabulated,
    cell_at,
    places_of,
    rounded,
)
from generator.site.figures.citable import Citable
from generator.site.figures.citing import typed_figures
from generator.site.kind import Site


class Unproved(Struct, frozen=True):
    """A declaration that names no figure, or more than one: its path, and what was typed."""

    path: str
    name: CellName
    missing: NoCell


def declared_of(statistic: Statistic, site: Site) -> Iterator[Proof | Unproved]:
    """Every declaration of a statistic, computed, or why it cannot be."""
    seen: set[str] = set()
    grid = Grid(statistic)
    for spot in grid.spots():
        for reckoning in reckonings(spot, grid, site):
            for found in _proved(grid, site.archive, spot, reckoning):
                if isinstance(found, Proof):
                    yield found
                elif found.path not in seen:  # once, not for every column
                    seen.add(found.path)
                    yield found


def proofs_of(statistic: Statistic, site: Site) -> Iterator[Proof]:
    """What is declared of the figures, computed again; names that lead nowhere left out."""
    return (proof for proof in declared_of(statistic, site) if isinstance(proof, Proof))


def named_cell(name: CellName, statistic: Statistic, archive: Archive) -> Cell | NoCell | None:
    """The figure of a name that stands alone; None where the whole other statistic is missing."""
    if not name.ref or name.ref == statistic.ref:
        return cell_at(statistic, name.key)
    other = archive.get(Tabulated, name.ref)
    return cell_at(other, name.key) if other else None


def _proved(
    grid: Grid, archive: Archive, spot: Spot, reckoning: Reckoning
) -> Iterator[Proof | Unproved]:
    """The proof, or every name in it that leads nowhere; nothing where a whole record does."""
    parts: list[Cell] = []
    fields: list[Citable] = []
    for step, name in reckoning.names:
        first = parts[0] if parts else None
        found = name if isinstance(name, Cell) else _found(name, grid, archive, spot, first)
        if isinstance(found, Cell):
            parts.append(found)
        elif isinstance(found, Citable):
            fields.append(found)
        elif found and isinstance(name, CellName):
            yield Unproved(f"{reckoning.path}.{step}".rstrip("."), name, found)
    if len(parts) + len(fields) == len(reckoning.names):
        yield _proof(spot.cell, reckoning, tuple(parts), tuple(fields))


def _found(
    name: CellName, grid: Grid, archive: Archive, spot: Spot, first: Cell | None
) -> Cell | Citable | NoCell | None:
    if name.ref and name.ref.kind != KIND:
        return _field(name.ref, name.key, archive)
    if name.ref and name.ref != grid.statistic.ref:
        return _elsewhere(name.ref, name.key, archive, spot)
    return grid.named(name.key, spot, first)


def _field(ref: Ref, key: str, archive: Archive) -> Citable | NoCell | None:
    """A figure that a record of another kind holds in a field."""
    record = archive.find(ref)
    if record is None:
        return None
    held = {one.name: one for one in typed_figures(record) if one.figure}
    return held.get(key) or NoCell(name=key, near=near(key, tuple(held)))


def _elsewhere(ref: Ref, key: str, archive: Archive, spot: Spot) -> Cell | NoCell | None:
    """A figure of another statistic: its row alone means the column of the same name there."""
    other = archive.get(Tabulated, ref)
    if other is None:
        return None
    found = cell_at(other, key)
    column = spot.cell.column
    for name in (column.key, column.title) if column else ():
        if isinstance(found, NoCell):
            again = cell_at(other, f"{key}.{name}")
            found = again if isinstance(again, Cell) else found
    return found


def _proof(
    cell: Cell, reckoning: Reckoning, parts: tuple[Cell, ...], fields: tuple[Citable, ...]
) -> Proof:
    figures = [part.figure for part in parts]
    figures += [one.figure for one in fields if one.figure]
    reason = _inexact(cell.figure, reckoning, figures)
    exactly: Fraction | None = None
    divisor = figures[reckoning.base].value if reckoning.base is not None else None
    if divisor == 0 and not any(figure.value is None for figure in figures):
        # nothing can be computed, so a reason is the right thing in the figure's place
        reason = "undefined" if cell.figure.missing else "zero"
    elif not reason:
        try:
            exactly = reckoning.compute([Fraction(figure.value or 0) for figure in figures])
        except ZeroDivisionError:  # an average of nothing
            reason = "zero"
    computed = None if exactly is None else _printed(exactly, reckoning.sort, cell.figure, figures)
    return Proof(
        cell=cell,
        rule=reckoning.rule,
        path=reckoning.path,
        sort=reckoning.sort,
        parts=parts,
        calculation=reckoning.worded([figure.shown for figure in figures]),
        computed=computed,
        relation=reckoning.relation,
        fields=fields,
        because=reckoning.because,
        named=reckoning.named,
        cut=computed is not None and Fraction(computed) != exactly,
        reason=reason,
        inverted=exactly is not None and divisor is not None and divisor < 0,
    )


def _printed(value: Fraction, sort: Sort, own: Figure, figures: Sequence[Figure]) -> Decimal:
    """At the precision printed: the result's own under a rounded rule, else one that cuts none."""
    printed = {Sort.ROUNDED: (own,), Sort.EXACT: (own, *figures), Sort.BOUND: figures}[sort]
    places = (places_of(one.value) for one in printed if one.value is not None)
    return rounded(value, max(places, default=0))


def _inexact(own: Figure, reckoning: Reckoning, figures: Sequence[Figure]) -> str:
    """`inexact` where a figure is missing, or approximate where the rule does not admit it."""
    if any(figure.value is None for figure in (own, *figures)):
        return "inexact"
    if reckoning.sort is Sort.BOUND:
        return ""
    qualifiers = [figure.qualifier for figure in figures]
    if reckoning.rule == "consistent_with":
        return "" if {own.qualifier} == set(qualifiers) else "inexact"
    admitted = ("",) if reckoning.sort is Sort.EXACT else ("", "約")
    return "" if own.qualifier in admitted and not any(qualifiers) else "inexact"
