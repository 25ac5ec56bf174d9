"""The report of May 2016 reckons; each of its sums is declared in the content, and proved."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sample_sites import examine_folder

from generator.site.figures.cells import Proof, Sort, Tabulated
from generator.site.figures.inventory import inventory

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
VISITS = {
    ("2", "visits:2015-12-14-future-leaders.members"),
    ("約82", "visits:2016-02-19-lantern-luncheon.members"),
    ("近20", "visits:2015-11-07-see-kaohsiung.members"),
}
LEAST = {
    ("guests", "42", "17"),
    ("guests", "552", "42"),
    ("see-kaohsiung", "8", "6"),
    ("gazette-output", "892", "49"),
    ("inspections", "26", "22"),
    ("consumer-education", "13", "10"),
    ("temporary-review", "7", "5"),
    ("debt-advice", "110", "23"),
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
    return [proof for one in held for proof in site.kind(one).figures.proofs(one, site)]


@pytest.mark.parametrize("statistic", sorted(SUMS))
def test_each_sum_of_the_report_is_proved(statistic: str, proofs: list[Proof]) -> None:
    """What the report adds, subtracts and divides is declared, and comes out as printed."""
    found = {
        proof.calculation: proof.cell.figure.value
        for proof in proofs
        if proof.cell.statistic.id == statistic
        and proof.holds
        and proof.rule not in ("consistent_with", "count_of")
        and proof.sort is not Sort.BOUND
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
        if p.rule == "consistent_with" and p.holds and p.parts
    }
    assert tied == TWICE
    elsewhere = {(p.cell.figure.shown, p.fields[0].full_name) for p in proofs if p.fields}
    assert elsewhere == VISITS


def test_what_the_report_lists_in_full_is_counted(proofs: list[Proof]) -> None:
    """Cities, sessions and subjects that are all named are as many as it says."""
    for statistic, counts in LISTED.items():
        own = [p for p in proofs if p.cell.statistic.id == statistic and p.rule == "count_of"]
        assert [p.cell.figure.value for p in own if p.holds] == counts


def test_what_is_named_of_the_others_is_not_their_total(proofs: list[Proof]) -> None:
    """About 376, 276, 190 and 469 of the 1,583 are examples: they cannot be more, no sum is due."""
    named = [p for p in proofs if p.cell.statistic.id == "temporary-staff-named"]
    assert [(p.rule, p.sort, len(p.parts)) for p in named] == [
        ("consistent_with", Sort.EXACT, 1),
        ("parts", Sort.BOUND, 4),
    ]
    assert named[1].calculation == "約376 + 約276 + 約190 + 約469"


def test_what_is_named_one_by_one_is_no_more_than_is_reported(proofs: list[Proof]) -> None:
    """What the records and the report's own lists name keeps within the numbers stated."""
    grounds = {
        (p.cell.statistic.id, p.cell.figure.plain, str(p.computed))
        for p in proofs
        if p.rule == "at_least" and p.holds
    }
    assert grounds == LEAST


def test_parts_keep_within_their_wholes(proofs: list[Proof]) -> None:
    """Cities that sent troupes, guests at the luncheon, agencies that took part in the award."""
    parts = {(p.cell.figure.shown, p.parts[0].figure.shown) for p in proofs if p.rule == "part_of"}
    assert parts == {("3", "9"), ("約82", "約160"), ("48", "583")}


def test_at_least_three_of_five_figures_stand_under_a_rule() -> None:
    """Of the cells that hold the source's figures; each is counted once."""
    site = examine_folder(CONTENT).site
    assert site is not None
    found = inventory(site)
    assert sum(found.under.values()) * 5 >= len(found.figures) * 3
