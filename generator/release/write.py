"""Writes artifacts to a folder: changed files only; then it removes files no longer declared.

It touches nothing outside the work folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.content.model import Artifact
from generator.release.disk import fresh_file, naming


def write(folder: Path, artifacts: Iterable[Artifact]) -> int:
    """Makes `folder` have exactly these files; returns the number of changed files."""
    declared: set[str] = set()
    changed = 0
    for artifact in artifacts:
        declared.add(artifact.address)
        changed += write_file(folder / artifact.address, artifact.content)
    return changed + _prune(folder, declared)


def write_file(path: Path, content: bytes) -> bool:
    """Writes `content` to `path`; False if the file has it already."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return False
    if path.is_dir() and not path.is_symlink():
        for inner in sorted(path.rglob("*"), reverse=True):
            inner.rmdir() if inner.is_dir() and not inner.is_symlink() else inner.unlink()
        path.rmdir()
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f"{path.name}.new")
    with naming(path), fresh_file(staged) as file:
        file.write(content)
    staged.replace(path)
    return True


def _prune(folder: Path, declared: set[str]) -> int:
    removed = 0
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in declared:
            path.unlink()
            removed += 1
    return removed
