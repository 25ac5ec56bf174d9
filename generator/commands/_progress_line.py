"""Shows the progress of a run: one line that is rewritten, or one plain line per stage.

The clock and the output are parameters, because only module `_cli` may use the real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from generator.commands._command_lines import command_line
from generator.content.messages import LANGUAGES

STAGES = (
    *("read", "check", "write", "tables", "lists"),
    *("search", "verify", "markdown", "show"),
)
"""The stages of a run, in order."""
OFTEN = 0.1
"""The least seconds between two changes of the line."""
FIRST = 1.0
"""Seconds until the rate is reliable enough to estimate the remaining time."""


@dataclass(slots=True)
class Display:
    """Shows a run's stages; `line` rewrites the terminal's line, `note` prints a new one."""

    clock: Callable[[], float]
    note: Callable[[str], None] | None = None
    line: Callable[[str], None] | None = None
    language: str = LANGUAGES[0]
    _begun: list[tuple[str, float, int]] = field(default_factory=list)
    _shown: float = 0.0
    _start: float = 0.0

    def __post_init__(self) -> None:
        """Starts the clock of the run."""
        self._start = self.clock()

    def stage(self, name: str) -> None:
        """Begins a stage."""
        self._begun.append((name, self.clock(), 0))
        if self.line:
            self.line(f"{self._title(name)}…")
        elif self.note:
            self.note(f"{self._title(name)}…")

    def count(self, done: int, total: int) -> None:
        """Shows that `done` of `total` are done in the current stage."""
        name, begun, _ = self._begun[-1]
        self._begun[-1] = (name, begun, done)
        moment = self.clock()
        if self.line and (moment - self._shown >= OFTEN or done == total):
            self._shown = moment
            remaining = self._left(moment - begun, done, total)
            self.line(f"{self._title(name)} {done:,}/{total:,}{remaining}")

    def close(self) -> None:
        """Clears the progress line; nothing more is written to it."""
        if self.line:
            self.line("")
        self.line = None

    def timings(self) -> Iterator[str]:
        """A table of the stages with seconds and counts; to be called at the end of the run."""
        end = self.clock()
        ends = [*(begun for _, begun, _ in self._begun[1:]), end]
        for (name, begun, done), after in zip(self._begun, ends, strict=False):
            yield f"{after - begun:9.2f}  {done or '':>9}  {self._title(name)}"
        yield f"{end - self._start:9.2f}  {'':>9}  {command_line('stages-total', self.language)}"

    def _title(self, name: str) -> str:
        return command_line(f"stage-{name}", self.language)

    def _left(self, seconds: float, done: int, total: int) -> str:
        """The remaining time at the rate so far; "" if it cannot be estimated."""
        if seconds < FIRST or not 0 < done < total:
            return ""
        remaining = round(seconds * (total - done) / done)
        minutes, rest = divmod(remaining, 60)
        if minutes:
            return command_line("left-minutes", self.language, minutes=minutes, seconds=rest)
        return command_line("left-seconds", self.language, seconds=remaining)
