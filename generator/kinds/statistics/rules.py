"""Rules for statistics: shape of the table, names, precision, declarations, charts, targets.

Declarations are checked only for a table of the right shape, since the others have no cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.content.field_types import near
from generator.content.findings import rule_problem
from generator.content.model import Problem
from generator.kinds.statistics.chart_layout import unfit_reason
from generator.kinds.statistics.declaration_problems import (
    proof_problems,
    unknown_key,
    unproved_problem,
)
from generator.kinds.statistics.proofs import Unproved, declarations_of
from generator.kinds.statistics.selection import select
from generator.kinds.statistics.statistic import Statistic, TableColumn, TableRow, precision_of
from generator.kinds.statistics.target_status import measure
from generator.kinds.statistics.targets import LATEST
from generator.output.charts.svg import ROLES
from generator.site.figures.cells import NoCell, places_of
from generator.site.figures.counting import Held, asks, uncountable
from generator.site.kind import Site


def statistic_rules(statistic: Statistic, site: Site) -> Iterator[Problem]:
    """The problems of a statistic, alone and with the figures that it names."""
    yield from _time(statistic)
    misshapen = list(_shape(statistic))
    yield from misshapen
    yield from _keys(statistic)
    if not misshapen:
        yield from _charts(statistic)
        yield from _precision(statistic)
        yield from _lower_limits(statistic, site)
        for declaration in declarations_of(statistic, site):
            if isinstance(declaration, Unproved):
                yield unproved_problem(statistic, declaration)
            else:
                yield from proof_problems(statistic, declaration, site)
        yield from _targets(statistic, site)


def _time(statistic: Statistic) -> Iterator[Problem]:
    times = (statistic.as_of, statistic.period, statistic.observations or None)
    if not any(times) and not statistic.lacks("as_of"):
        yield rule_problem("statistic-when", statistic, "")
    if statistic.period and statistic.period.backwards:
        yield rule_problem("period-order", statistic, "period.to")


def _shape(statistic: Statistic) -> Iterator[Problem]:
    table = bool(statistic.rows or statistic.columns)
    if table == bool(statistic.observations):
        yield rule_problem("statistic-shape", statistic, "")
    elif statistic.rows and not statistic.columns:
        yield rule_problem("statistic-shape", statistic, "rows", "columns")
        return
    for index, row in enumerate(statistic.rows):
        if len(row.figures) != len(statistic.columns) or (row.value and row.values):
            counts = {"count": str(len(row.figures)), "columns": str(len(statistic.columns))}
            detail = "more" if len(row.values) > len(statistic.columns) else ""
            place = f"rows.{index}"
            yield rule_problem("row-width", statistic, place, detail, value=row.title, **counts)


def _keys(statistic: Statistic) -> Iterator[Problem]:
    """Unknown names of headline figures, and names that two lines share."""
    rows = tuple(row.key for row in statistic.rows)
    headlines = rows or (LATEST,)
    for index, key in enumerate(statistic.headline):
        if key not in headlines:
            yield unknown_key(statistic, f"headline.{index}", key, near(key, headlines))
    lines: dict[str, Sequence[str]] = {
        "rows": rows,
        "columns": tuple(column.key for column in statistic.columns),
        "observations": tuple(observation.at.iso for observation in statistic.observations),
        "targets": tuple(target.name.key for target in statistic.targets),
    }
    for name, keys in lines.items():
        # a target's figures are cells like those of a row, so their names must differ too
        others = rows if name == "targets" else ()
        for index, key in enumerate(keys):
            if key in (*others, *keys[:index]):
                yield rule_problem("key-repeated", statistic, f"{name}.{index}", value=key)


def _charts(statistic: Statistic) -> Iterator[Problem]:
    """Charts with unknown names, or of figures that the chart cannot show."""
    times = [name for o in statistic.observations for name in (o.at.iso, o.at.roc)]
    names = {
        "rows": (*times, *_names(statistic.rows)),
        "columns": tuple(_names(statistic.columns)),
    }
    for place, spec in enumerate(statistic.charts):
        fields = {"rows": spec.rows, "columns": spec.columns}
        unknown = [
            unknown_key(statistic, f"charts.{place}.{field}.{index}", key, near(key, names[field]))
            for field, keys in fields.items()
            for index, key in enumerate(keys)
            if key not in names[field]
        ]
        yield from unknown
        if not unknown and (reason := unfit_reason(spec, select(statistic, spec))):
            values = {"value": spec.type, "most": str(ROLES)}
            detail = "" if reason == "units" else reason
            yield rule_problem("chart-unfit", statistic, f"charts.{place}", detail, **values)


def _names(lines: Sequence[TableRow | TableColumn]) -> Iterator[str]:
    for line in lines:
        yield from dict.fromkeys((line.key, line.title))


def _precision(statistic: Statistic) -> Iterator[Problem]:
    """Figures with more or fewer decimal places than their line or table demands."""
    grid = zip(statistic.rows, statistic.grid(), strict=False)
    table = [
        (cell, precision_of(statistic, row, column))
        for row, cells in grid
        for column, cell in zip(statistic.columns, cells, strict=True)
    ]
    series = [(c, statistic.precision) for c in statistic.cells() if statistic.observations]
    for cell, places in (*table, *series):
        value = cell.figure.value
        if value is not None and places is not None and places_of(value) != places:
            values = {"value": cell.title, "declared": cell.figure.plain, "places": str(places)}
            yield rule_problem("figure-precision", statistic, cell.path, **values)


def _lower_limits(statistic: Statistic, site: Site) -> Iterator[Problem]:
    """Lower limits that are given in no way or in several, or whose things do not exist."""
    scope = Held(site=site, period=statistic.period)
    for path, line in statistic.lines:
        least, where = line.at_least, f"{path}.at_least"
        if least is None:
            continue
        if least.ways != 1 or (least.kind and statistic.period is None):
            yield rule_problem("at-least-shape", statistic, where)
        elif asks(least) and (missing := uncountable(least, scope)):
            detail = "near" if missing.near else ""
            values = {"value": missing.typed, "near": missing.near}
            at = f"{where}.{missing.field}"
            yield rule_problem("comparison-unknown", statistic, at, detail, **values)


def _targets(statistic: Statistic, site: Site) -> Iterator[Problem]:
    """Targets with an unknown measure, without a baseline, or with the wrong direction or day."""
    for index, target in enumerate(statistic.targets):
        path, title = f"targets.{index}", target.title
        if target.measured_by:
            cell = measure(target, statistic, site.archive, site.as_of)
            if isinstance(cell, NoCell):
                declaration = Unproved(f"{path}.measured_by", target.measured_by, cell)
                yield unproved_problem(statistic, declaration)
            if target.due and not (target.baseline and target.baseline_on):
                yield rule_problem("target-baseline", statistic, path, value=title)
        start = target.baseline.exact if target.baseline else None
        end = target.target.exact
        if start is not None and end is not None and target.meets(Fraction(start), Fraction(end)):
            values = {"value": title, "baseline": str(start), "target": str(end)}
            yield rule_problem("target-direction", statistic, f"{path}.direction", **values)
        if target.baseline_on and target.due and target.baseline_on >= target.due:
            yield rule_problem("target-due", statistic, f"{path}.due", value=title)
