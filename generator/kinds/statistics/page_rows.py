"""Rows of a statistic's page: the proofs of its figures, and the status of its targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from generator.kinds.statistics.proofs import proofs_of
from generator.kinds.statistics.statistic import Statistic
from generator.kinds.statistics.target_status import target_status
from generator.kinds.statistics.targets import DIRECTIONS
from generator.site.figures.cells import Cell, Proof, Sort, places_of
from generator.site.figures.citable import Citable
from generator.site.kind import Site

RULES = {
    "total_of": "合計",
    "count_of": "計數",
    "consistent_with": "兩處一致",
    "share_of": "占比",
    "rate": "比率",
    "change_from": "增減",
    "average": "平均",
    "part_of": "上限",
    "parts": "下限",
    "at_least": "下限",
}
"""The names of the rules for readers."""


class Linked(Struct, frozen=True, kw_only=True):
    """A figure as text, with its address and anchor."""

    text: str
    address: str


class ProofRow(Struct, frozen=True, kw_only=True):
    """A figure with the rule that it satisfies and the figures that it was computed from.

    `about` is the rounding, or the reason for a limit.
    """

    figure: Linked
    value: str
    rule: str
    calculation: str
    sign: str
    about: str
    parts: tuple[Linked, ...]


class TargetRow(Struct, frozen=True, kw_only=True):
    """A target with its status in words; `judged_on` is the day of its figures, if it has any."""

    title: str
    aim: str
    anchor: str
    baseline: str
    baseline_anchor: str
    baseline_note: str
    baseline_on: dt.date | None
    due: dt.date | None
    source: str
    status: str
    shown: str
    computation: str
    judged_on: dt.date | None


def proof_rows(statistic: Statistic, site: Site) -> tuple[ProofRow, ...]:
    """Every declaration that holds, in the order of the table."""
    return tuple(_proof_row(proof, site) for proof in proofs_of(statistic, site) if proof.holds)


def _proof_row(proof: Proof, site: Site) -> ProofRow:
    elsewhere = [part for part in proof.parts if part.statistic.ref != proof.cell.statistic.ref]
    parts = [_linked(part, f"{part.statistic.title}：{part.title}") for part in elsewhere]
    parts += [_field(field, site) for field in proof.fields]
    parts += [Linked(text=name, address=address) for name, address in proof.named if address]
    if proof.cut:
        value = proof.cell.figure.value
        places = places_of(value) if value is not None else 0
        about = f"四捨五入至小數第{places}位" if places else "四捨五入至整數"
    else:  # the reason for a limit, and a remark if approximations were compared
        printed = "以印出的數字比較" if proof.sort is Sort.BOUND and proof.about else ""
        about = "；".join(filter(None, (proof.because, printed)))
    return ProofRow(
        figure=_linked(proof.cell, proof.cell.title),
        value=_with_unit(proof.cell),
        rule=RULES[proof.rule],
        calculation=_calculation(proof),
        sign="≈" if proof.cut else proof.relation.value,
        about=about,
        parts=tuple(parts),
    )


def _field(field: Citable, site: Site) -> Linked:
    """A figure in a field of another kind's record, with the address of that record's page."""
    record = site.archive.find(field.ref)
    if record is None:
        raise LookupError(f"a figure of no record: {field.ref}")
    return Linked(text=f"{site.title(record)}：{field.title}", address=site.address(record))


def _calculation(proof: Proof) -> str:
    """The computation, which is "" for a figure that repeats another one."""
    if proof.rule == "consistent_with":
        return ""
    if proof.sort is not Sort.BOUND or proof.parts:
        return proof.calculation
    linked = all(address for _, address in proof.named)
    return f"{proof.computed}" if linked else f"{proof.computed}（{proof.calculation}）"


def _linked(cell: Cell, text: str) -> Linked:
    return Linked(text=text, address=f"{cell.statistic.address}#{cell.anchor}")


def _with_unit(cell: Cell) -> str:
    return f"{cell.figure.shown} {cell.unit}".strip()


def target_rows(statistic: Statistic, site: Site) -> Iterator[TargetRow]:
    """Every target with its status.

    The site's day is read only for measured targets, so that other pages stay the same every day.
    """
    cells = {cell.path: cell for cell in statistic.cells()}
    for index, target in enumerate(statistic.targets):
        day = site.as_of if target.measured_by else None
        status = target_status(target, statistic, site.archive, day or dt.date.min)
        aim = cells[f"targets.{index}.target"]
        baseline = cells.get(f"targets.{index}.baseline")
        yield TargetRow(
            title=target.title,
            aim=f"{DIRECTIONS[target.direction]} {_with_unit(aim)}",
            anchor=aim.anchor,
            baseline=_with_unit(baseline) if baseline else "",
            baseline_anchor=baseline.anchor if baseline else "",
            baseline_note=baseline.figure.note if baseline else "",
            baseline_on=target.baseline_on,
            due=target.due,
            source=target.source,
            status=status.status.value,
            shown=status.shown,
            computation=status.computation,
            judged_on=day,
        )
