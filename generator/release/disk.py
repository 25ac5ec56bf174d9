"""File system operations beyond reading and writing: sync, atomic exchange, permissions, removal.

A rename shows a site to its readers; all of it must have reached the disk before, or a power
failure leaves pages of zeros.  Nothing here knows what a release is.
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
    """Adds the path to an `OSError` without one, as that of a failed write(2)."""
    try:
        yield
    except OSError as fault:
        if fault.filename is None:
            fault.filename = str(path)
        raise


def fresh_file(path: Path) -> BinaryIO:
    """Opens a new file at `path` for writing, in place of any file with that name.

    A link there is not followed, and the content of a file with other hard links stays as it is.
    """
    path.unlink(missing_ok=True)
    return path.open("xb")


def put(path: Path, content: bytes) -> None:
    """Writes a file atomically and durably: it is on the disk when this returns."""
    fresh = path.with_name(f"{path.name}.new")
    with naming(path), fresh_file(fresh) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    settle_folder(path.parent)


def settle(folder: Path, *paths: Path) -> None:
    """Returns when everything written to the file system of `folder` is on the disk.

    syncfs(2) is one call for a hundred thousand files, and reports errors since Linux 5.8.  Without
    it each file and folder in `paths` is synced by itself.
    """
    if _SYNCFS is None:
        for path in paths:
            _settle_tree(path)
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        _call(_SYNCFS(opened), folder)
    finally:
        os.close(opened)


def settle_folder(folder: Path) -> None:
    """Returns when the names in a folder, after a rename, are on the disk."""
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


def exchange(path: Path, other: Path) -> bool:
    """Exchanges two paths atomically; False if the file system cannot."""
    if _RENAMEAT2 is None:
        return False
    try:
        first, second = os.fsencode(path), os.fsencode(other)
        _call(_RENAMEAT2(_HERE, first, _HERE, second, _EXCHANGE), path)
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
    """Makes a hard link, or a copy if the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError as fault:
        if fault.errno not in _NO_LINKS:
            raise
        copy(source, target)


def copy(source: Path | str, target: Path | str) -> None:
    """Copies a file's bytes."""
    with naming(Path(target)):
        shutil.copyfile(source, target)


def move(folder: Path, target: Path) -> None:
    """Moves a read-only folder, which must be writable for its owner to change its parent."""
    folder.chmod(0o755)
    folder.rename(target)
    target.chmod(0o555)


def make_read_only(folder: Path) -> None:
    """Makes a folder and everything in it read-only; targets of links stay as they are."""
    for entry in _below(folder):
        if not entry.is_symlink() and entry.stat().st_mode & _WRITABLE:
            Path(entry.path).chmod(0o555 if entry.is_dir() else 0o444)
    folder.chmod(0o555)


def set_aside(path: Path, trash: Path) -> None:
    """Moves a file or folder into the trash at once; the trash is deleted later.

    Making files right after a mass deletion takes twice as long on a file system without a
    journal, and a half deleted folder under its own name could be mistaken for a complete one.
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
    """Removes a folder in one pass, for speed: a build removes as many files as it makes."""
    os.chmod(folder, 0o755)  # noqa: S103 -- it is about to go
    with os.scandir(folder) as iterator:
        entries = list(iterator)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            _remove_tree(entry.path)
        else:
            os.unlink(entry.path)
    os.rmdir(folder)


def discard(path: Path) -> None:
    """Removes whatever is at a path, if anything."""
    if path.is_dir() and not path.is_symlink():
        remove_tree(path)
    else:
        with suppress(FileNotFoundError):
            path.unlink()


def _below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder, each folder before its entries; links are not followed."""
    with os.scandir(folder) as iterator:
        entries = list(iterator)
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
