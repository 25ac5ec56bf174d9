"""The finished sites that a work folder keeps, in the order in which they were published.

`releases/<digest>/` holds a site, `<digest>.sha256` the digests of its files in the form that
`sha256sum -c` reads, `<digest>.carried` those of files that it carries along for readers of
the sites before it.  A release is named after the digest of its list, so a file that changes
afterwards is found out.  `releases/order` names the releases, the oldest first: no clock knows.
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
"""Files whose names change with their content: an older page may still ask for an older one."""
_MARK = "  search/"
"""What stands before the path of such a file in a list."""
_DIGEST, _PATH = 64, 66
"""Where in a line of a list its digest ends and its path begins."""
_NAME = re.compile(r"[0-9a-f]{16}")
_SEGMENT = re.compile(r"search/[0-9a-f]{16}")
"""A folder that is carried along as a whole, so that a link to its bundle does."""


class Release(Struct, frozen=True, kw_only=True):
    """A finished site: its folder, the list of its files, its name."""

    folder: Path
    manifest: Path
    digest: str

    @property
    def carried(self) -> Path:
        """The list of what it carries along."""
        return self.manifest.with_suffix(".carried")

    def files(self) -> dict[str, str]:
        """SHA-256 by path of all that it holds, declared or carried."""
        return {**_read(self.manifest), **self.carried_files()}

    def carried_files(self) -> dict[str, str]:
        """SHA-256 by path of what it carries along for readers of the releases before it."""
        return _read(self.carried)

    def lists(self) -> bytes:
        """A digest of both lists, for whoever must know that nobody has changed them."""
        digests = (hashlib.sha256(text_of(one).encode()).digest() for one in self._lists)
        return b"".join(digests)

    @property
    def _lists(self) -> tuple[Path, Path]:
        return self.manifest, self.carried


def _read(path: Path) -> dict[str, str]:
    return listed(text_of(path))


def text_of(path: Path) -> str:
    """The text of a list, "" where there is none; of one that is no text what can be read."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _carried(listing: str) -> dict[str, str]:
    """SHA-256 by path of the files of a list that may be carried along: few of many."""
    near = _from_first_to_last(_MARK, listing)
    return {line[_PATH:]: line[:_DIGEST] for line in near if _CARRIED.fullmatch(line, _PATH)}


def _from_first_to_last(mark: str, listing: str) -> list[str]:
    """The lines of a list from the first with a mark to the last: all others are passed over."""
    first, last = listing.find(mark), listing.rfind(mark)
    start, end = listing.rfind("\n", 0, first) + 1, listing.find("\n", last)
    return listing[start : end if end >= 0 else None].splitlines() if first >= 0 else []


def release(work: Path, digest: str) -> Release:
    """The release of that name, whether it is there or not."""
    folder = work / RELEASES / digest
    return Release(folder=folder, manifest=folder.with_name(f"{digest}.sha256"), digest=digest)


def kept(work: Path, current: str | None) -> tuple[str, ...]:
    """The names of the whole releases, in order; `current` among them though none noted it."""
    path = work / RELEASES / ORDER
    noted = path.read_text(encoding="utf-8", errors="replace").split() if path.is_file() else []
    named = (name for name in (*noted, *([current] if current else [])) if _NAME.fullmatch(name))
    names = dict.fromkeys(named)  # another name could lead out of the folder
    made = [release(work, name) for name in names]
    return tuple(one.digest for one in made if one.folder.is_dir() and one.manifest.is_file())


def lineage(work: Path, current: str | None) -> tuple[str, ...]:
    """The releases up to the current one: what comes after it has been taken back."""
    names = kept(work, current)
    return names[: names.index(current) + 1] if current in names else names


def note(work: Path, names: Iterable[str]) -> None:
    """Makes these the releases in order, the oldest first."""
    put(work / RELEASES / ORDER, "".join(f"{name}\n" for name in names).encode())


def carry(staged: Path, listing: str, older: Iterable[Release]) -> str:
    """Links into a staged site the hashed files that older ones declared; the list of them.

    Each is read first: what is not as its list says is left behind.
    """
    new = _carried(listing)
    taken: dict[str, str] = {}
    for one in older:
        listed_before = _carried(text_of(one.manifest))
        linked: dict[str, bool] = {}
        for path, digest in listed_before.items():
            if path in new or path in taken:
                continue
            if _take(one.folder, staged, path, listed_before, linked):
                taken[path] = digest
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(taken.items()))


def carriers(place: Place, current: str | None, digest: str) -> tuple[Release, ...]:
    """The releases whose readers the next one, named `digest`, still serves.

    The visible one comes first, then those that have been taken back, then older ones.  None is
    taken whose lists are not known: anybody can put a folder and a list there.
    """
    names = kept(place.work, current)
    up_to = lineage(place.work, current)
    after = [name for name in names if name not in up_to]
    recent = [*up_to[:-1], *after, *up_to[-1:]][::-1]
    trusted = (name for name in recent if name != digest and name in place.known)
    others = [release(place.work, name) for name in trusted]
    return tuple(others[: place.keep - 1])


def _take(
    older: Path, staged: Path, path: str, digests: Mapping[str, str], linked: dict[str, bool]
) -> bool:
    """Makes a file of an older site part of a staged one: its whole bundle, or it alone.

    `linked` says of folders whether their bundles are there: an archive's segment has thousands
    of files.  False where what stands there is not as `digests` say.
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
    """Whether a folder of a release leads to a bundle that holds what is listed, no more."""
    if bundle_of(older / folder, older.parents[1] / BUNDLES) is None:
        return False
    start = f"{folder}/"
    wanted = {path: digest for path, digest in digests.items() if path.startswith(start)}
    top = (older / folder).resolve()
    files = (path for path in top.rglob("*") if path.is_symlink() or not path.is_dir())
    found = {f"{start}{file.relative_to(top).as_posix()}": digest_of(file) for file in files}
    return found == wanted


def _genuine(older: Path, path: str, digest: str) -> bool:
    """Whether a file of a release is within its work folder, and as it is listed."""
    file = (older / path).resolve()
    within = older.parents[1].resolve() in file.parents
    return within and file.is_file() and digest_of(file) == digest


def _open(folder: Path) -> None:
    """Puts a folder of our own in the place of a link to a bundle, with the same in it."""
    way, held = folder.readlink(), sorted(folder.iterdir())
    folder.unlink()
    folder.mkdir()
    for path in held:
        if path.is_dir():
            (folder / path.name).symlink_to(Path("..") / way / path.name)
        else:
            link(folder.parent / way / path.name, folder / path.name)


def clear(work: Path, names: Iterable[str]) -> None:
    """Removes every release but these, every bundle that none of them links to, and leavings.

    First everything goes aside, then it is deleted: a run that is killed here leaves nothing
    that could be taken for a whole release.
    """
    trash = work / TRASH
    for path in _unwanted(work, sorted(names)):
        with naming(path):
            set_aside(path, trash)
    discard(trash)


def _unwanted(work: Path, names: list[str]) -> list[Path]:
    wanted = {ORDER, *(f"{name}{end}" for name in names for end in ("", ".sha256", ".carried"))}
    # a link that releases have in common is one inode, and looked up once
    links = {link.inode(): link.path for name in names for link in _links(work / RELEASES / name)}
    linked = set(map(_bundle, links.values()))
    found = [path for path in _held(work / RELEASES) if path.name not in wanted]
    found += [path for path in _held(work / BUNDLES) if path.name not in linked]
    return [*found, *(path for path in _held(work) if path.suffix == ".new")]


def _held(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _links(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The links of a release; nothing in what they lead to is looked at."""
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_symlink():
                    yield entry
                elif entry.is_dir():
                    pending.append(entry.path)


def _bundle(link: str) -> str:
    """The bundle that a link leads to."""
    return os.readlink(link).rpartition(f"../{BUNDLES}/")[2].partition("/")[0]
