"""Bundles on disk: sealed folders below `volumes/`, each named after what it holds.

A bundle is a part of the site, at full addresses.  A release does not copy it but links to it,
so that it costs what changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from msgspec import Struct, structs

from generator.build.bundles.bundle import Bundle, Made
from generator.build.bundles.thumbnails import Thumbnails, name_of
from generator.build.cache.file_state import signature
from generator.content.files import offered
from generator.content.model import Copy
from generator.content.safe_open import Replaced
from generator.release.disk import discard, exchange, move
from generator.release.manifest import BUNDLES, digest_of, listing

_FRESH = os.O_CREAT | os.O_EXCL | os.O_WRONLY


class BundleStore(Struct, frozen=True):
    """The bundles of a work folder, and the content whose files they carry.

    `secret` authenticates what else the folder keeps of them.
    """

    work: Path
    content: Path
    secret: bytes

    def path(self, name: str) -> Path:
        """Where a bundle stands."""
        return self.work / BUNDLES / name

    def seal(self, made: Made) -> Made:
        """Puts a bundle in the store, read-only; what is left to be known of it.

        `folder` is its folder's name; its bytes are on the disk now.  An empty one needs no place.
        """
        made = self._with_sizes(made)
        site, copies = made.site, made.bundle.copies
        if not (site or copies):
            return made
        name = _name(made.bundle.files)
        fresh = self.path(f"{name}.new")
        discard(fresh)
        folder = _NewFolder(str(fresh))
        for address, content in site.items():
            folder.write(address, (content,))
        for copy in copies:
            folder.write(copy.address, _as_read(copy, self.content))
        for scaling in made.bundle.scalings:
            folder.write(scaling.address, (self._thumbnails.developed(scaling),))
        folder.close()
        self._place(fresh, self.path(name))
        return structs.replace(made, site={}, folder=name, signature=self.signature(name))

    @property
    def _thumbnails(self) -> Thumbnails:
        return Thumbnails(self.work, self.content, self.secret)

    def keep_sizes(self, bundles: Iterable[Bundle]) -> None:
        """Forgets sizes of pictures that none of these bundles has."""
        self._thumbnails.keep_only({name_of(s) for bundle in bundles for s in bundle.scalings})

    def _with_sizes(self, made: Made) -> Made:
        """A bundle that knows the digests of its pictures' sizes."""
        held, bundle = self._thumbnails, made.bundle
        sizes = {scaling.address: _digest(held.developed(scaling)) for scaling in bundle.scalings}
        return structs.replace(
            made, bundle=structs.replace(bundle, files={**bundle.files, **sizes})
        )

    def _place(self, fresh: Path, bundle: Path) -> None:
        """A bundle that is there already may be seen by readers: it is exchanged at one stroke."""
        if not bundle.exists():
            move(fresh, bundle)
        elif exchange(fresh, bundle):
            discard(fresh)
        else:
            discard(bundle)
            move(fresh, bundle)

    def signature(self, name: str) -> str:
        """Of what readers see of a bundle: it differs once a file of it was touched."""
        return signature(self.work, name)

    def whole(self, name: str) -> bool:
        """Whether a bundle holds what it is named after and nothing else, read byte by byte."""
        return _name(_digests(self.path(name))) == name


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by address; a link is none, so that it is missed."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): digest_of(path) for path in files}


def _as_read(copy: Copy, content: Path) -> Iterator[bytes]:
    """A file of the content in pieces; raises `Replaced` at its end if its digest is another."""
    digest = hashlib.sha256()
    for piece in offered(content, copy.source):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != copy.digest:
        raise Replaced(copy.source)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _name(files: Mapping[str, str]) -> str:
    """The name of a bundle that holds files of these digests."""
    return _digest(listing(files).encode())[:32]


class _NewFolder:
    """A new folder that is being filled; what is written stays as it is.

    Each folder in it is made once, and no file is looked at: there are hundreds of thousands.
    """

    def __init__(self, folder: str) -> None:
        os.makedirs(folder)
        self._folder = folder
        self._known = {folder: None}

    def write(self, inner: str, content: Iterable[bytes]) -> None:
        """A read-only file of some pieces; raises `OSError` with its name."""
        path = f"{self._folder}/{inner}"
        self._make(path.rpartition("/")[0])
        file = os.open(path, _FRESH, 0o444)
        try:
            for piece in content:
                rest = memoryview(piece)
                while rest:
                    rest = rest[os.write(file, rest) :]
        except OSError as fault:
            fault.filename = fault.filename or path  # a failed write(2) names none
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
    """By bundle, the topmost folders (ending in `/`) and files that are its own alone."""
    folders = {name: {a[: a.rfind("/") + 1] for a in held} for name, held in addresses.items()}
    tops: dict[str, set[str]] = {name: set() for name in folders}
    shared: dict[str, set[str]] = {name: set() for name in folders}
    for name, before, run, after in _runs(folders):
        for folder, top in _tops(before, run, after):
            (tops if top else shared)[name].add(top or folder)
    return {
        name: sorted((*own, *_files_in(shared[name], addresses[name])))
        for name, own in tops.items()
    }


def _runs(folders: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str, list[str], str]]:
    """Folders in order, cut where the bundle changes: with its name, and both neighbours.

    No folder of another bundle has more in common with one of a run than these two have.
    """
    ordered = sorted((folder, name) for name, held in folders.items() for folder in held)
    runs = [(name, [f for f, _ in run]) for name, run in groupby(ordered, itemgetter(1))]
    befores = ("", *(run[-1] for _, run in runs))
    afters = (*(run[0] for _, run in runs[1:]), "")
    for (name, run), before, after in zip(runs, befores, afters, strict=False):
        yield name, before, run, after


def _tops(before: str, run: Iterable[str], after: str) -> Iterator[tuple[str, str]]:
    """Folders of a run with the topmost one above them that leads to neither neighbour, or "".

    Those below one that was given already are left out.
    """
    top = ""
    for folder in run:
        if not top or not folder.startswith(top):
            common = max(_common(folder, before), _common(folder, after))
            top = folder[: folder.find("/", common) + 1]
            yield folder, top


def _common(folder: str, other: str) -> int:
    """How many characters of a folder name the folders that both are in."""
    common, at = 0, folder.find("/") + 1
    while at and other.startswith(folder[:at]):
        common, at = at, folder.find("/", at) + 1
    return common


def _files_in(folders: Set[str], addresses: Iterable[str]) -> Iterator[str]:
    if folders:
        yield from (a for a in addresses if a[: a.rfind("/") + 1] in folders)
