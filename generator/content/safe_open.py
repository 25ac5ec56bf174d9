"""Opens files that editors wrote: regular files alone, and through no symbolic link.

A link leads out of the folder that was reviewed, a pipe waits for ever, a device never ends.
To look beforehand is no protection, since a file may be replaced between the look and the
reading: the system is told to follow no link, and the opened file itself is asked what it is.
Whatever is read below the content folder is opened here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from errno import ELOOP, EMLINK, ENOTDIR, ENXIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

PIECE = 1 << 16
"""Bytes that are in memory at once of a file that may be large; room for more costs a system call,
which is more than a small file takes to be read."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
# without O_NONBLOCK a pipe is opened when somebody writes to it, and a terminal may wait too
_FILE = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_FRESH = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK
_REFUSED = (ELOOP, EMLINK, ENOTDIR, ENXIO)
"""What systems answer to a link, to a link or a file in the place of a folder, to a socket."""
LINK, SPECIAL = "file-link", "file-special"


class Odd(NamedTuple):
    """What stands in the place of a file and is none: code and detail of a problem, a link's way.

    The details are `folder`, `dangling` and `loop` of a link, `pipe`, `device` and `socket`.
    """

    code: str
    detail: str = ""
    target: str = ""


class Replaced(Exception):  # noqa: N818 -- somebody else's doing, not an error of ours
    """A file is not what it was at an earlier look; `path` is below the folder that was given."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def odd_at(path: str) -> Odd | None:
    """What stands at a path, where it is neither a regular file nor a folder nor nothing."""
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
    with suppress(OSError):  # gone since: what it was is told all the same
        target = os.fsencode(Path(path).readlink()).decode("utf-8", "backslashreplace")
    try:
        detail = "folder" if stat.S_ISDIR(Path(path).stat().st_mode) else ""
    except OSError as fault:
        detail = "loop" if fault.errno == ELOOP else "dangling"
    return Odd(LINK, detail, target)


def open_below(folder: Path | str, path: str) -> BinaryIO:
    """A regular file below a folder, which itself may be a link; nothing waits.

    Raises `Replaced` for anything else, also in the place of a folder on the way, and `OSError`
    as the system does.
    """
    at, name = _last_folder(folder, path, make=False)
    try:
        opened = os.open(name, _FILE, dir_fd=at)
    except OSError as fault:
        raise _refusal(fault, folder, path) from None
    finally:
        os.close(at)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise Replaced(path)
    return os.fdopen(opened, "rb")


def create_below(folder: Path | str, path: str, content: bytes) -> None:
    """A new file below a folder, and the folders that it needs.

    Raises `Replaced` for a link on the way, `FileExistsError` where something stands there.
    """
    at, name = _last_folder(folder, path, make=True)
    try:
        with os.fdopen(os.open(name, _FRESH, 0o666, dir_fd=at), "wb") as file:
            file.write(content)
    finally:
        os.close(at)


def _last_folder(folder: Path | str, path: str, *, make: bool) -> tuple[int, str]:
    """The folder that a file stands in, opened step by step, and the file's name in it."""
    *steps, name = path.split("/")
    at = os.open(folder, _FOLDER)
    for count, step in enumerate(steps, start=1):
        try:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(step, dir_fd=at)
            inner = os.open(step, _FOLDER | _NO_LINK, dir_fd=at)
        except OSError as fault:
            raise _refusal(fault, folder, "/".join(steps[:count])) from None
        finally:
            os.close(at)
        at = inner
    return at, name


def _refusal(fault: OSError, folder: Path | str, path: str) -> Exception:
    if fault.errno in _REFUSED:
        return Replaced(path)
    fault.filename = f"{folder}/{path}"  # the system knows the last step alone
    return fault


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """The rest of a file, piece by piece."""
    while piece := file.read(PIECE):
        yield piece
