"""The files of the content folder: their names, bytes, digests and lines.

A file whose size, dates and inode are those of an earlier look is not read again; the date of
the inode cannot be set by hand.
"""

from __future__ import annotations

import hashlib
import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from generator.formats.attachments import refusal
from generator.formats.pictures import PictureDamaged, cleaned
from generator.formats.sizes import is_picture, measured
from generator.model import Picture

SITE_FILE = "site.yaml"
Stamp = tuple[int, int, int, int]
"""Size, date of the content and of the inode in nanoseconds, inode."""


class Offer(NamedTuple):
    """What readers get of a file: SHA-256, bytes, and a picture's size.

    `fault` says what is wrong with the file as an attachment.
    """

    digest: str
    size: int
    fault: str
    picture: Picture | None


Look = tuple[int, int, int, int, str, int, str, Picture | None]
"""The four of a stamp and the four of an offer: a hundred thousand are kept from run to run."""
Seen = Mapping[str, Look]
"""By path."""
_RACY = 2_000_000_000
"""Nanoseconds in which a file may change again under the same date."""
_HALVES = re.compile("[\ud800-\udfff]")
_LFS = b"version https://git-lfs.github.com/spec/"
"""How a file begins that Git LFS left in place of the real one."""


@dataclass
class Files:
    """The bytes and digests of a content folder's files; remembers what it has seen."""

    content: Path
    seen: Seen = field(default_factory=dict)
    looked: dict[str, Look] = field(default_factory=dict)

    @cached_property
    def _root(self) -> str:
        return str(self.content)

    @cached_property
    def paths(self) -> list[tuple[str, bool]]:
        """Path of every file, in order, and whether it is a symbolic link."""
        return paths_of(self.content)

    def digest(self, path: str) -> str:
        """SHA-256 of a file; raises `OSError` as the system does."""
        return self._look(path)[4]

    def attachment(self, path: str) -> Offer:
        """What is known of a file that is offered to readers."""
        return Offer(*self._look(path)[4:])

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return (self.content / path).read_bytes()

    def _look(self, path: str) -> Look:
        if path not in self.looked:
            stamp = _stamp(os.stat(f"{self._root}/{path}"))
            held = self.seen.get(path)
            fits = held and held[:4] == stamp
            self.looked[path] = held if held and fits else self._measured(path, stamp)
        return self.looked[path]

    def _measured(self, path: str, stamp: Stamp) -> Look:
        held, fault = _offered(path, self.read(path))
        picture = measured(held) if is_picture(held) and not fault else None
        return (*stamp, hashlib.sha256(held).hexdigest(), len(held), fault, picture)

    def forget(self) -> None:
        """Lets go of what was seen: it is much, and wanted only while the content is read."""
        self.seen = {}
        self.looked.clear()
        self.__dict__.pop("paths", None)

    def settled(self, moment: int) -> dict[str, Look]:
        """What may be remembered: not what changed just before `moment`, in nanoseconds."""
        before = moment - _RACY
        return {p: held for p, held in self.looked.items() if held[1] < before > held[2]}


def is_text(path: str) -> bool:
    """Whether a file's name is text: for bytes that are none the system gives half characters."""
    return path.isascii() or not _HALVES.search(path)


def offered(content: Path, path: str) -> bytes:
    """What readers get of a file beside a record: its bytes, of a photograph the picture alone."""
    return _offered(path, (content / path).read_bytes())[0]


def _offered(path: str, held: bytes) -> tuple[bytes, str]:
    if not held or held.startswith(_LFS):
        return held, "pointer" if held else "empty"
    try:
        return cleaned(held), refusal(path, held)
    except PictureDamaged:
        return held, refusal(path, held) or "damaged"


def _stamp(about: os.stat_result) -> Stamp:
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino


def paths_of(content: Path) -> list[tuple[str, bool]]:
    """Path of every file below a folder, in order, and whether it is a symbolic link."""
    return list(_paths(str(content))) if content.is_dir() else []


def _paths(content: str) -> Iterator[tuple[str, bool]]:
    pending, start = [_entries(f"{content}/")], len(content) + 1
    while pending:
        entry = next(pending[-1], None)
        if entry is None:
            pending.pop()
        elif entry.is_dir(follow_symlinks=False):
            pending.append(_entries(entry.path))
        elif (linked := entry.is_symlink()) or entry.is_file():
            yield entry.path[start:], linked


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """What stands in a folder, in order; what begins with a dot is none of the content."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=attrgetter("name"))
    return (entry for entry in entries if not entry.name.startswith("."))


@dataclass
class Lines:
    """The lines of content files, for showing.

    Keeps one file and one line: messages go from file to file, and a line may be a whole text.
    """

    content: Path
    _path: str = ""
    _lines: Sequence[bytes] = ()
    _number: int = 0
    _line: str = ""

    def __call__(self, path: str, number: int) -> str:
        """A line of a file, "" where it cannot be read."""
        if path != self._path:
            self._path, self._lines, self._number = path, self._read(path), 0
        if number != self._number:
            held = self._lines[number - 1 : number] if number > 0 else ()
            self._number, self._line = number, b"".join(held).decode("utf-8", "replace")
        return self._line

    def _read(self, path: str) -> Sequence[bytes]:
        try:
            with open(f"{self.content}/{path}", "rb") as file:
                return file.read().removeprefix(BOM_UTF8).splitlines()
        except OSError:
            return ()


def line_of(content: Path, path: str, number: int) -> str:
    """A line of a content file, for showing; "" where it cannot be read."""
    return Lines(content)(path, number)
