"""Checks that folders are the program's own before it writes to them or removes them.

The program reads, fills and empties a work folder by path, so that a link in it would redirect all
of this.  One check before a run is enough: afterwards only the folder's owner, and a group that
the owner trusts, can put a link there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from generator.release.disk import put
from generator.release.lock import LOCK
from generator.release.manifest import BUNDLES, RELEASES, STARTED
from generator.release.rights import is_own, permits
from generator.release.site_mark import is_adoptable, read_mark
from generator.release.target import PublishRefused, fresh_path

MARK = "CACHEDIR.TAG"
MARK_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by gongbao; may be deleted.\n"
"""https://bford.info/cachedir/"""
_MODE = 0o775
"""The mode of a new work folder: not world-writable, whatever the umask."""
PLAIN = "plain"
"""The folder in a work folder that MkDocs builds into."""
MAILS = "newsletter"
"""The folder in a work folder with mails to subscribers."""
_OLDER_FOLDERS = ("volumes", "host")
"""Folders of older versions."""
_FOLDERS = frozenset(
    (
        *(RELEASES, BUNDLES, "pictures", "preview", "docs", "docs.new", "trash", PLAIN, MAILS),
        *_OLDER_FOLDERS,
    )
)
"""The folders in a work folder; everything else in it must be a file."""
_CACHE = "cache.sqlite"
_FILES = frozenset((MARK, LOCK, STARTED, "nav.yml", "links.json", _CACHE))
_LISTED = (RELEASES, BUNDLES, "volumes", "pictures")
"""Folders whose direct entries may not be links; below them only what they list is read."""
_WHOLE = ("host", "preview")
"""Folders without any link below them."""


def claim(work: Path, site: Path, content: Path) -> None:
    """Checks and marks the work folder; raises `PublishRefused` if it or the site is not ours.

    The mark is CACHEDIR.TAG, by which backup programs skip a folder that can be made again.
    """
    if _overlap(work.resolve(), content.resolve()):
        raise PublishRefused(work, "work-content")
    if work.exists():
        _check_work(work)
    if os.path.lexists(site) and not (is_adoptable(site) or is_older_link(site, work)):
        raise PublishRefused(site, "site")
    above = site.parent.resolve()  # not the site itself, which may be a link into the work folder
    for place in (above / site.name, fresh_path(above / site.name)):
        if any(_overlap(place, folder.resolve()) for folder in (content, work)):
            raise PublishRefused(site, "site-overlap")
    work.parent.mkdir(parents=True, exist_ok=True)
    work.mkdir(_MODE, exist_ok=True)
    sign(work)


def sign(work: Path) -> None:
    """Marks a work folder as the program's own, unless it is marked."""
    if not (work / MARK).is_file():
        put(work / MARK, MARK_TEXT.encode())


def is_publications(folder: Path, work: Path, site: Path) -> bool:
    """Whether nobody else may empty a folder: it is or holds a site, or what sites are made of.

    `plain` in a work folder is MkDocs' own.
    """
    place, base = folder.resolve(), work.resolve()
    if folder.absolute() == site.absolute() or read_mark(folder) is not None:
        return True
    if is_older_link(folder, work):
        return True
    inner = place.relative_to(base).parts[:1] if place.is_relative_to(base) else ()
    return base.is_relative_to(place) or (bool(inner) and inner[0] in _FOLDERS - {PLAIN})


def _check_work(work: Path) -> None:
    """Refuses a work folder that other users could have filled, or that has strange links."""
    if not work.is_dir():
        raise PublishRefused(work, "work")
    about = work.stat()
    if not is_own(about):
        raise PublishRefused(work, "work-owner")
    if permits(about, stat.S_IWOTH):
        raise PublishRefused(work, "work-open")
    if not _is_marked(work) and not _is_unused(work):
        raise PublishRefused(work, "work")
    for path in _strange(work):
        raise PublishRefused(path, "work-strange")


def removable(work: Path) -> list[Path]:
    """What the program made in a work folder, if anything, but the mark and the lock."""
    made = _FOLDERS | _FILES - {MARK, LOCK}
    paths = (Path(entry.path) for entry in _entries(work))
    return [path for path in paths if path.name in made or path.name.startswith(f"{_CACHE}-")]


def _is_marked(work: Path) -> bool:
    """Whether a folder has our own mark; other programs use a file of the same name."""
    mark = work / MARK
    text = MARK_TEXT.encode()
    if not mark.is_file():
        return False
    with mark.open("rb") as file:
        return file.read(len(text) + 1) == text


def _strange(work: Path) -> Iterator[Path]:
    """The entries of a work folder that the program does not make."""
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
    """Whether an entry is a link, a pipe, a socket or a device."""
    return not (entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False))


def _is_unused(work: Path) -> bool:
    """Whether a folder has nothing but what MkDocs or a run that was killed at once left."""
    left = (f"{MARK}.new", PLAIN)
    return work.is_dir() and all(path.name in left for path in work.iterdir())


def _overlap(first: Path, second: Path) -> bool:
    return first == second or first in second.parents or second in first.parents


def is_older_link(site: Path, work: Path) -> bool:
    """Whether a site is a link into a marked work folder, as older versions made it."""
    if not site.is_symlink():
        return False
    releases = (site.parent / site.readlink()).parent
    here = releases.parent.resolve() == work.resolve()
    return releases.name == RELEASES and (here or (releases.parent / MARK).is_file())
