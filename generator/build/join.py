"""Makes the bundles of `site_bundles` in a build, from parts in the cache and the store.

Each part was made together with its record, so a feed costs no more than copying bytes.  A bundle
whose key did not change is not made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from msgspec import structs

from generator.build.bundles.reuse import Bundles, copied, plain
from generator.build.cache.plan_keys import plan_key
from generator.build.cache.serialize import Form
from generator.build.make import (
    ITEMS,
    ITEMS_OF,
    LINES,
    LINES_OF,
    WHOLE,
    WHOLE_OF,
    make_pages,
)
from generator.build.plan import Build
from generator.build.search_index import Indexing, begin_search, search_bundles
from generator.build.site_bundles import (
    PlannedBundle,
    joined_bundles,
    manifest_bundles,
    whole_bundles,
)
from generator.build.workers.memory import give_back
from generator.build.workers.tuning import ITEMS_AT_HAND
from generator.content.model import Artifact, Dataset, FeedDocument, Ref, sources_of
from generator.content.record import Record
from generator.output.formats.csv_json import dataset_artifacts, lines_of
from generator.output.formats.feed_parts import FeedEntry
from generator.output.formats.sitemap import Listed
from generator.site.redirects import Redirect

PartT = TypeVar("PartT")
LARGE = 64 * 2**20
"""Bytes of a bundle above which its memory is returned to the system at once."""


def join_bundles(build: Build) -> None:
    """Makes feeds and tables, then the other pages, then the files about the whole site."""
    parts = StoredParts(build, begin_search(build))  # other processes work on it from here on
    joined = tuple(joined_bundles(build.lists, build.site, parts))
    build.run.progress.stage("tables", len(joined))
    _make_stale(build, joined)
    make_pages(build)
    _make_stale(build, whole_bundles(build.site, parts))
    _make_stale(build, manifest_bundles(build.site, build.bundles.files))
    build.press.frames.keep(build.run.cache, build.run.program)


def _make_stale(build: Build, planned: Iterable[PlannedBundle]) -> None:
    """Makes the bundles that cannot be reused."""
    for bundle in planned:
        if _bytes_made(build, bundle) > LARGE:
            give_back()
        build.run.progress.step()


def _bytes_made(build: Build, bundle: PlannedBundle) -> int:
    """Reuses a bundle or makes it; the number of bytes that were made."""
    bundles, files = build.bundles, dict[str, bytes]()
    if bundle.key:
        key = bundle.key()
    else:
        files = _files(bundle.make())
        key = plan_key(*(_digest(address, content) for address, content in files.items()))
        if not files:  # no files make no bundle
            return 0
    if not bundles.reuse(bundle.name, key):
        if bundle.copies:
            bundles.keep(bundle.name, key, copied(bundle.copies))
            return 0
        files = files or _files(bundle.make())
        bundles.keep(bundle.name, key, plain(files))
    return sum(map(len, files.values()))


def _files(artifacts: Iterable[Artifact]) -> dict[str, bytes]:
    return {artifact.address: artifact.content for artifact in artifacts}


def _digest(address: str, content: bytes) -> bytes:
    digest = hashlib.sha256(f"{address}\0".encode())
    digest.update(content)
    return digest.digest()


class StoredParts:
    """`Parts` that were made together with the records; they are in the cache and the store."""

    def __init__(self, build: Build, indexing: Indexing) -> None:
        self._build, self._stored = build, build.bundles.stored
        self._items = _RecordParts(build.bundles, ITEMS, ITEMS_OF)
        self._whole = _RecordParts(build.bundles, WHOLE, WHOLE_OF)
        self._lines = _RecordParts(build.bundles, LINES, LINES_OF)
        self._indexing = indexing

    def item_digests(self, document: FeedDocument) -> Iterator[bytes]:
        """Digests of what a document has of its items, in order."""
        for record in sources_of(document.items):
            bundle = self._stored[record.folder].bundle
            whole = document.has_text(self._build.site.published(record))
            yield (bundle.whole if whole else bundle.items)[record.ref]

    def entries(self, document: FeedDocument) -> Iterator[FeedEntry]:
        """The bytes of the items of a document, in order; with their text where it has that."""
        for record in sources_of(document.items):
            entry = self._items.of(record)
            whole = document.has_text(entry.published)
            yield structs.replace(entry, whole=self._whole.of(record)) if whole else entry

    def table(self, dataset: Dataset) -> Iterator[Artifact]:
        """The files of a table; rows of records come from the cache."""
        records = sources_of(dataset.rows)
        lines = map(self._lines.of, records) if records else lines_of(dataset)
        return dataset_artifacts(dataset, lines)

    def table_digests(self, dataset: Dataset) -> Mapping[str, str]:
        """SHA-256 of the files of a table, by address."""
        return self._stored[f"table:{dataset.address}"].bundle.files

    def search(self) -> Iterator[PlannedBundle]:
        """The search index."""
        return search_bundles(self._build, self._indexing)

    def theme(self) -> Mapping[str, bytes]:
        """The theme's own files, by address."""
        return self._build.press.frames.files

    def redirects(self) -> Iterator[Redirect]:
        """Old addresses with the new ones."""
        return (pair for stored in self._stored.values() for pair in stored.bundle.redirects)

    def pages(self) -> Iterator[Listed]:
        """All pages, as the sitemap lists them."""
        return (page for stored in self._stored.values() for page in stored.bundle.pages)


class _RecordParts(Generic[PartT]):
    """The feed items or table rows of records, from the cache; those of a few folders at a time."""

    def __init__(self, bundles: Bundles, section: str, form: Form[Mapping[Ref, PartT]]) -> None:
        self._bundles, self._section, self._form = bundles, section, form
        self._folders: dict[str, Mapping[Ref, PartT]] = {}

    def of(self, record: Record) -> PartT:
        """A record's part; raises `CacheDamaged` if it is missing."""
        folder = record.folder
        if folder not in self._folders:
            if len(self._folders) >= ITEMS_AT_HAND:
                del self._folders[next(iter(self._folders))]
            part = self._bundles.part(self._section, folder)
            self._folders[folder] = self._form.unpacked(part)
        return self._folders[folder][record.ref]
