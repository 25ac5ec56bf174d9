"""The report of May 2016 reckons; each of its sums is declared in the content, and proved."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from conftest import examine_folder

from generator.cells import Proof, Tabulated

CONTENT = Path(__file__).resolve().parents[2] / "content"
SUMS = {
    "workforce": {
        "6,345 + 1,077": "7422",
        "1,148 + 1,583": "2731",
        "7,422 + 2,731": "10153",
    },
    "temporary-staff": {"1,065 + 43 + 20 + 20": "1148"},
    "fleet-loans": {"12 + 34 + 8 + 1 + 1": "56"},
    "dormitories": {"35 + 6 + 32": "73", "16 + 16": "32"},
    "family-quarters": {"14 + 2": "16"},
    "reduction": {
        "8,462 − 7,422": "1040",
        "(8,462 − 7,422) ÷ 8,462 × 100": "12.29",
        "3,462 − 2,731": "731",
        "(3,462 − 2,731) ÷ 3,462 × 100": "21.11",
        "1,390 − 1,065": "325",
        "(1,390 − 1,065) ÷ 1,390 × 100": "23.38",
    },
}
TWICE = {
    ("reduction", "7422", "workforce"),
    ("reduction", "2731", "workforce"),
    ("reduction", "1065", "temporary-staff"),
    ("workforce", "1148", "temporary-staff"),
    ("temporary-staff-named", "1583", "workforce"),
}
LISTED = {
    "guests": [2],
    "luncheon": [9, 3],
    "archive-transfers": [5],
    "staff-workshop": [3],
    "cleaning": [2],
}


@pytest.fixture(scope="module")
def proofs() -> list[Proof]:
    """All of the repository's content."""
    site = examine_folder(CONTENT).site
    assert site is not None
    held = [record for record in site.archive if isinstance(record, Tabulated)]
    return [proof for statistic in held for proof in statistic.proofs(site)]


@pytest.mark.parametrize("statistic", sorted(SUMS))
def test_each_sum_of_the_report_is_proved(statistic: str, proofs: list[Proof]) -> None:
    """What the report adds, subtracts and divides is declared, and comes out as printed."""
    found = {
        proof.calculation: proof.cell.figure.value
        for proof in proofs
        if proof.cell.statistic.id == statistic
        and proof.holds
        and proof.rule not in ("consistent_with", "count_of")
    }
    assert found == {words: Decimal(value) for words, value in SUMS[statistic].items()}


def test_both_parts_of_the_family_quarters_add_up(proofs: list[Proof]) -> None:
    """14 and 2 are 16 twice: those in use, and those taken back."""
    own = [p for p in proofs if p.cell.statistic.id == "family-quarters" and p.holds]
    assert [p.cell.figure.value for p in own] == [16, 16]


def test_figures_that_the_report_states_twice_are_tied(proofs: list[Proof]) -> None:
    """Each leads to the other place."""
    tied = {
        (p.cell.statistic.id, p.cell.figure.plain, p.parts[0].statistic.id)
        for p in proofs
        if p.rule == "consistent_with" and p.holds
    }
    assert tied == TWICE


def test_what_the_report_lists_in_full_is_counted(proofs: list[Proof]) -> None:
    """Cities, sessions and subjects that are all named are as many as it says."""
    for statistic, counts in LISTED.items():
        own = [p for p in proofs if p.cell.statistic.id == statistic and p.rule == "count_of"]
        assert [p.cell.figure.value for p in own if p.holds] == counts


def test_what_is_named_of_the_others_is_not_their_total(proofs: list[Proof]) -> None:
    """About 376, 276, 190 and 469 of the 1,583 are examples: no rule takes them."""
    named = [p for p in proofs if p.cell.statistic.id == "temporary-staff-named"]
    assert [(p.rule, len(p.parts)) for p in named] == [("consistent_with", 1)]
