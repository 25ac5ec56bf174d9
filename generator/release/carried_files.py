"""Files that a release carries along from older ones, judged by their names.

The list of them stands in the work folder, where whoever changes a file changes the list too.
So nothing is carried along but what is named after its bytes: files of the search index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from generator.release.search_names import FOLDER, SEGMENT_FILE, folds_name, segment_name


def proven(files: Mapping[str, Path], carried: Iterable[str]) -> Iterator[str]:
    """The carried files of a site whose names follow from their bytes; `files` are its own."""
    segments: dict[str, list[str]] = {}
    for address in files.keys() & carried:
        if found := SEGMENT_FILE.fullmatch(address):
            segments.setdefault(found[1], []).append(address)
        elif address == FOLDER + folds_name(files[address].read_bytes()):
            yield address
    for folder, addresses in segments.items():
        contents = {a.removeprefix(folder): files[a].read_bytes for a in addresses}
        if folder == f"{FOLDER}{segment_name(contents)}/":
            yield from addresses
