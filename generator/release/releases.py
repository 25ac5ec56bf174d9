"""The releases of a work folder, in the order in which they were published.

`releases/<digest>/` has a site (but for the one that readers see, which `site` is), with its mark.
`<digest>.sha256` has the digests of its files in the form that `sha256sum -c` reads,
`<digest>.carried` those of files that depend on history: what it carries along for readers of
earlier releases, and on a site that signs its releases the signature.  A release's name is the
digest of its list, so that later changes are detected.  `releases/order` lists the releases, the
oldest first, so that no clock is needed.  `releases/unsigned/` is a finished site that waits for
its signature, `unsigned.note` the text to be signed: it is in no order, and nobody sees it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from generator.release.disk import discard, naming, put, set_aside
from generator.release.manifest import RELEASES, listed
from generator.release.search_names import FOLDS_FILE, SEGMENT_FILE
from generator.release.site_mark import RELEASE_NAME, read_mark
from generator.release.target import Place

ORDER, STAGING, TRASH = "order", "staging", "trash"
UNSIGNED = "unsigned"
"""The name of the release that waits for its signature."""
_OLDER_STORE = "volumes"
"""The bundle store of older versions, into which their sites were links."""
_CARRIED = re.compile(f"{SEGMENT_FILE.pattern}|{FOLDS_FILE.pattern}")
"""Files named after their content: a page that a reader has open may still request older ones."""
_MARK = "  search/"
"""The text before the name of such a file in a line of a list."""
_DIGEST, _PATH = 64, 66
"""The columns in a line of a list at which the digest ends and the path begins."""


class Release(Struct, frozen=True, kw_only=True):
    """A finished site: its folder, the list of its files, its name."""

    folder: Path
    manifest: Path
    digest: str

    @property
    def carried(self) -> Path:
        """The list of the files that depend on history."""
        return self.manifest.with_suffix(".carried")

    @property
    def note(self) -> Path:
        """The text that is to be signed, of a release that waits for it."""
        return self.manifest.with_suffix(".note")

    def files(self) -> dict[str, str]:
        """SHA-256 by path of all files, declared or carried."""
        return {**_read(self.manifest), **self.carried_files()}

    def carried_files(self) -> dict[str, str]:
        """SHA-256 by path of the files that the list does not have, as they depend on history."""
        return _read(self.carried)

    def lists(self) -> bytes:
        """The digests of both lists, to detect changes of them."""
        lists = (self.manifest, self.carried)
        return b"".join(hashlib.sha256(text_of(path).encode()).digest() for path in lists)


def _read(path: Path) -> dict[str, str]:
    return listed(text_of(path))


def text_of(path: Path) -> str:
    """The text of a list, "" if it is missing; invalid UTF-8 is replaced."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def carried_part(listing: str) -> dict[str, str]:
    """SHA-256 by path of the files of a list that may be carried along."""
    first, last = listing.find(_MARK), listing.rfind(_MARK)
    if first < 0:
        return {}
    # these files are few and adjacent: the list, which may be long, is not split as a whole
    start, end = listing.rfind("\n", 0, first) + 1, listing.find("\n", last)
    lines = listing[start : end if end >= 0 else None].splitlines()
    return {line[_PATH:]: line[:_DIGEST] for line in lines if _CARRIED.fullmatch(line, _PATH)}


def release(work: Path, digest: str) -> Release:
    """The release with a name, whether or not it exists."""
    folder = work / RELEASES / digest
    return Release(folder=folder, manifest=folder.with_name(f"{digest}.sha256"), digest=digest)


def current(site: Path) -> str | None:
    """The name of the release that readers see; during a change in place, of the next one."""
    mark = read_mark(site)
    return (mark.towards or mark.release or None) if mark else None


def where(place: Place, name: str) -> Path:
    """The folder of a complete release: in the work folder, or else the site itself."""
    folder = release(place.work, name).folder
    return folder if folder.is_dir() else place.site


def complete_releases(work: Path, current: str | None) -> tuple[str, ...]:
    """The names of the complete releases, in order; includes `current` even if not in the order."""
    path = work / RELEASES / ORDER
    names = path.read_text(encoding="utf-8", errors="replace").split() if path.is_file() else []
    if current:
        names.append(current)
    releases = [
        release(work, name) for name in dict.fromkeys(names) if RELEASE_NAME.fullmatch(name)
    ]
    return tuple(r.digest for r in releases if _is_complete(r, current))


def _is_complete(release_: Release, current: str | None) -> bool:
    folder = release_.digest == current or read_mark(release_.folder) is not None
    return folder and release_.manifest.is_file()


def lineage(work: Path, current: str | None) -> tuple[str, ...]:
    """The releases up to the current one; later ones were rolled back."""
    names = complete_releases(work, current)
    return names[: names.index(current) + 1] if current in names else names


def note(work: Path, names: Iterable[str]) -> None:
    """Writes the order of releases, the oldest first."""
    put(work / RELEASES / ORDER, "".join(f"{name}\n" for name in names).encode())


def name_by_marks(work: Path) -> None:
    """Names each release's folder after its mark: a run that exchanged it may have been killed.

    One without a mark is no release: it was empty as it became the site.
    """
    for path in _entries(work / RELEASES):
        if path.is_dir() and path.name not in (STAGING, UNSIGNED):
            mark = read_mark(path)
            if mark is None or path.name != mark.release:
                shelve(work, path)


def shelve(work: Path, folder: Path) -> None:
    """Keeps a folder that readers no longer see under its release's name, if it is whole."""
    mark = read_mark(folder)
    target = work / RELEASES / mark.release if mark and mark.release else folder
    if mark is None or mark.towards or os.path.lexists(target):
        set_aside(folder, work / TRASH)
    else:
        folder.rename(target)


def clear(work: Path, names: Iterable[str]) -> bool:
    """Removes all releases but these, and temporary files; whether a release was removed.

    Everything is moved to the trash before it is deleted: a run that is killed here leaves nothing
    that could be mistaken for a complete release.
    """
    ends = ("", ".sha256", ".carried", ".note")
    needed = {ORDER, *(f"{name}{end}" for name in names for end in ends)}
    stale = [path for path in _entries(work / RELEASES) if path.name not in needed]
    removed = any(path.is_dir() for path in stale)
    stale += [path for path in _entries(work) if path.suffix == ".new"]
    stale += [work / _OLDER_STORE] if (work / _OLDER_STORE).is_dir() else []
    for path in stale:
        with naming(path):
            set_aside(path, work / TRASH)
    discard(work / TRASH)
    return removed


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
