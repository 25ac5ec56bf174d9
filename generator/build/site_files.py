"""What joins the bundles of a site: feeds, tables, the log, the sitemap.

Each is joined from parts that were made with the records, so that it costs no more than its
bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Generic, TypeVar

from generator.build.bundles.reuse import Printing, plain
from generator.build.cache.plan_keys import plan_key
from generator.build.cache.serialize import Form
from generator.build.folders import ITEMS, ITEMS_OF, LINES, LINES_OF, Making
from generator.content.model import Artifact, Dataset, Feed, Ref, sources_of
from generator.content.record import Record
from generator.ledger.published_log import check_pages, log_parts
from generator.output.formats.csv_json import Line, dataset_artifacts, lines_of
from generator.output.formats.data_catalog import catalogue_artifacts
from generator.output.formats.rss import rss_of
from generator.output.formats.sitemap import sitemaps
from generator.output.security_headers import headers
from generator.release.manifest import MANIFEST, listing
from generator.site.redirects import redirect_tables

PartT = TypeVar("PartT")
Files = Mapping[str, bytes]
"""Contents by address."""
AT_HAND = 512
"""Folders whose items or rows are in memory at once."""


def join_feeds(making: Making) -> None:
    """Every feed, from items that were made with their records."""
    making.progress.stage("feeds", len(making.planned.feeds))
    kept, items = making.printing.kept, _Parts(making.printing, ITEMS, ITEMS_OF)
    for feed in making.planned.feeds:
        records = sources_of(feed.items)
        digests = [kept[record.folder].bundle.items[record.ref] for record in records]
        key = plan_key(feed.name, feed.title, feed.description, feed.page, digests)
        made = partial(_rss, making, feed, items, records)
        _join(making, f"feed:{feed.name}", key, made)
        making.progress.step()


def _rss(making: Making, feed: Feed, items: _Parts[bytes], records: Iterable[Record]) -> Files:
    return _files([rss_of(feed, making.site, items.of(records))])


class _Parts(Generic[PartT]):
    """What was made with records, from the cache; of a few folders at a time."""

    def __init__(self, printing: Printing, section: str, form: Form[Mapping[Ref, PartT]]) -> None:
        self._printing, self._section, self._form = printing, section, form
        self._folders: dict[str, Mapping[Ref, PartT]] = {}

    def of(self, records: Iterable[Record]) -> Iterator[PartT]:
        """The records' parts, in order; raises `CacheDamaged` where the cache lost one."""
        for folder, held in groupby(records, lambda record: record.folder):
            if folder not in self._folders:
                if len(self._folders) >= AT_HAND:
                    del self._folders[next(iter(self._folders))]
                part = self._printing.part(self._section, folder)
                self._folders[folder] = self._form.unpacked(part)
            parts = self._folders[folder]
            yield from [parts[record.ref] for record in held]


def join_tables(making: Making) -> None:
    """Every table; rows that records brought along are not made again."""
    making.progress.stage("tables", len(making.planned.datasets))
    lines = _Parts(making.printing, LINES, LINES_OF)
    for dataset in making.planned.datasets:
        artifacts = tuple(dataset_artifacts(dataset, _lines(dataset, lines)))
        join_made(making, f"table:{dataset.address}", artifacts)
        making.progress.step()
    _join_catalogues(making)


def _join_catalogues(making: Making) -> None:
    """What lists all tables; their digests are known."""
    datasets, kept = making.planned.datasets, making.printing.kept
    bundles = [kept[f"table:{dataset.address}"].bundle for dataset in datasets]
    digests = {address: held for bundle in bundles for address, held in bundle.files.items()}
    artifacts = catalogue_artifacts(datasets, making.site.settings, digests)
    join_made(making, "catalogues", artifacts)


def _lines(dataset: Dataset, lines: _Parts[Line]) -> Iterator[Line]:
    records = sources_of(dataset.rows)
    return lines.of(records) if records else lines_of(dataset)


def join_log(making: Making) -> None:
    """The ledger as readers see it; a checkpoint that is out already is not made again."""
    for part in log_parts(making.site):
        _join(making, part.name, plan_key(part.words), partial(_called, part.make))


def join_manifest(making: Making) -> None:
    """The list of all files, where the site seals what it publishes."""
    if making.site.settings.sealed:
        held = Artifact(address=MANIFEST, content=listing(making.printing.files()).encode())
        join_made(making, MANIFEST, [held])


def join_site(making: Making) -> None:
    """What the site holds as a whole: the theme's own files, the sitemap, what servers are told."""
    making.progress.stage("theme")
    site, kept = making.site, making.printing.kept.values()
    theme = making.frames.files.items()
    join_made(making, "theme", [Artifact(address=name, content=held) for name, held in theme])
    join_made(making, "headers", [headers(*check_pages(site))])
    pairs = [pair for one in kept for pair in one.bundle.redirects]
    join_made(making, "redirects", redirect_tables(pairs, site.settings.base_url))
    for view in site.views:
        join_made(making, f"view:{view.name}", view.artifacts(site))
    _join_sitemap(making)


def _join_sitemap(making: Making) -> None:
    listed = [page for kept in making.printing.kept.values() for page in kept.bundle.pages]
    for one in sitemaps(listed, making.site.settings.base_url):
        join_made(making, one.address, [one])


def join_made(making: Making, name: str, artifacts: Iterable[Artifact]) -> None:
    """Files that cost little to make, known by their bytes; none make no bundle."""
    files = _files(artifacts)
    if files:
        digests = (_digest(address, content) for address, content in files.items())
        _join(making, name, plan_key(*digests), lambda: files)


def _digest(address: str, content: bytes) -> bytes:
    digest = hashlib.sha256(f"{address}\0".encode())
    digest.update(content)
    return digest.digest()


def _join(making: Making, name: str, key: bytes, make: Callable[[], Files]) -> None:
    """A bundle by the key of all that it depends on: as it was kept, else made and kept."""
    if not making.printing.reuse(name, key):
        making.printing.keep(name, key, plain(make()))


def _called(make: Callable[[], Iterable[Artifact]]) -> Files:
    return _files(make())


def _files(artifacts: Iterable[Artifact]) -> Files:
    return {artifact.address: artifact.content for artifact in artifacts}
