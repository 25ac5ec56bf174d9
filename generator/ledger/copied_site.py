"""A copied site as an auditor reads it: plain files alone, whatever else somebody put there.

A link could lead anywhere on the auditor's machine, a pipe would never end, and a file or a
tree of folders may be larger than memory: none of these is opened, each is told.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from msgspec import structs

from generator.content.model import Origin, Problem, Severity
from generator.release.manifest import RELEASES, tree

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read as a text; no page or record of ours comes near it."""


@dataclass(frozen=True)
class Copied:
    """The files of a folder by address; names that begin with a dot at its top are not its."""

    folder: Path

    @cached_property
    def _reached(self) -> tuple[dict[str, Path], dict[str, str]]:
        if self.folder.parent.name == RELEASES:  # its links to bundles are the program's own
            held = tree(self.folder)
            return held.files, dict.fromkeys(held.links, "link")
        return _walked(self.folder)

    @property
    def files(self) -> dict[str, Path]:
        """Every plain file by address, in order."""
        return self._reached[0]

    @property
    def unread(self) -> dict[str, str]:
        """What was not read so far, by address, with what it is.

        That is a `link`, a `folder` or `file` that the system does not open, a `large` file that
        was asked for as a text, or "": a pipe, a socket, a device.
        """
        return self._reached[1]

    def read(self, address: str) -> bytes:
        """The bytes of a file; b"" where there is none, or none that is read."""
        path = self.files.get(address)
        if path is None or address in self.unread:
            return b""
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST + 1)
        except OSError:
            self.unread[address] = "file"
            return b""
        if len(content) > LARGEST:
            self.unread[address] = "large"
            return b""
        return content

    def digest(self, address: str) -> str:
        """SHA-256 of a file of any size; "" where there is none, or none that can be read."""
        path = self.files.get(address)
        try:
            if path is not None:
                with path.open("rb") as file:
                    return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            self.unread[address] = "file"
        return ""


def found(code: str, path: str, *, line: int = 0, detail: str = "", **values: str) -> Problem:
    """A finding at a file of the copy."""
    place = Origin(path=path, line=line, column=1 if line else 0)
    return Problem(code=code, origin=place, detail=detail, values={"value": "", **values})


def remarked(problem: Problem) -> Problem:
    """The same as a remark, which is no offence."""
    return structs.replace(problem, severity=Severity.WARNING)


def _walked(folder: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Plain files and the rest below a folder; without recursion, for a tree may be deep."""
    files: dict[str, Path] = {}
    unread: dict[str, str] = {}
    pending = [""]
    while pending:
        above = pending.pop()
        try:
            with os.scandir(folder / above) as entries:
                found = {above + entry.name: entry for entry in entries}
            modes = {n: entry.stat(follow_symlinks=False).st_mode for n, entry in found.items()}
        except OSError:
            unread[above.removesuffix("/")] = "folder"
            continue
        for name, mode in modes.items():
            if name.startswith("."):
                continue
            if stat.S_ISDIR(mode):
                pending.append(f"{name}/")
            elif stat.S_ISREG(mode):
                files[name] = folder / name
            else:
                unread[name] = "link" if stat.S_ISLNK(mode) else ""
    return dict(sorted(files.items())), unread
