"""The lock of a work folder: only one run at a time may use it.

It is a lock of the kernel (flock; on Windows a locked byte), which is released when the process
ends, however it ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from generator.release.target import PublishRefused

LOCK = "lock"


def system_lock() -> Callable[[int], None]:
    """The system's way to lock an open file at once or not at all."""
    try:
        fcntl: Any = import_module("fcntl")
    except ImportError:
        msvcrt: Any = import_module("msvcrt")
        return lambda file: msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    return lambda file: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_LOCK = system_lock()


@contextmanager
def alone(work: Path) -> Iterator[None]:
    """Holds the lock of a work folder; raises `PublishRefused` if another process has it."""
    with (work / LOCK).open("ab") as file:
        try:
            _LOCK(file.fileno())
        except (BlockingIOError, PermissionError):  # the second from Windows
            raise PublishRefused(work, "busy") from None
        if not _is_at(work / LOCK, file):  # `clean` has removed it since it was opened
            raise PublishRefused(work, "busy")
        yield


def _is_at(path: Path, file: BinaryIO) -> bool:
    return path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))
