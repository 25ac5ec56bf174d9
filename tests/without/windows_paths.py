r"""Paths as on Windows, in a Python process on Linux: `C:\folder\file` where `/folder/file` is.

What the program gets from the system, and what it makes of paths, has backslashes; whatever
reaches the system is turned back.  `PurePosixPath` and `posixpath` stay as they are.
"""

from __future__ import annotations

import builtins
import io
import ntpath
import os
import pathlib
import posixpath
import sqlite3
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

DRIVE = "C:"
ONE = (
    *("access", "chdir", "chmod", "listdir", "lstat", "mkdir", "open", "readlink", "rmdir"),
    *("stat", "truncate", "unlink", "remove", "utime"),
)
TWO = ("link", "rename", "replace", "symlink")


def _there(path: Any) -> Any:
    """A path as Linux has it."""
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(text, str):
        return text
    return text.replace(f"file:///{DRIVE}/", "file:///").removeprefix(DRIVE).replace("\\", "/")


def _here(path: str) -> str:
    """A path as Windows has it."""
    return DRIVE + path.replace("/", "\\")


def _taking(count: int, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def taken(*given: Any, **more: Any) -> Any:
        return function(*map(_there, given[:count]), *given[count:], **more)

    return taken


class _Entry:
    """A folder's entry with its path in the words of Windows."""

    def __init__(self, entry: os.DirEntry[str], folder: str) -> None:
        self._entry, self.name, self.path = entry, entry.name, ntpath.join(folder, entry.name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)

    def __fspath__(self) -> str:
        return self.path


class _Entries:
    def __init__(self, entries: Any, folder: str) -> None:
        self._entries, self._folder = entries, folder

    def __iter__(self) -> Iterator[_Entry]:
        return (_Entry(entry, self._folder) for entry in self._entries)

    def __next__(self) -> _Entry:
        return _Entry(next(self._entries), self._folder)

    def __enter__(self) -> _Entries:
        return self

    def __exit__(self, *_: object) -> None:
        self._entries.close()

    def close(self) -> None:
        self._entries.close()


def windows_paths() -> None:
    """Makes the paths of this process those of Windows."""
    functions: Any = os
    scandir, getcwd = os.scandir, os.getcwd
    for name in (*ONE, *TWO):
        setattr(os, name, _taking(1 + (name in TWO), getattr(os, name)))
    functions.scandir = lambda path=".": _Entries(scandir(_there(path)), os.fspath(path))
    functions.getcwd = lambda: _here(getcwd())
    builtins.open = io.open = _taking(1, io.open)
    io.open_code = _taking(1, io.open_code)
    sqlite3.connect = _taking(1, sqlite3.connect)
    functions.path = sys.modules["os.path"] = ntpath
    os.fsencode = _taking(1, os.fsencode)
    functions.sep, functions.altsep = "\\", "/"

    def absolute(path: Any, *, strict: bool = False) -> str:
        return _here(posixpath.realpath(posixpath.join(getcwd(), _there(path)), strict=strict))

    ntpath.abspath = ntpath.realpath = absolute  # type: ignore[assignment]
    for name in ("_flavour", "parser"):  # the second from Python 3.13 on
        flavour: Any = getattr(pathlib.PureWindowsPath, name, None)
        if flavour is not None:
            flavour.is_supported = True
            setattr(pathlib.PosixPath, name, flavour)
