"""Caches results of builds by name, with the key of everything that a result depends on.

The cache is one SQLite file in the work folder and may be deleted at any time.  A row with another
key counts as absent, and a file that is not this program's database is replaced.  Each row has a
digest that only the user's own key can make (see `secret_key`); a row without it counts as absent,
so that a damaged or foreign cache costs a cold build and nothing else.  Rows are written by
`commit`.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from errno import EIO, ENOSPC
from hmac import compare_digest
from pathlib import Path

from msgspec import Struct

from generator.release.secret_key import mac

CACHE = "cache.sqlite"
BESIDE = ("-wal", "-shm", "-journal")
"""The endings that SQLite adds to a database's name for the files beside it."""
_FORM = 4
_TABLE = (
    "CREATE TABLE held (section TEXT, name TEXT, key BLOB, digest BLOB, content BLOB, "
    "PRIMARY KEY (section, name))"
)


class CacheDamaged(LookupError):  # noqa: N818 -- a state of the disk, no fault of ours
    """A required row is missing or not decodable: the build starts again with an empty cache."""


class Cache(Struct):
    """Bytes by section and name, in a file or only in memory."""

    _base: sqlite3.Connection
    _secret: bytes

    def get(self, section: str, name: str, key: bytes) -> bytes | None:
        """The bytes under a name, or None if their key is another.

        The key is required: a row from an older cache of the same user is genuine too, and must
        not be taken for a current one.
        """
        query = "SELECT content, digest FROM held WHERE section = ? AND name = ? AND key = ?"
        content, digest = self._base.execute(query, (section, name, key)).fetchone() or ("", "")
        if not (isinstance(content, bytes) and isinstance(digest, bytes)):
            return None
        genuine = compare_digest(self._digest(section, name, key, content), digest)
        return content if genuine else None

    def put(self, section: str, name: str, key: bytes, content: bytes) -> None:
        """Stores bytes under a name, instead of any earlier ones."""
        row = (section, name, key, self._digest(section, name, key, content), content)
        self._base.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?)", row)

    def _digest(self, section: str, name: str, key: bytes, content: bytes) -> bytes:
        return mac(self._secret, section.encode(), name.encode(), key, content)

    def keep_only(self, section: str, names: Container[str]) -> None:
        """Removes all rows of a section but those with these names."""
        query = "SELECT name FROM held WHERE section = ?"
        others = [name for (name,) in self._base.execute(query, (section,)) if name not in names]
        drop = "DELETE FROM held WHERE section = ? AND name = ?"
        self._base.executemany(drop, [(section, name) for name in others])

    def noting(self) -> NotingCache:
        """The same cache for a process that must not write."""
        return NotingCache(self._base, self._secret)

    def commit(self) -> None:
        """Writes all changes to the file."""
        self._base.commit()

    def close(self) -> None:
        """Closes the file; changes since the last commit are lost."""
        self._base.close()


class NotingCache(Cache):
    """A cache that notes new rows instead of writing them; one process alone writes them later."""

    noted: list[tuple[str, str, bytes, bytes]] = []

    def put(self, section: str, name: str, key: bytes, content: bytes) -> None:
        """Notes a row."""
        self.noted.append((section, name, key, content))


def open_cache(work: Path, secret: bytes) -> Cache:
    """The cache of a work folder; a new one if it cannot be read or is not this program's.

    The lock of the work folder ensures that one process at a time writes it.
    """
    if _is_foreign(work):
        drop_cache(work)
    try:
        return _opened(str(work / CACHE), secret)
    except sqlite3.DatabaseError:
        drop_cache(work)
        return _opened(str(work / CACHE), secret)


def _is_foreign(work: Path) -> bool:
    """Whether SQLite would write or delete files that do not belong to the cache.

    It writes through links and hard links, and deletes the file that a journal names as its
    super-journal.  A cache in WAL mode has a journal only if its first write was killed.
    """
    for end in ("", *BESIDE):
        with suppress(FileNotFoundError):
            about = os.lstat(f"{work / CACHE}{end}")
            if end == "-journal" or not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
                return True
    return False


def drop_cache(work: Path) -> None:
    """Removes the cache of a work folder, with SQLite's files beside it."""
    for end in ("", *BESIDE):
        Path(f"{work / CACHE}{end}").unlink(missing_ok=True)


@contextmanager
def disk_faults(work: Path) -> Iterator[None]:
    """Raises an `OSError` instead of SQLite's errors about the disk."""
    try:
        yield
    except sqlite3.Error as fault:
        full = getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise OSError(ENOSPC if full else EIO, str(fault), str(work / CACHE)) from fault


DAMAGE = (CacheDamaged, sqlite3.DatabaseError)
"""The exceptions that a damaged cache raises in use."""


def peeked(work: Path, secret: bytes) -> Cache:
    """The cache of a work folder, read-only, or an empty one."""
    file = work / CACHE
    with suppress(sqlite3.DatabaseError):
        if file.is_file() and not _is_foreign(work):
            return _opened(f"{file.resolve().as_uri()}?mode=ro", secret)
    return passing()


def passing() -> Cache:
    """An empty cache in memory, which no other process can reach."""
    return _opened(":memory:", b"")


def _opened(name: str, secret: bytes) -> Cache:
    base = sqlite3.connect(name, uri=name.startswith("file:"), check_same_thread=False)
    base.execute("PRAGMA trusted_schema = OFF")
    if "mode=ro" not in name:
        base.execute("PRAGMA page_size = 16384")  # the row of a folder takes several pages
        base.execute("PRAGMA journal_mode = WAL")  # other processes read while one writes
        base.execute("PRAGMA synchronous = OFF")  # damage by a crash costs a cold build
        if not _schema(base):
            base.execute(_TABLE)
            base.execute(f"PRAGMA user_version = {_FORM}")
    if _schema(base) != [_TABLE] or base.execute("PRAGMA user_version").fetchone()[0] != _FORM:
        base.close()
        raise sqlite3.DatabaseError("not a cache of this program's form")
    base.execute("SELECT count(*) FROM held WHERE section = ''").fetchone()
    return Cache(base, secret)


def _schema(base: sqlite3.Connection) -> list[str]:
    """The complete schema: an added view or trigger could act instead of the table."""
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
    return [sql for (sql,) in base.execute(query)]


def combined_key(*parts: bytes) -> bytes:
    """One key for several."""
    return hashlib.sha256(b"\0".join(parts)).digest()
