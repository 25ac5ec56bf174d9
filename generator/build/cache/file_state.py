"""How files on disk look from outside: whether somebody touched them since."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from generator.release.manifest import BUNDLES


class Looked:
    """How all bundles stood at one look, which may go on elsewhere: `answers` wait for it."""

    def __init__(self, answers: Iterable[bytes]) -> None:
        self._answers = answers

    @cached_property
    def _held(self) -> dict[str, str]:
        lines = b"".join(self._answers).decode().splitlines()
        return dict(line.split(" ") for line in lines)

    def ready(self) -> None:
        """Waits for the answer: one process alone can take it, and those that it forks know it."""
        self("")

    def __call__(self, name: str) -> str:
        """The signature of a bundle, "" of one that was not there."""
        return self._held.get(name, "")


def bundles_in(work: Path) -> list[str]:
    """The names of all bundles of a work folder."""
    folder = f"{work}/{BUNDLES}"
    return os.listdir(folder) if os.path.isdir(folder) else []


def signatures(work: Path, names: bytes) -> bytes:
    """Some bundles of a work folder, a line each: name, signature."""
    return "".join(f"{name} {signature(work, name)}\n" for name in names.decode().split()).encode()


def signature(work: Path, name: str) -> str:
    """Of what readers see of a bundle: it differs once a file of it was touched."""
    folder = f"{work}/{BUNDLES}/{name}"
    found = file_states(folder) if name and os.path.isdir(folder) else ["gone"]
    return hashlib.blake2b("\n".join(found).encode(), digest_size=16).hexdigest() if name else ""


def file_states(folder: str) -> list[str]:
    """Path, inode and change of every file below a folder, in order; links by themselves.

    Whatever happens to a file dates its inode, and nobody can set that date by hand.
    """
    found: list[str] = []
    pending, start = [folder], len(folder)
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    held = entry.stat(follow_symlinks=False)
                    found.append(f"{entry.path[start:]} {held.st_ino} {held.st_ctime_ns}")
    found.sort()
    return found
