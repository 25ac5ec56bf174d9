"""The lock of a work folder: only one run at a time may use it.

It is a lock of the kernel (flock), which is released when the process ends, however it ends.
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
    """Holds the lock of a work folder; raises `PublishRefused` if another process has it."""
    with (work / LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishRefused(work, "busy") from None
        yield
