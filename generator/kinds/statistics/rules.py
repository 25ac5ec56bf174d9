"""What a statistic must hold: shape of the table, known names, declarations that hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.content.field_types import near
from generator.content.findings import rule_problem
from generator.content.model import Problem
from generator.kinds.statistics.fitting import unfit
from generator.kinds.statistics.proofs import Unproved, declared_of
from generator.kinds.statistics.selection import selected
from generator.kinds.statistics.standpoint import measure
from generator.kinds.statistics.table import Statistic, TableColumn, TableRow, precision_of
from generator.kinds.statistics.targets import LATEST
from generator.kinds.statistics.verdicts import fallen, unknown_key, unproved
from generator.output.charts.svg import ROLES
from generator.site.figures.cells import NoCell, places_of
from generator.site.figures.counting import Held, asks, uncountable
from generator.site.kind import Site


def statistic_rules(statistic: Statistic, site: Site) -> Iterator[Problem]:
    """Everything that the figures of a statistic demand of each other."""
    yield from _time(statistic)
    misshapen = list(_shape(statistic))
    yield from misshapen
    yield from _keys(statistic)
    if not misshapen:
        yield from _charts(statistic)
        yield from _precision(statistic)
        yield from _grounds(statistic, site)
        for found in declared_of(statistic, site):
            if isinstance(found, Unproved):
                yield unproved(statistic, found)
            else:
                yield from fallen(statistic, found, site)
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
    known = tuple(row.key for row in statistic.rows)
    shown = known or (LATEST,)
    for index, key in enumerate(statistic.headline):
        if key not in shown:
            yield unknown_key(statistic, f"headline.{index}", key, near(key, shown))
    named: dict[str, Sequence[str]] = {
        "rows": known,
        "columns": tuple(column.key for column in statistic.columns),
        "observations": tuple(held.at.iso for held in statistic.observations),
        "targets": tuple(target.name.key for target in statistic.targets),
    }
    for name, keys in named.items():
        taken = known if name == "targets" else ()
        for index, key in enumerate(keys):
            if key in (*taken, *keys[:index]):
                yield rule_problem("key-repeated", statistic, f"{name}.{index}", value=key)


def _charts(statistic: Statistic) -> Iterator[Problem]:
    """Charts of what the table does not hold, or of figures that do not go together."""
    times = [name for held in statistic.observations for name in (held.at.iso, held.at.roc)]
    known = {
        "rows": (*times, *_names(statistic.rows)),
        "columns": tuple(_names(statistic.columns)),
    }
    for place, wish in enumerate(statistic.charts):
        named = {"rows": wish.rows, "columns": wish.columns}
        unknown = [
            unknown_key(statistic, f"charts.{place}.{field}.{index}", key, near(key, known[field]))
            for field, keys in named.items()
            for index, key in enumerate(keys)
            if key not in known[field]
        ]
        yield from unknown
        if not unknown and (why := unfit(wish, selected(statistic, wish))):
            values = {"value": wish.type, "most": str(ROLES)}
            detail = "" if why == "units" else why
            yield rule_problem("chart-unfit", statistic, f"charts.{place}", detail, **values)


def _names(lines: Sequence[TableRow | TableColumn]) -> Iterator[str]:
    for line in lines:
        yield from dict.fromkeys((line.key, line.title))


def _precision(statistic: Statistic) -> Iterator[Problem]:
    """Figures that are printed more or less exactly than their line or table lays down."""
    grid = zip(statistic.rows, statistic.grid(), strict=False)
    table = [
        (cell, precision_of(statistic, row, column))
        for row, cells in grid
        for column, cell in zip(statistic.columns, cells, strict=True)
    ]
    series = [(c, statistic.precision) for c in statistic.cells() if statistic.observations]
    for cell, wanted in (*table, *series):
        value = cell.figure.value
        if value is not None and wanted is not None and places_of(value) != wanted:
            values = {"value": cell.title, "declared": cell.figure.plain, "places": str(wanted)}
            yield rule_problem("figure-precision", statistic, cell.path, **values)


def _grounds(statistic: Statistic, site: Site) -> Iterator[Problem]:
    """What a figure is said not to be less than, where that says nothing or names nothing."""
    held = Held(site=site, period=statistic.period)
    for path, line in statistic.lines:
        least, where = line.at_least, f"{path}.at_least"
        if least is None:
            continue
        if least.ways != 1 or (least.kind and statistic.period is None):
            yield rule_problem("at-least-shape", statistic, where)
        elif asks(least) and (missing := uncountable(least, held)):
            detail = "near" if missing.near else ""
            values = {"value": missing.typed, "near": missing.near}
            at = f"{where}.{missing.field}"
            yield rule_problem("comparison-unknown", statistic, at, detail, **values)


def _targets(statistic: Statistic, site: Site) -> Iterator[Problem]:
    """Targets whose measure is not there, whose pace nobody can tell, that point the wrong way."""
    for index, target in enumerate(statistic.targets):
        path, title = f"targets.{index}", target.title
        if target.measured_by:
            found = measure(target, statistic, site.archive, site.as_of)
            if isinstance(found, NoCell):
                yield unproved(
                    statistic, Unproved(f"{path}.measured_by", target.measured_by, found)
                )
            if target.due and not (target.baseline and target.baseline_on):
                yield rule_problem("target-baseline", statistic, path, value=title)
        start = target.baseline.exact if target.baseline else None
        end = target.target.exact
        if start is not None and end is not None and target.meets(Fraction(start), Fraction(end)):
            values = {"value": title, "baseline": str(start), "target": str(end)}
            yield rule_problem("target-direction", statistic, f"{path}.direction", **values)
        if target.baseline_on and target.due and target.baseline_on >= target.due:
            yield rule_problem("target-due", statistic, f"{path}.due", value=title)
