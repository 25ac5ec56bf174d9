"""Garbage of finished work is let go where nobody looks for it meanwhile.

A run looks for none by itself, see `cli.run`; but a page leaves some tens of kilobytes of
objects that hold each other, and a hundred thousand pages would fill the memory with them.
"""

from __future__ import annotations

import gc

from generator.build.workers.tuning import GARBAGE_WORTH
from generator.release.disk import c_function

_TRIM = c_function("malloc_trim")


def let_go() -> None:
    """Frees what finished work left; what is still held is not looked through again."""
    if not gc.isenabled() and gc.get_count()[0] > GARBAGE_WORTH:
        gc.collect()
        gc.freeze()


def stays() -> None:
    """What is held now stays to the end of the run, and is never looked through."""
    if not gc.isenabled():
        gc.freeze()


def give_back() -> None:
    """Returns freed memory to the system: the C library would keep all below what is still held.

    Takes some hundredths of a second, and so is for what frees a hundred megabytes.
    """
    if _TRIM is not None:
        _TRIM(0)
