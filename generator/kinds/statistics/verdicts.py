"""What is told of declarations that do not hold: both numbers, the reckoning, every place."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem
from generator.kinds.statistics.proofs import Unproved
from generator.kinds.statistics.table import Statistic
from generator.site.figures.cells import Cell, NoCell, Proof, Sort
from generator.site.figures.citable import Citable
from generator.site.kind import Site

LISTED = 12
"""Figures that a message lists with their places."""


def unknown_key(statistic: Statistic, path: str, key: str, guess: str) -> Problem:
    """A name that no line of the table has."""
    detail = "near" if guess else ""
    return rule_problem("key-unknown", statistic, path, detail, value=key, near=guess)


def unproved(statistic: Statistic, found: Unproved) -> Problem:
    """A name that no figure has, or several have."""
    missing: NoCell = found.missing
    if missing.ambiguous:
        values = {"value": str(found.name), "choices": "、".join(missing.choices)}
        return rule_problem("key-ambiguous", statistic, found.path, **values)
    if found.name.ref:
        detail, guess = "near" if missing.near else "", missing.near
        if found.name.ref.kind != statistic.kind:
            detail = f"field-{detail}".rstrip("-")
        values = {"value": found.name.key, "statistic": found.name.ref.id, "near": guess}
        return rule_problem("cell-unknown", statistic, found.path, detail, **values)
    return unknown_key(statistic, found.path, found.name.key, missing.near)


WRONG = {
    "total_of": "total-wrong",
    "count_of": "count-wrong",
    "share_of": "share-wrong",
    "rate": "rate-wrong",
    "change_from": "change-wrong",
    "average": "average-wrong",
    "consistent_with": "figures-differ",
    "part_of": "part-exceeds",
    "parts": "parts-exceed",
    "at_least": "below-least",
}
"""By rule, the problem of a figure that is not what was computed, or does not keep within it."""


def fallen(statistic: Statistic, proof: Proof, site: Site) -> Iterator[Problem]:
    """What is wrong with a figure under a rule: its number, or its unit."""
    if proof.reason == "undefined":
        return
    if proof.inverted:
        values = {"value": proof.cell.title, "calculation": proof.calculation}
        yield rule_warning("rule-negative", statistic, proof.cell.path, **values)
    if not proof.holds:
        yield _wrong(statistic, proof, site)
    elif proof.rule == "consistent_with":
        yield from _units(statistic, proof, site, "figures-differ", "unit")
    elif proof.rule in ("part_of", "parts"):
        yield from _units(statistic, proof, site, "part-unit")


def _wrong(statistic: Statistic, proof: Proof, site: Site) -> Problem:
    """A figure that is not what was computed, or that nothing can be computed for."""
    sources: tuple[Cell | Citable, ...] = (*proof.parts, *proof.fields)
    values = {
        "value": proof.cell.title,
        "declared": proof.cell.figure.shown,
        "calculation": proof.calculation,
        "parts": "、".join(_placed(one, site) for one in sources[:LISTED]),
    }
    path, detail = proof.cell.path, ""
    differs = proof.rule == "consistent_with" and sources[0].figure
    if differs and differs.value is not None:
        values["computed"] = differs.shown
    elif proof.computed is None:
        inexact = "total-inexact" if proof.rule == "total_of" else "rule-inexact"
        code = "rule-zero" if proof.reason == "zero" else inexact
        return rule_problem(code, statistic, path, **values)
    else:
        values["computed"] = f"{proof.computed:,f}"
    if proof.sort is Sort.BOUND:
        detail = "about" if proof.about else ""
        values["parts"] = values["parts"] or proof.calculation
    return rule_problem(WRONG[proof.rule], statistic, path, detail, **values)


def _units(
    statistic: Statistic, proof: Proof, site: Site, code: str, detail: str = ""
) -> Iterator[Problem]:
    """The same number of another thing is not the same figure; nor is it a part of a number."""
    for part in proof.parts:
        if part.unit != proof.cell.unit:
            values = {
                "value": proof.cell.title,
                "declared": proof.cell.unit or "—",
                "computed": part.unit or "—",
                "parts": _placed(part, site),
            }
            yield rule_problem(code, statistic, proof.cell.path, detail, **values)


def _placed(source: Cell | Citable, site: Site) -> str:
    """A figure with the place where it was typed."""
    figure = source.figure.shown if source.figure else ""
    ref = source.statistic.ref if isinstance(source, Cell) else source.ref
    record = site.archive.find(ref)
    if record is None:
        raise LookupError(f"a figure of no record: {ref}")
    origin = record.place(source.path)
    return f"{source.title} {figure} ({origin.path}:{origin.line})"
