"""Gauge charts of a statistic's targets: the measured figure, the target, the status in words."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.figure import Figure
from generator.kinds.statistics.selection import figure_value
from generator.kinds.statistics.statistic import Statistic
from generator.kinds.statistics.target_status import measure, target_status
from generator.kinds.statistics.targets import DIRECTIONS, Target
from generator.site.chart import Gauge, Row, Value
from generator.site.figures.cells import Cell
from generator.site.kind import Site
from generator.text.dates import roc


def gauges_of(statistic: Statistic, site: Site) -> Iterator[Gauge]:
    """A gauge for each target, on the site's day."""
    return (_gauge(target, statistic, site) for target in statistic.targets)


def _gauge(target: Target, statistic: Statistic, site: Site) -> Gauge:
    cell = measure(target, statistic, site.archive, site.as_of)
    status = target_status(target, statistic, site.archive, site.as_of)
    unit = target.unit or statistic.unit
    start = f"基準（{roc(target.baseline_on)}）" if target.baseline_on else "基準"
    due = f"（{roc(target.due)}前）" if target.due else ""
    return Gauge(
        title=target.title,
        current=(
            _row(cell.title, cell.figure, cell.unit)
            if isinstance(cell, Cell)
            else Row(label="現況", values=(Value(number=None, shown="無數據"),))
        ),
        target=_row(f"目標：{DIRECTIONS[target.direction]}{due}", target.target, unit),
        baseline=_row(start, target.baseline, unit) if target.baseline else None,
        status=status.shown,
    )


def _row(label: str, figure: Figure, unit: str) -> Row:
    return Row(label=label, values=(figure_value(figure, unit),))
