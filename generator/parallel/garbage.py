"""Garbage of finished work is let go where nobody looks for it meanwhile.

A run looks for none by itself, see `cli.run`; but a page leaves some tens of kilobytes of
objects that hold each other, and a hundred thousand pages would fill the memory with them.
"""

from __future__ import annotations

import gc


def let_go() -> None:
    """Frees what finished work left; what is still held is not looked through again."""
    if not gc.isenabled():
        gc.collect()
        gc.freeze()
