"""The content folder: which files there are, what they are, and their bytes.

A file whose size, dates and inode are those of an earlier look is not read again; the date of
the inode cannot be set by hand.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from generator.kind import Kind
from generator.model import Origin, Problem
from generator.settings import SITE_FILE
from generator.source import read_bytes

Stamp = tuple[int, int, int, int]
"""Size, date of the content and of the inode in nanoseconds, inode."""
Seen = Mapping[str, tuple[Stamp, str, str]]
"""By path: stamp, SHA-256, what is wrong with the file as an attachment."""
_RACY = 2_000_000_000
"""Nanoseconds in which a file may change again under the same date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Content files of one folder that are read as a whole; path to kind."""

    name: str
    kinds: Mapping[str, Kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What lies in a content folder: records' files by folder, files beside them, problems.

    `links` are symbolic links in the place of records' files.
    """

    folders: tuple[Folder, ...]
    links: Mapping[str, Kind]
    beside: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass
class Files:
    """The bytes and digests of a content folder's files; remembers what it has seen."""

    content: Path
    seen: Seen = field(default_factory=dict)
    looked: dict[str, tuple[Stamp, str, str]] = field(default_factory=dict)

    @cached_property
    def paths(self) -> list[tuple[str, bool]]:
        """Path of every file, in order, and whether it is a symbolic link."""
        return paths_of(self.content)

    def digest(self, path: str) -> str:
        """SHA-256 of a file; raises `OSError` as the system does."""
        return self._look(path)[1]

    def attachment(self, path: str) -> tuple[str, int, str]:
        """SHA-256, bytes, and what is wrong with a file that is offered to readers."""
        stamp, digest, detail = self._look(path)
        return digest, stamp[0], detail

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return read_bytes(self.content / path)

    def _look(self, path: str) -> tuple[Stamp, str, str]:
        if path not in self.looked:
            stamp = _stamp(os.stat(f"{self.content}/{path}"))
            held = self.seen.get(path)
            self.looked[path] = held if held and held[0] == stamp else self._measured(path, stamp)
        return self.looked[path]

    def _measured(self, path: str, stamp: Stamp) -> tuple[Stamp, str, str]:
        held = self.read(path)
        detail = "pointer" if held.startswith(_LFS) else "" if held else "empty"
        return stamp, hashlib.sha256(held).hexdigest(), detail

    def settled(self, moment: int) -> dict[str, tuple[Stamp, str, str]]:
        """What may be remembered: not what changed just before `moment`, in nanoseconds."""
        return {p: held for p, held in self.looked.items() if max(held[0][1:3]) < moment - _RACY}


def _stamp(about: os.stat_result) -> Stamp:
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino


def survey(files: Files, kinds: tuple[Kind, ...]) -> Survey:
    """Everything below the content folder, in order of path."""
    found = [(path, linked) for path, linked in files.paths if path != SITE_FILE]
    paths = [path for path, _ in found]
    matched = {path: kind for path in paths if (kind := _kind_of(path, kinds))}
    owners = {path.rsplit(".", 1)[0] for path in matched}
    beside = tuple(path for path in paths if path not in matched and _owned(path, owners))
    problems = [_stray(path, kinds) for path in sorted({*paths} - {*matched} - {*beside})]
    problems += _clashes(paths)
    links = {path: matched.pop(path) for path, linked in found if linked and path in matched}
    problems += [Problem(code="file-link", origin=Origin(path=path)) for path in links]
    return Survey(folders=_folders(matched), links=links, beside=beside, problems=tuple(problems))


def paths_of(content: Path) -> list[tuple[str, bool]]:
    """Path of every file below a folder, in order, and whether it is a symbolic link."""
    return sorted(_paths(content), key=lambda pair: pair[0].split("/"))


def _paths(content: Path) -> Iterator[tuple[str, bool]]:
    pending = [""] if content.is_dir() else []
    while pending:
        folder = pending.pop()
        with os.scandir(content / folder) as found:
            for entry in found:
                name = folder + entry.name
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(f"{name}/")
                elif entry.is_symlink() or entry.is_file():
                    yield name, entry.is_symlink()


def _kind_of(path: str, kinds: Iterable[Kind]) -> Kind | None:
    return next((kind for kind in kinds if kind.pattern.fullmatch(path)), None)


def _owned(path: str, owners: set[str]) -> bool:
    steps = path.split("/")
    return any("/".join(steps[:depth]) in owners for depth in range(1, len(steps)))


def _folders(matched: Mapping[str, Kind]) -> tuple[Folder, ...]:
    folders: dict[str, dict[str, Kind]] = {}
    for path, kind in matched.items():
        folders.setdefault(path.rpartition("/")[0], {})[path] = kind
    return tuple(Folder(name=name, kinds=kinds) for name, kinds in folders.items())


def _stray(path: str, kinds: Iterable[Kind]) -> Problem:
    folder = path.partition("/")[0]
    known = any(kind.pattern.pattern.startswith(folder) for kind in kinds)
    return Problem(code="file-stray", origin=Origin(path=path), detail="" if known else "folder")


def _clashes(paths: Iterable[str]) -> Iterator[Problem]:
    """Names that another system takes for one: they differ in case or Unicode form alone."""
    seen: dict[str, str] = {}
    for path in paths:
        first = seen.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if first != path:
            yield Problem(code="file-name-clash", origin=Origin(path=path), values={"other": first})


_LFS = b"version https://git-lfs.github.com/spec/"
"""How a file begins that Git LFS left in place of the real one."""
