"""The handbook for editors: every example in it is accepted, every command in it exists."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_sites import SITES, examine_folder

from generator.commands._cli import all_commands, main
from generator.commands._console import CLEAN

PROJECT = Path(__file__).resolve().parents[2]
HANDBOOK = sorted((PROJECT / "content" / "pages").glob("handbook-*.md"))
BLOCK = re.compile(r"^```(?P<kind>[a-z]*)\n(?P<text>.*?)^```$", re.S | re.M)
ISSUE = "gazette/106/106-001/issue.yaml"


def blocks(page: Path, *kinds: str) -> Iterator[str]:
    """The texts of a page's blocks of some kinds."""
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if match["kind"] in kinds:
            yield match["text"]


@pytest.mark.parametrize("page", HANDBOOK, ids=lambda page: page.stem)
def test_examples_are_accepted(page: Path, tmp_path: Path) -> None:
    """Each example, put where its first line says, has no error in the repository's content."""
    content = tmp_path / "content"
    shutil.copytree(PROJECT / "content", content)
    shutil.copytree(PROJECT / ".record", tmp_path / ".record")
    (content / ISSUE).parent.mkdir(parents=True)
    (content / ISSUE).write_text("publication_date: 106-01-05\n", encoding="utf-8")
    before = {problem.code for problem in examine_folder(content).problems}
    for text in blocks(page, "yaml", "markdown"):
        head, _, rest = text.partition("\n")
        assert head.startswith("# content/"), head
        path = content / head.removeprefix("# content/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rest if path.suffix == ".md" else text, encoding="utf-8")
    found = examine_folder(content).problems
    unexpected = [(p.code, p.origin.path) for p in found if p.code not in before]
    assert [pair for pair in unexpected if pair[0] != "sequence-gap"] == []


def test_examples_are_there() -> None:
    """The handbook has pages, and examples of every kind that editors write."""
    paths = {
        text.split("\n")[0].split("/")[1]
        for page in HANDBOOK
        for text in blocks(page, "yaml", "markdown")
    }
    assert {"gazette", "visits", "partners", "statistics", "reports", "pages"} <= paths
    assert len(HANDBOOK) == 7


def test_its_commands_are_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command line of the handbook is understood; those that end are run."""
    content = tmp_path / "content"
    shutil.copytree(SITES / "full", content)
    names = {command.name for command in all_commands()}
    lines = [line for page in HANDBOOK for text in blocks(page, "") for line in text.splitlines()]
    assert len(lines) > 3
    for line in lines:
        program, command, *arguments = line.split()
        assert program == "gongbao"
        assert command in names
        if command != "serve":
            given = ["--content", str(content), "--as-of", "2016-06-01"]
            if command in ("check", "figures"):
                given[1] = str(SITES / "full")
            assert main([command, *arguments, *given]) == CLEAN
    capsys.readouterr()
