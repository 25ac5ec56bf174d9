"""Reads and writes the ledger's files.

The checkpoint is written last, so that an interrupted run leaves leaves without a checkpoint and
never a checkpoint without its leaves.  The module imports little, because the check whether a
build is up to date reads the ledger too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from generator.content.files import paths_of
from generator.content.safe_open import Odd, open_below
from generator.release.disk import put

LEAVES, CHECKPOINTS, CONSISTENCY, REDACTIONS = (
    "leaves.txt",
    "checkpoints",
    "consistency",
    "redacted",
)
LEDGER = ".record"
LOG = "log"
"""The ledger's folder in the site."""
REMEMBERED = f"{CHECKPOINTS}/remembered.txt"
"""The path given to a checkpoint that was passed as a single file."""
FOLDERS = (CHECKPOINTS, CONSISTENCY, REDACTIONS)
"""The folders in a ledger."""


def ledger_files(folder: Path) -> dict[str, bytes]:
    """The files of a published log by path; empty if the folder does not exist.

    Symbolic links are followed: a release consists of them.
    """
    paths = [folder / LEAVES]
    paths += [path for part in FOLDERS for path in sorted((folder / part).glob("*"))]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths if p.is_file()}


def own_ledger(folder: Path) -> dict[str, bytes]:
    """The files of the ledger beside the content, by path, without links and special files.

    It comes from git, so it may hold anything: see `odd_files`.
    """
    return {p: _read(folder, p) for p, odd in paths_of(folder) if odd is None and _is_part(p)}


def odd_files(folder: Path) -> list[tuple[str, Odd]]:
    """The links and special files in a ledger's folder; nothing is read or written through them."""
    return [(path, odd) for path, odd in paths_of(folder) if odd is not None]


def _read(folder: Path, path: str) -> bytes:
    with open_below(folder, path) as file:
        return file.read()


def _is_part(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder in FOLDERS or (not folder and name == LEAVES)


def remembered_files(path: Path) -> dict[str, bytes]:
    """The files of a ledger that somebody kept: its folder, a site with one, or one checkpoint."""
    if path.is_file():
        return {REMEMBERED: path.read_bytes()}
    return ledger_files(path / LOG if (path / LOG).is_dir() else path)


def files_key(files: Mapping[str, bytes]) -> bytes:
    """A digest of the paths and bytes of files."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.digest()


def write_ledger(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Writes the files that are new or changed, checkpoints last, and returns their paths."""
    before = own_ledger(folder)
    changed = [path for path, content in files.items() if before.get(path) != content]
    for path in sorted(changed, key=lambda path: (path.startswith(CHECKPOINTS), path)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        put(folder / path, files[path])
    return changed
