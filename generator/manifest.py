"""Digests of a folder's files, in the form that `sha256sum -c` reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path


def manifest_text(folder: Path) -> str:
    """SHA-256 and path of every file below a folder, one a line, in order of path."""
    return "".join(f"{digest}  {path}\n" for path, digest in digests(folder))


def digests(folder: Path) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of every file below a folder, in order of path."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    for name, path in sorted(paths.items()):
        if path.is_file() or path.is_symlink():
            yield name, _digest(path)


def _digest(path: Path) -> str:
    held = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
    return hashlib.sha256(held).hexdigest()
