"""How far a run has come, for people: a line that is rewritten, or a plain line a stage.

The clock is given, as everything that a command says goes through its console.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from generator.commands._command_lines import command_line
from generator.content.messages import LANGUAGES

STAGES = (
    *("read", "check", "write", "tables", "lists"),
    *("search", "verify", "markdown", "show"),
)
"""The stages of a run, in their order."""
OFTEN = 0.1
"""Seconds between two changes of a line."""
FIRST = 1.0
"""Seconds until a rate is known well enough to tell the time left."""


@dataclass(slots=True)
class Display:
    """Tells of a run's stages; `line` rewrites the terminal's line, `note` writes a new one."""

    clock: Callable[[], float]
    note: Callable[[str], None] | None = None
    line: Callable[[str], None] | None = None
    language: str = LANGUAGES[0]
    _begun: list[tuple[str, float, int]] = field(default_factory=list)
    _shown: float = 0.0
    _start: float = 0.0

    def __post_init__(self) -> None:
        """The run begins."""
        self._start = self.clock()

    def stage(self, name: str) -> None:
        """A stage begins."""
        self._begun.append((name, self.clock(), 0))
        if self.line:
            self.line(f"{self._title(name)}…")
        elif self.note:
            self.note(f"{self._title(name)}…")

    def count(self, done: int, total: int) -> None:
        """So many of so many are done in the stage."""
        name, begun, _ = self._begun[-1]
        self._begun[-1] = (name, begun, done)
        moment = self.clock()
        if self.line and (moment - self._shown >= OFTEN or done == total):
            self._shown = moment
            left = self._left(moment - begun, done, total)
            self.line(f"{self._title(name)} {done:,}/{total:,}{left}")

    def close(self) -> None:
        """There is no more to tell of: the terminal's line is empty again, and stays so."""
        if self.line:
            self.line("")
        self.line = None

    def timings(self) -> Iterator[str]:
        """A table of the stages: seconds, and how much was done; to be asked at the end."""
        end = self.clock()
        ends = [*(begun for _, begun, _ in self._begun[1:]), end]
        for (name, begun, done), after in zip(self._begun, ends, strict=False):
            yield f"{after - begun:9.2f}  {done or '':>9}  {self._title(name)}"
        yield f"{end - self._start:9.2f}  {'':>9}  {command_line('stages-total', self.language)}"

    def _title(self, name: str) -> str:
        return command_line(f"stage-{name}", self.language)

    def _left(self, seconds: float, done: int, total: int) -> str:
        """The time left at the rate so far, where one can tell."""
        if seconds < FIRST or not 0 < done < total:
            return ""
        left = round(seconds * (total - done) / done)
        minutes, rest = divmod(left, 60)
        if minutes:
            return command_line("left-minutes", self.language, minutes=minutes, seconds=rest)
        return command_line("left-seconds", self.language, seconds=left)


@contextmanager
def shown(display: Display) -> Iterator[Display]:
    """A display that leaves no line behind, however the run ends."""
    try:
        yield display
    finally:
        display.close()
