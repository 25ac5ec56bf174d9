"""Making a planned site: the bundles of the content's folders.

Pages that stand for no single record are made in `listing_pages`; what joins them all, feeds,
tables, the sitemap, in `site_files`; the search index in `search_index`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from generator.build.bundles.bundle import Made, Press
from generator.build.bundles.frame_cache import PageFrames, kept_frames
from generator.build.bundles.reuse import Printing
from generator.build.bundles.store import BundleStore
from generator.build.cache.file_state import Looked
from generator.build.cache.serialize import Form
from generator.build.cache.store import combined_key
from generator.build.cache.trace import TracedSite, Tracer
from generator.build.examine import Run
from generator.build.progress import Progress
from generator.build.workers.batches import worked
from generator.build.workers.executor import Executor
from generator.build.workers.memory import stays
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import MAKE, Desk, Wanting, make
from generator.build.workers.tuning import FORKED
from generator.content.model import Page, Ref, sources_of
from generator.output.formats.csv_json import Line
from generator.output.mkdocs.host_settings import settings_file
from generator.site.kind import Site
from generator.site.plan import Lists, plan_lists, plan_pages, shown

ITEMS, LINES = "items", "lines"
ITEMS_OF: Form[Mapping[Ref, bytes]] = Form(dict[Ref, bytes])
LINES_OF: Form[Mapping[Ref, Line]] = Form(dict[Ref, Line])


class Making(Struct, frozen=True, kw_only=True):
    """What a planned site is made with, and what is made of it so far (`printing`).

    `read_anew` counts the records' files that were read for it, and not remembered.
    """

    desk: Desk
    press: Press
    planned: Lists
    printing: Printing
    frames: PageFrames
    workers: Executor
    progress: Progress
    read_anew: int

    @property
    def site(self) -> Site:
        """The site as it is shown."""
        return self.desk.site

    def pages(self) -> tuple[Page, ...]:
        """The plan of the pages that stand for no single record."""
        watched = self.press.site
        watched.rest()
        return plan_pages(self.planned, watched, watched.views)

    @property
    def little_new(self) -> bool:
        """Whether little of the archive is new, so that few processes work on it at once."""
        return self.read_anew <= FORKED


def planned(run: Run, whole: Site, looked: Looked) -> Making:
    """The plan of a site, and all that is needed to make it."""
    options, gathered = run.options, run.gathered
    site = shown(whole, draft=options.draft)
    traced = TracedSite.over(site)
    traced.rest()
    plan = plan_lists(traced, options.views)
    frames = kept_frames(
        plan.navigation, site, settings_file(options.content), run.cache, run.program
    )
    press = Press(traced, plan.feeds, options.loader, frames)
    store = BundleStore(options.work, options.content, options.secret.key)
    return Making(
        desk=Desk(site, run.texts, gathered.folders, gathered.beside, press, store),
        press=press,
        planned=plan,
        printing=Printing(run.cache, store, looked, Tracer(site), frames, run.world),
        frames=frames,
        workers=options.workers,
        progress=run.progress,
        read_anew=gathered.read_anew,
    )


def folder_keys(making: Making, run: Run) -> dict[str, bytes]:
    """Of all that a folder's bundle depends on beside answers and frames.

    That is its bytes, which of its records are shown, the feeds that its pages name, and where
    drafts are shown the day that makes them such.
    """
    feeds = [f"{feed.title} {feed.address} {feed.page}" for feed in making.planned.feeds]
    day = run.options.as_of.isoformat() if run.options.draft else ""
    common, find = "\n".join((*feeds, day)).encode(), making.site.archive.find
    return {
        name: combined_key(
            run.gathered.keys[name], common, bytes(find(r) is not None for r in refs)
        )
        for name, refs in making.desk.folders.items()
    }


def make_folders(making: Making, keys: Mapping[str, bytes]) -> None:
    """The bundles of the content's folders, by the keys of all that they depend on."""
    printing, sizes = making.printing, {n: len(refs) for n, refs in making.desk.folders.items()}
    wanted = {r.ref for feed in making.planned.feeds for r in sources_of(feed.items)}
    stale = {n: size for n, size in sizes.items() if not _reused(making, n, keys[n], wanted)}
    stays()
    making.progress.stage("write", sum(stale.values()))
    for name, made in _made(making, stale, wanted):
        parts = {ITEMS: ITEMS_OF.packed(made.items), LINES: LINES_OF.packed(made.lines)}
        printing.keep(name, keys[name], made, parts)
        making.progress.step(sizes[name])


def _reused(making: Making, name: str, key: bytes, wanted: set[Ref]) -> bool:
    """Whether a bundle stands as it was kept, with all the items that feeds want of it."""
    if not making.printing.reuse(name, key):
        return False
    items = making.printing.kept[name].bundle.items
    return all(ref in items for ref in making.desk.folders[name] if ref in wanted)


def _made(making: Making, stale: Mapping[str, int], wanted: set[Ref]) -> Iterator[tuple[str, Made]]:
    """A folder of each sort first, in this process: the others inherit the frames it needs."""
    first = _first_of_each(making, stale)
    rest = {name: size for name, size in stale.items() if name not in first}

    def folder(name: str) -> Wanting:
        refs = tuple(ref for ref in making.desk.folders[name] if ref in wanted)
        return name, making.desk.texts.packed(name), refs

    yield from ((name, make(making.desk, folder(name))) for name in first)
    shared = shared_desk(making.desk)
    yield from worked(rest, MAKE, shared, folder, making.workers, partial(make, making.desk))


def _first_of_each(making: Making, names: Iterable[str]) -> dict[str, None]:
    seen: set[str] = set()
    first: dict[str, None] = {}
    for name in names:
        records = filter(None, map(making.site.archive.find, making.desk.folders[name]))
        places = {making.press.place(making.site.address(record)) for record in records}
        if not places <= seen:
            first[name] = None
            seen |= places
    return first
