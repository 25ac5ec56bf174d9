"""Publishes releases: each is complete before anybody sees it, then shown by one rename.

Whatever interrupts a run, `site` links to the whole old release or to the whole new one, and the
next run removes the remains.  Hosts without links use `copy_mode`, which comes close to this.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.release.copy_mode import adoptable, copy_in, drop, read_mark
from generator.release.disk import (
    discard,
    exchange,
    make_read_only,
    put,
    set_aside,
    settle,
    settle_folder,
)
from generator.release.lock import alone
from generator.release.manifest import RELEASES, STARTED, manifest_text
from generator.release.ownership import by_copies, claim
from generator.release.releases import (
    STAGING,
    TRASH,
    Release,
    carriers,
    carry,
    clear,
    kept,
    lineage,
    note,
    release,
)
from generator.release.target import Outcome, Place, PublishFailed, PublishRefused


@contextmanager
def publication(place: Place, content: Path) -> Iterator[None]:
    """Locks the work folder while a site is made and shown; clears an interrupted run's remains.

    The file `STARTED` exists during a run; if it exists before, the last run was interrupted.

    Raises `PublishRefused` if a folder is not ours or another run has the lock, `PublishFailed`
    for an error of the disk inside.
    """
    with _disk_errors(place):
        claim(place.work, place.site, content, place.way)
        with alone(place.work):
            started = place.work / STARTED
            if started.exists():
                _clear_leavings(place)
            started.touch()
            yield
            started.unlink(missing_ok=True)


@contextmanager
def _disk_errors(place: Place) -> Iterator[None]:
    """Turns `OSError` into `PublishFailed`, with what readers see then."""
    before = _shown(place.site)
    try:
        yield
    except BrokenPipeError:  # the reader of our output has gone, which is no error of the disk
        raise
    except OSError as fault:
        if fault.errno is None:  # not from the system: jinja2's TemplateNotFound is an OSError too
            raise
        raise PublishFailed(fault, _outcome(place.site, before)) from fault


def _shown(site: Path) -> object:
    return site.readlink() if site.is_symlink() else read_mark(site)


def _outcome(site: Path, before: object) -> Outcome:
    """What readers see now, according to the disk."""
    copied = read_mark(site)
    if copied and copied.towards:
        return Outcome.PARTLY
    return Outcome.UNCHANGED if _shown(site) == before else Outcome.PUBLISHED


def _clear_leavings(place: Place) -> None:
    """Removes the remains of an interrupted run; readers see nothing of them."""
    discard(place.work / TRASH)
    clear(place.work, kept(place.work, current(place.site)))
    if place.fresh.is_symlink() or adoptable(place.fresh):
        drop(place.fresh)


def current(site: Path) -> str | None:
    """The name of the release that readers see; for a copy during a change, of the next one."""
    if site.is_symlink():
        return site.readlink().name
    copied = read_mark(site)
    return (copied.towards or copied.release) if copied else None


def published(work: Path, site: Path) -> Release:
    """The release that readers see, in the folder in which they see it."""
    if site.is_symlink():
        folder = site.resolve()
        return Release(folder=folder, manifest=manifest_of(site), digest=folder.name)
    copied = release(work, current(site) or "")
    return Release(folder=site.absolute(), manifest=copied.manifest, digest=copied.digest)


def manifest_of(site: Path) -> Path:
    """The path of the list of a linked site's files."""
    folder = site.resolve()
    return folder.with_name(f"{folder.name}.sha256")


def staging(work: Path) -> Path:
    """A new empty folder for the site that is being made."""
    folder = work / RELEASES / STAGING
    discard(folder)
    folder.mkdir(parents=True)
    return folder


def finish(place: Place, staged: Path, listing: str | None = None) -> Release:
    """Turns a staged site into a release: adds carried files, makes it read-only and durable.

    `listing` is the list of its files, from callers that know it without reading them all.
    """
    text = manifest_text(staged) if listing is None else listing
    new_release = release(place.work, hashlib.sha256(text.encode()).hexdigest()[:16])
    older = carriers(place, current(place.site), new_release.digest)
    put(new_release.carried, carry(staged, text, older).encode())
    put(new_release.manifest, text.encode())
    make_read_only(staged)
    settle(place.work, staged)
    if not new_release.folder.exists():
        staged.rename(new_release.folder)
    else:
        _renew(place.work, staged, new_release.folder)
    settle_folder(new_release.folder.parent)
    return new_release


def _renew(work: Path, staged: Path, folder: Path) -> None:
    """Replaces a release of the same name, which readers may see, with a staged site.

    The staged one may carry other files along, and repairs a damaged release.
    """
    if exchange(staged, folder):
        set_aside(staged, work / TRASH)
    else:
        set_aside(folder, work / TRASH)
        staged.rename(folder)


def show(place: Place, target: Release) -> None:
    """Shows a release to readers.

    The order is written first: a run killed in between leaves the old site and a later release, as
    a rollback does, and never a site that is missing from the order.
    """
    names = [name for name in lineage(place.work, current(place.site)) if name != target.digest]
    note(place.work, [*names, target.digest])
    _show(place, target)


def _show(place: Place, target: Release) -> None:
    place.site.parent.mkdir(parents=True, exist_ok=True)
    if by_copies(place.site, place.way):
        copy_in(place, target)
    else:
        switch(place, target)


def switch(place: Place, target: Release) -> None:
    """Points the link `site` at a release atomically: readers see the old site or the new one."""
    drop(place.fresh)
    place.fresh.symlink_to(os.path.relpath(target.folder, place.site.parent.resolve()))
    if read_mark(place.site) is None:
        place.fresh.replace(place.site)
    elif not exchange(place.fresh, place.site):
        raise PublishRefused(place.site, "exchange")
    settle_folder(place.site.parent)
    drop(place.fresh)


def drop_older(place: Place) -> None:
    """Removes releases older than the `keep` newest, and everything that only they need."""
    names = kept(place.work, current(place.site))[-place.keep :]
    note(place.work, names)
    clear(place.work, names)


def rollback(place: Place) -> tuple[Release, Release]:
    """Shows the release before the current one; returns both, the current one first.

    Raises `PublishRefused` if there is none.  The order does not change, so that one more rollback
    goes one further back; the next publication removes the releases that were rolled back.
    """
    current_name = current(place.site)
    names = lineage(place.work, current_name)
    if current_name not in names[1:]:
        raise PublishRefused(place.site, "rollback")
    shown, before = (release(place.work, name) for name in names[:-3:-1])
    _show(place, before)
    return shown, before
