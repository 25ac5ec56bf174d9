"""Detects from inodes and times whether files on disk changed, without reading them.

Every change of a file sets its ctime, which no user can set to a chosen value.  A new hard link
does so too, and so the signatures of what a build linked are taken when it ends; where only the
ctime differs then, a file is read and not made again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Iterable
from functools import cached_property
from pathlib import Path

from generator.release.manifest import BUNDLES
from generator.release.staging import inode_digest


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
    """Two digests of a bundle's files: of their inodes, and of these with the times of change."""
    if not name:
        return ""
    folder = f"{work}/{BUNDLES}/{name}"
    states = file_states(folder) if os.path.isdir(folder) else []
    text = "".join([f"{path} {inode} {moment}\n" for path, inode, moment in states])
    whole = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16)
    return inode_digest((path, inode) for path, inode, _ in states) + whole.hexdigest()


def inodes_of(signature: str) -> str:
    """The digest of a bundle's inodes, from its signature."""
    return signature[: len(signature) // 2]


def file_states(folder: str, besides: Container[str] = ()) -> list[tuple[str, int, int]]:
    """Address, inode and ctime of every file below a folder, in order; links are not followed.

    Entries at the top with a name in `besides` are left out.
    """
    states: list[tuple[str, int, int]] = []
    pending, start = [folder], len(folder) + 1
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                path = entry.path[start:]
                if path in besides:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    # the inode as a listing gives it: that of an overlay's stat may differ
                    moment = entry.stat(follow_symlinks=False).st_ctime_ns
                    states.append((path, entry.inode(), moment))
    states.sort()
    return states
