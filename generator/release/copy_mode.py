"""Publishes a site as a folder of copies, for hosts where symbolic links are not allowed.

Readers may come at any moment, so that a file must exist before a page links to it: files are
renamed into place first, then pages, then old files are removed.  Everything is written beside the
site before the first rename, so that a full disk is noticed while nothing has changed.  The mark
names the release in the folder, and during a change also the next one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from generator.release.disk import (
    copy,
    discard,
    exchange,
    put,
    remove_tree,
    settle,
    settle_folder,
)
from generator.release.manifest import digest_of, tree
from generator.release.releases import Release, release
from generator.release.target import Place, PublishRefused

MARK, WAITING = ".gongbao", ".gongbao.files"
_TEXT = "# Made by gongbao, which replaces all but names that begin with a dot.\n"
_POINTING = (".html", ".xml")
_INDEX = "search/index.json"


class CopyMark(Struct, frozen=True, kw_only=True):
    """The mark of a folder of copies: its release; `towards` is the next one during a change."""

    release: str = ""
    towards: str = ""


def read_mark(site: Path) -> CopyMark | None:
    """The mark of a folder of copies; None if the folder is not the program's."""
    if site.is_symlink() or not (site / MARK).is_file():
        return None
    rows = (line.partition(" ") for line in (site / MARK).read_text("utf-8").splitlines())
    fields = {word: name for word, _, name in rows}
    return CopyMark(release=fields.get("release", ""), towards=fields.get("towards", ""))


def write_mark(site: Path, content: CopyMark) -> None:
    """Marks a folder as the program's own, with its release."""
    text = f"{_TEXT}release {content.release}\ntowards {content.towards}\n"
    put(site / MARK, text.encode())


def adoptable(folder: Path) -> bool:
    """Whether a folder may become one of copies: it is the program's already, or empty."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return read_mark(folder) is not None or all(
        path.name.startswith(MARK) for path in folder.iterdir()
    )


def drop(fresh: Path) -> None:
    """Removes the folder beside the site; the mark goes last, so that the rest stays ours."""
    if fresh.is_dir() and not fresh.is_symlink():
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == MARK):
            discard(path)
    discard(fresh)


def copy_in(place: Place, target: Release) -> None:
    """Copies a release into the site, which may be a folder of copies, a link or missing."""
    if adoptable(place.site):
        _change(place, place.site, target)
        return
    drop(place.fresh)
    place.fresh.mkdir(parents=True)
    write_mark(place.fresh, CopyMark(towards=target.digest))
    _change(place, place.fresh, target)
    if not os.path.lexists(place.site):
        place.fresh.rename(place.site)
    elif not exchange(place.fresh, place.site):
        raise PublishRefused(place.site, "exchange")
    settle_folder(place.site.parent)
    drop(place.fresh)


def _change(place: Place, folder: Path, target: Release) -> None:
    before = read_mark(folder) or CopyMark()
    digests = target.files()
    former = release(place.work, before.release).files() if before.release else {}
    present = tree(folder, {**former, **digests})
    trusted = not before.towards and before.release in place.trusted
    trusted_digests = former if trusted else {}
    stale = [
        path for path in digests if not _same(path, present.files, digests, trusted_digests, target)
    ]
    waiting = _write_beside(folder, sorted(stale, key=_turn(present.files)), target)
    if waiting or {*present.files, *present.links} - digests.keys():
        write_mark(folder, CopyMark(release=before.release, towards=target.digest))
    for path, copied in waiting.items():
        _make_way(folder, path)
        copied.replace(folder / path)
    _remove(folder, [path for path in (*present.files, *present.links) if path not in digests])
    discard(folder / WAITING)
    settle(folder, folder)
    write_mark(folder, CopyMark(release=target.digest))


def _same(
    path: str,
    files: Mapping[str, Path],
    digests: Mapping[str, str],
    trusted_digests: Mapping[str, str],
    target: Release,
) -> bool:
    """Whether a copy is up to date: by trusted digests and its size if possible, else by bytes."""
    if path not in files:
        return False
    if path in trusted_digests:
        whole = files[path].stat().st_size == (target.folder / path).stat().st_size
        return trusted_digests[path] == digests[path] and whole
    return digest_of(files[path]) == digests[path]


def _turn(present: Mapping[str, Path]) -> Callable[[str], tuple[bool, bool, int, str]]:
    """The sort key of writing: files before pages; new ones before old, deep before shallow.

    So a page exists before another page links to it.
    """

    def turn(path: str) -> tuple[bool, bool, int, str]:
        points = path.endswith(_POINTING) or path == _INDEX
        return points, path in present, -path.count("/"), path

    return turn


def _write_beside(folder: Path, paths: Iterable[str], target: Release) -> dict[str, Path]:
    """Copies a release's files into a waiting folder, durably; the copies by path."""
    waiting = folder / WAITING
    discard(waiting)
    waiting.mkdir()
    try:
        copies = {path: waiting / str(count) for count, path in enumerate(paths)}
        for path, copied in copies.items():
            copy(target.folder / path, copied)
        settle(folder, waiting)
    except OSError:
        with suppress(OSError):  # the first error is the one to report
            remove_tree(waiting)
        raise
    return copies


def _make_way(folder: Path, path: str) -> None:
    """Makes the folders for a file, and removes whatever else is at their paths."""
    target = folder
    for step in path.split("/")[:-1]:
        target /= step
        if target.is_symlink() or not target.is_dir():
            discard(target)
            target.mkdir()
    if (folder / path).is_dir():
        discard(folder / path)


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """Removes files that the release does not have, and folders that are empty then."""
    for path in paths:
        target = folder / path
        if target.is_symlink() or target.is_file():
            target.unlink()
        for above in PurePosixPath(path).parents[:-1]:
            place = folder / above
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
