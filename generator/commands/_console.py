"""What commands share: exit codes, and problems said in the style and language asked for."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from generator.build.options import Built, Examined, Options
from generator.content.files import Lines
from generator.content.messages import (
    Wording,
    as_github,
    as_json,
    as_text,
    figures_summary,
    passed_over_summary,
    summary,
    unsealed_summary,
    waiting_summary,
    worded,
)
from generator.content.model import Problem

CLEAN, CONTENT, USAGE, FAULT = 0, 1, 2, 3
"""Exit codes: clean or warnings only, content problems, wrong use, our own fault."""


class Console(Struct, frozen=True, kw_only=True):
    """Where a command's words go, and how they are said.

    `say` tells what must be known, `note` what need not be where quiet is wanted; `line`
    rewrites the terminal's last line, where there is a terminal; `clock` counts seconds.
    """

    show: Callable[[str], None]
    say: Callable[[str], None]
    note: Callable[[str], None]
    line: Callable[[str], None] | None
    clock: Callable[[], float]
    style: str
    language: str
    content: Path
    site: Path

    def report(
        self,
        problems: Sequence[Problem],
        faults: Sequence[Problem] = (),
        site: Path | None = None,
    ) -> None:
        """Prints problems of the content and faults of a site in the style asked for."""
        placed = [(problem, self.content.as_posix()) for problem in problems]
        placed += [(fault, (site or self.site).as_posix()) for fault in faults]
        if self.style == "json":
            self.show(as_json(placed, self.language))
            return
        lines = Lines(self.content)
        for problem, folder in placed:
            if self.style == "github":
                self.show(as_github(problem, folder, self.language))
            else:
                self.show(f"{as_text(problem, folder, lines, self.language)}\n")

    def worded(self, problem: Problem) -> str:
        """A problem of the content in words: place, finding, marked line, remedy."""
        return as_text(problem, self.content.as_posix(), Lines(self.content), self.language)

    def wording(self, problem: Problem) -> Wording:
        """A problem's words in the language asked for."""
        return worded(problem, self.language)

    def close(self, examined: Examined, options: Options) -> int:
        """Counts the problems; the exit code that they deserve."""
        warnings = len(examined.problems) - examined.errors
        self.note(summary(examined.errors, warnings, examined.records, self.language))
        if any(examined.figures):
            self.note(figures_summary(*examined.figures, self.language))
        if examined.passed_over:
            self.note(passed_over_summary(examined.passed_over, self.language))
        if examined.waiting:
            self.note(waiting_summary(*examined.waiting, self.language))
        if examined.unsealed:
            self.note(unsealed_summary(len(examined.unsealed), self.language))
        return CONTENT if examined.errors or (options.strict and warnings) else CLEAN

    def close_build(self, built: Built, options: Options) -> int:
        """Says how a build ended; its exit code."""
        self.report(built.examined.problems, built.faults)
        code = self.close(built.examined, options)
        if built.release:
            changed = f"已建立 {built.pages} 頁（{built.changed} 個檔案有變動）：{options.site}/"
            self.note(changed)
        elif code == CLEAN:
            return self._failed(built)
        return code

    def _failed(self, built: Built) -> int:
        if built.host:
            self.say(built.host)
            self.say("MkDocs 無法完成網站，原來的網站不變。")
        else:
            self.say(f"網頁核對有 {len(built.faults)} 處不符，原來的網站不變。")
        return FAULT


class Command(Struct, frozen=True, kw_only=True):
    """A command: its name, what it is about, its own options, and what it does."""

    name: str
    about: str
    run: Callable[[Options, Namespace, Console], int]
    options: Mapping[str, Mapping[str, Any]] = {}
    rank: int = 50
