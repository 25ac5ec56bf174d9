"""Reads a copied site for an audit, without trusting it: only plain files are opened.

A symbolic link could lead anywhere on the auditor's machine, a pipe would never end, and a file
or a tree of folders may be larger than memory.  None of these is opened; `unread` lists them.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from msgspec import structs

from generator.content.model import Origin, Problem, Severity
from generator.content.static_files import DOTTED
from generator.release.manifest import MANIFEST, listed
from generator.release.root_list import PARTS

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read as text; our largest page or record is far smaller."""


@dataclass(frozen=True)
class Copied:
    """The files of a folder by address; a name that begins with a dot counts if it is listed."""

    folder: Path

    @cached_property
    def _reached(self) -> tuple[dict[str, Path], dict[str, str]]:
        files, unread = _walked(self.folder)
        lists = [files[name] for name in (MANIFEST, *PARTS) if name in files]
        known = {name for path in lists for name in _listed(path)}
        names = (*files, *unread)
        foreign = {name for name in names if name.startswith(".") and name not in known}
        return (
            {name: path for name, path in files.items() if name not in foreign},
            {name: sort for name, sort in unread.items() if name not in foreign},
        )

    @property
    def files(self) -> dict[str, Path]:
        """Every plain file by address, sorted by address."""
        return self._reached[0]

    @property
    def unread(self) -> dict[str, str]:
        """What was not read so far: its sort by its address.

        The sort is `link`, `folder` or `file` where the system refuses to open one, `large` for a
        file that is too large to read as text, or "" for a pipe, a socket or a device.
        """
        return self._reached[1]

    def read(self, address: str) -> bytes:
        """The bytes of a file; b"" if it does not exist or was not read (see `unread`)."""
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
        """SHA-256 of a file of any size, in hex; "" if it does not exist or cannot be read."""
        path = self.files.get(address)
        try:
            if path is not None:
                with path.open("rb") as file:
                    return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            self.unread[address] = "file"
        return ""


def finding(code: str, path: str, *, line: int = 0, detail: str = "", **values: str) -> Problem:
    """A finding at a file of the copy."""
    place = Origin(path=path, line=line, column=1 if line else 0)
    return Problem(code=code, origin=place, detail=detail, values={"value": "", **values})


def remarked(problem: Problem) -> Problem:
    """The same finding as a warning, which does not fail the audit."""
    return structs.replace(problem, severity=Severity.WARNING)


def _listed(manifest: Path) -> Mapping[str, str]:
    """The names in a site's list of its files, none in one that cannot be read."""
    if manifest.stat().st_size > LARGEST:
        return {}
    try:
        return listed(manifest.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}


def _walked(folder: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """The plain files below a folder, and the rest by its sort.

    A loop and not a recursion: a hostile tree may be deeper than Python's stack.
    """
    files: dict[str, Path] = {}
    unread: dict[str, str] = {}
    pending = [""]
    while pending:
        above = pending.pop()
        try:
            with os.scandir(folder / above) as entries:
                listing = {above + entry.name: entry for entry in entries}
            modes = {n: entry.stat(follow_symlinks=False).st_mode for n, entry in listing.items()}
        except OSError:
            unread[above.removesuffix("/")] = "folder"
            continue
        for name, mode in modes.items():
            if name.startswith(".") and not name.startswith(DOTTED):
                continue
            if stat.S_ISDIR(mode):
                pending.append(f"{name}/")
            elif stat.S_ISREG(mode):
                files[name] = folder / name
            else:
                unread[name] = "link" if stat.S_ISLNK(mode) else ""
    return dict(sorted(files.items())), unread
