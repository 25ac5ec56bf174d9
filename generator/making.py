"""The volumes of a site: those of the content's folders, then everything that joins them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from generator.afar import shared_desk
from generator.batches import batches
from generator.cache import Cache, CacheDamaged
from generator.datasets import dataset_artifacts, lines_of
from generator.feeds import rss_of
from generator.host import host_order, sitemap
from generator.indexed import (
    MadeSegment,
    PlannedSegment,
    SearchDocument,
    SearchWords,
    plan_segments,
    words_of,
)
from generator.keys import NoKey, plan_key
from generator.kind import Site
from generator.late import packed, unpacked
from generator.model import Artifact, Dataset, Feed, Page, Ref
from generator.plan import Plan
from generator.printing import Printing, plain
from generator.progress import Progress
from generator.record import Record
from generator.search import description, document, found_records, table_artifacts
from generator.tasks import Desk, make, make_task
from generator.texts import ROOM as LATE
from generator.theme import Theme
from generator.volume import Made, Press, ShellMissing, make_page
from generator.workers import Workers

ITEMS = "items"
BATCH = 60
"""Records of a task: what it returns is some megabytes."""
ALONE = 2048
"""Documents of new segments that one process makes before others could begin."""
NEVER = b""
"""The key of what is always made."""


@dataclass(slots=True)
class Making:
    """Makes a planned site with the help of what was made before."""

    desk: Desk
    press: Press
    planned: Plan
    printing: Printing
    theme: Theme
    cache: Cache
    workers: Workers
    program: bytes
    progress: Progress

    @property
    def site(self) -> Site:
        """The site as it is shown."""
        return self.desk.site

    def folders(self, keys: Mapping[str, bytes]) -> None:
        """The volumes of the content's folders; `keys` are of their bytes."""
        wanted = {r.ref for feed in self.planned.feeds for r in feed_records(feed)}
        stale = [name for name in self.desk.folders if not self._reused(name, keys[name], wanted)]
        self.progress.stage("write", sum(map(self._size, stale)))
        first = self._first_of_each(stale)
        alone = [(name, self._again(name, wanted)) for name in first]
        others = self._made([name for name in stale if name not in first], wanted)
        for name, one in chain(alone, others):
            self.printing.keep(name, keys[name], one)
            self.cache.put(ITEMS, name, keys[name], packed(dict(one.items)))
            self.progress.step(self._size(name))

    def _reused(self, name: str, key: bytes, wanted: set[Ref]) -> bool:
        if not self.printing.reuse(name, key):
            return False
        items = self.printing.kept[name].volume.items
        return all(ref in items for ref in self.desk.folders[name] if ref in wanted)

    def _first_of_each(self, stale: Iterable[str]) -> dict[str, None]:
        """A folder for each sort of page: these show which shells the others need."""
        seen: set[str] = set()
        first: dict[str, None] = {}
        for name in stale:
            records = filter(None, map(self.site.archive.find, self.desk.folders[name]))
            places = {self.press.place(self.site.address(record)) for record in records}
            if not places <= seen:
                first[name] = None
                seen |= places
        return first

    def _made(self, stale: Sequence[str], wanted: set[Ref]) -> Iterator[tuple[str, Made]]:
        cut = list(batches(stale, str, self._size, BATCH))
        payloads = (self._payload(batch, wanted) for batch in cut)
        workers = self.workers.over(sum(map(self._size, stale)), BATCH)
        answers = workers.run(make_task, shared_desk(self.desk), payloads)
        for batch, answer in zip(cut, answers, strict=True):
            for name, one in zip(batch, unpacked(answer), strict=True):
                yield name, one if one is not None else self._again(name, wanted)

    def _again(self, name: str, wanted: set[Ref]) -> Made:
        """A folder's volume where a shell had to be asked of the host first."""
        while True:
            try:
                return make(self.desk, *self._folder(name, wanted))
            except ShellMissing as missing:
                self.press.shells[missing.key] = self.theme.shell(missing.key)

    def _size(self, name: str) -> int:
        return len(self.desk.folders[name])

    def _payload(self, names: Iterable[str], wanted: set[Ref]) -> bytes:
        return packed([self._folder(name, wanted) for name in names])

    def _folder(self, name: str, wanted: set[Ref]) -> tuple[str, bytes, tuple[Ref, ...]]:
        late = self.cache.newest(LATE, name)
        if late is None:
            raise CacheDamaged(f"the cache lost {name}")
        return name, late, tuple(ref for ref in self.desk.folders[name] if ref in wanted)

    def pages(self) -> None:
        """The pages that stand for no single record."""
        self.progress.stage("lists", len(self.planned.pages))
        for page in self.planned.pages:
            name = f"page:{page.address}"
            key = _key(page, self.press.renderer.feed_links(page))
            if key == NEVER or not self.printing.reuse(name, key):
                self.printing.keep(name, key, self._page(page))
            self.progress.step()

    def _page(self, page: Page) -> Made:
        while True:
            try:
                return make_page(page, self.press)
            except ShellMissing as missing:
                self.press.shells[missing.key] = self.theme.shell(missing.key)

    def feeds(self) -> None:
        """Every feed, joined from items that were made with their records."""
        self.progress.stage("feeds", len(self.planned.feeds))
        items = _Items(self)
        for feed in self.planned.feeds:
            records = feed_records(feed)
            digests = [items.digest(record) for record in records]
            key = plan_key(feed.name, feed.title, feed.description, feed.page, digests)
            name = f"feed:{feed.name}"
            if not self.printing.reuse(name, key):
                artifact = rss_of(feed, self.site, map(items.xml, records))
                self.printing.keep(name, key, plain({artifact.address: artifact.content}))
            self.progress.step()

    def tables(self) -> None:
        """Every table; rows that records brought along are not made again."""
        self.progress.stage("tables", len(self.planned.datasets))
        lines = {
            ref: line
            for kept in self.printing.kept.values()
            for ref, line in kept.volume.lines.items()
        }
        for dataset in self.planned.datasets:
            held = [lines[r.ref] for r in _sources(dataset)] if _sources(dataset) else None
            listed = held if held is not None else list(lines_of(dataset))
            key = plan_key(dataset.address, dataset.columns, dataset.about, listed)
            name = f"table:{dataset.address}"
            if not self.printing.reuse(name, key):
                self._plain(name, key, dataset_artifacts(dataset, listed))
            self.progress.step()

    def _plain(self, name: str, key: bytes, artifacts: Iterable[Artifact]) -> None:
        files = {artifact.address: artifact.content for artifact in artifacts}
        self.printing.keep(name, key, plain(files))

    def whole(self) -> None:
        """What the site holds as a whole: the theme's own files, the sitemap."""
        self.progress.stage("host")
        if not self.printing.reuse("theme", self.theme.key):
            self.printing.keep("theme", self.theme.key, plain(self.theme.files(), docs=False))
        listed = [page for kept in self.printing.kept.values() for page in kept.volume.pages]
        base_url = self.site.settings.base_url
        shown = [
            (base_url + page.address, page.updated)
            for page in sorted(listed, key=lambda page: host_order(page.address))
            if not page.private
        ]
        key = plan_key(self.theme.key, shown)
        if not self.printing.reuse("sitemap", key):
            files = {"sitemap.xml": sitemap(shown)}
            self.printing.keep("sitemap", key, plain(files, docs=False))

    def search(self) -> None:
        """The search index: segments that are known already, and those that are new."""
        self.progress.stage("search")
        records = found_records(self.site)
        known = {r: f for kept in self.printing.kept.values() for r, f in kept.volume.found.items()}
        facts = [known[record.ref] for record in records]
        words = words_of(facts)
        planned = plan_segments(facts, words)
        stale = [s for s in planned if not self.printing.reuse(_segment(s), self._key(s))]
        self.progress.expect(sum(segment.documents for segment in stale))
        for segment, files in self._segments(stale, records, words):
            self.printing.keep(_segment(segment), self._key(segment), plain(files))
            self.progress.step(segment.documents)
        made = [(s.first, s.documents, self._made_segment(s)) for s in planned]
        artifacts = (*table_artifacts(made, words), description(self.site))
        key = plan_key([(a.address, hashlib.sha256(a.content).digest()) for a in artifacts])
        if not self.printing.reuse("search", key):
            self._plain("search", key, artifacts)

    def _segments(
        self, stale: Sequence[PlannedSegment], records: Sequence[Record], words: SearchWords
    ) -> Iterator[tuple[PlannedSegment, Mapping[str, bytes]]]:
        """The files of segments; all are begun before the first is finished, so none waits."""
        if not stale:
            return
        # numpy takes longer to import than most commands to run
        from generator.segments import begin_segment, finish_segment  # noqa: PLC0415

        count = sum(segment.documents for segment in stale)
        spread = self.workers.over(count, ALONE).map
        begun = [(s, begin_segment(self._documents(s, records), words, spread)) for s in stale]
        for segment, one in begun:
            yield segment, finish_segment(one, spread)[1]

    def _key(self, segment: PlannedSegment) -> bytes:
        return stamp(self.program, segment.key.encode())

    def _documents(
        self, segment: PlannedSegment, records: Sequence[Record]
    ) -> list[SearchDocument]:
        held = records[segment.first : segment.first + segment.documents]
        return [document(record, self.site) for record in held]

    def _made_segment(self, segment: PlannedSegment) -> MadeSegment:
        names = self.printing.kept[_segment(segment)].volume.files
        folder = next(iter(names)).rpartition("/")[0]
        shards = sum(name.startswith(f"{folder}/p") for name in names)
        return MadeSegment(folder=f"{folder}/", shards=shards)


def _segment(segment: PlannedSegment) -> str:
    return f"segment:{segment.key}"


class _Items:
    """The items of feeds, from the cache or made."""

    def __init__(self, making: Making) -> None:
        self.making = making
        self.folders: dict[str, Mapping[Ref, bytes]] = {}

    def digest(self, record: Record) -> bytes:
        """Of a record's item."""
        return self.making.printing.kept[_folder_of(record)].volume.items[record.ref]

    def xml(self, record: Record) -> bytes:
        """A record's item; raises `CacheDamaged` where the cache lost it."""
        folder = _folder_of(record)
        if folder not in self.folders:
            held = self.making.cache.newest(ITEMS, folder)
            if held is None:
                raise CacheDamaged(f"the cache lost {folder}")
            self.folders[folder] = unpacked(held)
        return self.folders[folder][record.ref]


def feed_records(feed: Feed) -> Sequence[Record]:
    """The records that a feed tells of, newest first."""
    sources: Sequence[Record] = getattr(feed.items, "sources", ())
    return sources


def _sources(dataset: Dataset) -> Sequence[Record]:
    """The records that a table lists, where its rows are records."""
    sources: Sequence[Record] = getattr(dataset.rows, "sources", ())
    return sources


def _folder_of(record: Record) -> str:
    return record.origin.path.rpartition("/")[0]


def _key(page: Page, links: object) -> bytes:
    try:
        return plan_key(page, links)
    except NoKey:
        return NEVER


def stamp(*parts: bytes) -> bytes:
    """One key of several."""
    return hashlib.sha256(b"\0".join(parts)).digest()
