"""A wrong digit does not get through: figures are changed one by one, and `check` must see it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pytest
from sample_sites import MINIMAL, SITES, ScratchSite, examine_folder
from wrong_figures import assert_wrong_figures_fail, names_both

TABLES = 300
MINIMAL_RECORDS = [name for name in MINIMAL if name != "site.yaml"]


def test_one_wrong_figure_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check stops at each change of a figure under an exact rule or of a rounded result."""
    assert_wrong_figures_fail(SITES / "full", tmp_path, capsys)


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


LIMITED = """\
title: 測試部分
source: 測試報告
as_of: 105-02-29
published_on: 105-05-06
columns: [{{title: 前期}}, {{title: 本期, at_least: {{figure: 前期}}}}]
rows:
{rows}"""


def limited_table(chance: random.Random, raised: str = "") -> tuple[str, tuple[str, str, str]]:
    """Parts that keep within a whole, approximate ones among them, and two columns that grow.

    With `raised` the first part is more than the whole, by itself or with the others: then what
    is to be told, as the line's first words, the number said and the number it is held against.
    """
    unit = Decimal((0, (1,), -chance.randrange(3)))
    parts = [chance.randrange(1, 10**5) * unit for _ in range(chance.randrange(2, 6))]
    whole = sum(parts, chance.randrange(10**5) * unit)
    told = ("", "", "")
    if raised == "part_of":
        parts[0] = whole + chance.randrange(1, 10**4) * unit
        told = ("p0", f"{parts[0]:,f}", f"{whole:,f}")
    elif raised == "parts":
        parts[0] += whole - sum(parts) + unit
        told = ("計", f"{whole:,f}", f"{sum(parts):,f}")
    qualifiers = [chance.choice(("", "", "約", "近")) for _ in parts]
    lines = [
        row(f"p{index}, part_of: 計", part, qualifier)
        for index, (part, qualifier) in enumerate(zip(parts, qualifiers, strict=True))
    ]
    named = ", ".join(f"p{index}" for index in range(len(parts)))
    lines.insert(chance.randrange(len(lines)), row(f"計, parts: [{named}]", whole, ""))
    return LIMITED.format(rows="".join(lines)), told


def row(title: str, value: Decimal, qualifier: str) -> str:
    """A line of two columns, the second at least the first."""
    first = f"{{value: {value:f}, qualifier: {qualifier}}}" if qualifier else f"{value:f}"
    return f"  - {{title: {title}, values: [{first}, {value:f}]}}\n"


def test_parts_that_keep_within_give_no_alarm(scratch_site: ScratchSite) -> None:
    """300 random tables of parts and wholes pass without a finding."""
    chance = random.Random(6666)
    files = {f"statistics/t{n}.yaml": limited_table(chance)[0] for n in range(TABLES)}
    examined = examine_folder(scratch_site(files))
    assert [(p.code, p.origin) for p in examined.problems] == []
    assert examined.records == len(MINIMAL_RECORDS) + TABLES


@pytest.mark.parametrize(("rule", "code"), [("part_of", "part-exceeds"), ("parts", "parts-exceed")])
def test_a_part_above_its_whole_is_told(rule: str, code: str, scratch_site: ScratchSite) -> None:
    """At the file and line that says so, with both numbers, by itself or together with others."""
    chance = random.Random(66666)
    made = {f"statistics/t{n}.yaml": limited_table(chance, rule) for n in range(TABLES)}
    problems = examine_folder(
        scratch_site({name: text for name, (text, _) in made.items()})
    ).problems
    for path, (text, (title, number, other)) in made.items():
        lines = text.split("\n")
        line = next(n for n, typed in enumerate(lines, 1) if f"{{title: {title}, " in typed)
        at = [p for p in problems if (p.origin.path, p.origin.line, p.code) == (path, line, code)]
        assert any(p.stops and names_both(p, number, other) for p in at), (path, at)
