"""Exchanges two paths in one step, so that readers see one folder or the other.

Where that is impossible the reason is returned, and the site is changed in place instead.
Linux has renameat2(2); another system's call belongs here, beside it.
"""

from __future__ import annotations

import ctypes
import os
from errno import EACCES, EBUSY, EINVAL, ENOSYS, ENOTSUP, EPERM, EXDEV
from pathlib import Path

from generator.release.disk import c_function
from generator.release.target import Obstacle

_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of renameat2(2)."""
_RENAMEAT2 = c_function("renameat2")
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


def exchange(path: Path, other: Path) -> Obstacle | None:
    """Exchanges two paths atomically; the obstacle if that is impossible here."""
    if _RENAMEAT2 is None:
        return Obstacle.SYSTEM
    first, second = os.fsencode(path), os.fsencode(other)
    if _RENAMEAT2(_HERE, first, _HERE, second, _EXCHANGE) == 0:
        return None
    number = ctypes.get_errno()
    if number in OBSTACLES:
        return OBSTACLES[number]
    raise OSError(number, os.strerror(number), str(other))
