"""Reads the file of recipients, which lies outside the repository and everything that is published.

An address in it is personal data: no message of the program shows one, lines are named by number.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@{_DOMAIN}")
"""RFC 5321 without quoted names and literals; a header or a command of SMTP may hold all of it."""
_LONGEST, _LONGEST_LOCAL = 254, 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class RecipientsRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """Lines of the file are no addresses: `lines` are their numbers."""

    def __init__(self, lines: Iterable[int]) -> None:
        super().__init__()
        self.lines = tuple(lines)


def read_recipients(content: bytes) -> dict[str, int]:
    """The addresses with the number of their first line; empty lines and those with `#` are none.

    Addresses that differ in the case of letters alone are one.  Raises `RecipientsRefused`.
    """
    places: dict[str, tuple[str, int]] = {}
    wrong = []
    for number, raw in enumerate(content.removeprefix(_BYTE_ORDER_MARK).split(b"\n"), start=1):
        line = raw.strip(b" \t\r")
        if line and not line.startswith(b"#"):
            address = line.decode("ascii", "replace")
            if is_address(address):
                places.setdefault(address.lower(), (address, number))
            else:
                wrong.append(number)
    if wrong:
        raise RecipientsRefused(wrong)
    return dict(places.values())


def is_address(text: str) -> bool:
    """Whether a text is a mail address in ASCII that may stand in a header as it is."""
    local = text.rpartition("@")[0]
    fits = len(text) <= _LONGEST and len(local) <= _LONGEST_LOCAL
    return fits and _ADDRESS.fullmatch(text) is not None


def line_numbers(addresses: Iterable[str], places: Mapping[str, int]) -> str:
    """The lines of addresses as messages name them: `3, 8-12`."""
    runs: list[list[int]] = []
    for number in sorted(places[address] for address in addresses):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def folder_within(path: Path, content: Path, others: Iterable[Path]) -> Path | None:
    """The folder that a file must not lie in, if it does: the repository, content, site or work.

    Both the path as it was given and the one that links lead to count.
    """
    folders = [content, *(_repository(start) for start in _both(content)), *others]
    for folder in folders:
        if any(place.is_relative_to(own) for place in _both(path) for own in _both(folder)):
            return folder
    return None


def _both(path: Path) -> tuple[Path, Path]:
    # `Path.absolute` would keep `..`
    return Path(os.path.abspath(path)), path.resolve()  # noqa: PTH100 -- links stay in the first


def _repository(content: Path) -> Path:
    """The nearest folder that git keeps, or else the one around the content."""
    above = (folder for folder in (content, *content.parents) if (folder / ".git").exists())
    return next(above, content.parent)
