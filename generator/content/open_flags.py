"""The flags with which files are opened by `os.open`, on systems that lack some of them.

Windows knows no flag for links and pipes, and would translate line ends without one of its own.
"""

from __future__ import annotations

import os

_BYTES = getattr(os, "O_BINARY", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""Fails for a symbolic link."""
NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Opens a pipe at once instead of when somebody writes to it; a terminal may wait too."""
READ = os.O_RDONLY | _BYTES
WRITE = os.O_RDWR | _BYTES
"""For an existing file."""
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BYTES
"""Fails for an existing file."""
FOLDER: int | None = getattr(os, "O_DIRECTORY", None)
"""Opens a folder; None where the system opens none."""
