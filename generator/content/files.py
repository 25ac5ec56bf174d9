"""The files of the content folder: their names, bytes, digests and lines.

A file whose size, times and inode are the same as in an earlier run is not read again.  The check
can be trusted because a user cannot set the change time of the inode.
"""

from __future__ import annotations

import hashlib
import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

from generator.content.attachments import refusal
from generator.content.image_sizes import is_picture, measured
from generator.content.model import Origin, Picture, Problem
from generator.content.photo_metadata import PictureDamaged, cleaned
from generator.content.safe_open import LINK, Odd, Replaced, odd_at, open_below, pieces
from generator.content.static_files import STATIC, static_refusal
from generator.text.characters import visible
from generator.text.likeness import same_looking

SITE_FILE = "site.yaml"
_OTHERS = ("site.yml", "site.yaml.txt")
"""Other names that programs give the file."""
PICTURE_LIMIT = 100 * 1024 * 1024
"""The most bytes of a picture, which must be in memory as a whole to be cleaned."""
_HEAD = 4096
"""The bytes that show a file's format; most records have no more."""
FileState = tuple[int, int, int, int]
"""Size, modification time and inode change time in nanoseconds, inode."""


class Offer(NamedTuple):
    """The published version of a file: SHA-256, number of bytes, and a picture's size.

    `fault` says what is wrong with the file as an attachment.  `large` is for pictures alone,
    since the settings limit other files.
    """

    digest: str
    size: int
    fault: str
    picture: Picture | None


Look = tuple[int, int, int, int, str, int, str, Picture | None]
"""A `FileState` and an `Offer` in one flat tuple, as a cache keeps a hundred thousand of them."""
Seen = Mapping[str, Look]
"""The looks of an earlier run, by path."""
_RACY = 2_000_000_000
"""Nanoseconds in which a file may change again without a new modification time."""
_HALVES = re.compile("[\ud800-\udfff]")
_LFS = b"version https://git-lfs.github.com/spec/"
"""The beginning of a Git LFS pointer file, which stands in place of the real file."""


@dataclass
class Files:
    """The bytes and digests of a content folder's files; reads each file once.

    `seen` are the looks of an earlier run, `looked` those of this one.
    """

    content: Path
    seen: Seen = field(default_factory=dict)
    looked: dict[str, Look] = field(default_factory=dict)

    @cached_property
    def _root(self) -> str:
        return str(self.content)

    @cached_property
    def paths(self) -> list[tuple[str, Odd | None]]:
        """The path of every file, sorted, with its sort if it is no regular file."""
        return self._walk[0]

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Files that other programs leave behind; they are not part of the content."""
        return tuple(self._walk[1])

    @cached_property
    def _walk(self) -> tuple[list[tuple[str, Odd | None]], list[str]]:
        leftovers = list[str]()
        return paths_of(self.content, leftovers), leftovers

    @property
    def has_settings(self) -> bool:
        """Whether the site's settings exist as a regular file."""
        return (SITE_FILE, None) in self.paths

    @cached_property
    def settings_meant(self) -> str:
        """A file with a name similar to that of the settings, if the settings are missing."""
        top = tuple(path for path, _ in self.paths if "/" not in path)
        twin = same_looking(SITE_FILE, top) or next((path for path in _OTHERS if path in top), "")
        return "" if SITE_FILE in top else twin

    def digest(self, path: str) -> str:
        """SHA-256 of a file; raises `Replaced`, and `OSError` as the system does."""
        return self._look(path)[4]

    def attachment(self, path: str) -> Offer:
        """The published version of a file."""
        return Offer(*self._look(path)[4:])

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file, at most `most` of them."""
        with open_below(self.content, path) as file:
            return file.read(min(most, os.fstat(file.fileno()).st_size))

    def _look(self, path: str) -> Look:
        if path not in self.looked:
            state = _file_state(os.lstat(f"{self._root}/{path}"))
            look = self.seen.get(path)
            if look is None or look[:4] != state:
                with open_below(self.content, path) as file:
                    # the state of the opened file, which may have replaced the other meanwhile
                    state = _file_state(os.fstat(file.fileno()))
                    look = (*state, *_offer(path, file, state[0]))
            self.looked[path] = look
        return self.looked[path]

    def forget(self) -> None:
        """Frees the memory of all looks, which only the reading of the content needs."""
        self.seen = {}
        self.looked.clear()
        for name in ("paths", "_walk", "settings_meant"):
            self.__dict__.pop(name, None)

    def settled(self, moment: int) -> dict[str, Look]:
        """The looks to keep for the next run: not those of files changed just before `moment`.

        `moment` is in nanoseconds.
        """
        before = moment - _RACY
        return {p: look for p, look in self.looked.items() if look[1] < before > look[2]}


def is_text(path: str) -> bool:
    """Whether a file's name is valid UTF-8; Python gives surrogates for other bytes."""
    return path.isascii() or not _HALVES.search(path)


def offered(content: Path, path: str) -> Iterator[bytes]:
    """The published bytes of a file beside a record, in pieces; pictures without their metadata.

    Raises `Replaced`, and `OSError` as the system does.
    """
    with open_below(content, path) as file:
        head = file.read(_HEAD)
        if not is_picture(head):
            yield from chain((head,), pieces(file))
            return
        whole = head + file.read(PICTURE_LIMIT)
    try:
        yield cleaned(whole)
    except PictureDamaged:  # it was valid at the earlier look, so the file has changed
        raise Replaced(path) from None


def _offer(path: str, file: BinaryIO, size: int) -> Offer:
    """The published version of a file that is open at its beginning, read in pieces."""
    head = file.read(_HEAD)
    if is_picture(head) and size <= PICTURE_LIMIT:
        return _picture_offer(path, file, head + file.read(PICTURE_LIMIT))
    digest, length = hashlib.sha256(), 0
    for piece in chain((head,), pieces(file)):
        digest.update(piece)
        length += len(piece)
    if is_picture(head):
        fault = "large"
    elif head.startswith(_LFS):
        fault = "pointer"
    else:
        fault = _refusal(path, file) if head or path.startswith(STATIC) else "empty"
    return Offer(digest.hexdigest(), length, fault, None)


def _picture_offer(path: str, file: BinaryIO, whole: bytes) -> Offer:
    clean, fault = whole, _refusal(path, file)
    try:
        clean = cleaned(whole)
    except PictureDamaged:
        fault = fault or "damaged"
    picture = None if fault else measured(clean)
    return Offer(hashlib.sha256(clean).hexdigest(), len(clean), fault, picture)


def _refusal(path: str, file: BinaryIO) -> str:
    return static_refusal(path, file) if path.startswith(STATIC) else refusal(path, file)


def _file_state(about: os.stat_result) -> FileState:
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino


def paths_of(content: Path, leftovers: list[str] | None = None) -> list[tuple[str, Odd | None]]:
    """The path of every file below a folder, sorted, with its sort if it is no regular file.

    Files that other programs leave behind are left out, and added to `leftovers`.
    """
    if not content.is_dir():
        return []
    return list(_paths(str(content), [] if leftovers is None else leftovers))


def _paths(content: str, leftovers: list[str]) -> Iterator[tuple[str, Odd | None]]:
    pending = [("", _entries(content))]
    while pending:
        above, entries = pending[-1]
        entry = next(entries, None)
        if entry is None:
            pending.pop()
            continue
        path = above + entry.name
        if _LEFT_BEHIND.fullmatch(entry.name):
            leftovers.append(path)
        elif entry.name.startswith(".") and not _is_published(path):
            continue  # hidden files are not part of the content
        elif entry.is_dir(follow_symlinks=False):
            pending.append((f"{path}/", _entries(entry.path)))
        else:
            regular = entry.is_file(follow_symlinks=False)
            yield path, None if regular else odd_at(entry.path)


def _is_published(path: str) -> bool:
    """Whether a hidden file may be one of the site's own, and not one of git."""
    return path.startswith(STATIC) and not path.rpartition("/")[2].startswith(".git")


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder, sorted by name."""
    with os.scandir(folder) as entries:
        return iter(sorted(entries, key=attrgetter("name")))


_LEFT_BEHIND = re.compile(
    r"thumbs\.db|ehthumbs(?:_vista)?\.db|desktop\.ini|\.ds_store|\.directory|icon\r|__macosx|@eadir"
    r"|~\$.*|~wrl[0-9]+\.tmp|.*~|#.*#|\.#.*|\._.*|\.~lock\..*#|\..*\.sw[a-p]|.*\.sw[op]",
    re.I | re.S,
)
"""Files that file managers, office programs and editors leave beside those they open."""


def odd_problem(path: str, odd: Odd) -> Problem:
    """The problem of something below the content folder that is no regular file."""
    values = {"target": visible(odd.target)} if odd.code == LINK else {}
    return Problem(code=odd.code, origin=Origin(path=path), detail=odd.detail, values=values)


def replaced_problem(content: Path, path: str) -> Problem:
    """The problem of a file that changed during the run: into a link, or in its bytes."""
    odd = odd_at(f"{content}/{path}")
    if odd:
        return odd_problem(path, odd)
    return Problem(code="file-replaced", origin=Origin(path=path))


@dataclass
class Lines:
    """The lines of content files, for messages.

    It caches one file and one line, as messages are sorted by file and a line may be very long.
    """

    content: Path
    _path: str = ""
    _lines: Sequence[bytes] = ()
    _number: int = 0
    _line: str = ""

    def __call__(self, path: str, number: int) -> str:
        """A line of a file, "" if it cannot be read."""
        if path != self._path:
            self._path, self._lines, self._number = path, self._read(path), 0
        if number != self._number:
            lines = self._lines[number - 1 : number] if number > 0 else ()
            self._number, self._line = number, b"".join(lines).decode("utf-8", "replace")
        return self._line

    def _read(self, path: str) -> Sequence[bytes]:
        try:
            with open_below(self.content, path) as file:
                return file.read().removeprefix(BOM_UTF8).splitlines()
        except (OSError, Replaced):
            return ()


def line_of(content: Path, path: str, number: int) -> str:
    """A line of a content file, for messages; "" if it cannot be read."""
    return Lines(content)(path, number)
