"""What a statistic must hold: shape of the table, known keys, sums that add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.fields import near
from generator.figures import Figure
from generator.findings import rule_problem
from generator.kind import Site
from generator.kinds.statistics.table import (
    ALL,
    Statistic,
    TableColumn,
    TableRow,
    total,
)
from generator.model import Problem


def statistic_rules(statistic: Statistic, _: Site) -> Iterator[Problem]:
    """Everything that the figures of a statistic demand of each other."""
    yield from _time(statistic)
    misshapen = list(_shape(statistic))
    yield from misshapen
    yield from _keys(statistic)
    if not misshapen:
        yield from _row_totals(statistic)
        yield from _column_totals(statistic)


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
            yield rule_problem("row-width", statistic, f"rows.{index}", value=row.title, **counts)


def _keys(statistic: Statistic) -> Iterator[Problem]:
    known = tuple(row.key for row in statistic.rows)
    for index, key in enumerate(statistic.headline):
        if key not in known:
            yield _unknown_key(statistic, f"headline.{index}", key, known)
    tables: dict[str, Sequence[TableRow | TableColumn]] = {
        "rows": statistic.rows,
        "columns": statistic.columns,
    }
    for name, lines in tables.items():
        keys = [line.key for line in lines]
        for index, line in enumerate(lines):
            if line.key in keys[:index]:
                path = f"{name}.{index}"
                yield rule_problem("key-repeated", statistic, path, value=line.key)
            yield from _unknown_parts(statistic, f"{name}.{index}.total_of", line, keys)


def _unknown_parts(
    statistic: Statistic, path: str, line: TableRow | TableColumn, keys: list[str]
) -> Iterator[Problem]:
    for part in line.total_of:
        if part != ALL and (part not in keys or part == line.key):
            known = tuple(key for key in keys if key != line.key)
            yield _unknown_key(statistic, path, part, known)


def _unknown_key(statistic: Statistic, path: str, key: str, known: tuple[str, ...]) -> Problem:
    guess = near(key, known)
    detail = "near" if guess else ""
    return rule_problem("key-unknown", statistic, path, detail, value=key, near=guess)


def parts_of(line: TableRow | TableColumn, lines: Sequence[TableRow | TableColumn]) -> list[int]:
    """The places of the lines that a total is made of; `all` is every line without one.

    None where a part is unknown: that is a problem of its own.
    """
    if line.total_of == (ALL,):
        return [i for i, other in enumerate(lines) if other is not line and not other.total_of]
    parts = [i for i, other in enumerate(lines) if other.key in line.total_of]
    return parts if len(parts) == len(line.total_of) else []


def _row_totals(statistic: Statistic) -> Iterator[Problem]:
    for index, row in enumerate(statistic.rows):
        parts = parts_of(row, statistic.rows) if row.total_of else []
        for place, column in enumerate(statistic.columns if parts else ()):
            figures = [statistic.rows[part].figures[place] for part in parts]
            name = f"{row.title}／{column.title}"
            yield from _differing(
                statistic, f"rows.{index}.values.{place}", name, row.figures[place], figures
            )


def _column_totals(statistic: Statistic) -> Iterator[Problem]:
    for place, column in enumerate(statistic.columns):
        parts = parts_of(column, statistic.columns) if column.total_of else []
        for index, row in enumerate(statistic.rows if parts else ()):
            figures = [row.figures[part] for part in parts]
            name = f"{row.title}／{column.title}"
            yield from _differing(
                statistic, f"rows.{index}.values.{place}", name, row.figures[place], figures
            )


def _differing(
    statistic: Statistic, path: str, name: str, declared: Figure, figures: list[Figure]
) -> Iterator[Problem]:
    """A total that is not the sum of its parts, or that no exact sum can be made of."""
    computed = total(figures)
    if computed is None or declared.exact is None:
        yield rule_problem("total-inexact", statistic, path, value=name)
    elif computed != declared.exact:
        values = {"value": name, "declared": declared.plain, "computed": str(computed)}
        yield rule_problem("total-wrong", statistic, path, **values)
