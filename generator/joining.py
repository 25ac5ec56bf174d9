"""What joins the volumes of a site: feeds, tables, the search index, the sitemap.

Each is joined from parts that were made with the records, so that it costs no more than its
bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.cache import Cache, CacheDamaged
from generator.datasets import Line, dataset_artifacts, lines_of
from generator.feeds import rss_of
from generator.host import host_order, sitemap
from generator.indexed import (
    MadeSegment,
    PlannedSegment,
    SearchWords,
    plan_segments,
    words_of,
)
from generator.keys import plan_key
from generator.late import unpacked
from generator.making import ITEMS, Making
from generator.manifest import MANIFEST, listing
from generator.model import Artifact, Dataset, Ref, sources_of
from generator.printing import plain
from generator.published_log import log_parts
from generator.record import Record
from generator.search import description, document, found_records, table_artifacts

ALONE = 2048
"""Documents of new segments that one process makes before others could begin."""


def join_feeds(making: Making) -> None:
    """Every feed, from items that were made with their records."""
    making.progress.stage("feeds", len(making.planned.feeds))
    items = _Items(making)
    for feed in making.planned.feeds:
        records = sources_of(feed.items)
        digests = [items.digest(record) for record in records]
        key = plan_key(feed.name, feed.title, feed.description, feed.page, digests)
        if not making.printing.reuse(f"feed:{feed.name}", key):
            artifact = rss_of(feed, making.site, map(items.xml, records))
            _keep(making, f"feed:{feed.name}", key, [artifact])
        making.progress.step()


class _Items:
    """The items of feeds, folder by folder from the cache."""

    def __init__(self, making: Making) -> None:
        self._kept, self._cache = making.printing.kept, making.printing.cache
        self._folders: dict[str, Mapping[Ref, bytes]] = {}

    def digest(self, record: Record) -> bytes:
        """Of a record's item."""
        return self._kept[record.folder].volume.items[record.ref]

    def xml(self, record: Record) -> bytes:
        """A record's item; raises `CacheDamaged` where the cache lost it."""
        if record.folder not in self._folders:
            self._folders[record.folder] = _stored(self._cache, record.folder)
        return self._folders[record.folder][record.ref]


def _stored(cache: Cache, folder: str) -> Mapping[Ref, bytes]:
    held = cache.newest(ITEMS, folder)
    if held is None:
        raise CacheDamaged(f"the cache lost {folder}")
    items: Mapping[Ref, bytes] = unpacked(held)
    return items


def join_tables(making: Making) -> None:
    """Every table; rows that records brought along are not made again."""
    making.progress.stage("tables", len(making.planned.datasets))
    volumes = [kept.volume for kept in making.printing.kept.values()]
    known = {ref: line for volume in volumes for ref, line in volume.lines.items()}
    for dataset in making.planned.datasets:
        lines = _lines(dataset, known)
        key = plan_key(dataset.address, dataset.columns, dataset.about, lines)
        if not making.printing.reuse(f"table:{dataset.address}", key):
            artifacts = dataset_artifacts(dataset, lines)
            _keep(making, f"table:{dataset.address}", key, artifacts)
        making.progress.step()


def _lines(dataset: Dataset, known: Mapping[Ref, Line]) -> list[Line]:
    records = sources_of(dataset.rows)
    return [known[record.ref] for record in records] if records else list(lines_of(dataset))


def join_search(making: Making) -> None:
    """The search index: segments that are known already, and those that are new."""
    making.progress.stage("search")
    printing, records = making.printing, found_records(making.site)
    volumes = [kept.volume for kept in printing.kept.values()]
    known = {ref: facts for volume in volumes for ref, facts in volume.found.items()}
    facts = [known[record.ref] for record in records]
    words = words_of(facts)
    planned = plan_segments(facts, words)
    stale = [s for s in planned if not printing.reuse(_name(s), s.key.encode())]
    making.progress.expect(sum(segment.documents for segment in stale))
    for segment, files in _segments(making, stale, records, words):
        printing.keep(_name(segment), segment.key.encode(), plain(files))
        making.progress.step(segment.documents)
    made = [(s.first, s.documents, _made_segment(making, s)) for s in planned]
    artifacts = (*table_artifacts(made, words), description(making.site))
    key = plan_key([(a.address, hashlib.sha256(a.content).digest()) for a in artifacts])
    if not printing.reuse("search", key):
        _keep(making, "search", key, artifacts)


def _segments(
    making: Making,
    stale: Sequence[PlannedSegment],
    records: Sequence[Record],
    words: SearchWords,
) -> Iterator[tuple[PlannedSegment, Mapping[str, bytes]]]:
    """The files of segments; all are begun before the first is finished, so none waits."""
    if not stale:
        return
    from generator.segments import begin_segment, finish_segment  # noqa: PLC0415 -- loads numpy

    spread = making.workers.over(sum(segment.documents for segment in stale), ALONE).map
    begun = []
    for segment in stale:
        held = records[segment.first : segment.first + segment.documents]
        documents = [document(record, making.site) for record in held]
        begun.append((segment, begin_segment(documents, words, spread)))
    for segment, one in begun:
        yield segment, finish_segment(one, spread)[1]


def _made_segment(making: Making, segment: PlannedSegment) -> MadeSegment:
    names = making.printing.kept[_name(segment)].volume.files
    folder = next(iter(names)).rpartition("/")[0]
    shards = sum(name.startswith(f"{folder}/p") for name in names)
    return MadeSegment(folder=f"{folder}/", shards=shards)


def _name(segment: PlannedSegment) -> str:
    return f"segment:{segment.key}"


def join_log(making: Making) -> None:
    """The ledger as readers see it; a checkpoint that is out already is not made again."""
    for part in log_parts(making.site):
        key = plan_key(part.words)
        if not making.printing.reuse(part.name, key):
            _keep(making, part.name, key, part.make())


def join_manifest(making: Making) -> None:
    """The list of all files, where the site seals what it publishes."""
    if making.site.settings.sealed:
        held = Artifact(address=MANIFEST, content=listing(making.printing.files()).encode())
        key = hashlib.sha256(held.content).digest()
        if not making.printing.reuse(MANIFEST, key):
            _keep(making, MANIFEST, key, [held])


def join_site(making: Making) -> None:
    """What the site holds as a whole: the theme's own files, the sitemap."""
    making.progress.stage("host")
    printing, theme = making.printing, making.theme
    if not printing.reuse("theme", theme.key):
        printing.keep("theme", theme.key, plain(theme.files(), docs=False))
    listed = [page for kept in printing.kept.values() for page in kept.volume.pages]
    base_url = making.site.settings.base_url
    shown = [
        (base_url + page.address, page.updated)
        for page in sorted(listed, key=lambda page: host_order(page.address))
        if not page.private
    ]
    key = plan_key(theme.key, shown)
    if not printing.reuse("sitemap", key):
        printing.keep("sitemap", key, plain({"sitemap.xml": sitemap(shown)}, docs=False))


def _keep(making: Making, name: str, key: bytes, artifacts: Iterable[Artifact]) -> None:
    files = {artifact.address: artifact.content for artifact in artifacts}
    making.printing.keep(name, key, plain(files))
