"""What earlier builds made, by name and by the key of what it was made from.

One SQLite file in the work folder.  It may be deleted at any time: a row whose key differs is
no row, a row whose digest does not fit its bytes is damaged and goes, a file that is no
database of ours is begun anew.  Nothing is in it before `commit`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from errno import EIO, ENOSPC
from pathlib import Path

from msgspec import Struct

CACHE = "cache.sqlite"
_FORM = 2
_TABLE = """
CREATE TABLE IF NOT EXISTS held (
  room TEXT, name TEXT, key BLOB, digest BLOB, content BLOB, PRIMARY KEY (room, name)
)
"""


class CacheDamaged(LookupError):  # noqa: N818 -- found out by its absence, no fault of ours
    """What must be in the cache is not, or is not ours: it is to be begun anew."""


class Cache(Struct):
    """Bytes by room and name; without a file they are kept for as long as the object lives."""

    _base: sqlite3.Connection

    def get(self, room: str, name: str, key: bytes) -> bytes | None:
        """What was put under this name for this very key."""
        asked = "SELECT content, digest FROM held WHERE room = ? AND name = ? AND key = ?"
        row = self._base.execute(asked, (room, name, key)).fetchone()
        return row[0] if row and _digest(room, name, key, row[0]) == row[1] else None

    def newest(self, room: str, name: str) -> bytes | None:
        """What stands under a name, whatever it was made from."""
        asked = "SELECT key, content, digest FROM held WHERE room = ? AND name = ?"
        row = self._base.execute(asked, (room, name)).fetchone()
        return row[1] if row and _digest(room, name, row[0], row[1]) == row[2] else None

    def put(self, room: str, name: str, key: bytes, content: bytes) -> None:
        """Keeps bytes under a name in place of what stood there."""
        row = (room, name, key, _digest(room, name, key, content), content)
        self._base.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?)", row)

    def keep_only(self, room: str, names: Container[str]) -> None:
        """Forgets everything of a room that is not named."""
        asked = "SELECT name FROM held WHERE room = ?"
        gone = [name for (name,) in self._base.execute(asked, (room,)) if name not in names]
        drop = "DELETE FROM held WHERE room = ? AND name = ?"
        self._base.executemany(drop, [(room, name) for name in gone])

    def noting(self) -> NotingCache:
        """The same, as one reads it who may not write."""
        return NotingCache(self._base)

    def commit(self) -> None:
        """Makes what was put last beyond this run."""
        self._base.commit()

    def close(self) -> None:
        """Lets go of the file; what was not committed is forgotten."""
        self._base.close()


class NotingCache(Cache):
    """A cache to read from; what is put is noted, for the one process that may write."""

    noted: list[tuple[str, str, bytes, bytes]] = []

    def put(self, room: str, name: str, key: bytes, content: bytes) -> None:
        """Notes what is to be put."""
        self.noted.append((room, name, key, content))


def _digest(room: str, name: str, key: bytes, content: bytes) -> bytes:
    digest = hashlib.blake2b(f"{room}\0{name}\0".encode(), digest_size=16)
    digest.update(key)
    digest.update(content)
    return digest.digest()


def open_cache(work: Path) -> Cache:
    """The cache of a work folder, begun anew where it cannot be read.

    Only one program writes it at a time: whoever builds holds the lock of the work folder.
    """
    try:
        return _opened(str(work / CACHE))
    except sqlite3.DatabaseError:
        drop_cache(work)
        return _opened(str(work / CACHE))


def drop_cache(work: Path) -> None:
    """Removes the cache of a work folder, with what the database keeps beside it."""
    for path in sorted(work.glob(f"{CACHE}*")):
        path.unlink()


@contextmanager
def disk_faults(work: Path) -> Iterator[None]:
    """Raises what the database says of the disk as the `OSError` that it is."""
    try:
        yield
    except sqlite3.Error as fault:
        full = getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise OSError(ENOSPC if full else EIO, str(fault), str(work / CACHE)) from fault


DAMAGE = (CacheDamaged, sqlite3.DatabaseError)
"""How a damaged cache shows while it is used."""


def peeked(work: Path) -> Cache:
    """The cache of a work folder to read from alone, or an empty one."""
    file = work / CACHE
    with suppress(sqlite3.DatabaseError):
        if file.is_file():
            return _opened(f"{file.resolve().as_uri()}?mode=ro")
    return passing()


def passing() -> Cache:
    """A cache in memory, for as long as the program runs."""
    return _opened(":memory:")


def _opened(name: str) -> Cache:
    base = sqlite3.connect(name, uri=name.startswith("file:"), check_same_thread=False)
    if "mode=ro" not in name:
        base.execute("PRAGMA page_size = 16384")  # what a folder gave takes some of these
        base.execute("PRAGMA journal_mode = WAL")  # others read while one writes
        base.execute("PRAGMA synchronous = OFF")  # what a crash leaves damaged is made again
        if base.execute("PRAGMA user_version").fetchone()[0] != _FORM:
            base.execute("DROP TABLE IF EXISTS held")
            base.execute(f"PRAGMA user_version = {_FORM}")
        base.execute(_TABLE)
    base.execute("SELECT count(*) FROM held WHERE room = ''").fetchone()
    return Cache(base)


def stamp(*parts: bytes) -> bytes:
    """One key of several."""
    return hashlib.sha256(b"\0".join(parts)).digest()
