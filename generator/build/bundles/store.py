"""Stores bundles on disk: read-only folders below `volumes/`, each named after its content.

A bundle contains files of the site at their full addresses.  A release links to it instead of
copying it, so that a release costs only what changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from msgspec import Struct, structs

from generator.build.bundles.bundle import Bundle, NewBundle
from generator.build.bundles.thumbnails import Thumbnails, name_of
from generator.build.cache.file_state import signature
from generator.content.files import offered
from generator.content.model import Copy
from generator.content.safe_open import Replaced
from generator.release.disk import discard, exchange, move
from generator.release.manifest import BUNDLES, digest_of, listing

_FRESH = os.O_CREAT | os.O_EXCL | os.O_WRONLY


class BundleStore(Struct, frozen=True):
    """The bundles of a work folder, and the content folder whose files they copy.

    `secret` authenticates the thumbnails that the work folder keeps.
    """

    work: Path
    content: Path
    secret: bytes

    def path(self, name: str) -> Path:
        """The folder of a bundle."""
        return self.work / BUNDLES / name

    def write(self, new: NewBundle) -> NewBundle:
        """Writes a bundle to disk, read-only; the result has its folder's name and no bytes.

        A bundle without files gets no folder.
        """
        new = self._with_thumbnails(new)
        site, copies = new.site, new.bundle.copies
        if not (site or copies):
            return new
        name = _name(new.bundle.files)
        fresh = self.path(f"{name}.new")
        discard(fresh)
        folder = _NewFolder(str(fresh))
        for address, content in site.items():
            folder.write(address, (content,))
        for copy in copies:
            folder.write(copy.address, _as_read(copy, self.content))
        for scaling in new.bundle.scalings:
            folder.write(scaling.address, (self._thumbnails.thumbnail(scaling),))
        folder.close()
        self._place(fresh, self.path(name))
        return structs.replace(new, site={}, folder=name, signature=self.signature(name))

    @property
    def _thumbnails(self) -> Thumbnails:
        return Thumbnails(self.work, self.content, self.secret)

    def keep_sizes(self, bundles: Iterable[Bundle]) -> None:
        """Removes the thumbnails that none of these bundles has."""
        self._thumbnails.keep_only({name_of(s) for bundle in bundles for s in bundle.scalings})

    def _with_thumbnails(self, new: NewBundle) -> NewBundle:
        """A bundle whose `files` include its thumbnails."""
        thumbnails, bundle = self._thumbnails, new.bundle
        sizes = {s.address: _digest(thumbnails.thumbnail(s)) for s in bundle.scalings}
        return structs.replace(new, bundle=structs.replace(bundle, files={**bundle.files, **sizes}))

    def _place(self, fresh: Path, bundle: Path) -> None:
        """Moves a bundle to its place; one that readers may be using is exchanged atomically."""
        if not bundle.exists():
            move(fresh, bundle)
        elif exchange(fresh, bundle):
            discard(fresh)
        else:
            discard(bundle)
            move(fresh, bundle)

    def signature(self, name: str) -> str:
        """A digest of the states of a bundle's files: it changes if a file is touched."""
        return signature(self.work, name)

    def is_intact(self, name: str) -> bool:
        """Whether a bundle contains what its name says and nothing else; reads every byte."""
        return _name(_digests(self.path(name))) == name


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by address; a link does not count as a file."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): digest_of(path) for path in files}


def _as_read(copy: Copy, content: Path) -> Iterator[bytes]:
    """A file of the content in pieces; raises `Replaced` at its end if its digest changed."""
    digest = hashlib.sha256()
    for piece in offered(content, copy.source):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != copy.digest:
        raise Replaced(copy.source)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _name(files: Mapping[str, str]) -> str:
    """The name of a bundle with these files."""
    return _digest(listing(files).encode())[:32]


class _NewFolder:
    """Fills a new folder with read-only files.

    It remembers the folders it made instead of asking the file system, as a site has hundreds of
    thousands of files.
    """

    def __init__(self, folder: str) -> None:
        os.makedirs(folder)
        self._folder = folder
        self._folders = {folder: None}

    def write(self, inner: str, content: Iterable[bytes]) -> None:
        """Writes the pieces of a file; raises `OSError` with its name."""
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
        if folder not in self._folders:
            self._make(folder.rpartition("/")[0])
            os.mkdir(folder)
            self._folders[folder] = None

    def close(self) -> None:
        """Makes its folders read-only, the inner ones first."""
        for folder in reversed(self._folders):
            os.chmod(folder, 0o555)  # noqa: S103 -- read-only, for whoever serves the site


def roots(addresses: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """By bundle, the topmost folders (ending in `/`) and files that no other bundle shares."""
    folders = {name: {a[: a.rfind("/") + 1] for a in files} for name, files in addresses.items()}
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
    """Runs of sorted folders of one bundle: its name, the folder before, the run, the one after.

    Of all folders of other bundles, these two neighbours share the longest paths with the run.
    """
    ordered = sorted((folder, name) for name, paths in folders.items() for folder in paths)
    runs = [(name, [f for f, _ in run]) for name, run in groupby(ordered, itemgetter(1))]
    befores = ("", *(run[-1] for _, run in runs))
    afters = (*(run[0] for _, run in runs[1:]), "")
    for (name, run), before, after in zip(runs, befores, afters, strict=False):
        yield name, before, run, after


def _tops(before: str, run: Iterable[str], after: str) -> Iterator[tuple[str, str]]:
    """Folders of a run, each with the topmost one above it that contains no neighbour, or "".

    Folders below an earlier result are left out.
    """
    top = ""
    for folder in run:
        if not top or not folder.startswith(top):
            common = max(_common(folder, before), _common(folder, after))
            top = folder[: folder.find("/", common) + 1]
            yield folder, top


def _common(folder: str, other: str) -> int:
    """The length of the path of the deepest folder that contains both."""
    common, at = 0, folder.find("/") + 1
    while at and other.startswith(folder[:at]):
        common, at = at, folder.find("/", at) + 1
    return common


def _files_in(folders: Set[str], addresses: Iterable[str]) -> Iterator[str]:
    if folders:
        yield from (a for a in addresses if a[: a.rfind("/") + 1] in folders)
