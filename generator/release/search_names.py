"""Names of the files of the search index, which are digests of their bytes.

A release carries such files along from older ones, and verifies them by their names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping

FOLDER = "search/"
SEGMENT_FILE = re.compile(rf"({FOLDER}[0-9a-f]{{16}}/)([actup][0-9a-f]*\.bin)")
FOLDS_FILE = re.compile(rf"{FOLDER}(fold-[0-9a-f]{{16}}\.bin)")
"""Addresses of files named after their bytes; for a segment, its folder has the digest."""
_GROUPS = {"a": 0, "t": 1, "c": 2, "u": 2, "p": 3}
"""The order of a segment's files by the first letter of their names: alphabet, texts, columns
with addresses, lists."""


def segment_name(files: Mapping[str, Callable[[], bytes]]) -> str:
    """The name of a segment's folder: a digest of its files, read in a fixed order."""
    digest = hashlib.sha256()
    for name in sorted(files, key=_file_order):
        content = files[name]()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _file_order(name: str) -> tuple[int, int, str]:
    return _GROUPS[name[0]], int(name[1:].removesuffix(".bin") or "0", 16), name


def folds_name(content: bytes) -> str:
    """The name of the folding table of texts and queries: a digest of its bytes."""
    return f"fold-{hashlib.sha256(content).hexdigest()[:16]}.bin"
