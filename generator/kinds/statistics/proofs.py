"""The proofs of figures that follow from others, computed again from the table's declarations.

Every computation is exact (with fractions) and rounded once, half away from zero, at the printed
precision.  It takes no approximate parts; only the result of a rounded rule may itself be marked
約.  A limit compares the numbers as printed, approximate ones too.
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
from generator.kinds.statistics.computations import Computation, computations
from generator.kinds.statistics.declarations import KIND, CellName
from generator.kinds.statistics.grid import Grid, Spot
from generator.kinds.statistics.statistic import Statistic
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
    """A name in a declaration that no figure has, or several have: its path, and the typed name."""

    path: str
    name: CellName
    missing: NoCell


def declarations_of(statistic: Statistic, site: Site) -> Iterator[Proof | Unproved]:
    """Every declaration of a statistic as a proof, or the names in it that have no figure."""
    seen: set[str] = set()
    grid = Grid(statistic)
    for spot in grid.spots():
        for computation in computations(spot, grid, site):
            for result in _proved(grid, site.archive, spot, computation):
                if isinstance(result, Proof):
                    yield result
                elif result.path not in seen:  # once, not for every column
                    seen.add(result.path)
                    yield result


def proofs_of(statistic: Statistic, site: Site) -> Iterator[Proof]:
    """The proofs of a statistic, without declarations whose names have no figure."""
    return (proof for proof in declarations_of(statistic, site) if isinstance(proof, Proof))


def named_cell(name: CellName, statistic: Statistic, archive: Archive) -> Cell | NoCell | None:
    """The figure of a name outside a table's lines; None if the other statistic does not exist."""
    if not name.ref or name.ref == statistic.ref:
        return cell_at(statistic, name.key)
    other = archive.get(Tabulated, name.ref)
    return cell_at(other, name.key) if other else None


def _proved(
    grid: Grid, archive: Archive, spot: Spot, computation: Computation
) -> Iterator[Proof | Unproved]:
    """The proof, or each name in it without a figure.

    Nothing if a whole record does not exist, which the check of references reports.
    """
    parts: list[Cell] = []
    fields: list[Citable] = []
    for step, name in computation.names:
        first = parts[0] if parts else None
        source = name if isinstance(name, Cell) else _source(name, grid, archive, spot, first)
        if isinstance(source, Cell):
            parts.append(source)
        elif isinstance(source, Citable):
            fields.append(source)
        elif source and isinstance(name, CellName):
            yield Unproved(f"{computation.path}.{step}".rstrip("."), name, source)
    if len(parts) + len(fields) == len(computation.names):
        yield _proof(spot.cell, computation, tuple(parts), tuple(fields))


def _source(
    name: CellName, grid: Grid, archive: Archive, spot: Spot, first: Cell | None
) -> Cell | Citable | NoCell | None:
    """The figure of a name, in this table, another statistic, or a record of another kind."""
    if name.ref and name.ref.kind != KIND:
        return _field(name.ref, name.key, archive)
    if name.ref and name.ref != grid.statistic.ref:
        return _elsewhere(name.ref, name.key, archive, spot)
    return grid.find(name.key, spot, first)


def _field(ref: Ref, key: str, archive: Archive) -> Citable | NoCell | None:
    """A figure in a field of a record of another kind."""
    record = archive.find(ref)
    if record is None:
        return None
    fields = {field.name: field for field in typed_figures(record) if field.figure}
    return fields.get(key) or NoCell(name=key, near=near(key, tuple(fields)))


def _elsewhere(ref: Ref, key: str, archive: Archive, spot: Spot) -> Cell | NoCell | None:
    """A figure of another statistic; a row without a column means the column of the same name."""
    other = archive.get(Tabulated, ref)
    if other is None:
        return None
    cell, column = cell_at(other, key), spot.cell.column
    for name in (column.key, column.title) if column else ():
        if isinstance(cell, NoCell):
            # keep the first NoCell, which has the name as typed
            same_column = cell_at(other, f"{key}.{name}")
            cell = same_column if isinstance(same_column, Cell) else cell
    return cell


def _proof(
    cell: Cell, computation: Computation, parts: tuple[Cell, ...], fields: tuple[Citable, ...]
) -> Proof:
    figures = [part.figure for part in parts]
    figures += [field.figure for field in fields if field.figure]
    reason = _inexact(cell.figure, computation, figures)
    exactly: Fraction | None = None
    divisor = figures[computation.base].value if computation.base is not None else None
    if divisor == 0 and not any(figure.value is None for figure in figures):
        # division by zero has no result, so the figure is right to give a reason instead
        reason = "undefined" if cell.figure.missing else "zero"
    elif not reason:
        try:
            exactly = computation.compute([Fraction(figure.value or 0) for figure in figures])
        except ZeroDivisionError:  # an average of nothing
            reason = "zero"
    computed = (
        None if exactly is None else _printed(exactly, computation.sort, cell.figure, figures)
    )
    return Proof(
        cell=cell,
        rule=computation.rule,
        path=computation.path,
        sort=computation.sort,
        parts=parts,
        calculation=computation.worded([figure.shown for figure in figures]),
        computed=computed,
        relation=computation.relation,
        fields=fields,
        because=computation.because,
        named=computation.things,
        cut=computed is not None and Fraction(computed) != exactly,
        reason=reason,
        inverted=exactly is not None and divisor is not None and divisor < 0,
    )


def _printed(value: Fraction, sort: Sort, own: Figure, figures: Sequence[Figure]) -> Decimal:
    """The value at the precision of the result if the rule rounds, else at the highest one."""
    precise = {Sort.ROUNDED: (own,), Sort.EXACT: (own, *figures), Sort.BOUND: figures}[sort]
    places = (places_of(figure.value) for figure in precise if figure.value is not None)
    return rounded(value, max(places, default=0))


def _inexact(own: Figure, computation: Computation, figures: Sequence[Figure]) -> str:
    """`inexact` if a figure is missing, or approximate under a rule that needs exact ones."""
    if any(figure.value is None for figure in (own, *figures)):
        return "inexact"
    if computation.sort is Sort.BOUND:
        return ""
    qualifiers = [figure.qualifier for figure in figures]
    if computation.rule == "consistent_with":
        return "" if {own.qualifier} == set(qualifiers) else "inexact"
    admitted = ("",) if computation.sort is Sort.EXACT else ("", "約")
    return "" if own.qualifier in admitted and not any(qualifiers) else "inexact"
