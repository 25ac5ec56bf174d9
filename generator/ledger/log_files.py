"""The ledger on disk: read whole, written file by file, the checkpoint last.

Light to load: a build that finds everything as it was looks at it too.
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
"""Where the site has its ledger."""
REMEMBERED = f"{CHECKPOINTS}/remembered.txt"
"""The name under which a checkpoint that came as a single file is looked at."""
FOLDERS = (CHECKPOINTS, CONSISTENCY, REDACTIONS)
"""The folders of a ledger."""


def ledger_files(folder: Path) -> dict[str, bytes]:
    """The files of a log that a site has, by path; none where there is no folder.

    Its links are followed: a release is made of them.
    """
    paths = [folder / LEAVES]
    paths += [path for part in FOLDERS for path in sorted((folder / part).glob("*"))]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths if p.is_file()}


def own_ledger(folder: Path) -> dict[str, bytes]:
    """The same of the ledger itself, which stands in git: whatever is odd there is left out."""
    return {p: _read(folder, p) for p, odd in paths_of(folder) if odd is None and _is_part(p)}


def odd_files(folder: Path) -> list[tuple[str, Odd]]:
    """What in a ledger's folder is a link or no file: nothing is read or written by way of it."""
    return [(path, odd) for path, odd in paths_of(folder) if odd is not None]


def _read(folder: Path, path: str) -> bytes:
    with open_below(folder, path) as file:
        return file.read()


def _is_part(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder in FOLDERS or (not folder and name == LEAVES)


def remembered_files(path: Path) -> dict[str, bytes]:
    """What was kept of a ledger: a folder of it, a site that has one, or a single checkpoint."""
    if path.is_file():
        return {REMEMBERED: path.read_bytes()}
    return ledger_files(path / LOG if (path / LOG).is_dir() else path)


def files_key(files: Mapping[str, bytes]) -> bytes:
    """A digest of files."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.digest()


def write_ledger(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Writes the files that differ from those that are there, a checkpoint last; their paths."""
    before = own_ledger(folder)
    changed = [path for path, content in files.items() if before.get(path) != content]
    for path in sorted(changed, key=lambda path: (path.startswith(CHECKPOINTS), path)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        put(folder / path, files[path])
    return changed
