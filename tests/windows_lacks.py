"""What Python lacks on Windows, for tests, and how Windows locks files instead."""

from __future__ import annotations

import fcntl
from errno import EACCES
from types import ModuleType
from typing import Any

MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
FUNCTIONS = (
    *("chown", "chroot", "fchdir", "fchmod", "fchown", "fdatasync", "forkpty", "fpathconf"),
    *("fstatvfs", "getegid", "geteuid", "getgid", "getgroups", "getloadavg", "getpgid", "getpgrp"),
    *("getpriority", "getresuid", "getsid", "getuid", "initgroups", "killpg", "lchown", "lockf"),
    *("major", "makedev", "memfd_create", "minor", "mkfifo", "mknod", "nice", "openpty"),
    *("pathconf", "posix_fadvise", "posix_fallocate", "pread", "preadv", "pwrite", "pwritev"),
    *("readv", "sched_yield", "sendfile", "setpgid", "setpriority", "setsid", "setuid", "splice"),
    *("statvfs", "sync", "sysconf", "tcgetpgrp", "ttyname", "writev"),
    *("O_ASYNC", "O_CLOEXEC", "O_DIRECT", "O_DIRECTORY", "O_DSYNC", "O_NOATIME", "O_NOCTTY"),
    *("O_NOFOLLOW", "O_NONBLOCK", "O_PATH", "O_RSYNC", "O_SYNC", "O_TMPFILE"),
)
"""Names in `os`, but those that Python and numpy need on Linux."""
SIGNALS = ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2")


def windows_lock() -> ModuleType:
    """A module `msvcrt` that locks a byte of an open file, as far as the program uses it."""
    flock, ways = fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB

    def locking(file: int, mode: int, length: int) -> None:
        assert (mode, length) == (2, 1)
        try:
            flock(file, ways)
        except BlockingIOError:
            raise PermissionError(EACCES, "Permission denied") from None

    msvcrt: Any = ModuleType("msvcrt")
    msvcrt.locking, msvcrt.LK_NBLCK = locking, 2
    return msvcrt  # type: ignore[no-any-return]
