"""The key that tells this user's work folders from everybody else's.

Whatever a build reads back from a work folder bears a keyed digest; without the key nobody can
make one, so that a cache from elsewhere is as good as none.  The key therefore lies outside
every work folder: in the user's configuration folder, or in `GONGBAO_CACHE_KEY` where a CI
keeps the work folder from run to run.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

VARIABLE = "GONGBAO_CACHE_KEY"
FOLDER, FILE = "gongbao", "cache-key"
SHORTEST = 32
"""Characters that a key has at least: those of 128 bits in hexadecimal."""
_LONGEST = 4096
"""Bytes that are read of a key's file."""
_BYTES = 32
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_OTHERS = 0o077
"""The rights of everybody but the owner."""


class KeyNotice(StrEnum):
    """What a user must know of the key, and of what was made with another one.

    Why there is none that lasts; that it was replaced; that a file is passed over.
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
    """The user's own key file may have been read by others, or holds no key."""


def mac(key: bytes, *parts: bytes) -> bytes:
    """A keyed digest of several byte strings, none of which can pass for part of its neighbour."""
    digest = blake2b(key=key, digest_size=_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def _unheard(_: KeyNotice, __: Path | None) -> None:
    """Tells nobody."""


class Secret:
    """Where the key comes from: the text `given`, else a file below the configuration `folder`.

    It is looked up when it is first asked for, and stays the same for as long as the object
    lives.  Where it cannot be kept it is for this run alone, which `tell` hears with the reason.
    """

    def __init__(
        self,
        given: str | None = None,
        folder: Path | None = None,
        tell: Callable[[KeyNotice, Path | None], None] = _unheard,
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
            return self._kept(path)
        except _KeyForeign as foreign:
            self._tell(KeyNotice.FOREIGN, Path(str(foreign)))
        except (_KeyUnfit, OSError):  # no rights, a read-only or full disk, no modes at all
            self._tell(KeyNotice.UNWRITABLE, path)
        return os.urandom(_BYTES)

    def passed_over(self, path: Path) -> None:
        """Tells that a file is not used, as it was not made with this key."""
        self._tell(KeyNotice.STRANGE, path)

    def _kept(self, path: Path) -> bytes:
        """The key in a file of the user's own, made where there is none."""
        _own_folder(path.parent)
        try:
            return _read(path)
        except FileNotFoundError:
            _put(path, _link_unless_there)
        except _KeyUnfit:  # whoever has read it could make digests of ours
            _put(path, os.replace)
            self._tell(KeyNotice.REPLACED, path)
        return _read(path)


def _derived(text: str) -> bytes:
    """A key from any long text; raises `KeyTooShort`."""
    held = text.strip()  # secrets of a CI often end in a line break
    if len(held) < SHORTEST:
        raise KeyTooShort
    return blake2b(held.encode(errors="surrogateescape"), digest_size=_BYTES).digest()


def _own_folder(folder: Path) -> None:
    """Makes a folder for the key, closed to others; raises `_KeyForeign`, `OSError`.

    Nothing is made in a home that is another user's, as that of whoever called `sudo` may be:
    the owner could not use what root leaves there.
    """
    above = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    if above.stat().st_uid != os.geteuid():
        raise _KeyForeign(above)
    folder.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder.mkdir(_PRIVATE_FOLDER, exist_ok=True)
    if folder.stat().st_mode & _OTHERS:
        folder.chmod(_PRIVATE_FOLDER)


def _read(path: Path) -> bytes:
    """The key in a file; raises `_KeyForeign`, `_KeyUnfit`, `OSError`."""
    if path.is_symlink():
        raise _KeyForeign(path)
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid():
            raise _KeyForeign(path)
        if about.st_mode & _OTHERS:
            raise _KeyUnfit(path)
        text = os.read(file, _LONGEST).decode(errors="replace")
    finally:
        os.close(file)
    try:
        return _derived(text)
    except KeyTooShort:
        raise _KeyUnfit(path) from None


def _put(path: Path, name: Callable[[Path, Path], None]) -> None:
    """Writes a new key beside its place, then gives it its name: nobody reads half of one."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE_FILE)
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
    """Of builds that begin at once the first gives all of them their key."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
