"""Verifies the files that a release carries along from older ones, by their names.

Their list is in the work folder, where an attacker who changes a file can change the list too.
So only files of the search index are carried along, whose names are digests of their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from generator.release.search_names import FOLDER, SEGMENT_FILE, folds_name, segment_name


def proven(files: Mapping[str, Path], carried: Iterable[str]) -> Iterator[str]:
    """The carried files of a site whose names agree with their bytes; `files` are its own."""
    segments: dict[str, list[str]] = {}
    for address in files.keys() & carried:
        if match := SEGMENT_FILE.fullmatch(address):
            segments.setdefault(match[1], []).append(address)
        elif address == FOLDER + folds_name(files[address].read_bytes()):
            yield address
    for folder, addresses in segments.items():
        contents = {a.removeprefix(folder): files[a].read_bytes for a in addresses}
        if folder == f"{FOLDER}{segment_name(contents)}/":
            yield from addresses
