"""Detects from inodes and times whether files on disk changed, without reading them.

Every change of a file sets its ctime, which no user can set to a chosen value.  A new hard link
does so too, and so the signatures of what a build linked are taken anew when it ends: a new ctime
is accepted there if size and mtime are as they were.  Elsewhere a file with another ctime is read,
and not made again if its bytes are the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Iterable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from generator.release.manifest import BUNDLES
from generator.release.staging import inode_digest

DIGEST = 32
"""The characters of each digest in a signature."""


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
    """Three digests of a bundle's files: of inodes, of sizes and mtimes, of times of change."""
    if not name:
        return ""
    folder = f"{work}/{BUNDLES}/{name}"
    states = file_states(folder) if os.path.isdir(folder) else []
    inodes = inode_digest((state.path, state.inode) for state in states)
    written = _digest(f"{state.size} {state.mtime}" for state in states)
    return inodes + written + _digest(str(state.ctime) for state in states)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=DIGEST // 2).hexdigest()


def inodes_of(signature: str) -> str:
    """The digest of a bundle's inodes, from its signature."""
    return signature[:DIGEST]


def differ_by_links_alone(before: str, after: str) -> bool:
    """Whether two signatures differ at most as hard links of a bundle's files make them differ."""
    return before[: 2 * DIGEST] == after[: 2 * DIGEST]


class FileState(NamedTuple):
    """A file by its address, with its inode, size in bytes, and times in nanoseconds."""

    path: str
    inode: int
    size: int
    mtime: int
    ctime: int


def file_states(folder: str, besides: Container[str] = ()) -> list[FileState]:
    """The state of every file below a folder, in order of address; links are not followed.

    Entries at the top with a name in `besides` are left out.
    """
    states: list[FileState] = []
    pending = [""]
    while pending:
        above = pending.pop()
        with os.scandir(f"{folder}/{above}") as entries:
            for entry in entries:
                path = above + entry.name
                if path in besides:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(f"{path}/")
                else:
                    # the inode as a listing gives it: that of an overlay's stat may differ
                    stat = entry.stat(follow_symlinks=False)
                    times = stat.st_mtime_ns, stat.st_ctime_ns
                    states.append(FileState(path, entry.inode(), stat.st_size, *times))
    states.sort()
    return states
