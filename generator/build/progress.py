"""Reports the progress of a run: its stage, and how much of the stage is done.

The stages call it; two functions of the caller decide what users see.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

Tell = Callable[[str], None]
"""Receives the name of a stage as it begins."""
Count = Callable[[int, int], None]
"""Receives the number done and the total: records, pages or files, depending on the stage."""


def unheard(*_: object) -> None:
    """Ignores its arguments."""


class Progress(Struct):
    """The progress within the current stage."""

    tell: Tell = unheard
    count: Count = unheard
    total: int = 0
    done: int = 0

    def stage(self, name: str, total: int = 0) -> None:
        """Begins a stage; `total` is 0 if nothing is counted."""
        self.tell(name)
        self.expect(total)

    def expect(self, total: int) -> None:
        """Sets the stage's total, if it becomes known after the beginning."""
        self.total, self.done = total, 0
        self.step(0)

    def step(self, count: int = 1) -> None:
        """Adds to the number done."""
        self.done += count
        if self.total:
            self.count(self.done, self.total)
