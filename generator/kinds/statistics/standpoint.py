"""Where a target stands on the site's day, computed from the figures.

The computation is given in words; where the publisher gives a claim and no figure, that is what
is said.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from generator.content.archive import Archive
from generator.content.figure import Figure
from generator.kinds.statistics.proofs import named_cell
from generator.kinds.statistics.table import Statistic
from generator.kinds.statistics.targets import LATEST, Target
from generator.site.figures.cells import Cell, NoCell, Tabulated, rounded
from generator.text.dates import roc


class Status(StrEnum):
    """Where a target stands."""

    REACHED = "reached"
    ON_PACE = "on-pace"
    BEHIND = "behind"
    OVERDUE = "overdue"
    NOT_REPORTED = "not-reported"
    STATED = "stated"


SHOWN = {
    Status.REACHED: "已達成",
    Status.ON_PACE: "符合進度",
    Status.BEHIND: "落後",
    Status.OVERDUE: "逾期未達成",
    Status.NOT_REPORTED: "尚無數據",
    Status.STATED: "機關說明，未提供數據",
}


class Standpoint(Struct, frozen=True, kw_only=True):
    """The status of a target on a day, and how it was found."""

    status: Status
    computation: str

    @property
    def shown(self) -> str:
        """The status in words."""
        return SHOWN[self.status]


def measure(
    target: Target, statistic: Statistic, archive: Archive, day: dt.date
) -> Cell | NoCell | None:
    """The figure that decides on a day; a `NoCell` where none is called so, None for none."""
    name = target.measured_by
    if name is None:
        return None
    row, dot, last = name.key.rpartition(".")
    if last != LATEST:
        return named_cell(name, statistic, archive)
    held = archive.get(Tabulated, name.ref) if name.ref else statistic
    return _latest(held, row if dot else "", day) if held else None


def _latest(held: Tabulated, row: str, day: dt.date) -> Cell | NoCell | None:
    """The newest figure of a series, or of a row whose columns are times, known on a day."""
    times = [cell for cell in held.cells() if (row in cell.short_names if row else cell.at)]
    times = [cell for cell in times if cell.at or (cell.column and cell.column.at)]
    if not times:
        return NoCell(name=f"{row}.{LATEST}" if row else LATEST)
    known = [c for c in times if c.day and c.day <= day and c.figure.value is not None]
    return max(known, key=lambda cell: (cell.day or day, cell.key), default=None)


def standpoint(target: Target, statistic: Statistic, archive: Archive, day: dt.date) -> Standpoint:
    """Where a target stands on a day."""
    found, wanted = measure(target, statistic, archive, day), _exact(target.target)
    value = _exact(found.figure) if isinstance(found, Cell) else None
    if not isinstance(found, Cell) or value is None or wanted is None:
        status = Status.STATED if target.stated else Status.NOT_REPORTED
        return Standpoint(status=status, computation=target.stated)
    sign = "≥" if target.rises else "≤"
    seen = f"{found.title} {found.figure.shown}"
    if target.meets(value, wanted):
        words = f"{seen} {sign} {target.target.shown}"
        return Standpoint(status=Status.REACHED, computation=words)
    short = f"{seen}，未達 {sign} {target.target.shown}"
    if target.due and day > target.due:
        words = f"{short}，期限{roc(target.due)}已過"
        return Standpoint(status=Status.OVERDUE, computation=words)
    return _paced(target, found) or Standpoint(status=Status.BEHIND, computation=short)


def _exact(figure: Figure | None) -> Fraction | None:
    return Fraction(figure.exact) if figure and figure.exact is not None else None


def _paced(target: Target, found: Cell) -> Standpoint | None:
    """On or behind the straight line from the baseline to the target, which lies ahead."""
    begun, due, day = target.baseline_on, target.due, found.day
    start, end, value = _exact(target.baseline), _exact(target.target), _exact(found.figure)
    if not (begun and due and day and begun < due) or start is None or end is None:
        return None
    gone, whole = max(0, (min(day, due) - begun).days), (due - begun).days
    expected = start + (end - start) * gone / whole
    status = Status.BEHIND
    if value is not None and target.meets(value, expected):
        status = Status.ON_PACE
    first, last = (figure.shown if figure else "" for figure in (target.baseline, target.target))
    line = f"{first} + ({last} − {first}) × {gone} ÷ {whole}"
    words = f"至{roc(day)}應達 {_shown(expected)}（{line}），實際 {found.figure.shown}"
    return Standpoint(status=status, computation=words)


def _shown(value: Fraction) -> str:
    """A number for readers, at two decimal places where it is not whole."""
    return f"{rounded(value, 0 if value.denominator == 1 else 2):,f}"
