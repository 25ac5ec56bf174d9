"""What a statistic must not change in silence: published figures, and targets.

Kept beside each build as short texts by name, and compared with the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from generator.content.findings import rule_problem
from generator.content.model import Problem
from generator.kinds.statistics.table import Statistic
from generator.kinds.statistics.targets import Target
from generator.site.figures.cells import Cell

_FIGURE, _TARGET = "figure ", "target "


def noted(statistic: Statistic) -> Mapping[str, str]:
    """Every figure as shown and every target in short, by name."""
    figures = {_FIGURE + cell.key: cell.figure.shown for cell in statistic.cells()}
    targets = {_TARGET + target.name.key: _short(target) for target in statistic.targets}
    return figures | targets


def _short(target: Target) -> str:
    due = target.due.isoformat() if target.due else "-"
    return f"{target.direction} {target.target.plain or '-'} {due}"


def silent(statistic: Statistic, before: Mapping[str, str]) -> Iterator[Problem]:
    """What differs from the figures and targets that were out before."""
    softened = set()
    places = {target.name.key: index for index, target in enumerate(statistic.targets)}
    for name, short in _of(before, _TARGET):
        if name not in places:
            softened.add(f"{name}.target")
            yield rule_problem("target-removed", statistic, "targets", value=name)
        elif _softer(statistic.targets[places[name]], short):
            softened.add(f"{name}.target")
            yield _softened(statistic, places[name], short)
    held = {cell.key: cell for cell in statistic.cells()}
    for name, shown in _of(before, _FIGURE):
        if name not in softened and (name not in held or held[name].figure.shown != shown):
            yield _changed(statistic, name, shown, held.get(name))


def _of(before: Mapping[str, str], prefix: str) -> Iterator[tuple[str, str]]:
    return ((n.removeprefix(prefix), text) for n, text in before.items() if n.startswith(prefix))


def _softer(target: Target, short: str) -> bool:
    """Whether less is promised, or later, or the other way."""
    direction, value, due = short.split(" ")
    if direction != target.direction or (due != "-" and target.due is None):
        return True
    later = target.due is not None and due != "-" and target.due.isoformat() > due
    if value == "-" or target.target.value is None:
        return later or target.target.plain != value.strip("-")
    gained = target.target.value - Decimal(value)
    return later or (gained < 0 if target.rises else gained > 0)


def _softened(statistic: Statistic, index: int, short: str) -> Problem:
    target = statistic.targets[index]
    values = {"value": target.title, "before": short, "after": _short(target)}
    return rule_problem("target-softened", statistic, f"targets.{index}.target", **values)


def _changed(statistic: Statistic, name: str, shown: str, cell: Cell | None) -> Problem:
    if cell is None:
        return rule_problem("figure-changed", statistic, "", "gone", value=name, before=shown)
    values = {"value": cell.title, "before": shown, "after": cell.figure.shown}
    return rule_problem("figure-changed", statistic, cell.path, **values)
