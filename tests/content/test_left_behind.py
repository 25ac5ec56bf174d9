"""What other programs leave in the content is none of it: passed over, and said so."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder

from generator.commands._cli import main
from generator.commands._console import CLEAN

FOLDER = "gazette/105/105-001"
Captured = pytest.CaptureFixture[str]
NAMES = (
    *("Thumbs.db", "desktop.ini", ".DS_Store", "._01.yaml", ".directory", "Icon\r"),
    *("~$函.docx", ".~lock.函.odt#", "~WRL0001.tmp"),
    *("01.yaml~", "#01.yaml#", ".#01.yaml", ".01.yaml.swp", "01.yaml.swo", ".01.yaml.swa"),
)


@pytest.mark.parametrize("folder", ["", f"{FOLDER}/", f"{FOLDER}/01/"])
@pytest.mark.parametrize("name", NAMES)
def test_what_was_left_behind_is_passed_over(
    name: str, folder: str, scratch_site: ScratchSite
) -> None:
    """Beside the settings, beside a record, in a record's folder: no problem, and one note."""
    examined = examine_folder(scratch_site({f"{folder}{name}": "x"}))
    assert examined.problems == ()
    assert examined.passed_over == (f"{folder}{name}",)


def test_the_folder_of_another_system_is_one_of_them(scratch_site: ScratchSite) -> None:
    """Archives from a Mac hold a second tree."""
    examined = examine_folder(scratch_site({"__MACOSX/gazette/a": "x", "@eaDir/b": "y"}))
    assert (examined.problems, examined.passed_over) == ((), ("@eaDir", "__MACOSX"))


@pytest.mark.parametrize("name", [".gitkeep", ".editorconfig"])
def test_what_begins_with_a_dot_is_passed_over_in_silence(
    name: str, scratch_site: ScratchSite
) -> None:
    """It was put there."""
    examined = examine_folder(scratch_site({f"{FOLDER}/{name}": "x"}))
    assert (examined.problems, examined.passed_over) == ((), ())


@pytest.mark.parametrize("name", ["a.bak", "notes.tmp", "~草稿.yaml", "01.yaml.orig"])
def test_what_may_be_an_editors_own_is_told(name: str, scratch_site: ScratchSite) -> None:
    """It is a mistake until somebody says otherwise."""
    (problem,) = examine_folder(scratch_site({f"{FOLDER}/{name}": "x"})).problems
    assert problem.code == "file-stray"


def check(content: Path, *more: str) -> int:
    """The exit code of `gongbao check`."""
    return main(["check", "--content", str(content), "--as-of", "2016-06-01", *more])


def test_one_line_says_how_many_and_which(scratch_site: ScratchSite, capsys: Captured) -> None:
    """The note is no warning, so that a strict check passes."""
    names = ("Thumbs.db", f"{FOLDER}/01.yaml~")
    content = scratch_site(dict.fromkeys(names, "x"))
    assert check(content, "--strict") == CLEAN
    listed = "Thumbs.db、gazette/105/105-001/01.yaml~"
    said = capsys.readouterr().err
    assert f"略過 2 個其他程式留下的檔案：{listed}。\n" in said
    assert check(content, "--lang", "en") == CLEAN
    listed = listed.replace("、", ", ")
    said = capsys.readouterr().err
    assert f"Passed over 2 files left behind by other programs: {listed}.\n" in said


def test_of_many_ten_are_listed(scratch_site: ScratchSite, capsys: Captured) -> None:
    """And the line ends."""
    content = scratch_site({f"a{n:02}.yaml~": "x" for n in range(12)})
    assert check(content) == CLEAN
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "略過" in line]
    assert line.startswith("略過 12 個其他程式留下的檔案：a00.yaml~、")
    assert line.endswith("、a09.yaml~等。")


def test_nothing_is_said_where_nothing_was_left(scratch_site: ScratchSite) -> None:
    """The minimal site is clean."""
    assert examine_folder(scratch_site(MINIMAL)).passed_over == ()
