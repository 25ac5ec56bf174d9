"""How far a run has come, for people: a line that is rewritten, or a plain line a stage.

The clock is given, as everything that a command says goes through its console.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

STAGES = {
    "read": "讀取內容",
    "check": "檢查內容",
    "write": "產生頁面",
    "feeds": "產生訂閱",
    "tables": "產生資料",
    "lists": "產生清單",
    "search": "產生搜尋索引",
    "host": "產生版面",
    "verify": "核對網頁",
    "markdown": "寫出 Markdown",
    "show": "發布",
}
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
            self.line(f"{STAGES[name]}…")
        elif self.note:
            self.note(f"{STAGES[name]}…")

    def count(self, done: int, total: int) -> None:
        """So many of so many are done in the stage."""
        name, begun, _ = self._begun[-1]
        self._begun[-1] = (name, begun, done)
        moment = self.clock()
        if self.line and (moment - self._shown >= OFTEN or done == total):
            self._shown = moment
            left = _left(moment - begun, done, total)
            self.line(f"{STAGES[name]} {done:,}/{total:,}{left}")

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
            yield f"{after - begun:9.2f}  {done or '':>9}  {STAGES[name]}"
        yield f"{end - self._start:9.2f}  {'':>9}  合計"


def _left(seconds: float, done: int, total: int) -> str:
    """The time left at the rate so far, where one can tell."""
    if seconds < FIRST or not 0 < done < total:
        return ""
    left = round(seconds * (total - done) / done)
    minutes, rest = divmod(left, 60)
    return f"，約剩 {minutes} 分 {rest:02} 秒" if minutes else f"，約剩 {left} 秒"


@contextmanager
def shown(display: Display) -> Iterator[Display]:
    """A display that leaves no line behind, however the run ends."""
    try:
        yield display
    finally:
        display.close()
