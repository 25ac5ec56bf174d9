"""Makes the next release: a folder of hard links to the files of the bundle store.

It is made from the oldest release, which would be removed anyway, so that its cost follows the
change.  Every name and inode in that folder is compared with the store; what differs, whoever
changed it, is linked anew.  Where links are impossible files are copied, and compare as different.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from generator.release.disk import FOLDER_MODE, discard, link, make_folder, set_mode
from generator.release.manifest import RELEASES, digest_of
from generator.release.releases import (
    STAGING,
    UNSIGNED,
    Release,
    carried_part,
    complete_releases,
    current,
    lineage,
    release,
    text_of,
    where,
)
from generator.release.target import Place

_NO_FILE = -1
"""Stands for the inode of a link, a pipe and the like, which no release has."""


class Part(Struct, frozen=True, kw_only=True):
    """The files of a release that come from one bundle: its folder in the store, their addresses.

    `inodes` is `inode_digest` of the files in the store.
    """

    folder: str
    addresses: Iterable[str]
    inodes: str


def inode_digest(inodes: Iterable[tuple[str, int]]) -> str:
    """A digest of addresses and inodes, in order of address."""
    lines = "".join([f"{address} {inode}\n" for address, inode in inodes])
    return hashlib.blake2b(lines.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def begin(place: Place, digest: str) -> Path:
    """The folder of the release `digest`: the one that it will replace, else a new one.

    A release leaves its name before it is touched: where the run dies, nobody takes it for one.
    """
    staged = place.work / RELEASES / STAGING
    discard(staged)
    older = _superseded(place, digest)
    if older:
        set_mode(older.folder, FOLDER_MODE)
        older.folder.rename(staged)
    else:
        staged.parent.mkdir(parents=True, exist_ok=True)
        make_folder(staged)
    return staged


def _superseded(place: Place, digest: str) -> Release | None:
    """The release that waits for a signature, else the newest that another will push out.

    Neither the visible one nor the one before, which a rollback needs if this build fails.
    """
    waiting = release(place.work, UNSIGNED)
    if waiting.folder.is_dir():
        return waiting
    shown = current(place.site)
    names = [name for name in lineage(place.work, shown) if name != digest]
    count = max(0, min(len(names) + 1 - place.keep, len(names) - 2))
    others = [release(place.work, name) for name in names[:count]]
    return next(
        (older for older in reversed(others) if older.folder.is_dir() and older.digest != shown),
        None,
    )


def fill(staged: Path, store: Path, parts: Iterable[Part], carried: Mapping[str, Path]) -> set[str]:
    """Makes a folder have exactly these files; returns the bundles whose files were linked."""
    present, folders = _inodes(staged)
    stale: list[Part] = []
    claimed: set[str] = set()
    for part in parts:
        addresses = sorted(part.addresses)
        if part.inodes == inode_digest((a, present.get(a, _NO_FILE)) for a in addresses):
            claimed.update(addresses)
        else:
            stale.append(part)
    fresh = {
        address: source
        for address, source in carried.items()
        if present.get(address) != source.stat().st_ino
    }
    claimed |= carried.keys() - fresh.keys()
    for address in present.keys() - claimed:
        os.unlink(staged / address)
    needed = _folders(claimed)
    for folder in sorted(folders - needed, reverse=True):
        os.rmdir(staged / folder)
    made = folders & needed
    for part in stale:
        base = store / part.folder
        for address in part.addresses:
            _link(f"{base}/{address}", staged, address, made)
    for address, source in fresh.items():
        _link(str(source), staged, address, made)
    return {part.folder for part in stale}


def _inodes(folder: Path) -> tuple[dict[str, int], set[str]]:
    """The inodes of all files below a folder by address, and the addresses of its folders."""
    inodes: dict[str, int] = {}
    folders: set[str] = set()
    pending = [""]
    while pending:
        prefix = pending.pop()
        path = f"{folder}/{prefix}"
        if os.stat(path).st_mode & 0o777 != FOLDER_MODE:
            set_mode(path, FOLDER_MODE)  # somebody changed it while readers saw the release
        with os.scandir(path) as entries:
            for entry in entries:
                name = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.add(name)
                    pending.append(f"{name}/")
                else:
                    regular = entry.is_file(follow_symlinks=False)
                    inodes[name] = entry.inode() if regular else _NO_FILE
    return inodes, folders


def _folders(addresses: Iterable[str]) -> set[str]:
    """All folders in which these files stand."""
    folders: set[str] = set()
    for address in addresses:
        folder = address.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _link(source: str, staged: Path, address: str, made: set[str]) -> None:
    folder = address.rpartition("/")[0]
    if folder not in made:
        for above in sorted(_folders((address,)) - made):
            make_folder(staged / above)
            made.add(above)
    link(source, f"{staged}/{address}")


def carry(place: Place, listing: str, digest: str) -> dict[str, tuple[str, Path]]:
    """Files that older releases declared and the new one does not: digest and source by address.

    Each file is verified first; one that differs from its list is left out.
    """
    declared = carried_part(listing)
    carried: dict[str, tuple[str, Path]] = {}
    for older in _carriers(place, digest):
        folder = where(place, older.digest)
        for path, expected in carried_part(text_of(older.manifest)).items():
            if path in declared or path in carried:
                continue
            file = folder / path
            if file.is_file() and not file.is_symlink() and digest_of(file) == expected:
                carried[path] = (expected, file)
    return dict(sorted(carried.items()))


def _carriers(place: Place, digest: str) -> Iterator[Release]:
    """The releases from which the next one, named `digest`, carries files along.

    The visible one comes first, then those that were rolled back, then older ones.  Only releases
    in `place.trusted` are used: another user could have put a folder and a list there.
    """
    shown = current(place.site)
    names, up_to = complete_releases(place.work, shown), lineage(place.work, shown)
    after = [name for name in names if name not in up_to]
    recent = [*up_to[:-1], *after, *up_to[-1:]][::-1]
    trusted = [name for name in recent if name != digest and name in place.trusted]
    return (release(place.work, name) for name in trusted[: place.keep - 1])


def copy_release(folder: Path, files: Iterable[str], target: Path) -> None:
    """Makes a new folder of links to some files of a site, which will be changed in place."""
    make_folder(target)
    made: set[str] = set()
    for address in files:
        if os.path.isfile(folder / address):
            _link(f"{folder}/{address}", target, address, made)
