"""Publishes releases: each is complete before anybody sees it, then shown by one exchange.

Whatever interrupts a run, `site` is the whole old release or the whole new one, and the next run
removes the remains.  Where folders cannot be exchanged `in_place` comes close to this.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EXDEV
from pathlib import Path

from msgspec import structs

from generator.release.disk import (
    FILE_MODE,
    discard,
    make_folder,
    put,
    set_aside,
    set_mode,
    settle,
    settle_folder,
)
from generator.release.exchange import exchange
from generator.release.in_place import change
from generator.release.lock import alone
from generator.release.manifest import RELEASES, STARTED, digest_of, tree
from generator.release.ownership import claim, is_older_link, sign
from generator.release.releases import (
    STAGING,
    TRASH,
    UNSIGNED,
    Release,
    clear,
    complete_releases,
    current,
    lineage,
    name_by_marks,
    note,
    release,
    shelve,
)
from generator.release.site_mark import (
    MARK,
    SiteMark,
    foreign_names,
    is_adoptable,
    own_names,
    read_mark,
    write_mark,
)
from generator.release.staging import copy_release
from generator.release.target import (
    IN_PLACE,
    Obstacle,
    Outcome,
    Place,
    PublishFailed,
    PublishRefused,
    Shown,
)


@contextmanager
def publication(place: Place, content: Path) -> Iterator[None]:
    """Locks the work folder while a site is made and shown; clears an interrupted run's remains.

    The file `STARTED` exists during a run; if it exists before, the last run was interrupted.

    Raises `PublishRefused` if a folder is not ours or another run has the lock, `PublishFailed`
    for an error of the disk inside.
    """
    with disk_errors(place):
        claim(place.work, place.site, content)
        with alone(place.work):
            sign(place.work)  # `clean` may have removed the mark a moment ago
            started = place.work / STARTED
            if started.exists():
                _clear_leavings(place)
            started.touch()
            yield
            started.unlink(missing_ok=True)


@contextmanager
def disk_errors(place: Place) -> Iterator[None]:
    """Turns `OSError` into `PublishFailed`, with what readers see then."""
    before = read_mark(place.site)
    try:
        yield
    except BrokenPipeError:  # the reader of our output has gone, which is no error of the disk
        raise
    except OSError as fault:
        if fault.errno is None:  # not from the system: jinja2's TemplateNotFound is an OSError too
            raise
        raise PublishFailed(fault, _outcome(read_mark(place.site), before)) from fault


def _outcome(mark: SiteMark | None, before: SiteMark | None) -> Outcome:
    """What readers see now, according to the disk."""
    if mark and mark.towards:
        return Outcome.PARTLY
    return Outcome.UNCHANGED if mark == before else Outcome.PUBLISHED


def _clear_leavings(place: Place) -> None:
    """Removes the remains of an interrupted run; readers see nothing of them."""
    discard(place.work / TRASH)
    if not place.site.is_symlink():  # else it leads to files that the next lines would remove
        name_by_marks(place.work)
        clear(place.work, (*complete_releases(place.work, current(place.site)), UNSIGNED))
    if _is_ours(place):
        _drop(place.fresh)


def published(work: Path, site: Path) -> Release:
    """The release that readers see, in the folder in which they see it.

    Raises `PublishRefused` if the site is a link, as an older version made it.
    """
    if site.is_symlink():
        raise PublishRefused(site, "site-link")
    return structs.replace(release(work, current(site) or ""), folder=site.absolute())


def finish(
    place: Place, staged: Path, listing: str, carried: Mapping[str, str], content: str = ""
) -> Release:
    """Turns a filled folder into a release, durable and marked.

    `listing` is the list of its files, `carried` has digests of those that depend on history, and
    `content` is a digest of what it was made from.
    """
    new = release(place.work, release_name(listing))
    declared = [line.partition("  ")[2] for line in listing.splitlines()]
    own = own_names((*declared, *carried))
    write_mark(staged, SiteMark(release=new.digest, content=content, own=own))
    _put_lists(new, listing, carried)
    settle(place.work, staged)
    if new.folder.exists():  # the same site as an older release's, which may be damaged
        _take_place(place, staged, new.folder)
    else:
        staged.rename(new.folder)
    settle_folder(new.folder.parent)
    return new


def _put_lists(new: Release, listing: str, carried: Mapping[str, str]) -> None:
    put(new.carried, "".join(f"{carried[path]}  {path}\n" for path in sorted(carried)).encode())
    put(new.manifest, listing.encode())


def keep_unsigned(
    place: Place, staged: Path, listing: str, carried: Mapping[str, str], note: bytes
) -> Release:
    """Keeps a filled folder, which nobody sees, until its `note` is signed; see `finish`."""
    new = release(place.work, UNSIGNED)
    discard(new.folder)
    _put_lists(new, listing, carried)
    put(new.note, note)
    settle(place.work, staged)
    staged.rename(new.folder)
    settle_folder(new.folder.parent)
    return new


def _take_place(place: Place, staged: Path, older: Path) -> None:
    """Puts a folder in the place of an older one, to which a link of an older version may lead."""
    if exchange(staged, older) is None:
        set_aside(staged, place.work / TRASH)
    elif place.site.is_symlink():
        raise PublishRefused(place.site, "exchange")
    else:
        set_aside(older, place.work / TRASH)
        staged.rename(older)


def release_name(listing: str) -> str:
    """The name of a release with this list."""
    return hashlib.sha256(listing.encode()).hexdigest()[:16]


def show(place: Place, target: Release) -> Shown:
    """Shows a release to readers.

    The order is written first: a run killed in between leaves the old site and a later release, as
    a rollback does, and never a site that is missing from the order.
    """
    names = [name for name in lineage(place.work, current(place.site)) if name != target.digest]
    note(place.work, [*names, target.digest])
    return _show(place, target, ())


def _show(place: Place, target: Release, held: tuple[str, ...]) -> Shown:
    """Shows a release whose folder stands in the work folder; `held` goes into its mark."""
    place.site.parent.mkdir(parents=True, exist_ok=True)
    before, mark = read_mark(place.site), read_mark(target.folder) or SiteMark()
    chosen = _in_place_chosen(place, before)
    mark = structs.replace(mark, held=held, in_place=chosen)
    write_mark(target.folder, mark)
    if not is_adoptable(place.site):
        _show_first(place, target, mark)
        return Shown()
    foreign = foreign_names(place.site, before) if before else ()
    obstacle = Obstacle.CHOSEN if chosen else Obstacle.FOREIGN if foreign else None
    obstacle = obstacle or exchange(target.folder, place.site)
    if obstacle is None:
        settle_folder(place.site.parent)
        shelve(place.work, target.folder)
        settle_folder(target.folder.parent)
        return Shown()
    _keep_shown(place, before)
    change(place.site, target, mark)
    return Shown(obstacle=obstacle, name=foreign[0] if foreign else "")


def _in_place_chosen(place: Place, mark: SiteMark | None) -> bool:
    """Whether a site is to be changed in place: by option, else as chosen before."""
    return place.way == IN_PLACE or (place.way is None and mark is not None and mark.in_place)


def keep_way(place: Place) -> None:
    """Notes the chosen way of publishing in the mark of a site that stays as it is."""
    mark = read_mark(place.site)
    if mark and mark.in_place != _in_place_chosen(place, mark):
        write_mark(place.site, structs.replace(mark, in_place=not mark.in_place))


def _show_first(place: Place, target: Release, mark: SiteMark) -> None:
    """Shows a release where no folder is: nothing, or a link that an older version made.

    It is prepared beside the site, so that a link is never missing for a moment.  Somebody may
    have put something at the site's path since the run began: it stays.
    """
    _drop_ours(place)
    if place.site.is_symlink() or not _moved(target.folder, place.fresh):
        make_folder(place.fresh)  # the link may lead to the release's own folder
        change(place.fresh, target, mark)
    if not os.path.lexists(place.site):
        place.fresh.rename(place.site)
    elif not is_older_link(place.site, place.work):
        raise PublishRefused(place.site, "site")
    elif exchange(place.fresh, place.site):
        raise PublishRefused(place.site, "exchange")
    elif not is_older_link(place.fresh, place.work):
        exchange(place.fresh, place.site)
        raise PublishRefused(place.site, "site")
    settle_folder(place.site.parent)
    _drop_ours(place)


def _moved(folder: Path, target: Path) -> bool:
    """Moves a folder, if both paths are on the same disk."""
    try:
        folder.rename(target)
    except OSError as fault:
        if fault.errno != EXDEV:
            raise
        return False
    return True


def _drop_ours(place: Place) -> None:
    """Removes what a run prepared beside the site; raises `PublishRefused` if it is another's."""
    if _is_ours(place):
        _drop(place.fresh)
    elif os.path.lexists(place.fresh):
        raise PublishRefused(place.fresh, "site")


def _is_ours(place: Place) -> bool:
    """Whether what is beside the site is an older link, or a folder with our own names alone."""
    if place.fresh.is_symlink() or not place.fresh.is_dir():
        return is_older_link(place.fresh, place.work)
    return not foreign_names(place.fresh, read_mark(place.fresh) or SiteMark(own=()))


def _drop(fresh: Path) -> None:
    """Removes what is beside the site; the mark goes last, so that the rest stays ours."""
    if fresh.is_dir() and not fresh.is_symlink():
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == MARK):
            discard(path)
    discard(fresh)


def _keep_shown(place: Place, mark: SiteMark | None) -> None:
    """Keeps the visible release in the work folder, as the site's folder will be changed."""
    if mark is None or mark.towards:
        return
    if mark.release not in complete_releases(place.work, mark.release):
        return
    older, staged = release(place.work, mark.release), place.work / RELEASES / STAGING
    if not older.folder.exists():
        discard(staged)
        copy_release(place.site, older.files(), staged)
        write_mark(staged, mark)
        staged.rename(older.folder)


def drop_older(place: Place) -> bool:
    """Removes releases older than the `keep` newest; whether there were any."""
    names = complete_releases(place.work, current(place.site))[-place.keep :]
    note(place.work, names)
    return clear(place.work, names)


def complete(place: Place) -> str:
    """Ends a change in place that was interrupted: the site is one whole release again.

    It is the one before the change, else the next; returns its name, "" if neither is there.  What
    is held stays so.
    """
    mark = read_mark(place.site) or SiteMark()
    if not mark.towards:
        return mark.release
    for name in (mark.release, mark.towards):
        target = release(place.work, name)
        if name and read_mark(target.folder) and target.manifest.is_file():
            with suppress(PublishRefused):  # somebody changed it
                _restore(target)
                _show(place, target, mark.held)
                return name
    return ""


def rollback(
    place: Place, may_show: Callable[[Release], bool] = lambda _: True
) -> tuple[Release, Release, Shown]:
    """Shows the release before the current one; returns both, the current one first, and how.

    What the current one was made from is held: no build shows it again by itself.  The order does
    not change, so that one more rollback goes one further back; the next publication removes the
    releases that were rolled back.

    Raises `PublishRefused` if there is none, if a file of it was changed, or if `may_show` is false
    for it.
    """
    if place.site.is_symlink():
        raise PublishRefused(place.site, "site-link")
    mark = read_mark(place.site) or SiteMark()
    shown, before = _step_back(place, mark)
    _restore(before)
    if not may_show(before):
        raise PublishRefused(before.folder, "rollback-unsigned")
    left = mark if shown.digest == mark.release else read_mark(shown.folder) or SiteMark()
    held = dict.fromkeys((*mark.held, left.content))
    return shown, before, _show(place, before, tuple(filter(None, held)))


def _step_back(place: Place, mark: SiteMark) -> tuple[Release, Release]:
    """The release to leave and the one before; those of a rollback that was interrupted, again."""
    name = current(place.site)
    names = lineage(place.work, name)
    later = complete_releases(place.work, name)[len(names) :]
    if mark.towards in names and mark.release in later:
        return release(place.work, mark.release), release(place.work, mark.towards)
    if name not in names[1:]:
        raise PublishRefused(place.site, "rollback")
    return release(place.work, names[-1]), release(place.work, names[-2])


def _restore(older: Release) -> None:
    """Removes what somebody added to a release; raises `PublishRefused` for other changes."""
    files = older.files()
    present = tree(older.folder, files)
    for path, digest in files.items():
        file = present.files.get(path)
        if file is None or digest_of(file) != digest:
            raise PublishRefused(older.folder / path, "rollback-changed")
        set_mode(file, FILE_MODE)
    for path in {*present.files, *present.links} - files.keys():
        (older.folder / path).unlink()
