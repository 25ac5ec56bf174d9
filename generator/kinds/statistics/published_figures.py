"""Published figures and targets that change without a revision note.

Each release stores them as short texts by name; the next build compares its own with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from generator.content.findings import rule_problem
from generator.content.model import Problem
from generator.kinds.statistics.statistic import Statistic
from generator.kinds.statistics.targets import Target
from generator.site.figures.cells import Cell

_FIGURE, _TARGET = "figure ", "target "


def published_values(statistic: Statistic) -> Mapping[str, str]:
    """Every figure as printed and every target in short form, by name."""
    figures = {_FIGURE + cell.key: cell.figure.shown for cell in statistic.cells()}
    targets = {_TARGET + target.name.key: _short_form(target) for target in statistic.targets}
    return figures | targets


def _short_form(target: Target) -> str:
    due = target.due.isoformat() if target.due else "-"
    return f"{target.direction} {target.target.plain or '-'} {due}"


def silent_changes(statistic: Statistic, before: Mapping[str, str]) -> Iterator[Problem]:
    """The figures and targets that differ from those of the last release."""
    softened = set()
    places = {target.name.key: index for index, target in enumerate(statistic.targets)}
    for name, former in _of(before, _TARGET):
        if name not in places:
            softened.add(f"{name}.target")
            yield rule_problem("target-removed", statistic, "targets", value=name)
        elif _softer(statistic.targets[places[name]], former):
            softened.add(f"{name}.target")
            yield _softened(statistic, places[name], former)
    cells = {cell.key: cell for cell in statistic.cells()}
    for name, text in _of(before, _FIGURE):
        if name not in softened and (name not in cells or cells[name].figure.shown != text):
            yield _changed(statistic, name, text, cells.get(name))


def _of(before: Mapping[str, str], prefix: str) -> Iterator[tuple[str, str]]:
    return ((n.removeprefix(prefix), text) for n, text in before.items() if n.startswith(prefix))


def _softer(target: Target, former: str) -> bool:
    """Whether a target is lower or later than before, or has another direction."""
    direction, value, due = former.split(" ")
    if direction != target.direction or (due != "-" and target.due is None):
        return True
    later = target.due is not None and due != "-" and target.due.isoformat() > due
    if value == "-" or target.target.value is None:
        return later or target.target.plain != value.strip("-")
    difference = target.target.value - Decimal(value)
    return later or (difference < 0 if target.rises else difference > 0)


def _softened(statistic: Statistic, index: int, former: str) -> Problem:
    target = statistic.targets[index]
    values = {"value": target.title, "before": former, "after": _short_form(target)}
    return rule_problem("target-softened", statistic, f"targets.{index}.target", **values)


def _changed(statistic: Statistic, name: str, before: str, cell: Cell | None) -> Problem:
    if cell is None:
        return rule_problem("figure-changed", statistic, "", "gone", value=name, before=before)
    values = {"value": cell.title, "before": before, "after": cell.figure.shown}
    return rule_problem("figure-changed", statistic, cell.path, **values)
