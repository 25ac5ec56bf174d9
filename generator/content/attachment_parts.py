"""What the readers of attachments share: the parts they give, their bounds, why one gives up.

All bounds are sizes, never seconds: what is told of a file is the same on every machine.
"""

from __future__ import annotations

TEXT, AUTHOR, BLANK = "text", "author", "blank"
Part = tuple[str, str]
"""`TEXT`, `AUTHOR`, or `BLANK` with the number of a page that is a picture; what it is."""
BROKEN, ENCRYPTED, LARGE, SCAN, PARTLY = "broken", "encrypted", "large", "scan", "partly"
LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is looked at."""
UNPACKED = 64 * 1024 * 1024
"""Bytes that a packed file may give: what a small file promises without end is not unpacked."""

LOOKED_AT = ("csv", "docx", "odt", "pdf", "txt")
"""Endings of the files of which anything is known."""


def ending(path: str) -> str:
    """How a file's name ends, in small letters."""
    return path.rpartition(".")[2].casefold()


def looks_at(path: str) -> bool:
    """Whether files that end like this are looked at."""
    return ending(path) in LOOKED_AT


class Unread(Exception):  # noqa: N818 -- the fault is in the file, not in the program
    """The rest of a file cannot be looked at; `reason` is one of the words above but `PARTLY`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Budget:
    """Bytes that may still be unpacked of a file."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        """Takes bytes from what is left; raises `Unread` once there are none."""
        self.left -= count
        if self.left < 0:
            raise Unread(LARGE)
