"""The releases of a work folder, in the order in which they were published.

`releases/<digest>/` has a site, `<digest>.sha256` the digests of its files in the form that
`sha256sum -c` reads, `<digest>.carried` those of files that it carries along for readers of
earlier releases.  A release's name is the digest of its list, so that later changes are detected.
`releases/order` lists the releases, the oldest first, so that no clock is needed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from generator.release.disk import discard, link, naming, put, set_aside
from generator.release.manifest import BUNDLES, RELEASES, bundle_of, digest_of, listed
from generator.release.search_names import FOLDS_FILE, SEGMENT_FILE
from generator.release.target import Place

ORDER, STAGING, TRASH = "order", "staging", "trash"
_CARRIED = re.compile(f"{SEGMENT_FILE.pattern}|{FOLDS_FILE.pattern}")
"""Files named after their content: a page that a reader has open may still request older ones."""
_MARK = "  search/"
"""The text before the name of such a file in a line of a list."""
_DIGEST, _PATH = 64, 66
"""The columns in a line of a list at which the digest ends and the path begins."""
_NAME = re.compile(r"[0-9a-f]{16}")
_SEGMENT = re.compile(r"search/[0-9a-f]{16}")
"""A folder that is carried along as a whole, by a link to its bundle."""


class Release(Struct, frozen=True, kw_only=True):
    """A finished site: its folder, the list of its files, its name."""

    folder: Path
    manifest: Path
    digest: str

    @property
    def carried(self) -> Path:
        """The list of the files that the release carries along."""
        return self.manifest.with_suffix(".carried")

    def files(self) -> dict[str, str]:
        """SHA-256 by path of all files, declared or carried."""
        return {**_read(self.manifest), **self.carried_files()}

    def carried_files(self) -> dict[str, str]:
        """SHA-256 by path of the files carried along for readers of earlier releases."""
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


def _carried(listing: str) -> dict[str, str]:
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


def kept(work: Path, current: str | None) -> tuple[str, ...]:
    """The names of the complete releases, in order; includes `current` even if not in the order."""
    path = work / RELEASES / ORDER
    names = path.read_text(encoding="utf-8", errors="replace").split() if path.is_file() else []
    if current:
        names.append(current)
    # any other form of name could lead out of the folder
    valid = dict.fromkeys(name for name in names if _NAME.fullmatch(name))
    releases = [release(work, name) for name in valid]
    return tuple(r.digest for r in releases if r.folder.is_dir() and r.manifest.is_file())


def lineage(work: Path, current: str | None) -> tuple[str, ...]:
    """The releases up to the current one; later ones were rolled back."""
    names = kept(work, current)
    return names[: names.index(current) + 1] if current in names else names


def note(work: Path, names: Iterable[str]) -> None:
    """Writes the order of releases, the oldest first."""
    put(work / RELEASES / ORDER, "".join(f"{name}\n" for name in names).encode())


def carry(staged: Path, listing: str, older: Iterable[Release]) -> str:
    """Links files that older releases declared into a staged site; returns the list of them.

    Each file is verified first; one that differs from its list is left out.
    """
    declared = _carried(listing)
    carried: dict[str, str] = {}
    for release_ in older:
        listed_before = _carried(text_of(release_.manifest))
        linked: dict[str, bool] = {}
        for path, digest in listed_before.items():
            if path in declared or path in carried:
                continue
            if _take(release_.folder, staged, path, listed_before, linked):
                carried[path] = digest
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(carried.items()))


def carriers(place: Place, current: str | None, digest: str) -> tuple[Release, ...]:
    """The releases from which the next one, named `digest`, carries files along.

    The visible one comes first, then those that were rolled back, then older ones.  Only releases
    in `place.trusted` are used: another user could have put a folder and a list there.
    """
    names = kept(place.work, current)
    up_to = lineage(place.work, current)
    after = [name for name in names if name not in up_to]
    recent = [*up_to[:-1], *after, *up_to[-1:]][::-1]
    trusted = (name for name in recent if name != digest and name in place.trusted)
    releases = [release(place.work, name) for name in trusted]
    return tuple(releases[: place.keep - 1])


def _take(
    older: Path, staged: Path, path: str, digests: Mapping[str, str], linked: dict[str, bool]
) -> bool:
    """Adds a file of an older site to a staged one: its whole bundle by a link, or it alone.

    `linked` caches for folders whether their bundles are valid, as a segment of the search index
    has thousands of files.  False if the file or the bundle differs from `digests`.
    """
    *steps, _ = path.split("/")
    segment = "/".join(steps[:2])
    if segment in linked:
        return linked[segment]
    bundle = _SEGMENT.fullmatch(segment) and (older / segment).is_symlink()
    if bundle and not os.path.lexists(staged / segment):
        linked[segment] = _whole(older, segment, digests)
        if not linked[segment]:
            return False
    elif not _genuine(older, path, digests[path]):
        return False
    for count in range(1, len(steps) + 1):
        inner = "/".join(steps[:count])
        source, target = older / inner, staged / inner
        if inner in linked:
            target.symlink_to(source.readlink())
        elif target.is_symlink():
            if not (source.is_symlink() and source.readlink() == target.readlink()):
                _open(target)
        else:
            target.mkdir(exist_ok=True)
    if not (staged / path).exists():
        link(older / path, staged / path)
    return True


def _whole(older: Path, folder: str, digests: Mapping[str, str]) -> bool:
    """Whether a folder of a release links to a bundle with exactly the listed files."""
    if bundle_of(older / folder, older.parents[1] / BUNDLES) is None:
        return False
    start = f"{folder}/"
    expected = {path: digest for path, digest in digests.items() if path.startswith(start)}
    top = (older / folder).resolve()
    files = (path for path in top.rglob("*") if path.is_symlink() or not path.is_dir())
    actual = {f"{start}{file.relative_to(top).as_posix()}": digest_of(file) for file in files}
    return actual == expected


def _genuine(older: Path, path: str, digest: str) -> bool:
    """Whether a file of a release is inside its work folder and has the listed digest."""
    file = (older / path).resolve()
    within = older.parents[1].resolve() in file.parents
    return within and file.is_file() and digest_of(file) == digest


def _open(folder: Path) -> None:
    """Replaces a link to a bundle with a folder that has the same entries, to add others."""
    way, entries = folder.readlink(), sorted(folder.iterdir())
    folder.unlink()
    folder.mkdir()
    for path in entries:
        if path.is_dir():
            (folder / path.name).symlink_to(Path("..") / way / path.name)
        else:
            link(folder.parent / way / path.name, folder / path.name)


def clear(work: Path, names: Iterable[str]) -> None:
    """Removes all releases but these, bundles to which none of them links, and temporary files.

    Everything is moved to the trash before it is deleted: a run that is killed here leaves nothing
    that could be mistaken for a complete release.
    """
    trash = work / TRASH
    for path in _unwanted(work, sorted(names)):
        with naming(path):
            set_aside(path, trash)
    discard(trash)


def _unwanted(work: Path, names: list[str]) -> list[Path]:
    needed = {ORDER, *(f"{name}{end}" for name in names for end in ("", ".sha256", ".carried"))}
    # releases share links as hard links to one inode, which is read only once
    links = {link.inode(): link.path for name in names for link in _links(work / RELEASES / name)}
    targets = map(os.readlink, links.values())
    linked_bundles = {t.rpartition(f"../{BUNDLES}/")[2].partition("/")[0] for t in targets}
    stale = [path for path in _entries(work / RELEASES) if path.name not in needed]
    stale += [path for path in _entries(work / BUNDLES) if path.name not in linked_bundles]
    return [*stale, *(path for path in _entries(work) if path.suffix == ".new")]


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _links(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The links of a release; they are not followed."""
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_symlink():
                    yield entry
                elif entry.is_dir():
                    pending.append(entry.path)
