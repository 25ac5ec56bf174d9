"""What a statistic says first: its key figure, the change since the time before, one sentence."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from generator.content.figure import with_unit
from generator.kinds.statistics.key_figures import key_cell, series_over_time, time_of
from generator.kinds.statistics.statistic import Statistic
from generator.site.figures.cells import Cell, rounded

PERCENT, POINTS = "%", "個百分點"


class Headline(Struct, frozen=True, kw_only=True):
    """A key figure with its anchor; `change` is "" without an exact figure of a time before."""

    number: str
    unit: str
    anchor: str
    change: str
    sentence: str


def headline_of(statistic: Statistic) -> Headline | None:
    """What stands at the head of a statistic's page; None without any figure."""
    main = key_cell(statistic)
    if main is None:
        return None
    time, before = time_of(main), _before(statistic, main)
    when = time.roc if time else statistic.when
    name = main.row.title if main.row and main.row.title != when else statistic.title
    sentence = f"{when}，{name}為 {with_unit(main.figure, main.unit)}".removeprefix("，")
    change = rate = ""
    if before:
        change, rate = _change(before, main)
        since = time_of(before)
        if change and since:
            former = f"{since.roc}為 {with_unit(before.figure, before.unit)}"
            sentence += f"，{former}，{change}{rate}"
    return Headline(
        number=main.figure.shown,
        unit=main.unit,
        anchor=main.anchor,
        change=change,
        sentence=f"{sentence}。",
    )


def _before(statistic: Statistic, main: Cell) -> Cell | None:
    """The figure of the same series and unit at the time before."""
    earlier = [
        cell
        for name, cell in series_over_time(statistic, main)
        if cell.day and main.day and cell.day < main.day and cell.unit == main.unit
    ]
    return max(
        earlier,
        key=lambda cell: (cell.day.isoformat() if cell.day else "", cell.path),
        default=None,
    )


def _change(before: Cell, main: Cell) -> tuple[str, str]:
    """The difference of two exact figures in words, and in percent of the earlier one."""
    old, new = before.figure.exact, main.figure.exact
    if old is None or new is None:
        return "", ""
    if old == new:
        return "沒有增減", ""
    unit = POINTS if main.unit == PERCENT else main.unit
    change = f"{'增加' if new > old else '減少'} {abs(new - old):,f} {unit}".strip()
    if old <= 0 or unit == POINTS:
        return change, ""
    rate: Decimal = rounded(Fraction(new - old) / Fraction(old) * 100, 1)
    return change, f"（{rate:+f}%）"
