"""Opens files that editors wrote: only regular files, and through no symbolic link.

A link may lead out of the reviewed folder, a pipe waits for ever, a device never ends.  A test
before opening is no protection, since the file may be replaced in between (TOCTOU): `open` itself
must follow no link, and the test is made on the opened file.  Where the system cannot open a file
relative to a folder (Windows), the opened file is compared with what the path leads to without
links.  All code that reads below the content folder opens files here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from errno import ELOOP, EMLINK, ENOTDIR, ENXIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from generator.content.open_flags import FOLDER, NEW, NO_LINK, NO_WAIT, READ

PIECE = 1 << 16
"""The bytes of a large file that are in memory at once; a larger buffer costs a system call, which
takes longer than reading a small file."""
_FOLDER = READ | (FOLDER or 0)
_FILE = READ | NO_LINK | NO_WAIT
_FRESH = NEW | NO_LINK
_JUNCTION = 0xA0000003
"""The reparse tag of a Windows folder that leads to another one, as a link does."""
_REFUSED = (ELOOP, EMLINK, ENOTDIR, ENXIO)
"""The errors for a link, for a link or a file in place of a folder, and for a socket."""
LINK, SPECIAL = "file-link", "file-special"


class Odd(NamedTuple):
    """A directory entry that is no regular file: code and detail of its problem, a link's target.

    The details are `folder`, `dangling` and `loop` of a link, `pipe`, `device` and `socket`.
    """

    code: str
    detail: str = ""
    target: str = ""


class Replaced(Exception):  # noqa: N818 -- somebody else's doing, not an error of ours
    """A file is not what it was at an earlier look; `path` is relative to the opened folder."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def odd_at(path: str) -> Odd | None:
    """The sort of the entry at a path; None for a regular file, a folder or nothing."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return None
    if stat.S_ISLNK(mode):
        return _link(path)
    if stat.S_ISFIFO(mode):
        return Odd(SPECIAL, "pipe")
    if stat.S_ISSOCK(mode):
        return Odd(SPECIAL, "socket")
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else Odd(SPECIAL, "device")


def _link(path: str) -> Odd:
    target = ""
    with suppress(OSError):  # it may have been removed since; the problem is reported all the same
        target = os.fsencode(Path(path).readlink()).decode("utf-8", "backslashreplace")
    try:
        detail = "folder" if stat.S_ISDIR(Path(path).stat().st_mode) else ""
    except OSError as fault:
        detail = "loop" if fault.errno == ELOOP else "dangling"
    return Odd(LINK, detail, target)


def open_below(folder: Path | str, path: str) -> BinaryIO:
    """Opens a regular file below a folder, which itself may be a link; never blocks.

    Raises `Replaced` for anything else, also for a link in place of a folder on the way, and
    `OSError` as the system does.
    """
    opened = _opened(folder, path, _FILE, make=False)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise Replaced(path)
    return os.fdopen(opened, "rb")


def create_below(folder: Path | str, path: str, content: bytes) -> None:
    """Creates a file below a folder, and the folders on the way.

    Raises `Replaced` for a link on the way, `FileExistsError` if the path is taken.
    """
    with os.fdopen(_opened(folder, path, _FRESH, make=True), "wb") as file:
        file.write(content)


def _opened(folder: Path | str, path: str, flags: int, *, make: bool) -> int:
    """The descriptor of a file below a folder, reached through no link."""
    if os.open not in os.supports_dir_fd:
        return _opened_by_path(folder, path, flags, make=make)
    at, name = _last_folder(folder, path, make=make)
    try:
        return os.open(name, flags, 0o666, dir_fd=at)
    except OSError as fault:
        raise _refusal(fault, folder, path) from None
    finally:
        os.close(at)


def _last_folder(folder: Path | str, path: str, *, make: bool) -> tuple[int, str]:
    """The descriptor of a file's folder, opened step by step, and the file's name in it."""
    *steps, name = path.split("/")
    at = os.open(folder, _FOLDER)
    for count, step in enumerate(steps, start=1):
        try:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(step, dir_fd=at)
            inner = os.open(step, _FOLDER | NO_LINK, dir_fd=at)
        except OSError as fault:
            raise _refusal(fault, folder, "/".join(steps[:count])) from None
        finally:
            os.close(at)
        at = inner
    return at, name


def _opened_by_path(folder: Path | str, path: str, flags: int, *, make: bool) -> int:
    """The same where no file is opened relative to a folder's descriptor."""
    steps = path.split("/")
    above = ["/".join(steps[:count]) for count in range(1, len(steps))]
    for inner in above:
        if make:
            with suppress(FileExistsError):
                Path(f"{folder}/{inner}").mkdir()
        _check_folder(folder, inner)
    try:
        opened = os.open(f"{folder}/{path}", flags, 0o666)
    except OSError as fault:
        raise _refusal(fault, folder, path) from None
    try:
        for inner in above:
            _check_folder(folder, inner)
        _check_file(folder, path, opened)
    except BaseException:
        os.close(opened)
        raise
    return opened


def _check_folder(folder: Path | str, path: str) -> None:
    """Raises `Replaced` unless the path leads to a folder and is no link."""
    about = os.lstat(f"{folder}/{path}")
    if not stat.S_ISDIR(about.st_mode) or getattr(about, "st_reparse_tag", 0) == _JUNCTION:
        raise Replaced(path)


def _check_file(folder: Path | str, path: str, opened: int) -> None:
    """Raises `Replaced` unless the path leads to the opened file and is no link."""
    if not os.path.samestat(os.lstat(f"{folder}/{path}"), os.fstat(opened)):
        raise Replaced(path)


def _refusal(fault: OSError, folder: Path | str, path: str) -> Exception:
    if fault.errno in _REFUSED:
        return Replaced(path)
    fault.filename = f"{folder}/{path}"  # the system names only the last step
    return fault


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """The rest of a file, in pieces of `PIECE` bytes."""
    while piece := file.read(PIECE):
        yield piece
