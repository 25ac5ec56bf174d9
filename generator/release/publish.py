"""Publication: a release is complete before anyone sees it, then shown by one rename.

Whatever stops a run, `site` leads to the whole old release or to the whole new one; the next
run removes what is left of it.  Where links are not allowed, `copies` does what can be done.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.release.copy_mode import adoptable, copy_in, drop, held
from generator.release.disk import (
    discard,
    exchange,
    put,
    seal,
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
    """Holds the work folder while a site is made and shown, and clears what a stopped run left.

    A run that came to its end has left nothing, and says so by taking its mark away.

    Raises `PublishRefused` where a folder is not ours or another run has it, `PublishFailed`
    where the disk refuses anything inside.
    """
    with _told(place):
        claim(place.work, place.site, content, place.way)
        with alone(place.work):
            started = place.work / STARTED
            if started.exists():
                _clear_leavings(place)
            started.touch()
            yield
            started.unlink(missing_ok=True)


@contextmanager
def _told(place: Place) -> Iterator[None]:
    before = _shown(place.site)
    try:
        yield
    except BrokenPipeError:  # whoever listened has gone: not the disk's fault
        raise
    except OSError as fault:
        if fault.errno is None:  # no system said this: jinja2's TemplateNotFound is such a one
            raise
        raise PublishFailed(fault, _outcome(place.site, before)) from fault


def _shown(site: Path) -> object:
    return site.readlink() if site.is_symlink() else held(site)


def _outcome(site: Path, before: object) -> Outcome:
    """What readers see now, asked of the disk itself."""
    copied = held(site)
    if copied and copied.towards:
        return Outcome.PARTLY
    return Outcome.UNCHANGED if _shown(site) == before else Outcome.PUBLISHED


def _clear_leavings(place: Place) -> None:
    """Removes what a killed run left: nothing of it was ever shown, or is shown any more."""
    discard(place.work / TRASH)
    clear(place.work, kept(place.work, current(place.site)))
    if place.fresh.is_symlink() or adoptable(place.fresh):
        drop(place.fresh)


def current(site: Path) -> str | None:
    """The name of the release that readers see; of a copy not yet whole, the one it will be."""
    if site.is_symlink():
        return site.readlink().name
    copied = held(site)
    return (copied.towards or copied.release) if copied else None


def published(work: Path, site: Path) -> Release:
    """The release that readers see, in the folder in which they see it."""
    if site.is_symlink():
        folder = site.resolve()
        return Release(folder=folder, manifest=manifest_of(site), digest=folder.name)
    made = release(work, current(site) or "")
    return Release(folder=site.absolute(), manifest=made.manifest, digest=made.digest)


def manifest_of(site: Path) -> Path:
    """Where the list of a linked site's files stands."""
    folder = site.resolve()
    return folder.with_name(f"{folder.name}.sha256")


def staging(work: Path) -> Path:
    """An empty folder for the site that is being made."""
    folder = work / RELEASES / STAGING
    discard(folder)
    folder.mkdir(parents=True)
    return folder


def finish(place: Place, staged: Path, listing: str | None = None) -> Release:
    """Makes a staged site a release: with what it carries along, read-only, on the disk.

    `listing` is the list of its files, for whoever knows it without reading them all.
    """
    text = manifest_text(staged) if listing is None else listing
    made = release(place.work, hashlib.sha256(text.encode()).hexdigest()[:16])
    older = carriers(place, current(place.site), made.digest)
    put(made.carried, carry(staged, text, older).encode())
    put(made.manifest, text.encode())
    seal(staged)
    settle(place.work, staged)
    if not made.folder.exists():
        staged.rename(made.folder)
    else:
        _renew(place.work, staged, made.folder)
    settle_folder(made.folder.parent)
    return made


def _renew(work: Path, staged: Path, folder: Path) -> None:
    """Puts a staged site in the place of a release of the same name, which readers may see.

    It may carry other files along, and mends a release that has been damaged.
    """
    if exchange(staged, folder):
        set_aside(staged, work / TRASH)
    else:
        set_aside(folder, work / TRASH)
        staged.rename(folder)


def show(place: Place, made: Release) -> None:
    """Shows a release to readers.

    The order is noted first: a run killed in between leaves the old site and a later release,
    which is what a rollback leaves, and never a site that the order does not know.
    """
    names = [name for name in lineage(place.work, current(place.site)) if name != made.digest]
    note(place.work, [*names, made.digest])
    _show(place, made)


def _show(place: Place, made: Release) -> None:
    place.site.parent.mkdir(parents=True, exist_ok=True)
    if by_copies(place.site, place.way):
        copy_in(place, made)
    else:
        switch(place, made)


def switch(place: Place, made: Release) -> None:
    """Points the link `site` at a release; readers see the old site or the new, nothing else."""
    drop(place.fresh)
    place.fresh.symlink_to(os.path.relpath(made.folder, place.site.parent.resolve()))
    if held(place.site) is None:
        place.fresh.replace(place.site)
    elif not exchange(place.fresh, place.site):
        raise PublishRefused(place.site, "exchange")
    settle_folder(place.site.parent)
    drop(place.fresh)


def drop_older(place: Place) -> None:
    """Removes what only releases older than the `keep` newest need."""
    names = kept(place.work, current(place.site))[-place.keep :]
    note(place.work, names)
    clear(place.work, names)


def rollback(place: Place) -> tuple[Release, Release]:
    """Shows the release before the current one; both, the current one first.

    Raises `PublishRefused` where there is none.  The order stays as it is, so that one more
    rollback goes one further back; what was taken back goes with the next publication.
    """
    shown = current(place.site)
    names = lineage(place.work, shown)
    if shown not in names[1:]:
        raise PublishRefused(place.site, "rollback")
    left, before = (release(place.work, name) for name in names[:-3:-1])
    _show(place, before)
    return left, before
