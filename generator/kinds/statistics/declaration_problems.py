"""The problems of declarations that do not hold: both numbers, the computation, every place.

`rules.py` decides when to report; this module puts together what the message says.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem
from generator.kinds.statistics.proofs import Unproved
from generator.kinds.statistics.statistic import Statistic
from generator.site.figures.cells import Cell, Proof, Sort
from generator.site.figures.citable import Citable
from generator.site.kind import Site

MOST_PARTS = 12
"""The most figures that a message lists with their places."""


def unknown_key(statistic: Statistic, path: str, key: str, guess: str) -> Problem:
    """The problem of a name that no row or column of the table has."""
    detail = "near" if guess else ""
    return rule_problem("key-unknown", statistic, path, detail, value=key, near=guess)


def unproved_problem(statistic: Statistic, declaration: Unproved) -> Problem:
    """The problem of a name that no figure has, or several have."""
    name, missing = declaration.name, declaration.missing
    if missing.ambiguous:
        values = {"value": str(name), "choices": "、".join(missing.choices)}
        return rule_problem("key-ambiguous", statistic, declaration.path, **values)
    if name.ref:
        detail, guess = "near" if missing.near else "", missing.near
        if name.ref.kind != statistic.kind:
            detail = f"field-{detail}".rstrip("-")
        values = {"value": name.key, "statistic": name.ref.id, "near": guess}
        return rule_problem("cell-unknown", statistic, declaration.path, detail, **values)
    return unknown_key(statistic, declaration.path, name.key, missing.near)


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
"""By rule, the problem of a figure that differs from the computed one, or exceeds its limit."""


def proof_problems(statistic: Statistic, proof: Proof, site: Site) -> Iterator[Problem]:
    """The problems of a figure under a rule: its number, or its unit."""
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
    """The problem of a figure that differs from the computed one, or that cannot be computed."""
    sources: tuple[Cell | Citable, ...] = (*proof.parts, *proof.fields)
    values = {
        "value": proof.cell.title,
        "declared": proof.cell.figure.shown,
        "calculation": proof.calculation,
        "parts": "、".join(_with_place(source, site) for source in sources[:MOST_PARTS]),
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
    """A figure and its parts have one unit, else equal numbers mean nothing."""
    for part in proof.parts:
        if part.unit != proof.cell.unit:
            values = {
                "value": proof.cell.title,
                "declared": proof.cell.unit or "—",
                "computed": part.unit or "—",
                "parts": _with_place(part, site),
            }
            yield rule_problem(code, statistic, proof.cell.path, detail, **values)


def _with_place(source: Cell | Citable, site: Site) -> str:
    """A figure as text, with the file and the line where it was typed."""
    figure = source.figure.shown if source.figure else ""
    ref = source.statistic.ref if isinstance(source, Cell) else source.ref
    record = site.archive.find(ref)
    if record is None:
        raise LookupError(f"a figure of no record: {ref}")
    origin = record.place(source.path)
    return f"{source.title} {figure} ({origin.path}:{origin.line})"
