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
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

from generator.content.attachments import refusal
from generator.content.image_sizes import is_picture, measured
from generator.content.model import Origin, Picture, Problem
from generator.content.photo_metadata import PictureDamaged, cleaned
from generator.content.safe_open import LINK, Odd, Replaced, odd_at, open_below, pieces
from generator.text.characters import visible
from generator.text.likeness import same_looking

SITE_FILE = "site.yaml"
PICTURE_LIMIT = 100 * 1024 * 1024
"""Bytes of a picture, which must be whole in memory to be cleaned; no page could show more."""
_HEAD = 4096
"""Bytes that show what a file is; most records have no more."""
FileState = tuple[int, int, int, int]
"""Size, date of the content and of the inode in nanoseconds, inode."""


class Offer(NamedTuple):
    """What readers get of a file: SHA-256, bytes, and a picture's size.

    `fault` says what is wrong with the file as an attachment: `large` of a picture alone, since
    the site sets a limit for the rest.
    """

    digest: str
    size: int
    fault: str
    picture: Picture | None


Look = tuple[int, int, int, int, str, int, str, Picture | None]
"""The four of a state and the four of an offer: a hundred thousand are kept from run to run."""
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
    def paths(self) -> list[tuple[str, Odd | None]]:
        """Path of every file, in order, and what it is if it is no regular file."""
        return self._walk[0]

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Files that programs leave behind: they are none of the content."""
        return tuple(self._walk[1])

    @cached_property
    def _walk(self) -> tuple[list[tuple[str, Odd | None]], list[str]]:
        left = list[str]()
        return paths_of(self.content, left), left

    @property
    def has_settings(self) -> bool:
        """Whether the site's settings stand in a regular file."""
        return (SITE_FILE, None) in self.paths

    @cached_property
    def settings_meant(self) -> str:
        """A file whose name looks like that of the settings, where these are not there."""
        top = tuple(path for path, _ in self.paths if "/" not in path)
        return "" if SITE_FILE in top else same_looking(SITE_FILE, top)

    def digest(self, path: str) -> str:
        """SHA-256 of a file; raises `Replaced`, and `OSError` as the system does."""
        return self._look(path)[4]

    def attachment(self, path: str) -> Offer:
        """What is known of a file that is offered to readers."""
        return Offer(*self._look(path)[4:])

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file, and no more than `most` of them."""
        with open_below(self.content, path) as file:
            return file.read(min(most, os.fstat(file.fileno()).st_size))

    def _look(self, path: str) -> Look:
        if path not in self.looked:
            state = _file_state(os.lstat(f"{self._root}/{path}"))
            held = self.seen.get(path)
            fits = held and held[:4] == state
            self.looked[path] = held if held and fits else self._measured(path)
        return self.looked[path]

    def _measured(self, path: str) -> Look:
        with open_below(self.content, path) as file:
            state = _file_state(os.fstat(file.fileno()))
            return (*state, *_offer(path, file, state[0]))

    def forget(self) -> None:
        """Lets go of what was seen: it is much, and wanted only while the content is read."""
        self.seen = {}
        self.looked.clear()
        for name in ("paths", "_walk", "settings_meant"):
            self.__dict__.pop(name, None)

    def settled(self, moment: int) -> dict[str, Look]:
        """What may be remembered: not what changed just before `moment`, in nanoseconds."""
        before = moment - _RACY
        return {p: held for p, held in self.looked.items() if held[1] < before > held[2]}


def is_text(path: str) -> bool:
    """Whether a file's name is text: for bytes that are none the system gives half characters."""
    return path.isascii() or not _HALVES.search(path)


def offered(content: Path, path: str) -> Iterator[bytes]:
    """What readers get of a file beside a record, in pieces; of a photograph the picture alone.

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
    except PictureDamaged:  # it was whole when it was looked at
        raise Replaced(path) from None


def _offer(path: str, file: BinaryIO, size: int) -> Offer:
    """A look at a file that is open at its beginning: no more of it is in memory than needed."""
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
        fault = refusal(path, file) if head else "empty"
    return Offer(digest.hexdigest(), length, fault, None)


def _picture_offer(path: str, file: BinaryIO, whole: bytes) -> Offer:
    held, fault = whole, refusal(path, file)
    try:
        held = cleaned(whole)
    except PictureDamaged:
        fault = fault or "damaged"
    picture = None if fault else measured(held)
    return Offer(hashlib.sha256(held).hexdigest(), len(held), fault, picture)


def _file_state(about: os.stat_result) -> FileState:
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino


def paths_of(content: Path, left: list[str] | None = None) -> list[tuple[str, Odd | None]]:
    """Path of every file below a folder, in order, and what it is if it is no regular file.

    What programs leave behind is none of them, and added to `left`.
    """
    return list(_paths(str(content), [] if left is None else left)) if content.is_dir() else []


def _paths(content: str, left: list[str]) -> Iterator[tuple[str, Odd | None]]:
    pending, start = [_entries(f"{content}/")], len(content) + 1
    while pending:
        entry = next(pending[-1], None)
        if entry is None:
            pending.pop()
        elif _LEFT_BEHIND.fullmatch(entry.name):
            left.append(entry.path[start:])
        elif entry.name.startswith("."):
            continue  # none of the content
        elif entry.is_dir(follow_symlinks=False):
            pending.append(_entries(entry.path))
        else:
            regular = entry.is_file(follow_symlinks=False)
            yield entry.path[start:], None if regular else odd_at(entry.path)


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """What stands in a folder, in order."""
    with os.scandir(folder) as found:
        return iter(sorted(found, key=attrgetter("name")))


_LEFT_BEHIND = re.compile(
    r"thumbs\.db|ehthumbs(?:_vista)?\.db|desktop\.ini|\.ds_store|\.directory|icon\r|__macosx|@eadir"
    r"|~\$.*|~wrl[0-9]+\.tmp|.*~|#.*#|\.#.*|\._.*|\.~lock\..*#|\..*\.sw[a-p]|.*\.sw[op]",
    re.I | re.S,
)
"""What file managers, office programs and editors put beside the files that they show or open."""


def odd_problem(path: str, odd: Odd) -> Problem:
    """What is said of something below the content folder that is no regular file."""
    values = {"target": visible(odd.target)} if odd.code == LINK else {}
    return Problem(code=odd.code, origin=Origin(path=path), detail=odd.detail, values=values)


def replaced_problem(content: Path, path: str) -> Problem:
    """What is said of a file that is not what it was: by now a link, or only with other bytes."""
    odd = odd_at(f"{content}/{path}")
    if odd:
        return odd_problem(path, odd)
    return Problem(code="file-replaced", origin=Origin(path=path))


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
            with open_below(self.content, path) as file:
                return file.read().removeprefix(BOM_UTF8).splitlines()
        except (OSError, Replaced):
            return ()


def line_of(content: Path, path: str, number: int) -> str:
    """A line of a content file, for showing; "" where it cannot be read."""
    return Lines(content)(path, number)
