"""Removes what the program keeps in a work folder; never the site, which stays whole without it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from generator.release.disk import discard, set_aside
from generator.release.lock import LOCK, alone
from generator.release.ownership import MARK, removable, sign
from generator.release.publish import disk_errors, publication
from generator.release.releases import TRASH
from generator.release.target import Place, PublishRefused


def clean(place: Place, content: Path, tell: Callable[[Path], None]) -> None:
    """Removes everything that the program made in a work folder, and the folder if it is empty.

    Where somebody else's files stay in it, its mark and its lock stay too, so that it is known.

    `tell` hears each path before it goes.  Raises what `publication` raises, and `PublishRefused`
    if the site is a link into a work folder, as an older version made it.
    """
    trash = place.work / TRASH
    with publication(place, content):
        if place.site.is_symlink():
            raise PublishRefused(place.site, "site-link")
        for path in removable(place.work):
            tell(path)
            if path != trash:  # half a folder under its own name could be taken for a whole one
                set_aside(path, trash)
        discard(trash)
    # another run that waits for the lock finds either all of the mark and the lock, or none
    with disk_errors(place), alone(place.work):
        if {path.name for path in place.work.iterdir()} == {MARK, LOCK}:  # else others' files stay
            try:
                for name in (MARK, LOCK):
                    (place.work / name).unlink()
            except PermissionError:  # Windows removes no file that is open, as the lock is
                sign(place.work)
            with suppress(OSError):  # a run that began this moment
                place.work.rmdir()
