"""How far a run has come: the stage it is at, and how much of that stage is done.

Whoever works tells; what becomes of it is the listener's.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

Tell = Callable[[str], None]
"""Hears the name of a stage that begins."""
Count = Callable[[int, int], None]
"""Hears how many of how many are done: records, pages or files, as the stage has it."""


def unheard(*_: object) -> None:
    """Listens to nothing."""


class Progress(Struct):
    """The stage that a run is at."""

    tell: Tell = unheard
    count: Count = unheard
    total: int = 0
    done: int = 0

    def stage(self, name: str, total: int = 0) -> None:
        """A stage begins; `total` is 0 where nothing is counted."""
        self.tell(name)
        self.expect(total)

    def expect(self, total: int) -> None:
        """How much the stage holds, for one that learns it after it has begun."""
        self.total, self.done = total, 0
        self.step(0)

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self.done += count
        if self.total:
            self.count(self.done, self.total)
