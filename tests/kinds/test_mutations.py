"""A wrong digit does not get through: figures are changed one by one, and `check` must see it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pytest
from conftest import MINIMAL, SITES, ScratchSite, examine_folder

from generator.cells import Cell, Proof, Sort, Tabulated
from generator.model import Origin, Problem
from generator.wording import LANGUAGES, worded

PROJECT = Path(__file__).resolve().parents[2]
CHANGES, TABLES = 300, 300
MINIMAL_RECORDS = [name for name in MINIMAL if name != "site.yaml"]


def proofs_of(content: Path) -> list[Proof]:
    """Every declaration of a content that has no error."""
    site = examine_folder(content).site
    assert site is not None
    held = [record for record in site.archive if isinstance(record, Tabulated)]
    return [proof for statistic in held for proof in statistic.proofs(site)]


def place_of(cell: Cell) -> Origin:
    """Where the number of a cell was typed."""
    places = cell.statistic.places
    return places.get(f"{cell.path}.value") or cell.statistic.place(cell.path)


def put(content: Path, place: Origin, number: str) -> str:
    """Types another number at a place; the file's text as it was."""
    path = content / place.path
    before = path.read_text(encoding="utf-8")
    lines = before.split("\n")
    line, start = lines[place.line - 1], place.column - 1
    lines[place.line - 1] = line[:start] + number + line[start + place.length :]
    path.write_text("\n".join(lines), encoding="utf-8")
    return before


def another(value: Decimal, chance: random.Random) -> Decimal:
    """A number that is typed instead: one digit off, digits swapped, one lost, one too many."""
    unit = Decimal((0, (1,), int(value.as_tuple().exponent)))
    digits = str(value)
    slips = [value + unit, value - unit, value + 9 * unit, value + 10 * unit, value * 10]
    slips += [Decimal(digits[::-1].strip(".") or "0"), value + unit * chance.randrange(2, 99)]
    different = [slip for slip in slips if slip != value and slip >= 0]
    return chance.choice(different)


def names_both(problem: Problem, one: str, other: str) -> bool:
    """Whether its sentence holds both numbers, in both languages."""
    sentences = [worded(problem, language).sentence for language in LANGUAGES]
    return all(one in sentence and other in sentence for sentence in sentences)


@pytest.mark.parametrize("root", [PROJECT / "content", SITES / "full"], ids=lambda r: r.name)
def test_one_wrong_figure_under_an_exact_rule_fails(root: Path, tmp_path: Path) -> None:
    """Of 300 changes each stops the check at the declared figure's line, with both numbers.

    Where a part was changed, the finding leads to its file and line as well.
    """
    content = tmp_path / "content"
    shutil.copytree(root / "statistics", content / "statistics")
    for name in ("site.yaml", "agencies.yaml"):
        shutil.copy(root / name, content / name)
    exact = [proof for proof in proofs_of(content) if proof.sort is Sort.EXACT]
    under = [(proof, cell) for proof in exact for cell in (proof.cell, *proof.parts)]
    assert len(under) > 5
    chance = random.Random(6)
    for _ in range(CHANGES):
        proof, cell = chance.choice(under)
        assert cell.figure.value is not None
        number, place = another(cell.figure.value, chance), place_of(cell)
        before = put(content, place, f"{number:f}")
        found = examine_folder(content).problems
        (content / place.path).write_text(before, encoding="utf-8")
        _judge(proof, cell, f"{number:,f}", found)


def _judge(proof: Proof, cell: Cell, number: str, found: tuple[Problem, ...]) -> None:
    at = place_of(proof.cell)
    here = [p for p in found if p.stops and (p.origin.path, p.origin.line) == (at.path, at.line)]
    if cell is proof.cell:
        assert any(names_both(p, number, p.values["computed"]) for p in here), (cell.key, number)
        return
    declared, place = f"{proof.cell.figure.value:,f}", place_of(cell)
    leading = [p for p in here if f"({place.path}:{place.line})" in p.values["parts"]]
    assert any(names_both(p, declared, number) for p in leading), (cell.key, number)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A random table whose declarations hold, as text with one number for each name."""

    text: str
    numbers: dict[str, Decimal]

    def typed(self, **changed: Decimal) -> str:
        """The file's text, some numbers changed."""
        return self.text.format(**{k: f"{v:f}" for k, v in (self.numbers | changed).items()})


HEAD = """\
title: 測試數據
source: 測試報告
as_of: 105-02-29
published_on: 105-05-06
columns:
  - {{title: 前期}}
  - {{title: 本期}}
  - {{title: 合計, total_of: [前期, 本期]}}
  - {{title: 增加, change_from: {{from: 前期, to: 本期, as: increase}}}}
  - {{title: 增加率, unit: "%", change_from: {{from: 前期, to: 本期, as: increase_percent}}}}
  - {{title: 占比, unit: "%", share_of: {{part: 前期, whole: 計}}}}
  - {{title: 每千件, rate: {{of: 前期, per: 本期, times: 1000}}}}
  - {{title: 平均, average: [前期, 本期]}}
rows:
"""
ROUNDED = ("增加率", "占比", "每千件", "平均")
COLUMNS = ("前期", "本期", "合計", "增加", *ROUNDED)


def half_up(value: Decimal, places: int) -> Decimal:
    """Rounded by the standard library's decimal arithmetic."""
    return value.quantize(Decimal((0, (1,), -places)), rounding=ROUND_HALF_UP)


def random_table(chance: random.Random) -> Table:
    """Two columns of chance, the others computed, by other means than the generator's."""
    places, shown = chance.randrange(3), chance.randrange(4)
    rows = [f"r{index}" for index in range(chance.randrange(2, 6))]
    unit = Decimal((0, (1,), -places))
    raw = {row: [chance.randrange(1, 10**6) * unit for _ in range(2)] for row in rows}
    raw["計"] = [sum(column, Decimal(0)) for column in zip(*raw.values(), strict=True)]
    whole = raw["計"][0]
    numbers: dict[str, Decimal] = {}
    lines: list[str] = []
    for row, (a, b) in raw.items():
        rounded = ((b - a) / a * 100, a / whole * 100, a / b * 1000, (a + b) / 2)
        values = [a, b, a + b, b - a, *(half_up(value, shown) for value in rounded)]
        names = [f"{row}_{column}" for column in COLUMNS]
        numbers |= dict(zip(names, values, strict=True))
        total = ", total_of: all" if row == "計" else ""
        cells = ", ".join(f"{{{name}}}" for name in names)
        lines.append(f"  - {{{{title: {row}{total}, values: [{cells}]}}}}\n")
    return Table(text=HEAD + "".join(lines), numbers=numbers)


@pytest.fixture(scope="module")
def tables() -> Iterator[list[Table]]:
    """The same random tables for every test."""
    chance = random.Random(66)
    with localcontext() as context:
        context.prec = 60
        yield [random_table(chance) for _ in range(TABLES)]


def test_consistent_tables_give_no_alarm(tables: list[Table], scratch_site: ScratchSite) -> None:
    """300 random tables whose declarations hold pass without a finding."""
    files = {f"statistics/t{index}.yaml": one.typed() for index, one in enumerate(tables)}
    examined = examine_folder(scratch_site(files))
    assert [(p.code, p.origin) for p in examined.problems] == []
    assert examined.records == len(MINIMAL_RECORDS) + TABLES


def test_a_change_above_half_a_unit_fails_under_a_rounded_rule(
    tables: list[Table], scratch_site: ScratchSite
) -> None:
    """A rounded figure that is off by one in its last place, up or down, is seen at its line."""
    chance = random.Random(666)
    files, wanted = {}, {}
    for index, one in enumerate(tables):
        name = chance.choice([n for n in one.numbers if n.partition("_")[2] in ROUNDED])
        old = one.numbers[name]
        unit = Decimal((0, (1,), int(old.as_tuple().exponent)))
        new = old + unit * chance.choice((-9, -1, 1, 9))
        path = f"statistics/t{index}.yaml"
        files[path] = one.typed(**{name: new})
        line = one.text.partition(f"{{{name}}}")[0].count("\n") + 1
        wanted[path] = (line, f"{new:,f}", f"{old:,f}")
    problems = examine_folder(scratch_site(files)).problems
    seen = {
        p.origin.path: (p.origin.line, p.values["declared"], p.values["computed"]) for p in problems
    }
    assert len(problems) == TABLES
    assert seen == wanted


def test_a_part_that_moves_a_rounded_figure_fails(
    tables: list[Table], scratch_site: ScratchSite
) -> None:
    """A part that grows by a tenth changes the share, the rate and the average it goes into."""
    files = {}
    for index, one in enumerate(tables):
        grown = one.numbers["r0_前期"] * Decimal("1.1")
        files[f"statistics/t{index}.yaml"] = one.typed(r0_前期=grown)
    problems = examine_folder(scratch_site(files)).problems
    codes = {path: {p.code for p in problems if p.origin.path == path} for path in files}
    missed = [path for path, found in codes.items() if "rate-wrong" not in found]
    assert missed == []
