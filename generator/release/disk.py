"""File system operations beyond reading and writing: sync, links or copies, modes, removal.

A rename shows a site to its readers; all of it must have reached the disk before, or a power
failure leaves pages of zeros.  Nothing here knows what a release is.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from generator.content.open_flags import FOLDER, READ, WRITE

FILE_MODE, FOLDER_MODE = 0o644, 0o755
"""Modes of a site's files and folders: for whoever serves it, whatever the umask is."""


def c_function(name: str) -> Any:
    """A function of the C library; None where the system has no such function or library.

    Windows has no library that stands for all of C.
    """
    try:
        return getattr(ctypes.CDLL(None, use_errno=True), name, None)
    except (OSError, TypeError):
        return None


_SYNCFS = c_function("syncfs")


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


def put(path: Path, content: bytes, mode: int | None = None) -> None:
    """Writes a file atomically and durably: it is on the disk when this returns."""
    fresh = path.with_name(f"{path.name}.new")
    with naming(path), fresh_file(fresh) as file:
        if mode is not None:
            set_mode(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    settle_folder(path.parent)


def settle(folder: Path, *paths: Path) -> None:
    """Returns when everything written to the file system of `folder` is on the disk.

    syncfs(2) is one call for a hundred thousand files, and reports errors since Linux 5.8.  Without
    it, as on macOS and Windows, each file and folder in `paths` is synced by itself.
    """
    if _SYNCFS is None:
        for path in paths:
            _settle_tree(path)
        return
    opened = os.open(folder, READ)
    try:
        if _SYNCFS(opened) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(opened)


def settle_folder(folder: Path) -> None:
    """Returns when the names in a folder, after a rename, are on the disk.

    Windows opens no folder, and does this by itself.
    """
    if FOLDER is not None:
        _settle(folder, READ)


def _settle(path: Path, flags: int) -> None:
    opened = os.open(path, flags)
    try:
        with naming(path):
            os.fsync(opened)
    finally:
        os.close(opened)


def _settle_tree(path: Path) -> None:
    flags = WRITE if FOLDER is None else READ  # Windows syncs only what may be written
    for entry in _below(path) if path.is_dir() else ():
        if entry.is_dir(follow_symlinks=False):
            settle_folder(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            _settle(Path(entry.path), flags)
    settle_folder(path)


def set_mode(path: Path | str | int, mode: int) -> None:
    """Sets the mode of a file or folder, where the system and the file system have modes."""
    if isinstance(path, int) and os.chmod not in os.supports_fd:
        return
    with suppress(PermissionError, NotImplementedError):
        os.chmod(path, mode)


def make_folder(path: Path | str) -> None:
    """Makes a folder of a site."""
    os.mkdir(path)
    set_mode(path, FOLDER_MODE)


def link(source: Path | str, target: Path | str) -> None:
    """Makes a hard link, or a copy where that fails: across disks, without links, with too many."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        _copy(source, target)


def refer(path: Path, target: Path) -> None:
    """Makes a symbolic link to a file, or a copy of it where this user may make no links."""
    try:
        path.symlink_to(os.path.relpath(target, path.parent))
    except (OSError, NotImplementedError):
        _copy(target, path)


def _copy(source: Path | str, target: Path | str) -> None:
    """Copies a file's bytes to a new file; an existing one, which may have other names, stays."""
    with naming(Path(target)), open(source, "rb") as old, open(target, "xb") as new:
        set_mode(new.fileno(), FILE_MODE)
        shutil.copyfileobj(old, new, 1 << 20)


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
        set_mode(path, FOLDER_MODE)  # an older version's is read-only, and cannot be moved
    path.rename(trash / f"{count}-{path.name}")


def remove_tree(folder: Path) -> None:
    """Removes a folder, read-only or not, as older versions and others make them."""
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
