"""Volumes on disk: sealed folders below `volumes/`, each named after what it holds.

A volume is a part of the site, at full addresses.  A release does not copy it but links to it,
so that it costs what changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, structs

from generator.publishing.darkroom import Darkroom, name_of
from generator.publishing.disk import discard, exchange, move
from generator.publishing.manifest import VOLUMES, listing
from generator.publishing.volume import Made, Volume
from generator.reading.files import offered
from generator.reuse.stamps import signature

_FRESH = os.O_CREAT | os.O_EXCL | os.O_WRONLY


class Shelf(Struct, frozen=True):
    """The volumes of a work folder, and the content whose files they carry."""

    work: Path
    content: Path

    def path(self, name: str) -> Path:
        """Where a volume stands."""
        return self.work / VOLUMES / name

    def seal(self, made: Made) -> Made:
        """Puts a volume on the shelf, read-only; what is left to be known of it.

        `shelf` is its folder's name; its bytes are on the disk now.  An empty one needs no place.
        """
        made = self._with_sizes(made)
        site, copies = made.site, made.volume.copies
        if not (site or copies):
            return made
        name = _name(made.volume.files)
        fresh = self.path(f"{name}.new")
        discard(fresh)
        room = _Room(str(fresh))
        for address, content in site.items():
            room.write(address, content)
        for copy in copies:
            room.write(copy.address, offered(self.content, copy.source))
        for scaling in made.volume.scalings:
            room.write(scaling.address, self._darkroom.developed(scaling))
        room.close()
        self._place(fresh, self.path(name))
        return structs.replace(made, site={}, shelf=name, signature=self.signature(name))

    @property
    def _darkroom(self) -> Darkroom:
        return Darkroom(self.work, self.content)

    def keep_sizes(self, volumes: Iterable[Volume]) -> None:
        """Forgets sizes of pictures that none of these volumes has."""
        self._darkroom.keep_only({name_of(s) for volume in volumes for s in volume.scalings})

    def _with_sizes(self, made: Made) -> Made:
        """A volume that knows the digests of its pictures' sizes."""
        held, volume = self._darkroom, made.volume
        sizes = {scaling.address: _digest(held.developed(scaling)) for scaling in volume.scalings}
        return structs.replace(
            made, volume=structs.replace(volume, files={**volume.files, **sizes})
        )

    def _place(self, fresh: Path, volume: Path) -> None:
        """A volume that is there already may be seen by readers: it is exchanged at one stroke."""
        if not volume.exists():
            move(fresh, volume)
        elif exchange(fresh, volume):
            discard(fresh)
        else:
            discard(volume)
            move(fresh, volume)

    def signature(self, name: str) -> str:
        """Of what readers see of a volume: it differs once a file of it was touched."""
        return signature(self.work, name)

    def whole(self, name: str) -> bool:
        """Whether a volume holds what it is named after and nothing else, read byte by byte."""
        return _name(_digests(self.path(name))) == name


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by address; a link is none, so that it is missed."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): _digest(path.read_bytes()) for path in files}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _name(files: Mapping[str, str]) -> str:
    """The name of a volume that holds files of these digests."""
    return _digest(listing(files).encode())[:32]


class _Room:
    """A new folder that is being filled; what is written stays as it is.

    Each folder in it is made once, and no file is looked at: there are hundreds of thousands.
    """

    def __init__(self, folder: str) -> None:
        os.makedirs(folder)
        self._folder = folder
        self._known = {folder: None}

    def write(self, inner: str, content: bytes) -> None:
        """A read-only file; raises `OSError` with its name."""
        path = f"{self._folder}/{inner}"
        self._make(path.rpartition("/")[0])
        file = os.open(path, _FRESH, 0o444)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(file, rest) :]
        except OSError as fault:
            fault.filename = path  # a failed write(2) names none
            raise
        finally:
            os.close(file)

    def _make(self, folder: str) -> None:
        if folder not in self._known:
            self._make(folder.rpartition("/")[0])
            os.mkdir(folder)
            self._known[folder] = None

    def close(self) -> None:
        """Makes its folders read-only, the inner ones first."""
        for folder in reversed(self._known):
            os.chmod(folder, 0o555)  # noqa: S103 -- read-only, for whoever serves the site


def roots(addresses: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """By volume, the topmost folders (ending in `/`) and files that are its own alone."""
    folders = {name: {a[: a.rfind("/") + 1] for a in held} for name, held in addresses.items()}
    owners: dict[str, str] = {}
    for name, held in folders.items():
        for folder in {f for inner in held for f in _above(inner)}:
            owners[folder] = name if owners.get(folder, name) == name else ""
    return {
        name: sorted(_roots(name, addresses[name], held, owners)) for name, held in folders.items()
    }


def _roots(
    name: str, addresses: Iterable[str], folders: Iterable[str], owners: Mapping[str, str]
) -> Iterator[str]:
    tops = {held: next((f for f in _above(held) if owners[f] == name), "") for held in folders}
    shared = {held for held, top in tops.items() if not top}
    if shared:
        yield from (a for a in addresses if a[: a.rfind("/") + 1] in shared)
    yield from {*tops.values()} - {""}


def _above(folder: str) -> list[str]:
    """A folder and those above it, the topmost first."""
    tops, at = [], folder.find("/")
    while at >= 0:
        tops.append(folder[: at + 1])
        at = folder.find("/", at + 1)
    return tops
