"""What joins the volumes of a site: feeds, tables, the search index, the sitemap.

Each is joined from parts that were made with the records, so that it costs no more than its
bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, islice
from typing import Any

from msgspec import Struct

from generator.addresses import alternates
from generator.formats.cataloguing import catalogue_artifacts
from generator.formats.datasets import Line, dataset_artifacts, lines_of
from generator.formats.feeds import rss_of
from generator.host.host import host_order, sitemap
from generator.host.policy import headers
from generator.kind import Site
from generator.ledger.published_log import check_pages, log_parts
from generator.making import ITEMS, LINES, Making
from generator.model import Artifact, Dataset, Feed, Ref, sources_of
from generator.moved import redirect_tables
from generator.parallel.afar import shared_desk
from generator.parallel.garbage import give_back
from generator.parallel.tasks import index_task
from generator.printing import plain
from generator.publishing.manifest import MANIFEST, listing
from generator.publishing.volume import Listed
from generator.record import Record
from generator.reuse.cache import Cache, CacheDamaged
from generator.reuse.keys import plan_key
from generator.reuse.packing import packed, unpacked
from generator.search.indexed import (
    PART,
    MadeSegment,
    PlannedSegment,
    SearchDocument,
    SearchWords,
    plan_segments,
    words_of,
)
from generator.search.search import description, document, found_records, table_artifacts
from generator.search.small import small_segment

Files = Mapping[str, bytes]
"""Contents by address."""
AT_HAND = 512
"""Folders whose items or rows are in memory at once."""
ALONE = 2048
"""Documents whose lists one process joins before others could begin."""


def join_feeds(making: Making) -> None:
    """Every feed, from items that were made with their records."""
    making.progress.stage("feeds", len(making.planned.feeds))
    kept, items = making.printing.kept, _Parts(making.printing.cache, ITEMS)
    for feed in making.planned.feeds:
        records = sources_of(feed.items)
        digests = [kept[record.folder].volume.items[record.ref] for record in records]
        key = plan_key(feed.name, feed.title, feed.description, feed.page, digests)
        made = partial(_rss, making, feed, items, records)
        _join(making, f"feed:{feed.name}", key, made)
        making.progress.step()


def _rss(making: Making, feed: Feed, items: _Parts, records: Iterable[Record]) -> Files:
    return _files([rss_of(feed, making.site, items.of(records))])


class _Parts:
    """What was made with records, from the cache; of a few folders at a time."""

    def __init__(self, cache: Cache, room: str) -> None:
        self._cache, self._room = cache, room
        self._folders: dict[str, Mapping[Ref, Any]] = {}

    def of(self, records: Iterable[Record]) -> Iterator[Any]:
        """The records' parts, in order; raises `CacheDamaged` where the cache lost one."""
        for folder, held in groupby(records, lambda record: record.folder):
            if folder not in self._folders:
                if len(self._folders) >= AT_HAND:
                    del self._folders[next(iter(self._folders))]
                self._folders[folder] = self._stored(folder)
            parts = self._folders[folder]
            yield from [parts[record.ref] for record in held]

    def _stored(self, folder: str) -> Mapping[Ref, Any]:
        held = self._cache.newest(self._room, folder)
        if held is None:
            raise CacheDamaged(f"the cache lost {folder}")
        parts: Mapping[Ref, Any] = unpacked(held)
        return parts


def join_tables(making: Making) -> None:
    """Every table; rows that records brought along are not made again."""
    making.progress.stage("tables", len(making.planned.datasets))
    lines = _Parts(making.printing.cache, LINES)
    for dataset in making.planned.datasets:
        artifacts = tuple(dataset_artifacts(dataset, _lines(dataset, lines)))
        _join_made(making, f"table:{dataset.address}", artifacts)
        making.progress.step()
    _join_catalogues(making)


def _join_catalogues(making: Making) -> None:
    """What lists all tables; their digests are known."""
    datasets, kept = making.planned.datasets, making.printing.kept
    volumes = [kept[f"table:{dataset.address}"].volume for dataset in datasets]
    digests = {address: held for volume in volumes for address, held in volume.files.items()}
    artifacts = catalogue_artifacts(datasets, making.site.settings, digests)
    _join_made(making, "catalogues", artifacts)


def _lines(dataset: Dataset, lines: _Parts) -> Iterator[Line]:
    records = sources_of(dataset.rows)
    return lines.of(records) if records else lines_of(dataset)


class Indexing(Struct, frozen=True, kw_only=True):
    """The search index that is being made: its words, its segments, the parts of new ones."""

    words: SearchWords
    planned: tuple[PlannedSegment, ...]
    begun: tuple[BegunSegment, ...]


class BegunSegment(Struct, frozen=True, kw_only=True):
    """A new segment, and what waits for its files."""

    planned: PlannedSegment
    files: Callable[[], Files]


def begin_search(making: Making) -> Indexing:
    """Segments that are known already are kept, and the parts of those that are new are begun."""
    printing, records = making.printing, found_records(making.site)
    volumes = [kept.volume for kept in printing.kept.values()]
    known = {ref: facts for volume in volumes for ref, facts in volume.found.items()}
    facts = [known[record.ref] for record in records]
    words = words_of(facts)
    planned = plan_segments(facts, words)
    stale = [s for s in planned if not printing.reuse(_name(s), s.key.encode())]
    begun = tuple(_begun(making, stale, records, words))
    return Indexing(words=words, planned=planned, begun=begun)


def _begun(
    making: Making,
    stale: Sequence[PlannedSegment],
    records: Sequence[Record],
    words: SearchWords,
) -> Iterator[BegunSegment]:
    """Small segments are for the attendant; all parts of all others go to the same processes."""
    for segment in stale:
        if segment.documents <= PART:
            ((_, held),) = _runs(segment, records)
            documents = [document(record, making.site) for record in held]
            yield BegunSegment(planned=segment, files=_begun_whole(making, documents, words))
    large = [segment for segment in stale if segment.documents > PART]
    if large:
        yield from _begun_in_parts(making, large, records, words)


def _begun_whole(
    making: Making, documents: Sequence[SearchDocument], words: SearchWords
) -> Callable[[], Files]:
    """Beside what follows; of a large archive when it is asked for, as its lists take memory."""
    work, begin = partial(small_segment, documents, words), making.workers.attendant.begin

    def when_asked() -> Files:
        return begin(work)()

    return when_asked if making.large else begin(work)


def _begun_in_parts(
    making: Making,
    stale: Sequence[PlannedSegment],
    records: Sequence[Record],
    words: SearchWords,
) -> Iterator[BegunSegment]:
    alphabets = [_alphabet(making.site, segment, records) for segment in stale]
    parts = [
        (held, at - segment.first, words, alphabet)
        for segment, alphabet in zip(stale, alphabets, strict=True)
        for at, held in _runs(segment, records)
    ]
    texts, afar = making.desk.texts, making.workers.afar

    def payload(held: Sequence[Record], *rest: object) -> bytes:
        folders = dict.fromkeys(record.folder for record in held) if afar else ()
        late = {folder: texts.packed(folder) for folder in folders}
        return packed(([record.ref for record in held], *rest, late))

    payloads = (payload(*part) for part in parts)
    # where a process that knows a large archive makes the lists, two more begin when it has ended
    late_start = making.large and making.little_new
    begin = making.workers.run if late_start else making.workers.begin
    made = begin(index_task, shared_desk(making.desk), payloads)
    for segment, alphabet in zip(stale, alphabets, strict=True):
        count = sum(1 for _ in _runs(segment, records))
        files = partial(_joined, making, segment, alphabet, islice(made, count))
        yield BegunSegment(planned=segment, files=files)


def _joined(
    making: Making, segment: PlannedSegment, alphabet: str, answers: Iterator[bytes]
) -> Files:
    from generator.search.segments import joined, unpacked_part  # noqa: PLC0415 -- loads numpy

    parts = [unpacked_part(unpacked(answer)) for answer in answers]
    spread = making.workers.over(segment.documents, ALONE).map
    return joined(alphabet, parts, spread)[1]


def _alphabet(site: Site, segment: PlannedSegment, records: Sequence[Record]) -> str:
    from generator.search.segments import alphabet_of, sampled  # noqa: PLC0415 -- loads numpy

    places = (segment.first + place for place in sampled(segment.documents))
    return alphabet_of([document(records[place], site) for place in places])


def _runs(
    segment: PlannedSegment, records: Sequence[Record]
) -> Iterator[tuple[int, Sequence[Record]]]:
    end = segment.first + segment.documents
    for at in range(segment.first, end, PART):
        yield at, records[at : min(at + PART, end)]


def join_search(making: Making, indexing: Indexing) -> None:
    """The search index: segments that are known already, and those that are new."""
    making.progress.stage("search", sum(one.planned.documents for one in indexing.begun))
    printing = making.printing
    for one in indexing.begun:
        volume = plain(one.files())
        printing.keep(_name(one.planned), one.planned.key.encode(), volume)
        del volume  # with its parts a hundred megabytes, before as much again is made
        give_back()
        making.progress.step(one.planned.documents)
    made = [(s.first, s.documents, _made_segment(making, s)) for s in indexing.planned]
    artifacts = (*table_artifacts(made, indexing.words), description(making.site))
    _join_made(making, "search", artifacts)


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
        _join(making, part.name, plan_key(part.words), partial(_called, part.make))


def join_manifest(making: Making) -> None:
    """The list of all files, where the site seals what it publishes."""
    if making.site.settings.sealed:
        held = Artifact(address=MANIFEST, content=listing(making.printing.files()).encode())
        _join_made(making, MANIFEST, [held])


def join_site(making: Making) -> None:
    """What the site holds as a whole: the theme's own files, the sitemap, what servers are told."""
    making.progress.stage("host")
    site, kept = making.site, making.printing.kept.values()
    _join(making, "theme", making.theme.key, making.theme.files)
    _join_made(making, "headers", [headers(*check_pages(site))])
    moved = [pair for one in kept for pair in one.volume.moved]
    _join_made(making, "redirects", redirect_tables(moved, site.settings.base_url))
    for view in site.views:
        _join_made(making, f"view:{view.name}", view.artifacts(site))
    _join_sitemap(making)


def _join_sitemap(making: Making) -> None:
    listed = [page for kept in making.printing.kept.values() for page in kept.volume.pages]
    base_url = making.site.settings.base_url
    shown = [
        (base_url + page.address, page.updated, _other_urls(page, base_url))
        for page in sorted(listed, key=lambda page: host_order(page.address))
        if not page.private
    ]
    _join_made(making, "sitemap", [Artifact(address="sitemap.xml", content=sitemap(shown))])


def _other_urls(page: Listed, base_url: str) -> tuple[str, ...]:
    """The addresses of a page by language, where it has two."""
    return tuple(url for _, url in alternates(base_url, page.address)) if page.paired else ()


def _join_made(making: Making, name: str, artifacts: Iterable[Artifact]) -> None:
    """Files that cost little to make, known by their bytes; none make no volume."""
    files = _files(artifacts)
    if files:
        digests = (_digest(address, content) for address, content in files.items())
        _join(making, name, plan_key(*digests), lambda: files)


def _digest(address: str, content: bytes) -> bytes:
    digest = hashlib.sha256(f"{address}\0".encode())
    digest.update(content)
    return digest.digest()


def _join(making: Making, name: str, key: bytes, make: Callable[[], Files]) -> None:
    """A volume by the key of all that it depends on: as it was kept, else made and kept."""
    if not making.printing.reuse(name, key):
        making.printing.keep(name, key, plain(make()))


def _called(make: Callable[[], Iterable[Artifact]]) -> Files:
    return _files(make())


def _files(artifacts: Iterable[Artifact]) -> Files:
    return {artifact.address: artifact.content for artifact in artifacts}
