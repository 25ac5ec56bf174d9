"""The stages in order: the table of contents of the program.

First everything is gathered and checked, then what is stale is made; a site becomes visible
only after it has been verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from generator.cache import DAMAGE, disk_faults, drop_cache, open_cache, peeked
from generator.checking import ROOM as CHECKED
from generator.claim import by_copies
from generator.declare import declare
from generator.gather import EARLY
from generator.history import HISTORY, history_text, read_history
from generator.host import HostFailed
from generator.joining import (
    join_feeds,
    join_log,
    join_manifest,
    join_search,
    join_site,
    join_tables,
)
from generator.kind import Site
from generator.making import ITEMS, Making, folder_keys, make_folders, make_pages, planned
from generator.manifest import listing
from generator.model import Problem
from generator.plan import refuse_clashes
from generator.printing import Printing
from generator.progress import Count, Progress, Tell, unheard
from generator.publish import current, drop_older, finish, publication, published, show, staging
from generator.releases import Release, release
from generator.run import Examined, Options, Run, examine, in_order, passing_run
from generator.settings import SITE_FILE
from generator.shelf import Shelf, roots
from generator.staging import lay_out, stage
from generator.texts import ROOM as LATE
from generator.texts import Texts
from generator.unchanged import STARTED, Last, last_build, note_build, remember
from generator.verify import Anchors, link_faults, verify, verify_manifest
from generator.write import write_file

DOCS = "docs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """How a build ended: the release where there is one, else the problems or the host's words."""

    examined: Examined
    release: Release | None = None
    host: str = ""
    faults: tuple[Problem, ...] = ()
    pages: int = 0
    changed: int = 0


def build(options: Options, tell: Tell, count: Count = unheard) -> Built:
    """Examine, plan, make, verify, show: the whole way to a visible site.

    `tell` hears each stage as it begins, `count` how much of it is done.
    """
    if not (options.content / SITE_FILE).is_file():  # no content: no work folder for it either
        return Built(examined=examine(options))
    progress = Progress(tell, count)
    with publication(options.place, options.content):
        try:
            return _build(options, progress)
        except DAMAGE:
            pass
        with disk_faults(options.work):
            drop_cache(options.work)
            return _build(options, progress)


def _build(options: Options, progress: Progress) -> Built:
    with opened(options, progress) as run:
        shelf = Shelf(options.work, options.content)
        last = last_build(run.cache, run.key, shelf, current(options.site))
        if last and not (options.strict and last.problems):
            return _as_before(last, options)
        examined = run.examine()
        if examined.site is None or (options.strict and examined.problems):
            return Built(examined=examined)
        try:
            making = _made(run, examined.site, examined)
        except HostFailed as failed:
            return Built(examined=examined, host=str(failed))
        return _published(examined, making, run)


@contextmanager
def opened(options: Options, progress: Progress) -> Iterator[Run]:
    """A run in a work folder that it holds, with all that earlier ones remembered there."""
    cache = open_cache(options.work)
    (options.work / STARTED).touch()
    try:
        texts = Texts(cache, lambda: peeked(options.work))
        yield Run(options=options, cache=cache, texts=texts, progress=progress)
    finally:
        cache.close()


def _as_before(last: Last, options: Options) -> Built:
    examined = Examined(site=None, problems=last.problems, records=last.records)
    made = release(options.work, last.release)
    if by_copies(options.site, options.way) or not options.site.is_symlink():
        show(options.place, made)  # copies may have been touched; a link may be wanted instead
    return Built(examined=examined, release=made, pages=last.pages)


def _made(run: Run, site: Site, examined: Examined) -> Making:
    """Everything of the site, on the shelf; raises `HostFailed`."""
    making = planned(run, site, examined)
    try:
        make_folders(making, folder_keys(making, run, examined))
        make_pages(making)
        join_feeds(making)
        join_tables(making)
        join_search(making)
        join_log(making)
        join_site(making)
        join_manifest(making)
    finally:
        making.theme.close()
    return making


def _published(examined: Examined, making: Making, run: Run) -> Built:
    """Verify, and show the site unless there are faults."""
    options, kept = run.options, making.printing.kept
    refuse_clashes(address for one in kept.values() for address in one.volume.files)
    run.progress.stage("verify")
    staged = staging(options.work)
    ways = roots({name: one.volume.files for name, one in kept.items()})
    stage(staged, ways, kept)
    faults = in_order(_faults(making.printing, Anchors(staged)))
    if faults:
        return Built(examined=examined, faults=faults)
    run.progress.stage("show")
    lay_out(options.work / DOCS, ways, kept, ("theme", "sitemap"))
    made = finish(options.place, staged, listing(making.printing.files()))
    show(options.place, made)
    _note_history(making, options)
    drop_older(options.place)
    pages = sum(len(one.volume.pages) for one in kept.values())
    _note_build(examined, making, run, made, pages)
    changed = sum(len(kept[name].volume.files) for name in making.printing.fresh)
    return Built(examined=examined, release=made, pages=pages, changed=changed)


def _faults(printing: Printing, anchors: Anchors) -> Iterator[Problem]:
    """What is wrong with what was made now: pages, and links out of them."""
    found = printing.files()
    for name in sorted(printing.fresh):
        volume = printing.kept[name].volume
        yield from volume.faults
        for path, target in volume.links:
            yield from link_faults(path, target, found, anchors)


def _note_history(making: Making, options: Options) -> None:
    site, volumes = making.site, [one.volume for one in making.printing.kept.values()]
    contents = {ref: held for volume in volumes for ref, held in volume.contents.items()}
    known = read_history(options.work, site)
    write_file(options.work / HISTORY, history_text(site, known, contents))


def _note_build(examined: Examined, making: Making, run: Run, made: Release, pages: int) -> None:
    """Keeps for the next run what this one has used, and nothing else."""
    making.printing.forget_others()
    for room in (EARLY, LATE, CHECKED, ITEMS):
        run.cache.keep_only(room, examined.gathered.keys)
    kept = [one for one in making.printing.kept.values() if one.shelf]
    last = Last(
        release=made.digest,
        problems=examined.problems,
        records=examined.records,
        pages=pages,
        volumes={one.shelf: one.signature for one in kept},
    )
    note_build(run.cache, run.key, run.options.work, last)
    remember(run.files, run.cache, run.options.work)
    run.cache.commit()


def verify_site(options: Options) -> Built:
    """Compares the published site with the content and with the lists made at its release."""
    examined = (run := passing_run(options)).examine()
    if examined.site is None:
        return Built(examined=examined)
    expected = declare(examined.site, options.loader, draft=options.draft)
    run.cache.close()
    shown = published(options.work, options.site)
    carried = shown.carried_files()
    listing = shown.manifest.read_text(encoding="utf-8") if shown.manifest.is_file() else ""
    faults = [*verify(shown.folder, expected, carried)]
    faults += verify_manifest(shown.folder, listing, shown.digest, carried)
    unique = {problem.order: problem for problem in faults}
    return Built(examined=examined, faults=in_order(unique.values()), pages=len(expected.pages))
