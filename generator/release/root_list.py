"""The list of a signed release's files, in 256 parts, and the names of what signs it.

A reader checks one entry with the part that has it: a whole list grows with the archive.  A part
has all files that stand at one address, so that an entry and what lies beside it are in the same.
The parts, joined, are what `manifest.sha256` is on a site that does not sign its releases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from generator.release.manifest import listing

FOLDER = "log/files/"
PART_NAMES = tuple(f"{number:02x}.sha256" for number in range(256))
PARTS = tuple(FOLDER + name for name in PART_NAMES)
INDEX = f"{FOLDER}parts.sha256"
"""The list of the parts' digests; a release's note has the digest of this file."""
NOTE = "log/release"
CARRIED = f"{FOLDER}carried.sha256"
"""The list of files carried along from earlier releases; the note has its digest too."""
OUTSIDE = (NOTE, CARRIED)
"""The files of a signed release that depend on history, and so are in no part."""
LISTS = frozenset((*PARTS, INDEX, *OUTSIDE))
"""All files that the parts cannot list."""


def part_of(address: str) -> str:
    """The part that lists a file: the first byte of SHA-256 of the folder's address.

    The folder's address is the site's address of an entry, such as `gazette/105/105-001/03/`, and
    "" for a file at the top.
    """
    return PARTS[_number(_folder(address))]


def root_list(files: Mapping[str, str]) -> dict[str, bytes]:
    """The 256 parts and their index, by address; `files` are SHA-256 by address."""
    numbers: dict[str, int] = {}
    rows: list[dict[str, str]] = [{} for _ in PARTS]
    for address, digest in files.items():
        folder = _folder(address)
        if folder not in numbers:
            numbers[folder] = _number(folder)
        rows[numbers[folder]][address] = digest
    parts = {address: listing(part).encode() for address, part in zip(PARTS, rows, strict=True)}
    return {**parts, INDEX: index_of(parts.values())}


def index_of(parts: Iterable[bytes]) -> bytes:
    """The index of 256 parts, in their order."""
    digests = (hashlib.sha256(part).hexdigest() for part in parts)
    return listing(dict(zip(PART_NAMES, digests, strict=True))).encode()


def _folder(address: str) -> str:
    above, slash, _ = address.rpartition("/")
    return above + slash


def _number(folder: str) -> int:
    return hashlib.sha256(folder.encode("utf-8", "surrogateescape")).digest()[0]
