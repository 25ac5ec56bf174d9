"""Wrong figures, typed into a copy of a content one by one: `check` must see each.

`GONGBAO_MUTATIONS` is the number of changes to each content.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sample_sites import examine_folder

from generator.commands._cli import main
from generator.commands._console import CLEAN
from generator.content.messages import LANGUAGES, worded
from generator.content.model import Origin, Problem

CHANGES = int(os.environ.get("GONGBAO_MUTATIONS", "25"))
"""Changes to each content, 25 if unset; 300 take a minute."""
RULED = ("total", "count", "share", "rate", "change", "average")
FIRM = frozenset(("figures-differ", *(f"{rule}-wrong" for rule in RULED)))
"""The problems of figures that must be what is computed."""
Captured = pytest.CaptureFixture[str]
Listed = dict[str, Any]
"""A figure as `gongbao figures --format json` lists it."""


def assert_wrong_figures_fail(root: Path, tmp_path: Path, capsys: Captured) -> None:
    """Changes figures of a content, one at a time, and fails unless the check stops at each.

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
