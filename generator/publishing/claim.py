"""Folders are ours before anything is written to them; whatever is not is refused by name."""

from __future__ import annotations

import os
from pathlib import Path

from generator.publishing.copies import MARK as COPIES
from generator.publishing.copies import adoptable, held
from generator.publishing.disk import put
from generator.publishing.manifest import RELEASES
from generator.publishing.place import COPY, LINK, PublishRefused

MARK = "CACHEDIR.TAG"
MARK_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by gongbao; may be deleted.\n"
"""https://bford.info/cachedir/"""


def claim(work: Path, site: Path, content: Path, way: str | None = None) -> None:
    """Makes `work` ours before anything is written; raises `PublishRefused` where it is not.

    A folder of ours bears the mark that backup programs know as "made again when needed".
    """
    if _overlap(work.resolve(), content.resolve()):
        raise PublishRefused(work, "work-content")
    mark = work / MARK
    if work.exists() and not mark.is_file() and not _is_unused(work):
        raise PublishRefused(work, "work")
    # an empty folder beside the site is what is left of one that was being made or removed
    for path, may_be in ((site, way), (site.with_name(f"{site.name}.new"), COPY)):
        if os.path.lexists(path) and not _is_ours(path, may_be, work):
            raise PublishRefused(path, "site")
    _check_copies(work, site, content, way)
    work.mkdir(parents=True, exist_ok=True)
    if not mark.is_file():
        put(mark, MARK_TEXT.encode())


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
