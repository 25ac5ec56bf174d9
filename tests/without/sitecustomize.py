"""Takes away what some systems lack, in a Python process and in all that it starts.

A process that has this folder on its path takes away what `WITHOUT` names before anything of ours
is loaded.  `windows` does all of it and what else this system can show of Windows: functions that
are missing, folders that cannot be opened, open files that cannot be removed.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from errno import EACCES, EBADF, EEXIST, EPERM
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from windows_lacks import FUNCTIONS, MODULES, SIGNALS, windows_lock
from windows_paths import windows_paths

CALLS = ("renameat2", "renamex_np", "syncfs", "malloc_trim")


class _Missing:
    """Finds no module of some names."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def _without_modules(*names: str) -> None:
    for name in names:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Missing(*names))


def _without(module: ModuleType, names: Sequence[str]) -> None:
    for name in names:
        with suppress(AttributeError):
            delattr(module, name)


def without_fcntl() -> None:
    """Locks are those of Windows: `msvcrt` locks bytes of an open file."""
    assert not hasattr(subprocess, "STARTUPINFO")  # it was loaded before and knows the system
    sys.modules["msvcrt"] = windows_lock()
    _without_modules("fcntl")


def without_fork() -> None:
    """Processes are spawned."""
    _without(os, ("fork", "forkpty"))


def without_affinity() -> None:
    """Nobody says on which cores a process runs."""
    _without(os, [name for name in dir(os) if name.startswith("sched_")])


def without_links() -> None:
    """The disk has no hard links, and this user may make no symbolic ones."""

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(EPERM, "Operation not permitted")

    for name in ("link", "symlink"):
        setattr(os, name, refuse)


def without_calls() -> None:
    """The C library is an old one, or another system's."""
    load = ctypes.CDLL

    class Library(load):  # type: ignore[valid-type, misc]  # the class itself is replaced
        def __getattr__(self, name: str) -> Any:
            if name in CALLS:
                raise AttributeError(name)
            return super().__getattr__(name)

    ctypes.CDLL = Library  # type: ignore[misc]


def without_codec() -> None:
    """Texts are read and written in an encoding that is named, never in that of the system."""
    warnings.filterwarnings("error", category=EncodingWarning, module=r"generator\b")


def _in_use(path: Any) -> bool:
    """Whether this process has a file open at a path or below it."""
    whole = Path(path).parent.resolve() / Path(path).name
    for opened in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if opened.readlink().is_relative_to(whole):
                return True
    return False


def _like_windows(name: str, change: Callable[..., None]) -> Callable[..., None]:
    """A function that removes or renames, as it is on Windows."""

    def changed(*paths: Any, dir_fd: int | None = None, **more: Any) -> None:
        if dir_fd is not None or more:
            raise NotImplementedError(name)
        if any(_in_use(path) for path in paths if os.path.lexists(path)):
            raise PermissionError(EACCES, "in use", paths[0])
        if len(paths) > 1 and os.path.lexists(paths[1]):
            if name == "rename":
                raise FileExistsError(EEXIST, "File exists", paths[0], None, paths[1])
            if Path(paths[1]).is_dir():
                raise PermissionError(EACCES, "is a folder", paths[0])
        change(*paths)

    return changed


def windows() -> None:
    """Everything above, and how files behave on Windows."""
    for take in (without_fcntl, without_fork, without_affinity, without_links, without_calls):
        take()
    read_only = fcntl.F_GETFL
    flags_of, opened, synced, moded = fcntl.fcntl, os.open, os.fsync, os.chmod
    path_flag = os.O_ACCMODE
    _without_modules(*MODULES)
    _without(os, FUNCTIONS)
    _without(signal, SIGNALS)
    os.supports_dir_fd, os.supports_fd = set(), {os.stat, os.truncate}

    def open_(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if dir_fd is not None:
            raise NotImplementedError("dir_fd")
        if Path(path).is_dir():
            raise PermissionError(EACCES, "Permission denied", path)
        return opened(path, flags, mode)

    def fsync(file: Any) -> None:
        number = file if isinstance(file, int) else file.fileno()
        if flags_of(number, read_only) & path_flag == os.O_RDONLY:
            raise OSError(EBADF, "Bad file descriptor")
        synced(number)

    def chmod(path: Any, mode: int) -> None:
        if isinstance(path, int):
            raise TypeError("chmod: path should be string, bytes or os.PathLike, not int")
        moded(path, mode)

    os.open, os.fsync, os.chmod = open_, fsync, chmod  # type: ignore[assignment]
    for name in ("unlink", "remove", "rmdir", "rename", "replace"):
        setattr(os, name, _like_windows(name, getattr(os, name)))


TAKEN: dict[str, Callable[[], None]] = {
    "fork": without_fork,
    "fcntl": without_fcntl,
    "affinity": without_affinity,
    "calls": without_calls,
    "links": without_links,
    "codec": without_codec,
    "windows": windows,
    "slashes": windows_paths,
}
for _name in filter(None, os.environ.get("WITHOUT", "").split(",")):
    TAKEN[_name]()
