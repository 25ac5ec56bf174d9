"""A site as a folder of copies, for hosts where links are not allowed.

Readers may come at any moment, so what is pointed at stands before what points at it: files
first, then pages, then what is gone is removed.  Everything is written beside the site before
the first rename, so that a full disk is met while nothing has changed.  The mark says which
release the folder holds, and while it is being changed, which one it is to hold.
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


class Held(Struct, frozen=True, kw_only=True):
    """The release that a folder of copies holds; `towards` where a run has not ended."""

    release: str = ""
    towards: str = ""


def held(site: Path) -> Held | None:
    """What a folder of copies holds; None where a path is none of ours."""
    if site.is_symlink() or not (site / MARK).is_file():
        return None
    rows = (line.partition(" ") for line in (site / MARK).read_text("utf-8").splitlines())
    named = {word: name for word, _, name in rows}
    return Held(release=named.get("release", ""), towards=named.get("towards", ""))


def mark(site: Path, holds: Held) -> None:
    """Makes a folder one of ours, and says what it holds."""
    text = f"{_TEXT}release {holds.release}\ntowards {holds.towards}\n"
    put(site / MARK, text.encode())


def adoptable(folder: Path) -> bool:
    """Whether a folder may become one of copies: ours already, or with nothing in it."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return held(folder) is not None or all(path.name.startswith(MARK) for path in folder.iterdir())


def drop(fresh: Path) -> None:
    """Removes what stands beside the site; the mark goes last, so that what is left stays ours."""
    if fresh.is_dir() and not fresh.is_symlink():
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == MARK):
            discard(path)
    discard(fresh)


def copy_in(place: Place, made: Release) -> None:
    """Makes the site hold a release, whatever of ours stands there now."""
    if adoptable(place.site):
        _change(place, place.site, made)
        return
    drop(place.fresh)
    place.fresh.mkdir(parents=True)
    mark(place.fresh, Held(towards=made.digest))
    _change(place, place.fresh, made)
    if not os.path.lexists(place.site):
        place.fresh.rename(place.site)
    elif not exchange(place.fresh, place.site):
        raise PublishRefused(place.site, "exchange")
    settle_folder(place.site.parent)
    drop(place.fresh)


def _change(place: Place, folder: Path, made: Release) -> None:
    before = held(folder) or Held()
    wanted = made.files()
    found = tree(folder)
    trusted = not before.towards and before.release in place.known
    known = release(place.work, before.release).files() if trusted else {}
    stale = [path for path in wanted if not _same(path, found.files, wanted, known, made)]
    waiting = _write_beside(folder, sorted(stale, key=_turn(found.files)), made)
    if waiting or {*found.files, *found.links} - wanted.keys():
        mark(folder, Held(release=before.release, towards=made.digest))
    for path, copied in waiting.items():
        _make_way(folder, path)
        copied.replace(folder / path)
    _remove(folder, [path for path in (*found.files, *found.links) if path not in wanted])
    discard(folder / WAITING)
    settle(folder, folder)
    mark(folder, Held(release=made.digest))


def _same(
    path: str,
    found: Mapping[str, Path],
    wanted: Mapping[str, str],
    known: Mapping[str, str],
    made: Release,
) -> bool:
    """Whether a copy is as it should be: by the lists where it can be, else by its bytes."""
    if path not in found:
        return False
    if path in known:
        whole = found[path].stat().st_size == (made.folder / path).stat().st_size
        return known[path] == wanted[path] and whole
    return digest_of(found[path]) == wanted[path]


def _turn(found: Mapping[str, Path]) -> Callable[[str], tuple[bool, bool, int, str]]:
    """Files before pages; then what is new before what leads to it, deep before shallow."""

    def turn(path: str) -> tuple[bool, bool, int, str]:
        points = path.endswith(_POINTING) or path == _INDEX
        return points, path in found, -path.count("/"), path

    return turn


def _write_beside(folder: Path, paths: Iterable[str], made: Release) -> dict[str, Path]:
    """Copies of a release's files in a folder that no page leads to, on the disk, by path."""
    waiting = folder / WAITING
    discard(waiting)
    waiting.mkdir()
    try:
        written = {path: waiting / str(count) for count, path in enumerate(paths)}
        for path, copied in written.items():
            copy(made.folder / path, copied)
        settle(folder, waiting)
    except OSError:
        with suppress(OSError):  # the first fault is the one to tell
            remove_tree(waiting)
        raise
    return written


def _make_way(folder: Path, path: str) -> None:
    """Folders for a file, in place of whatever else stands where they have to be."""
    target = folder
    for step in path.split("/")[:-1]:
        target /= step
        if target.is_symlink() or not target.is_dir():
            discard(target)
            target.mkdir()
    if (folder / path).is_dir():
        discard(folder / path)


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """Removes files that the release does not have, and folders with nothing left in them."""
    for path in paths:
        target = folder / path
        if target.is_symlink() or target.is_file():
            target.unlink()
        for above in PurePosixPath(path).parents[:-1]:
            place = folder / above
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
