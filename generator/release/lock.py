"""The lock of a work folder: only one run at a time may use it.

It is a lock of the kernel (flock), which is released when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

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
        if not _is_at(work / LOCK, file):  # `clean` has removed it since it was opened
            raise PublishRefused(work, "busy")
        yield


def _is_at(path: Path, file: BinaryIO) -> bool:
    return path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))
