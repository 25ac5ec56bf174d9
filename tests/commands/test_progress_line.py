"""How far a run has come, as a terminal and as a pipe see it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sample_sites import SITES

from generator.build.progress import Progress
from generator.commands._cli import main
from generator.commands._command_lines import command_line
from generator.commands._progress_line import STAGES, Display

TITLES = [command_line(f"stage-{stage}", "zh-TW") for stage in STAGES if stage != "markdown"]
"""Those of a build that is not asked for Markdown, in their order."""

BUILD = ("build", "--content", str(SITES / "minimal"), "--as-of", "2016-06-01")


def _clock(*seconds: float) -> Iterator[float]:
    return iter(seconds)


def _arguments(root: Path, *more: str) -> list[str]:
    return [*BUILD, "--work", str(root / "build"), "--site", str(root / "site"), *more]


def test_a_terminal_sees_one_line_with_counts_and_time_left() -> None:
    """Stage, done of all, and the time left at the rate so far; the line is empty at the end."""
    lines: list[str] = []
    ticks = _clock(0.0, 0.0, 0.2, 0.25, 10.2, 90.2)
    with closing(Display(ticks.__next__, line=lines.append)) as display:
        progress = Progress(display.stage, display.count)
        progress.stage("write", 1000)
        for count in (5, 95, 800):
            progress.step(count)
    assert lines == [
        "產生頁面…",
        "產生頁面 0/1,000",
        "產生頁面 100/1,000，約剩 1 分 32 秒",
        "產生頁面 900/1,000，約剩 10 秒",
        "",
    ]


def test_a_pipe_sees_a_line_a_stage() -> None:
    """Without a terminal no count is told."""
    notes: list[str] = []
    display = Display(_clock(0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0).__next__, notes.append)
    progress = Progress(display.stage, display.count)
    progress.stage("read", 2)
    progress.step()
    progress.stage("check")
    assert notes == ["讀取內容…", "檢查內容…"]


def test_timings_are_a_table_of_stages() -> None:
    """Seconds and counts by stage, and the seconds of the whole run."""
    display = Display(_clock(0.5, 1.0, 1.5, 2.0, 3.25).__next__)
    display.stage("read")
    display.count(7, 7)
    display.stage("check")
    assert list(display.timings()) == [
        "     1.00          7  讀取內容",
        "     1.25             檢查內容",
        "     2.75             合計",
    ]


def test_a_build_in_a_pipe_tells_its_stages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each stage is a plain line, in the order of the table; `--timings` lists them at the end."""
    assert main(_arguments(tmp_path, "--timings")) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[: len(TITLES)] == [f"{title}…" for title in TITLES]
    table = said[-len(TITLES) - 1 :]
    assert [line.split()[-1] for line in table] == [*TITLES, "合計"]


def test_quiet_tells_problems_and_errors_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clean build says nothing; one with a problem names it."""
    assert main(_arguments(tmp_path, "--quiet")) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["check", "--content", str(tmp_path / "none"), "--quiet"]) == 1
    told = capsys.readouterr()
    assert "[site-missing]" in told.out
    assert told.err == ""


def test_json_stays_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a build tells of its stages does not mix with its problems."""
    assert main(_arguments(tmp_path, "--format", "json", "--timings")) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_build_on_a_terminal_rewrites_its_line(tmp_path: Path) -> None:
    """On a terminal stages follow each other in one line, which is empty before the summary."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "generator", *_arguments(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=theirs) as running:
        os.close(theirs)
        said = b"".join(iter(lambda: _read(ours), b"")).decode()
    os.close(ours)
    assert running.returncode == 0
    progress, _, summary = said.rpartition("\r\x1b[2K")
    assert progress.count("\n") == 0
    assert all(f"\r\x1b[2K{title}…" in progress for title in TITLES)
    assert summary.startswith("已讀取")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side has been closed
        return b""
