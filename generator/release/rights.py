"""Whose files are, and what others may do with them, where the system says so.

Windows does not: its files have no owner's number, and modes that say nothing of other users.
"""

from __future__ import annotations

import os

_KNOWN = hasattr(os, "geteuid")


def is_own(about: os.stat_result) -> bool:
    """Whether a file or folder is this user's own, as far as the system says."""
    return not _KNOWN or about.st_uid == os.geteuid()


def permits(about: os.stat_result, bits: int) -> bool:
    """Whether a file or folder has one of these bits of a mode, as far as the system says."""
    return _KNOWN and bool(about.st_mode & bits)
