"""Collects garbage after finished work, as a run switches automatic collection off.

Automatic collection would search the whole archive again and again (see `cli.run`).  But a page
leaves tens of kilobytes in reference cycles, so a hundred thousand pages would fill the memory.
"""

from __future__ import annotations

import gc

from generator.build.workers.tuning import GARBAGE_WORTH
from generator.release.disk import c_function

_TRIM = c_function("malloc_trim")


def let_go() -> None:
    """Collects garbage, if there may be much, and exempts all other objects from later searches."""
    if not gc.isenabled() and gc.get_count()[0] > GARBAGE_WORTH:
        gc.collect()
        gc.freeze()


def stays() -> None:
    """Exempts all current objects from garbage collection (`gc.freeze`)."""
    if not gc.isenabled():
        gc.freeze()


def give_back() -> None:
    """Returns freed memory to the system, which the C library would keep otherwise.

    It takes some hundredths of a second, so use it after freeing a hundred megabytes.
    """
    if _TRIM is not None:
        _TRIM(0)
