"""One program at a time in a work folder; the second is refused, and says so.

The kernel lets go of the lock when the program that holds it ends, however it ends.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.release.target import PublishRefused

LOCK = "lock"


@contextmanager
def alone(work: Path) -> Iterator[None]:
    """Holds the lock of a work folder; raises `PublishRefused` where another program has it."""
    with (work / LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishRefused(work, "busy") from None
        yield
