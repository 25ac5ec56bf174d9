"""Detects from inodes and times whether files on disk changed, without reading them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from generator.release.manifest import BUNDLES


class BundleStates:
    """The signatures of all bundles in the store as a build began.

    `answers` are those of the tasks that read them, perhaps in other processes.
    """

    def __init__(self, answers: Iterable[bytes]) -> None:
        self._answers = answers

    @cached_property
    def _signatures(self) -> dict[str, str]:
        lines = b"".join(self._answers).decode().splitlines()
        return dict(line.split(" ") for line in lines)

    def ready(self) -> None:
        """Waits for the answers, before a fork: only the process that asked can receive them."""
        self("")

    def __call__(self, name: str) -> str:
        """The signature of a bundle, "" if it did not exist."""
        return self._signatures.get(name, "")


def bundles_in(work: Path) -> list[str]:
    """The names of all bundles of a work folder."""
    folder = f"{work}/{BUNDLES}"
    return os.listdir(folder) if os.path.isdir(folder) else []


def signatures(work: Path, names: bytes) -> bytes:
    """Names and signatures of some bundles of a work folder, a line each (a task)."""
    return "".join(f"{name} {signature(work, name)}\n" for name in names.decode().split()).encode()


def signature(work: Path, name: str) -> str:
    """A digest of the states of a bundle's files: it changes if a file is touched."""
    if not name:
        return ""
    folder = f"{work}/{BUNDLES}/{name}"
    states = file_states(folder) if os.path.isdir(folder) else ["gone"]
    return hashlib.blake2b("\n".join(states).encode(), digest_size=16).hexdigest()


def file_states(folder: str) -> list[str]:
    """Path, inode and ctime of every file below a folder, in order; links are not followed.

    Every change of a file sets its ctime, which no user can set to a chosen value.
    """
    states: list[str] = []
    pending, start = [folder], len(folder)
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    stat = entry.stat(follow_symlinks=False)
                    states.append(f"{entry.path[start:]} {stat.st_ino} {stat.st_ctime_ns}")
    states.sort()
    return states
