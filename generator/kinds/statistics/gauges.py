"""Gauges of a statistic's targets: the figure that decides, the promise, the status in words."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.figure import Figure
from generator.kinds.statistics.selection import printed_figure
from generator.kinds.statistics.standpoint import measure, standpoint
from generator.kinds.statistics.table import Statistic
from generator.kinds.statistics.targets import DIRECTIONS, Target
from generator.site.chart import Gauge, Row, Value
from generator.site.figures.cells import Cell
from generator.site.kind import Site
from generator.text.dates import roc


def gauges_of(statistic: Statistic, site: Site) -> Iterator[Gauge]:
    """A gauge a target, on the site's day."""
    return (_gauge(target, statistic, site) for target in statistic.targets)


def _gauge(target: Target, statistic: Statistic, site: Site) -> Gauge:
    found = measure(target, statistic, site.archive, site.as_of)
    stands = standpoint(target, statistic, site.archive, site.as_of)
    unit = target.unit or statistic.unit
    begun = f"基準（{roc(target.baseline_on)}）" if target.baseline_on else "基準"
    due = f"（{roc(target.due)}前）" if target.due else ""
    return Gauge(
        title=target.title,
        current=_current(found if isinstance(found, Cell) else None),
        target=_row(f"目標：{DIRECTIONS[target.direction]}{due}", target.target, unit),
        baseline=_row(begun, target.baseline, unit) if target.baseline else None,
        status=stands.shown,
    )


def _current(found: Cell | None) -> Row:
    if found is None:
        return Row(label="現況", values=(Value(number=None, shown="無數據"),))
    return _row(found.title, found.figure, found.unit)


def _row(label: str, figure: Figure, unit: str) -> Row:
    return Row(label=label, values=(printed_figure(figure, unit),))
