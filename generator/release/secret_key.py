"""The key that authenticates the caches of this user's work folders.

Everything that a build reads back from a work folder has a keyed digest.  Without the key nobody
can make one, so that a cache from elsewhere is ignored.  So the key is outside every work folder:
in the user's configuration folder, or in `GONGBAO_CACHE_KEY` if a CI keeps the work folder from
run to run.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from generator.content.open_flags import NEW, NO_LINK, NO_WAIT, READ
from generator.release.rights import is_own, permits

VARIABLE = "GONGBAO_CACHE_KEY"
FOLDER, FILE = "gongbao", "cache-key"
SHORTEST = 32
"""The fewest characters of a key: 128 bits in hexadecimal."""
_LONGEST = 4096
"""The most bytes that are read of a key's file."""
_BYTES = 32
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_OTHERS = 0o077
"""The mode bits of everybody but the owner."""


class KeyNotice(StrEnum):
    """A notice for the user about the key, or about a file that was made with another one.

    The first three say why the key cannot be stored; `REPLACED` that a new one replaced it;
    `STRANGE` that a file is ignored.
    """

    NOWHERE = "nowhere"
    UNWRITABLE = "unwritable"
    FOREIGN = "foreign"
    REPLACED = "replaced"
    STRANGE = "strange"


class KeyTooShort(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """The key in the environment could be guessed."""


class _KeyForeign(Exception):  # noqa: N818 -- turned into a notice here
    """A file or folder is not the user's own, or not what it should be."""


class _KeyUnfit(Exception):  # noqa: N818 -- turned into a notice here
    """The user's own key file may have been read by others, or has no valid key."""


def mac(key: bytes, *parts: bytes) -> bytes:
    """A keyed digest of several byte strings.

    Each is prefixed with its length, so that none can pass for part of its neighbour.
    """
    digest = blake2b(key=key, digest_size=_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def _silent(_: KeyNotice, __: Path | None) -> None:
    """Drops a notice."""


class Secret:
    """The source of the key: the text `given`, else a file below the configuration `folder`.

    The key is read on first access and then stays the same.  If it cannot be stored, a random one
    is used for this run alone, and `tell` receives the reason.
    """

    def __init__(
        self,
        given: str | None = None,
        folder: Path | None = None,
        tell: Callable[[KeyNotice, Path | None], None] = _silent,
    ) -> None:
        self._given, self._folder, self._tell = given, folder, tell

    @cached_property
    def key(self) -> bytes:
        """The key; raises `KeyTooShort`."""
        if self._given is not None:
            return _derived(self._given)
        if self._folder is None:
            self._tell(KeyNotice.NOWHERE, None)
            return os.urandom(_BYTES)
        path = self._folder / FOLDER / FILE
        try:
            return self._stored(path)
        except _KeyForeign as foreign:
            self._tell(KeyNotice.FOREIGN, Path(str(foreign)))
        except (_KeyUnfit, OSError):  # no rights, a read-only or full disk, no modes at all
            self._tell(KeyNotice.UNWRITABLE, path)
        return os.urandom(_BYTES)

    def passed_over(self, path: Path) -> None:
        """Reports that a file is ignored, as it was not made with this key."""
        self._tell(KeyNotice.STRANGE, path)

    def _stored(self, path: Path) -> bytes:
        """The key in the user's own file; makes a missing one, replaces an unfit one."""
        _own_folder(path.parent)
        try:
            return _read(path)
        except FileNotFoundError:
            _put(path, _link_unless_there)
        except _KeyUnfit:  # anybody who has read the old key could forge digests
            _put(path, os.replace)
            self._tell(KeyNotice.REPLACED, path)
        return _read(path)


def _derived(text: str) -> bytes:
    """A key from any long text; raises `KeyTooShort`."""
    secret = text.strip()  # secrets of a CI often end in a line break
    if len(secret) < SHORTEST:
        raise KeyTooShort
    return blake2b(secret.encode(errors="surrogateescape"), digest_size=_BYTES).digest()


def _own_folder(folder: Path) -> None:
    """Makes a private folder for the key; raises `_KeyForeign`, `OSError`.

    It makes nothing in another user's home, as under `sudo`: that user could not use root's files.
    """
    above = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    if not is_own(above.stat()):
        raise _KeyForeign(above)
    folder.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder.mkdir(_PRIVATE_FOLDER, exist_ok=True)
    if permits(folder.stat(), _OTHERS):
        folder.chmod(_PRIVATE_FOLDER)


def _read(path: Path) -> bytes:
    """The key in a file; raises `_KeyForeign`, `_KeyUnfit`, `OSError`."""
    if path.is_symlink():
        raise _KeyForeign(path)
    file = os.open(path, READ | NO_LINK | NO_WAIT)
    try:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode) or not is_own(about):
            raise _KeyForeign(path)
        if permits(about, _OTHERS):
            raise _KeyUnfit(path)
        text = os.read(file, _LONGEST).decode(errors="replace")
    finally:
        os.close(file)
    try:
        return _derived(text)
    except KeyTooShort:
        raise _KeyUnfit(path) from None


def _put(path: Path, name: Callable[[Path, Path], None]) -> None:
    """Writes a new key to a temporary file, then renames it by `name`: nobody reads half a key."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    file = os.open(fresh, NEW, _PRIVATE_FILE)
    try:
        try:
            os.write(file, f"{os.urandom(_BYTES).hex()}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
        name(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _link_unless_there(fresh: Path, path: Path) -> None:
    """Names the key file unless it exists: the first of several builds at once makes the key.

    Where the disk has no hard links the last one does, and the others make their caches again.
    """
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:
        fresh.replace(path)
