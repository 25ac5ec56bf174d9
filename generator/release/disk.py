"""What the disk is asked for beyond reading and writing: durable, sealed, exchanged, gone.

A rename shows a site to its readers; what it shows must have reached the disk before, or a
power failure leaves a page of zeros.  Nothing here knows what a release is.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, EMLINK, ENOSYS, ENOTSUP, EPERM, EXDEV
from pathlib import Path
from typing import Any, BinaryIO

_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of renameat2(2)."""
_NO_LINKS = (EMLINK, ENOTSUP, EPERM, EXDEV)
_NO_EXCHANGE = (EINVAL, ENOSYS, ENOTSUP)
_WRITABLE = 0o222


def c_function(name: str) -> Any:
    """A function of the C library; None where the system has no such function or library."""
    try:
        return getattr(ctypes.CDLL(None, use_errno=True), name, None)
    except (OSError, TypeError):
        return None


_SYNCFS, _RENAMEAT2 = c_function("syncfs"), c_function("renameat2")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Gives an `OSError` the file that it speaks of: a failed write(2) names none."""
    try:
        yield
    except OSError as fault:
        if fault.filename is None:
            fault.filename = str(path)
        raise


def fresh_file(path: Path) -> BinaryIO:
    """A new file at `path`, open to be written, in place of whatever has that name now.

    A link there is not followed, and a file that has other names too keeps its content.
    """
    path.unlink(missing_ok=True)
    return path.open("xb")


def put(path: Path, content: bytes) -> None:
    """Puts `content` at `path`, whole or not at all, and on the disk when this returns."""
    fresh = path.with_name(f"{path.name}.new")
    with naming(path), fresh_file(fresh) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    settle_folder(path.parent)


def settle(folder: Path, *written: Path) -> None:
    """Returns when all that was written on the file system of `folder` is on the disk.

    One call for a hundred thousand files, and Linux tells of an error since 5.8; where there
    is no such call, `written` is walked and each file and folder in it is settled by itself.
    """
    if _SYNCFS is None:
        for path in written:
            _settle_tree(path)
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        _call(_SYNCFS(opened), folder)
    finally:
        os.close(opened)


def settle_folder(folder: Path) -> None:
    """Returns when the names in a folder, as a rename left them, are on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        with naming(folder):
            os.fsync(opened)
    finally:
        os.close(opened)


def _settle_tree(path: Path) -> None:
    for entry in _below(path) if path.is_dir() else ():
        if not entry.is_symlink():
            settle_folder(Path(entry.path))
    settle_folder(path)


def exchange(one: Path, other: Path) -> bool:
    """Lets two paths trade places in one step; False where the file system cannot."""
    if _RENAMEAT2 is None:
        return False
    try:
        first, second = os.fsencode(one), os.fsencode(other)
        _call(_RENAMEAT2(_HERE, first, _HERE, second, _EXCHANGE), one)
    except OSError as fault:
        if fault.errno in _NO_EXCHANGE:
            return False
        raise
    return True


def _call(result: int, path: Path) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(path))


def link(source: Path | str, target: Path | str) -> None:
    """The same file at a second place; a copy where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError as fault:
        if fault.errno not in _NO_LINKS:
            raise
        copy(source, target)


def copy(source: Path | str, target: Path | str) -> None:
    """The same bytes at a second place."""
    with naming(Path(target)):
        shutil.copyfile(source, target)


def move(folder: Path, target: Path) -> None:
    """Renames a sealed folder; one that changes its parent must be writable for its owner."""
    folder.chmod(0o755)
    folder.rename(target)
    target.chmod(0o555)


def seal(folder: Path) -> None:
    """Makes a folder and what is in it read-only; what a link leads to stays as it is."""
    for entry in _below(folder):
        if not entry.is_symlink() and entry.stat().st_mode & _WRITABLE:
            Path(entry.path).chmod(0o555 if entry.is_dir() else 0o444)
    folder.chmod(0o555)


def set_aside(path: Path, trash: Path) -> None:
    """Moves a file or folder out of sight at once; `remove_tree` of the trash comes later.

    Files made right after a mass deletion cost twice as much on a file system without a
    journal, and a folder half deleted under its own name could be taken for a whole one.
    """
    trash.mkdir(exist_ok=True)
    count = 0
    while os.path.lexists(trash / f"{count}-{path.name}"):
        count += 1
    if path.is_dir() and not path.is_symlink():
        path.chmod(0o755)
    path.rename(trash / f"{count}-{path.name}")


def remove_tree(folder: Path) -> None:
    """Removes a folder, read-only or not."""
    _remove_tree(str(folder))


def _remove_tree(folder: str) -> None:
    """In one pass: a build removes as many files as it makes."""
    os.chmod(folder, 0o755)  # noqa: S103 -- it is about to go
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            _remove_tree(entry.path)
        else:
            os.unlink(entry.path)
    os.rmdir(folder)


def discard(path: Path) -> None:
    """Removes whatever stands at a path, or nothing."""
    if path.is_dir() and not path.is_symlink():
        remove_tree(path)
    else:
        with suppress(FileNotFoundError):
            path.unlink()


def _below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder, a folder before what is in it; links are not followed."""
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
