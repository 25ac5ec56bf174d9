"""What commands share: exit codes, and the output of messages and problems.

Commands never print: they call the console, which knows the style, the language and `--quiet`.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import sleep
from typing import Any

from msgspec import Struct

from generator.build.options import Built, Examined, Options
from generator.commands._command_lines import command_line, listed
from generator.content.files import Lines
from generator.content.messages import LANGUAGES, Wording, as_github, as_json, as_text, worded
from generator.content.model import Problem
from generator.release.target import Shown
from generator.text.characters import visible
from generator.text.dates import roc

CLEAN, CONTENT, USAGE, FAULT = 0, 1, 2, 3
"""Exit codes: clean or warnings only, content problems, wrong usage, a fault of the program."""
LISTED = 10
"""The most files that a note lists."""


class Console(Struct, frozen=True, kw_only=True):
    """The output of a command.

    `show` prints results, `say` messages, and `note` messages that `--quiet` suppresses; `line`
    rewrites the terminal's last line and is None without a terminal; `clock` counts seconds;
    `ask` returns what is typed after a prompt, and is None if nobody can type.  `login` gives name
    and password for a mail server, both "" without one; `pause` waits for seconds.
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
    ask: Callable[[str], str] | None = None
    login: Callable[[], tuple[str, str]] = lambda: ("", "")
    pause: Callable[[float], None] = sleep

    def report(
        self,
        problems: Sequence[Problem],
        faults: Sequence[Problem] = (),
        site: Path | None = None,
    ) -> None:
        """Prints problems of the content and faults of a site, in the chosen style."""
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
        """A problem of the content as text: place, finding, marked line, remedy."""
        return as_text(problem, self.content.as_posix(), Lines(self.content), self.language)

    def wording(self, problem: Problem) -> Wording:
        """A problem's wording in the language of the run."""
        return worded(problem, self.language)

    def words(self, name: str, /, **values: object) -> str:
        """A command's message in the language of the run."""
        return command_line(name, self.language, **values)

    def tell(self, name: str, /, **values: object) -> None:
        """Prints a message."""
        self.say(self.words(name, **values))

    def remark(self, name: str, /, **values: object) -> None:
        """Prints a message unless `--quiet` is given."""
        self.note(self.words(name, **values))

    def close(self, examined: Examined, options: Options) -> int:
        """Prints a summary of what was examined, and returns the exit code."""
        errors, warnings = examined.errors, len(examined.problems) - examined.errors
        self.remark("summary", errors=errors, warnings=warnings, records=examined.records)
        if any(examined.figures):
            cited, loose, excused = examined.figures
            self.remark("figures-cited", cited=cited, loose=loose, excused=excused)
        if examined.problems and examined.codes:
            self.remark("codes-explained", address=examined.codes)
        if paths := examined.passed_over:
            # a name may hold a line break: macOS writes `Icon\r`
            names = [" ".join(visible(path).split()) for path in paths[:LISTED]]
            name = "passed-over-more" if len(paths) > LISTED else "passed-over"
            self.remark(name, files=len(paths), names=listed(names, self.language))
        if examined.waiting:
            records, day = examined.waiting
            earliest = roc(day) if self.language == LANGUAGES[0] else day.isoformat()
            self.remark("waiting", records=records, earliest=earliest)
        if examined.unsealed:
            self.remark("unsealed", records=len(examined.unsealed))
        return CONTENT if examined.errors or (options.strict and warnings) else CLEAN

    def close_build(self, built: Built, options: Options) -> int:
        """Prints how a build ended, and returns its exit code."""
        if built.held:
            self.tell("build-held", release=built.held, site=options.site)
            return CLEAN
        self.report(built.examined.problems, built.faults)
        code = self.close(built.examined, options)
        if waiting := built.unsigned:
            day = waiting.day.isoformat()
            self.tell("build-unsigned", digest=waiting.digest, day=day, folder=waiting.folder)
            self.tell("build-sign", name=waiting.signer, day=day)
            return code
        if built.release:
            self.remark("built", pages=built.pages, files=built.changed, site=options.site)
            self.remark_way(built.shown, options.site)
            return code
        if code == CLEAN:
            # the content is in order and no release was made, so the program failed
            self.tell("build-faults", faults=len(built.faults))
            return FAULT
        return code

    def remark_way(self, shown: Shown, site: Path) -> None:
        """Says that a site was changed in place, if it was, and why."""
        if shown.obstacle:
            self.remark(f"in-place-{shown.obstacle.value}", name=shown.name, site=site)


class Command(Struct, frozen=True, kw_only=True):
    """A command: its name, its own options, and its function; `rank` sorts the help.

    The lines `about-NAME` and `help OPTION` explain it and its options.
    """

    name: str
    run: Callable[[Options, Namespace, Console], int]
    options: Mapping[str, Mapping[str, Any]] = {}
    rank: int = 50
