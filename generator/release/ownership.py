"""Folders are ours before anything is written to them; whatever is not is refused by name.

A work folder is read, filled and emptied by path, so that a link in it would lead all of this
elsewhere.  It is looked through once, before anything is done in it: nobody but its owner, and
a group that the owner trusts, can put one there afterwards.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from generator.release.copy_mode import MARK as COPIES
from generator.release.copy_mode import adoptable, held
from generator.release.disk import put
from generator.release.manifest import RELEASES
from generator.release.target import COPY, LINK, PublishRefused

MARK = "CACHEDIR.TAG"
MARK_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by gongbao; may be deleted.\n"
"""https://bford.info/cachedir/"""
_MODE = 0o775
"""Of a new work folder: whatever the umask, not everybody may write to it."""
_FOLDERS = frozenset(
    ("releases", "volumes", "pictures", "host", "preview", "docs", "docs.new", "trash", "plain")
)
"""What is a folder in a work folder; all else in it are files."""
_FILES = frozenset((MARK, "lock", "started", "nav.yml", "links.json", "cache.sqlite"))
_LISTED = ("releases", "volumes", "pictures")
"""Folders in which every name is the program's own; a release holds links to bundles."""
_WHOLE = ("host", "preview")
"""Folders that hold no link at all."""


def claim(work: Path, site: Path, content: Path, way: str | None = None) -> None:
    """Makes `work` ours before anything is written; raises `PublishRefused` where it is not.

    A folder of ours bears the mark that backup programs know as "made again when needed".
    """
    if _overlap(work.resolve(), content.resolve()):
        raise PublishRefused(work, "work-content")
    mark = work / MARK
    if work.exists():
        _check_work(work)
    # an empty folder beside the site is what is left of one that was being made or removed
    for path, may_be in ((site, way), (site.with_name(f"{site.name}.new"), COPY)):
        if os.path.lexists(path) and not _is_ours(path, may_be, work):
            raise PublishRefused(path, "site")
    _check_copies(work, site, content, way)
    work.parent.mkdir(parents=True, exist_ok=True)
    work.mkdir(_MODE, exist_ok=True)
    if not mark.is_file():
        put(mark, MARK_TEXT.encode())


def _check_work(work: Path) -> None:
    """Refuses a work folder that others could have filled, or that leads out of itself."""
    if not work.is_dir():
        raise PublishRefused(work, "work")
    about = work.stat()
    if about.st_uid != os.geteuid():
        raise PublishRefused(work, "work-owner")
    if about.st_mode & stat.S_IWOTH:
        raise PublishRefused(work, "work-open")
    if not _is_marked(work) and not _is_unused(work):
        raise PublishRefused(work, "work")
    for path in _strange(work):
        raise PublishRefused(path, "work-strange")


def _is_marked(work: Path) -> bool:
    """Whether a folder bears our own mark: other programs mark theirs by a file of that name."""
    mark = work / MARK
    text = MARK_TEXT.encode()
    if not mark.is_file():
        return False
    with mark.open("rb") as file:
        return file.read(len(text) + 1) == text


def _strange(work: Path) -> Iterator[Path]:
    """What stands in a work folder and is none of what the program puts there."""
    for entry in _entries(work):
        folder = entry.is_dir(follow_symlinks=False)
        if _is_no_file(entry) or entry.name in (_FILES if folder else _FOLDERS):
            yield Path(entry.path)
    for name in _LISTED:
        yield from (Path(entry.path) for entry in _entries(work / name) if _is_no_file(entry))
    pending = [work / name for name in _WHOLE]
    while pending:
        for entry in _entries(pending.pop()):
            if _is_no_file(entry):
                yield Path(entry.path)
            elif entry.is_dir(follow_symlinks=False):
                pending.append(Path(entry.path))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _is_no_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is neither a file nor a folder but a link, a pipe, a socket or a device."""
    return not (entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False))


def by_copies(site: Path, way: str | None) -> bool:
    """Whether a site is to be a folder of copies: by wish, else because it is one."""
    return way == COPY or (way is None and held(site) is not None)


def _check_copies(work: Path, site: Path, content: Path, way: str | None) -> None:
    """Refuses a site in which, or with which, files of others would go; a link among them too.

    What is made ready beside it goes at every publication.
    """
    above = site.parent.resolve()  # of the site itself a link of ours leads into the work folder
    for place in (above / site.name, above / f"{site.name}.new"):
        if any(_overlap(place, one.resolve()) for one in (content, work)):
            raise PublishRefused(site, "site-overlap")
    if way == LINK and held(site) is not None:
        for path in sorted(site.glob(".*")):
            if not path.name.startswith(COPIES):
                raise PublishRefused(path, "site-foreign")


def _is_unused(work: Path) -> bool:
    """Whether nothing is in a folder but what a run killed at its first step has left."""
    return work.is_dir() and all(path.name == f"{MARK}.new" for path in work.iterdir())


def _overlap(one: Path, other: Path) -> bool:
    return one == other or one in other.parents or other in one.parents


def _is_ours(site: Path, way: str | None, work: Path) -> bool:
    """Whether a site may be replaced; other programs keep their releases in such folders too."""
    if site.is_symlink():
        releases = (site.parent / site.readlink()).parent
        here = releases.parent.resolve() == work.resolve()
        return releases.name == RELEASES and (here or (releases.parent / MARK).is_file())
    return held(site) is not None or (way == COPY and adoptable(site))
