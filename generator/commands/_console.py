"""What commands share: exit codes, and problems said in the style and language asked for."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from generator.build.options import Built, Examined, Options
from generator.commands._command_lines import command_line, listed
from generator.content.files import Lines
from generator.content.messages import LANGUAGES, Wording, as_github, as_json, as_text, worded
from generator.content.model import Problem
from generator.text.characters import visible
from generator.text.dates import roc

CLEAN, CONTENT, USAGE, FAULT = 0, 1, 2, 3
"""Exit codes: clean or warnings only, content problems, wrong use, our own fault."""
LISTED = 10
"""Files that a note lists."""


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

    def words(self, name: str, /, **values: object) -> str:
        """A line of the commands in the language asked for."""
        return command_line(name, self.language, **values)

    def tell(self, name: str, /, **values: object) -> None:
        """Says a line that must be known."""
        self.say(self.words(name, **values))

    def remark(self, name: str, /, **values: object) -> None:
        """Says a line that need not be known where quiet is wanted."""
        self.note(self.words(name, **values))

    def close(self, examined: Examined, options: Options) -> int:
        """Counts the problems; the exit code that they deserve."""
        errors, warnings = examined.errors, len(examined.problems) - examined.errors
        self.remark("summary", errors=errors, warnings=warnings, records=examined.records)
        if any(examined.figures):
            cited, loose, excused = examined.figures
            self.remark("figures-cited", cited=cited, loose=loose, excused=excused)
        if examined.passed_over:
            self._remark_passed_over(examined.passed_over)
        if examined.waiting:
            records, day = examined.waiting
            earliest = roc(day) if self.language == LANGUAGES[0] else day.isoformat()
            self.remark("waiting", records=records, earliest=earliest)
        if examined.unsealed:
            self.remark("unsealed", records=len(examined.unsealed))
        return CONTENT if examined.errors or (options.strict and warnings) else CLEAN

    def _remark_passed_over(self, paths: Sequence[str]) -> None:
        names = [" ".join(visible(path).split()) for path in paths[:LISTED]]  # `Icon\r` is one
        name = "passed-over-more" if len(paths) > LISTED else "passed-over"
        self.remark(name, files=len(paths), names=listed(names, self.language))

    def close_build(self, built: Built, options: Options) -> int:
        """Says how a build ended; its exit code."""
        self.report(built.examined.problems, built.faults)
        code = self.close(built.examined, options)
        if built.release:
            self.remark("built", pages=built.pages, files=built.changed, site=options.site)
        elif code == CLEAN:
            self.tell("build-faults", faults=len(built.faults))
            return FAULT
        return code


class Command(Struct, frozen=True, kw_only=True):
    """A command: its name, its own options, and what it does.

    What it and its options are for stands in the lines `about-NAME` and `help OPTION`.
    """

    name: str
    run: Callable[[Options, Namespace, Console], int]
    options: Mapping[str, Mapping[str, Any]] = {}
    rank: int = 50
