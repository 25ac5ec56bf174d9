"""One program at a time in a work folder; the second is refused, and says so.

The kernel lets go of the lock when the program that holds it ends, however it ends, and with it
the last process that it began: one may be at its end a moment longer.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from generator.publishing.place import PublishRefused

LOCK = "lock"
TRIES, PAUSE = 50, 0.02
"""How often the lock is asked for, and seconds between."""


@contextmanager
def alone(work: Path) -> Iterator[None]:
    """Holds the lock of a work folder; raises `PublishRefused` where another program has it."""
    with (work / LOCK).open("ab") as file:
        if not any(_taken(file) for _ in range(TRIES)):
            raise PublishRefused(work, "busy")
        yield


def _taken(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(PAUSE)
        return False
    return True
