"""Stores bundles on disk: folders below `bundles/`, each named after its content.

A bundle contains files of the site at their full addresses.  A release has hard links to them, so
that it costs only what changed.  So whoever writes into a published file changes a bundle; its
signature shows that to the next build, which makes the bundle again as new files.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, structs

from generator.build.bundles.bundle import Bundle, NewBundle
from generator.build.bundles.thumbnails import Thumbnails, name_of
from generator.build.cache.file_state import signature
from generator.content.files import offered
from generator.content.model import Copy
from generator.content.open_flags import NEW
from generator.content.safe_open import Replaced
from generator.release.disk import FILE_MODE, FOLDER_MODE, discard, set_aside, set_mode
from generator.release.manifest import BUNDLES, digest_of, listing
from generator.release.releases import TRASH


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
        """Writes a bundle to disk; the result has its folder's name and no bytes.

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
        discard(self.path(name))  # one that was changed; releases have its files by other names
        fresh.rename(self.path(name))
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

    def keep_only(self, names: Container[str]) -> None:
        """Removes all bundles but these; older releases have the files by other names."""
        folder = self.work / BUNDLES
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name not in names:
                set_aside(path, self.work / TRASH)
        discard(self.work / TRASH)

    def signature(self, name: str) -> str:
        """A digest of the states of a bundle's files: it changes if a file is touched."""
        return signature(self.work, name)

    def is_intact(self, name: str) -> bool:
        """Whether a bundle contains what its name says and nothing else; reads every byte.

        The modes of an intact bundle, which somebody may have changed in the site, are set again.
        """
        if _name(_digests(self.path(name))) != name:
            return False
        for path in self.path(name).rglob("*"):
            set_mode(path, FOLDER_MODE if path.is_dir() else FILE_MODE)
        return True


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
    """Fills a new folder with files.

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
        file = os.open(path, NEW, FILE_MODE)
        try:
            set_mode(file, FILE_MODE)  # whatever the umask is
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
