"""A wrong digit does not get through: figures are changed one by one, and `check` must see it.

`GONGBAO_MUTATIONS` is the number of changes to each content.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from sample_sites import MINIMAL, SITES, ScratchSite, examine_folder

from generator.commands._cli import main
from generator.commands._console import CLEAN
from generator.content.messages import LANGUAGES, worded
from generator.content.model import Origin, Problem

PROJECT = Path(__file__).resolve().parents[2]
CHANGES = int(os.environ.get("GONGBAO_MUTATIONS", "25"))
"""Changes to each content, 25 if unset; 300 take a minute."""
TABLES = 300
RULED = ("total", "count", "share", "rate", "change", "average")
FIRM = frozenset(("figures-differ", *(f"{rule}-wrong" for rule in RULED)))
"""The problems of figures that must be what is computed."""
MINIMAL_RECORDS = [name for name in MINIMAL if name != "site.yaml"]


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
def test_one_wrong_figure_fails(root: Path, tmp_path: Path, capsys: Captured) -> None:
    """Each change of a cell under an exact rule, or of a rounded result, stops the check there.

    The cells are those that `gongbao figures` lists.  A finding stands at the changed cell's file
    and line and names the number that was computed, or leads there from the figure that is
    reckoned from it and names that figure's number; the new number it names always.
    """
    content = tmp_path / "content"
    shutil.copytree(root, content)
    listed = [cell for cell in cells_of(content, capsys) if firmly_held(cell)]
    assert len(listed) > 5
    chance = random.Random(6)
    for _ in range(CHANGES):
        cell = chance.choice(listed)
        number, place = another(Decimal(cell["value"]), chance), place_in(content, cell)
        before = put(content, place, f"{number:f}")
        found = examine_folder(content).problems
        (content / place.path).write_text(before, encoding="utf-8")
        told = [p for p in found if p.stops and tells(p, place, f"{number:,f}")]
        assert told, (cell["statistic"], cell["cell"], number, found)


Captured = pytest.CaptureFixture[str]
Listed = dict[str, Any]
"""A figure as `gongbao figures --format json` lists it."""


def cells_of(content: Path, capsys: Captured) -> list[Listed]:
    """Every figure of a content, as the command lists them."""
    given = ["figures", "--content", str(content), "--as-of", "2016-06-01", "--format", "json"]
    assert main(given) == CLEAN
    listed: list[Listed] = json.loads(capsys.readouterr().out)["figures"]
    return listed


def firmly_held(cell: Listed) -> bool:
    """Whether an exact rule holds a figure, or a rounded rule as its result."""
    held = [(rule["sort"], rule["part"]) for rule in cell["rules"]]
    return ("exact", False) in held or ("exact", True) in held or ("rounded", False) in held


def place_in(content: Path, cell: Listed) -> Origin:
    """Where the number of a listed figure was typed."""
    path = Path(cell["path"]).relative_to(content).as_posix()
    line = (content / path).read_text(encoding="utf-8").split("\n")[cell["line"] - 1]
    start = line.index(cell["value"], cell["column"] - 1)
    return Origin(path=path, line=cell["line"], column=start + 1, length=len(cell["value"]))


def tells(problem: Problem, place: Origin, number: str) -> bool:
    """Whether a finding is about the figure at a place, and names its number and the other one."""
    values = problem.values
    if problem.code not in FIRM:
        return False
    if (problem.origin.path, problem.origin.line) == (place.path, place.line):
        return names_both(problem, number, values["computed"])
    leads = f"{number} ({place.path}:{place.line})" in values["parts"]
    return leads and names_both(problem, values["declared"], number)


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
