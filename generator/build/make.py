"""Makes the bundles of the content's folders, and of the pages that stand for no single record.

The two depend on the plan and not on each other, so that pages are made by a process of their own
while little of a site is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from generator.build.bundles.bundle import Made, Press, Told, make_page
from generator.build.bundles.reuse import Bundles, Kept
from generator.build.cache.plan_keys import NoKey, plan_key
from generator.build.cache.serialize import Form
from generator.build.cache.store import combined_key, peeked
from generator.build.plan import Build
from generator.build.progress import Progress
from generator.build.workers.batches import worked
from generator.build.workers.executor import Shared
from generator.build.workers.memory import let_go, stays
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import MAKE, Wanting, make
from generator.build.workers.tuning import FORKED
from generator.content.model import Page, Ref, sources_of
from generator.output.formats.csv_json import Line

ITEMS, LINES = "items", "lines"
ITEMS_OF: Form[Mapping[Ref, bytes]] = Form(dict[Ref, bytes])
LINES_OF: Form[Mapping[Ref, Line]] = Form(dict[Ref, Line])
_Pages = tuple[list[tuple[str, str, bytes, bytes]], dict[str, Kept], dict[str, Told]]
_PAGES: Form[_Pages] = Form(_Pages)
"""Rows for the cache, bundles of pages, those of them that are fresh."""


def make_folders(build: Build) -> None:
    """Makes the bundles of folders that cannot be reused."""
    bundles, keys = build.bundles, _folder_keys(build)
    sizes = {name: len(refs) for name, refs in build.desk.folders.items()}
    # the records that stand in feeds: each of them needs its item
    wanted = {record.ref for feed in build.lists.feeds for record in sources_of(feed.items)}
    stale = {
        name: size for name, size in sizes.items() if not _reused(build, name, keys[name], wanted)
    }
    stays()
    build.run.progress.stage("write", sum(stale.values()))
    for name, made in _made(build, stale, wanted):
        parts = {ITEMS: ITEMS_OF.packed(made.items), LINES: LINES_OF.packed(made.lines)}
        bundles.keep(name, keys[name], made, parts)
        build.run.progress.step(sizes[name])


def _folder_keys(build: Build) -> dict[str, bytes]:
    """By folder, a digest of all that its bundle depends on beside queries and frames.

    These are its bytes, which of its records are shown, the feeds that its pages name, and where
    drafts are shown the day that makes them such.
    """
    options, keys = build.run.options, build.run.gathered.keys
    feeds = [f"{feed.title} {feed.address} {feed.page}" for feed in build.lists.feeds]
    day = options.as_of.isoformat() if options.draft else ""
    common, find = "\n".join((*feeds, day)).encode(), build.site.archive.find
    return {
        name: combined_key(keys[name], common, bytes(find(ref) is not None for ref in refs))
        for name, refs in build.desk.folders.items()
    }


def _reused(build: Build, name: str, key: bytes, wanted: set[Ref]) -> bool:
    """Whether a bundle stands as it was kept, with all the items that feeds want of it."""
    if not build.bundles.reuse(name, key):
        return False
    items = build.bundles.kept[name].bundle.items
    return all(ref in items for ref in build.desk.folders[name] if ref in wanted)


def _made(build: Build, stale: Mapping[str, int], wanted: set[Ref]) -> Iterator[tuple[str, Made]]:
    """The stale bundles, a folder of each sort first in this process.

    Processes that begin afterwards inherit the page frames of these.
    """
    first = _first_of_each(build, stale)
    rest = {name: size for name, size in stale.items() if name not in first}

    def wanting(name: str) -> Wanting:
        refs = tuple(ref for ref in build.desk.folders[name] if ref in wanted)
        return name, build.desk.texts.packed(name), refs

    yield from ((name, make(build.desk, wanting(name))) for name in first)
    yield from worked(rest, MAKE, shared_desk(build.desk), wanting, build.run.options.workers)


def _first_of_each(build: Build, names: Iterable[str]) -> dict[str, None]:
    """The folders that hold the first page of each place in the site, as frames tell places."""
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
    """Has another process make the pages, unless many processes are needed for the folders."""
    build.press.frames.load()  # before other processes begin: they inherit it
    workers, little_new = build.run.options.workers, build.run.gathered.read_anew <= FORKED
    if workers.jobs > 1 and workers.inherits and little_new:
        build.bundles.looked.ready()
        stays()
        build.pages = workers.submit(_pages_elsewhere, Shared(build), b"")


def _pages_elsewhere(build: Build, _: bytes) -> bytes:
    store = build.bundles.store
    cache = peeked(store.work, store.secret).noting()
    bundles = structs.replace(build.bundles, cache=cache, kept={}, fresh={})
    make_pages_here(build, bundles, Progress())
    return _PAGES.packed((cache.noted, bundles.kept, bundles.fresh))


def make_pages(build: Build) -> None:
    """Takes the pages that another process has made, or makes them."""
    progress, bundles = build.run.progress, build.bundles
    progress.stage("lists")
    if build.pages is None:
        make_pages_here(build, bundles, progress)
        return
    rows, kept, fresh = _PAGES.unpacked(build.pages.result())
    for row in rows:
        bundles.cache.put(*row)
    bundles.kept.update(kept)
    bundles.fresh.update(fresh)
    progress.expect(len(kept))
    progress.step(len(kept))


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
    """A digest of a page's plan; None for a plan that cannot be told from another."""
    try:
        return plan_key(page, press.renderer.feed_links(page))
    except NoKey:
        return None
