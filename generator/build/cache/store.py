"""What earlier builds made, by name and by the key of what it was made from.

One SQLite file in the work folder.  It may be deleted at any time: a row whose key differs is
no row, a file that is no database of ours is begun anew.  Each row bears a digest that only the
user's own key can make (see `secret_key`); a row without it counts as absent, so that a damaged or
a strange cache costs a cold build and nothing else.  Nothing is in it before `commit`.
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
"""What SQLite adds to the name of a database for the files that it keeps beside it."""
_FORM = 3
_TABLE = (
    "CREATE TABLE held (section TEXT, name TEXT, key BLOB, digest BLOB, content BLOB, "
    "PRIMARY KEY (section, name))"
)


class CacheDamaged(LookupError):  # noqa: N818 -- found out by its absence, no fault of ours
    """What must be in the cache is not, or is not ours: it is to be begun anew."""


class Cache(Struct):
    """Bytes by section and name; without a file they are kept for as long as the object lives."""

    _base: sqlite3.Connection
    _secret: bytes

    def get(self, section: str, name: str, key: bytes) -> bytes | None:
        """What was put under this name for this very key.

        There is no way to ask for whatever stands under a name: a row of an older cache of the
        same user is genuine too, and must not pass for one of today.
        """
        asked = "SELECT content, digest FROM held WHERE section = ? AND name = ? AND key = ?"
        content, digest = self._base.execute(asked, (section, name, key)).fetchone() or ("", "")
        if not (isinstance(content, bytes) and isinstance(digest, bytes)):
            return None
        genuine = compare_digest(self._digest(section, name, key, content), digest)
        return content if genuine else None

    def put(self, section: str, name: str, key: bytes, content: bytes) -> None:
        """Keeps bytes under a name in place of what stood there."""
        row = (section, name, key, self._digest(section, name, key, content), content)
        self._base.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?)", row)

    def _digest(self, section: str, name: str, key: bytes, content: bytes) -> bytes:
        return mac(self._secret, section.encode(), name.encode(), key, content)

    def keep_only(self, section: str, names: Container[str]) -> None:
        """Forgets everything of a section that is not named."""
        asked = "SELECT name FROM held WHERE section = ?"
        gone = [name for (name,) in self._base.execute(asked, (section,)) if name not in names]
        drop = "DELETE FROM held WHERE section = ? AND name = ?"
        self._base.executemany(drop, [(section, name) for name in gone])

    def noting(self) -> NotingCache:
        """The same, as one reads it who may not write."""
        return NotingCache(self._base, self._secret)

    def commit(self) -> None:
        """Makes what was put last beyond this run."""
        self._base.commit()

    def close(self) -> None:
        """Lets go of the file; what was not committed is forgotten."""
        self._base.close()


class NotingCache(Cache):
    """A cache to read from; what is put is noted, for the one process that may write."""

    noted: list[tuple[str, str, bytes, bytes]] = []

    def put(self, section: str, name: str, key: bytes, content: bytes) -> None:
        """Notes what is to be put."""
        self.noted.append((section, name, key, content))


def open_cache(work: Path, secret: bytes) -> Cache:
    """The cache of a work folder, begun anew where it cannot be read or is not this program's.

    Only one program writes it at a time: whoever builds holds the lock of the work folder.
    """
    if _strange(work):
        drop_cache(work)
    try:
        return _opened(str(work / CACHE), secret)
    except sqlite3.DatabaseError:
        drop_cache(work)
        return _opened(str(work / CACHE), secret)


def _strange(work: Path) -> bool:
    """Whether SQLite would write to, or be led to, files that are not the cache's own.

    It writes into what has a second name elsewhere, and deletes the file that a journal names as
    its superior.  A cache in WAL mode leaves no journal but where its very first write was
    killed.
    """
    for end in ("", *BESIDE):
        with suppress(FileNotFoundError):
            about = os.lstat(f"{work / CACHE}{end}")
            if end == "-journal" or not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
                return True
    return False


def drop_cache(work: Path) -> None:
    """Removes the cache of a work folder, with what the database keeps beside it."""
    for end in ("", *BESIDE):
        Path(f"{work / CACHE}{end}").unlink(missing_ok=True)


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


def peeked(work: Path, secret: bytes) -> Cache:
    """The cache of a work folder to read from alone, or an empty one."""
    file = work / CACHE
    with suppress(sqlite3.DatabaseError):
        if file.is_file() and not _strange(work):
            return _opened(f"{file.resolve().as_uri()}?mode=ro", secret)
    return passing()


def passing() -> Cache:
    """A cache in memory, for as long as the program runs: nobody else can reach it."""
    return _opened(":memory:", b"")


def _opened(name: str, secret: bytes) -> Cache:
    base = sqlite3.connect(name, uri=name.startswith("file:"), check_same_thread=False)
    base.execute("PRAGMA trusted_schema = OFF")
    if "mode=ro" not in name:
        base.execute("PRAGMA page_size = 16384")  # what a folder gave takes some of these
        base.execute("PRAGMA journal_mode = WAL")  # others read while one writes
        base.execute("PRAGMA synchronous = OFF")  # what a crash leaves damaged is made again
        if not _schema(base):
            base.execute(_TABLE)
            base.execute(f"PRAGMA user_version = {_FORM}")
    if _schema(base) != [_TABLE] or base.execute("PRAGMA user_version").fetchone()[0] != _FORM:
        base.close()
        raise sqlite3.DatabaseError("not a cache of this program's form")
    base.execute("SELECT count(*) FROM held WHERE section = ''").fetchone()
    return Cache(base, secret)


def _schema(base: sqlite3.Connection) -> list[str]:
    """All that a database was told to be: a view or a trigger would act in the table's place."""
    asked = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
    return [sql for (sql,) in base.execute(asked)]


def combined_key(*parts: bytes) -> bytes:
    """One key of several."""
    return hashlib.sha256(b"\0".join(parts)).digest()
