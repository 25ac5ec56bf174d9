"""Makes the bundles of content folders, and those of pages that show no single record.

The two depend on the plan and not on each other: if little of a site is new, another process
makes the pages meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from generator.build.bundles.bundle import BundleReport, NewBundle, Press, make_page
from generator.build.bundles.reuse import Bundles, StoredBundle
from generator.build.cache.plan_keys import NoKey, plan_key
from generator.build.cache.serialize import Form
from generator.build.cache.store import combined_key, peeked
from generator.build.plan import Build
from generator.build.progress import Progress
from generator.build.workers.batches import run_batches
from generator.build.workers.executor import Shared
from generator.build.workers.memory import let_go, stays
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import MAKE, MakeOrder, make
from generator.build.workers.tuning import FORKED
from generator.content.model import Page, Ref, sources_of
from generator.content.record import Record
from generator.output.formats.csv_json import Line
from generator.output.formats.feed_parts import FeedEntry

ITEMS, WHOLE, LINES = "items", "whole", "lines"
ITEMS_OF: Form[Mapping[Ref, FeedEntry]] = Form(dict[Ref, FeedEntry])
WHOLE_OF: Form[Mapping[Ref, Mapping[str, bytes]]] = Form(dict[Ref, dict[str, bytes]])
LINES_OF: Form[Mapping[Ref, Line]] = Form(dict[Ref, Line])
_Pages = tuple[
    list[tuple[str, str, bytes, bytes]], dict[str, StoredBundle], dict[str, BundleReport]
]
_PAGES: Form[_Pages] = Form(_Pages)
"""Rows for the cache, bundles of pages, reports of the new ones."""


def make_folders(build: Build) -> None:
    """Makes the bundles of folders that cannot be reused."""
    bundles, keys = build.bundles, _folder_keys(build)
    sizes = {name: len(refs) for name, refs in build.desk.folders.items()}
    # of a feed, the current document has the texts of recent records
    with_text = {
        record.ref
        for feed in build.lists.feeds
        for record in sources_of(feed.items)
        if feed.current.has_text(build.site.published(record))
    }
    stale = {
        name: size
        for name, size in sizes.items()
        if not _reused(build, name, keys[name], with_text)
    }
    stays()
    build.run.progress.stage("write", sum(stale.values()))
    for name, new in _new_bundles(build, stale, with_text):
        bundles.keep(name, keys[name], new, _parts(new))
        build.run.progress.step(sizes[name])


def _parts(new: NewBundle) -> Mapping[str, bytes]:
    """What joined files take of a folder; texts by themselves, as most feeds need a few alone."""
    short = {ref: structs.replace(entry, whole={}) for ref, entry in new.items.items()}
    return {
        ITEMS: ITEMS_OF.packed(short),
        WHOLE: WHOLE_OF.packed({ref: entry.whole for ref, entry in new.items.items()}),
        LINES: LINES_OF.packed(new.lines),
    }


def _folder_keys(build: Build) -> dict[str, bytes]:
    """By folder, a digest of everything that its bundle depends on beside queries and frames.

    This is its bytes, its records as the site shows them, the feeds that its pages name, and, if
    the site shows drafts, the day that makes a record a draft.
    """
    options, keys = build.run.options, build.run.gathered.keys
    feeds = [f"{feed.title} {feed.address} {feed.page}" for feed in build.lists.feeds]
    day = options.as_of.isoformat() if options.draft else ""
    common, find = "\n".join((*feeds, day)).encode(), build.site.archive.find
    return {
        name: combined_key(keys[name], common, *(_shown_as(find(ref)) for ref in refs))
        for name, refs in build.desk.folders.items()
    }


def _shown_as(record: Record | None) -> bytes:
    """A record's digest, which differs if a part of it is not shown; b"" if nothing is."""
    return record.digest.encode() if record else b""


def _reused(build: Build, name: str, key: bytes, with_text: set[Ref]) -> bool:
    """Whether the stored bundle of a folder is reused; it must have the texts for feeds."""
    if not build.bundles.reuse(name, key):
        return False
    whole = build.bundles.stored[name].bundle.whole
    return all(ref in whole for ref in build.desk.folders[name] if ref in with_text)


def _new_bundles(
    build: Build, stale: Mapping[str, int], with_text: set[Ref]
) -> Iterator[tuple[str, NewBundle]]:
    """The bundles of stale folders; one of each sort is made first, in this process.

    Processes that begin afterwards inherit the page frames of these.
    """
    first = _first_of_each(build, stale)
    rest = {name: size for name, size in stale.items() if name not in first}

    def order(name: str) -> MakeOrder:
        refs = tuple(ref for ref in build.desk.folders[name] if ref in with_text)
        return name, build.desk.texts.packed(name), refs

    yield from ((name, make(build.desk, order(name))) for name in first)
    yield from run_batches(rest, MAKE, shared_desk(build.desk), order, build.run.options.workers)


def _first_of_each(build: Build, names: Iterable[str]) -> dict[str, None]:
    """The folders with the first page of each place in the site; a frame belongs to one place."""
    seen: set[str] = set()
    first: dict[str, None] = {}
    for name in names:
        records = filter(None, map(build.site.archive.find, build.desk.folders[name]))
        places = {build.press.place(build.site.address(record)) for record in records}
        if not places <= seen:
            first[name] = None
            seen |= places
    return first


def begin_pages(build: Build) -> None:
    """Begins to make the pages in another process, unless the folders need all processes."""
    build.press.frames.load()  # before other processes begin: they inherit it
    workers, little_new = build.run.options.workers, build.run.gathered.read_anew <= FORKED
    if workers.jobs > 1 and workers.inherits and little_new:
        build.bundles.states.ready()
        stays()
        build.pages = workers.submit(_pages_task, Shared(build), b"")


def _pages_task(build: Build, _: bytes) -> bytes:
    store = build.bundles.store
    cache = peeked(store.work, store.secret).noting()
    bundles = structs.replace(build.bundles, cache=cache, stored={}, reports={})
    make_pages_here(build, bundles, Progress())
    return _PAGES.packed((cache.noted, bundles.stored, bundles.reports))


def make_pages(build: Build) -> None:
    """Receives the pages that another process made, or makes them."""
    progress, bundles = build.run.progress, build.bundles
    progress.stage("lists")
    if build.pages is None:
        make_pages_here(build, bundles, progress)
        return
    rows, stored, reports = _PAGES.unpacked(build.pages.result())
    for row in rows:
        bundles.cache.put(*row)
    bundles.stored.update(stored)
    bundles.reports.update(reports)
    progress.expect(len(stored))
    progress.step(len(stored))


def make_pages_here(build: Build, bundles: Bundles, progress: Progress) -> None:
    """Plans the pages, and makes those that cannot be reused, in this process."""
    pages = build.planned_pages()
    progress.expect(len(pages))
    for page in pages:
        name, key = f"page:{page.address}", _page_key(page, build.press)
        if key is None or not bundles.reuse(name, key):
            bundles.keep(name, key or b"", make_page(page, build.press))
            let_go()
        progress.step()


def _page_key(page: Page, press: Press) -> bytes | None:
    """A digest of a page's plan; None for a plan without a key."""
    try:
        return plan_key(page, press.renderer.feed_links(page))
    except NoKey:
        return None
