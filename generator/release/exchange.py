"""Exchanges two paths in one step, so that readers see one folder or the other.

Where that is impossible the reason is returned, and the site is changed in place instead.
Linux has renameat2(2), macOS renamex_np(2), Windows nothing of the kind.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from errno import EACCES, EBUSY, EINVAL, ENOSYS, ENOTSUP, EPERM, EXDEV
from pathlib import Path

from generator.release.disk import c_function
from generator.release.target import Obstacle

_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of renameat2(2)."""
_SWAP = 2
"""RENAME_SWAP of renamex_np(2)."""
OBSTACLES = {
    EXDEV: Obstacle.DISK,
    EBUSY: Obstacle.MOUNT,
    EINVAL: Obstacle.SYSTEM,
    ENOSYS: Obstacle.SYSTEM,
    ENOTSUP: Obstacle.SYSTEM,
    EACCES: Obstacle.RIGHTS,
    EPERM: Obstacle.RIGHTS,
}
"""Errors that say that two paths cannot be exchanged here; any other is an error of the disk."""


def system_exchange() -> Callable[[bytes, bytes], int] | None:
    """The system's call that exchanges two paths and returns 0; None where there is none."""
    if renameat2 := c_function("renameat2"):
        return lambda first, second: int(renameat2(_HERE, first, _HERE, second, _EXCHANGE))
    if renamex_np := c_function("renamex_np"):
        return lambda first, second: int(renamex_np(first, second, _SWAP))
    return None


_EXCHANGED = system_exchange()


def exchange(path: Path, other: Path) -> Obstacle | None:
    """Exchanges two paths atomically; the obstacle if that is impossible here."""
    if _EXCHANGED is None:
        return Obstacle.SYSTEM
    if _EXCHANGED(os.fsencode(path), os.fsencode(other)) == 0:
        return None
    number = ctypes.get_errno()
    if number in OBSTACLES:
        return OBSTACLES[number]
    raise OSError(number, os.strerror(number), str(other))
