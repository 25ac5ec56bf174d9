"""The status of a target on the site's day, computed from the figures, with the computation.

If the publisher gives a statement instead of a figure, the status is that statement.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from generator.content.archive import Archive
from generator.content.figure import Figure
from generator.kinds.statistics.proofs import named_cell
from generator.kinds.statistics.statistic import Statistic
from generator.kinds.statistics.targets import LATEST, Target
from generator.site.figures.cells import Cell, NoCell, Tabulated, rounded
from generator.text.dates import roc


class Status(StrEnum):
    """The status of a target."""

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


class TargetStatus(Struct, frozen=True, kw_only=True):
    """The status of a target on a day, and the computation in words."""

    status: Status
    computation: str

    @property
    def shown(self) -> str:
        """The status in words."""
        return SHOWN[self.status]


def measure(
    target: Target, statistic: Statistic, archive: Archive, day: dt.date
) -> Cell | NoCell | None:
    """The figure that measures a target on a day; a `NoCell` if its name is unknown."""
    name = target.measured_by
    if name is None:
        return None
    row, dot, last = name.key.rpartition(".")
    if last != LATEST:
        return named_cell(name, statistic, archive)
    measured = archive.get(Tabulated, name.ref) if name.ref else statistic
    return _latest(measured, row if dot else "", day) if measured else None


def _latest(statistic: Tabulated, row: str, day: dt.date) -> Cell | NoCell | None:
    """The newest figure up to a day, of a series or of a row whose columns are times."""
    times = [cell for cell in statistic.cells() if (row in cell.short_names if row else cell.at)]
    times = [cell for cell in times if cell.at or (cell.column and cell.column.at)]
    if not times:
        return NoCell(name=f"{row}.{LATEST}" if row else LATEST)
    past = [c for c in times if c.day and c.day <= day and c.figure.value is not None]
    return max(past, key=lambda cell: (cell.day or day, cell.key), default=None)


def target_status(
    target: Target, statistic: Statistic, archive: Archive, day: dt.date
) -> TargetStatus:
    """The status of a target on a day."""
    cell, goal = measure(target, statistic, archive, day), _exact(target.target)
    value = _exact(cell.figure) if isinstance(cell, Cell) else None
    if not isinstance(cell, Cell) or value is None or goal is None:
        status = Status.STATED if target.stated else Status.NOT_REPORTED
        return TargetStatus(status=status, computation=target.stated)
    sign = "≥" if target.rises else "≤"
    actual = f"{cell.title} {cell.figure.shown}"
    if target.meets(value, goal):
        words = f"{actual} {sign} {target.target.shown}"
        return TargetStatus(status=Status.REACHED, computation=words)
    missed = f"{actual}，未達 {sign} {target.target.shown}"
    if target.due and day > target.due:
        words = f"{missed}，期限{roc(target.due)}已過"
        return TargetStatus(status=Status.OVERDUE, computation=words)
    return _pace(target, cell) or TargetStatus(status=Status.BEHIND, computation=missed)


def _exact(figure: Figure | None) -> Fraction | None:
    return Fraction(figure.exact) if figure and figure.exact is not None else None


def _pace(target: Target, cell: Cell) -> TargetStatus | None:
    """On or behind the straight line from the baseline to the target, before the target is due."""
    first_day, due, day = target.baseline_on, target.due, cell.day
    start, end, value = _exact(target.baseline), _exact(target.target), _exact(cell.figure)
    if not (first_day and due and day and first_day < due) or start is None or end is None:
        return None
    elapsed, whole = max(0, (min(day, due) - first_day).days), (due - first_day).days
    expected = start + (end - start) * elapsed / whole
    status = Status.BEHIND
    if value is not None and target.meets(value, expected):
        status = Status.ON_PACE
    first, last = (figure.shown if figure else "" for figure in (target.baseline, target.target))
    line = f"{first} + ({last} − {first}) × {elapsed} ÷ {whole}"
    words = f"至{roc(day)}應達 {_number(expected)}（{line}），實際 {cell.figure.shown}"
    return TargetStatus(status=status, computation=words)


def _number(value: Fraction) -> str:
    """A number as text, with two decimal places unless it is whole."""
    return f"{rounded(value, 0 if value.denominator == 1 else 2):,f}"
