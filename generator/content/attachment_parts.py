"""Shared by the readers of attachments: the parts they yield, their limits, the reasons to stop.

All limits are sizes, never seconds, so that `check` reports the same on every machine.
"""

from __future__ import annotations

TEXT, AUTHOR, BLANK = "text", "author", "blank"
Part = tuple[str, str]
"""A sort and its text: `TEXT`, `AUTHOR`, or `BLANK` with the number of a page without text."""
BROKEN, ENCRYPTED, LARGE, SCAN, PARTLY = "broken", "encrypted", "large", "scan", "partly"
LARGEST = 64 * 1024 * 1024
"""The most bytes of a file that is read."""
UNPACKED = 64 * 1024 * 1024
"""The most bytes that a file may unpack to, against ZIP bombs."""

LOOKED_AT = ("csv", "docx", "odt", "pdf", "txt")
"""Endings of the files that can be read."""


def ending(path: str) -> str:
    """The ending of a file's name, in lower case."""
    return path.rpartition(".")[2].casefold()


def looks_at(path: str) -> bool:
    """Whether files with this ending can be read."""
    return ending(path) in LOOKED_AT


class Unread(Exception):  # noqa: N818 -- the fault is in the file, not in the program
    """The rest of a file cannot be read; `reason` is one of the words above except `PARTLY`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Budget:
    """The number of bytes of a file that may still be unpacked."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        """Subtracts bytes; raises `Unread` if there are not enough."""
        self.left -= count
        if self.left < 0:
            raise Unread(LARGE)
