"""Changes a site in place, where its folder cannot be exchanged for another.

Readers may come at any moment, so that a file must exist before a page links to it: files are
renamed into place first, then pages, then old files are removed.  Everything is written in the
site before the first rename, so that a full disk is noticed while nothing has changed.  During the
change the mark names both releases.  What others put at the top of the folder is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import structs

from generator.release.disk import discard, link, make_folder, remove_tree, settle
from generator.release.manifest import digest_of, tree
from generator.release.releases import Release
from generator.release.site_mark import (
    WAITING,
    SiteMark,
    foreign_names,
    own_names,
    read_mark,
    write_mark,
)
from generator.release.target import PublishRefused

_POINTING = (".html", ".xml")
_INDEX = "search/index.json"
_FEEDS = "feeds/"
"""In three forms, all of which point at pages and archives."""


def change(folder: Path, target: Release, mark: SiteMark) -> None:
    """Makes a folder have the files of a release; `mark` is the release's own.

    Raises `PublishRefused` if a name of the release is taken by somebody else.
    """
    before = read_mark(folder) or SiteMark(own=())
    digests = target.files()
    foreign = foreign_names(folder, before, mark.own or ())
    for name in _taken(foreign, digests.keys()):
        raise PublishRefused(folder / name, "site-taken")
    present = tree(folder, {*(before.own or ()), *digests})
    stale = [path for path in digests if not _same(present.files.get(path), target, path, digests)]
    theirs = tuple(f"{name}/" for name in foreign)
    gone = [
        path
        for path in (*present.files, *present.links)
        if path not in digests and path not in foreign and not path.startswith(theirs)
    ]
    waiting = _write_beside(folder, sorted(stale, key=_turn(present.files)), target)
    if waiting or gone:
        both = tuple(sorted({*(before.own or own_names(present.files)), *(mark.own or ())}))
        towards = structs.replace(before, towards=target.digest, own=both)
        write_mark(folder, towards)
    for path, new in waiting.items():
        _make_way(folder, path)
        new.replace(folder / path)
    _remove(folder, gone)
    discard(folder / WAITING)
    settle(folder, folder)
    write_mark(folder, mark)


def _taken(names: Iterable[str], addresses: Collection[str]) -> Iterator[str]:
    """The names that a site with these addresses needs for a file or a folder of its own."""
    folders = {above.as_posix() for a in addresses for above in PurePosixPath(a).parents}
    for name in names:
        above = (path.as_posix() for path in PurePosixPath(name).parents)
        if name in addresses or name in folders or any(path in addresses for path in above):
            yield name


def _same(file: Path | None, target: Release, path: str, digests: Mapping[str, str]) -> bool:
    """Whether a file is the release's own one by another name, or has its bytes."""
    if file is None:
        return False
    with suppress(FileNotFoundError):
        if file.samefile(target.folder / path):
            return True
    return digest_of(file) == digests[path]


def _turn(present: Mapping[str, Path]) -> Callable[[str], tuple[bool, bool, int, str]]:
    """The sort key of writing: files before pages; new ones before old, deep before shallow.

    So a page exists before another page links to it.
    """

    def turn(path: str) -> tuple[bool, bool, int, str]:
        points = path.endswith(_POINTING) or path == _INDEX or path.startswith(_FEEDS)
        return points, path in present, -path.count("/"), path

    return turn


def _write_beside(folder: Path, paths: Iterable[str], target: Release) -> dict[str, Path]:
    """Puts a release's files into a waiting folder, durably; the files by path."""
    waiting = folder / WAITING
    discard(waiting)
    waiting.mkdir()
    try:
        files = {path: waiting / str(count) for count, path in enumerate(paths)}
        for path, file in files.items():
            link(target.folder / path, file)
        settle(folder, waiting)
    except OSError:
        with suppress(OSError):  # the first error is the one to report
            remove_tree(waiting)
        raise
    return files


def _make_way(folder: Path, path: str) -> None:
    """Makes the folders for a file, and removes whatever else is at their paths."""
    target = folder
    for step in path.split("/")[:-1]:
        target /= step
        if target.is_symlink() or not target.is_dir():
            discard(target)
            make_folder(target)
    if (folder / path).is_dir():
        discard(folder / path)


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """Removes files that the release does not have, and folders that are empty then."""
    for path in paths:
        target = folder / path
        if target.is_symlink() or not target.is_dir():
            target.unlink(missing_ok=True)  # its folder may have made way for a file
        for above in PurePosixPath(path).parents[:-1]:
            place = folder / above
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
