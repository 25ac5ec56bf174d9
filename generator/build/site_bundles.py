"""Lists the bundles of a site beside its records and pages.

A build, `verify` and the preview all make the files of this list; they differ in the source of
the parts (`Parts`).  A build uses parts that it made with the records, so that a feed of a thousand
entries costs only the copying of bytes.  `site.own_addresses` has the addresses of each group.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Protocol

from msgspec import Struct
from msgspec.json import encode

from generator.build.cache.plan_keys import plan_key
from generator.content.model import (
    Artifact,
    Calendar,
    Copy,
    Dataset,
    FeedDocument,
    FeedForm,
)
from generator.content.static_files import ROBOTS
from generator.ledger.published_log import check_pages, log_parts
from generator.output.formats.data_catalog import (
    CATALOGUE,
    NATIONAL,
    PACKAGE,
    catalogue_artifacts,
)
from generator.output.formats.feed_documents import feed_artifacts
from generator.output.formats.feed_parts import FeedEntry
from generator.output.formats.ics import ics
from generator.output.formats.opml import OPML, opml
from generator.output.formats.robots import robots
from generator.output.formats.sitemap import Listed, sitemaps
from generator.output.security_headers import headers
from generator.release.manifest import MANIFEST, listing
from generator.release.root_list import INDEX, PARTS, root_list
from generator.site.kind import Site
from generator.site.plan import Lists
from generator.site.redirects import (
    REDIRECTS,
    TABLE,
    Redirect,
    fixed_pages,
    fixed_redirects,
    redirect_tables,
)
from generator.site.site_description import SITE_JSON, site_description
from generator.site.static_copies import static_copies


class PlannedBundle(Struct, frozen=True, kw_only=True):
    """Files that change together.

    `key` covers everything that they depend on; without one, their bytes are compared, so they must
    be cheap to make.  `addresses` are those of the files, if they are fixed before.  `copies` are
    files of the content folder, which are never in memory as a whole.
    """

    group: str
    name: str
    make: Callable[[], Iterable[Artifact]]
    key: Callable[[], bytes] | None = None
    addresses: tuple[str, ...] = ()
    copies: tuple[Copy, ...] = ()


class Parts(Protocol):
    """The source of the parts from which the files of a site are joined."""

    def item_digests(self, document: FeedDocument) -> Iterator[bytes]:
        """Digests of what a document has of its items, in order."""

    def entries(self, document: FeedDocument) -> Iterator[FeedEntry]:
        """The bytes of the items of a document, in order; with their text where it has that."""

    def table(self, dataset: Dataset) -> Iterable[Artifact]:
        """The files of a table."""

    def table_digests(self, dataset: Dataset) -> Mapping[str, str]:
        """SHA-256 of the files of a table, by address."""

    def search(self) -> Iterator[PlannedBundle]:
        """The search index."""

    def theme(self) -> Mapping[str, bytes]:
        """The theme's own files, by address."""

    def redirects(self) -> Iterable[Redirect]:
        """Old addresses with the new ones."""

    def pages(self) -> Iterable[Listed]:
        """All pages, as the sitemap lists them."""


def joined_bundles(planned: Lists, site: Site, parts: Parts) -> Iterator[PlannedBundle]:
    """Feeds, calendars, tables and their catalogues, which depend on records alone."""
    for feed in planned.feeds:
        yield _feed_bundle(f"feed:{feed.name}", (feed.current,), site, parts)
        # a bundle a year: what is redacted or added late makes few archives again, and the
        # bundles of long feeds remain few enough to be looked at in each build
        for year, documents in groupby(feed.archived, _year):
            yield _feed_bundle(f"feed:{feed.name}:{year}", tuple(documents), site, parts)
    if planned.feeds:
        yield PlannedBundle(
            group="feeds",
            name=OPML,
            addresses=(OPML,),
            make=lambda: (opml(planned.feeds, site.settings),),
        )
    for calendar in planned.calendars:
        yield PlannedBundle(
            group="calendars",
            name=f"calendar:{calendar.name}",
            addresses=(calendar.address,),
            key=partial(_calendar_key, calendar),
            make=partial(_calendar, calendar, site),
        )
    for dataset in planned.datasets:
        endings = ("csv", "json", *(("ods",) if dataset.sheets else ()))
        yield PlannedBundle(
            group="tables",
            name=f"table:{dataset.address}",
            addresses=tuple(f"{dataset.address}.{ending}" for ending in endings),
            make=partial(parts.table, dataset),
        )
    yield PlannedBundle(
        group="catalogues",
        name="catalogues",
        addresses=(PACKAGE, CATALOGUE, NATIONAL),
        make=partial(_catalogues, planned, site, parts),
    )


def whole_bundles(site: Site, parts: Parts) -> Iterator[PlannedBundle]:
    """The files about the site as a whole, but the list of all files."""
    yield from parts.search()
    for part in log_parts(site):
        yield PlannedBundle(
            group="log", name=part.name, key=partial(plan_key, part.words), make=part.make
        )
    yield PlannedBundle(group="theme", name="theme", make=partial(_theme, parts))
    yield PlannedBundle(
        group="headers", name="headers", make=lambda: (headers(*check_pages(site)),)
    )
    yield PlannedBundle(
        group="redirects",
        name="redirects",
        addresses=(REDIRECTS, TABLE),
        make=partial(_redirects, site, parts),
    )
    yield PlannedBundle(
        group="redirects",
        name="redirect-pages",
        addresses=tuple(fixed_pages(site)),
        make=partial(_redirect_pages, site),
    )
    yield PlannedBundle(
        group="description",
        name=SITE_JSON,
        addresses=(SITE_JSON,),
        make=lambda: (site_description(site),),
    )
    yield from _own_files(site)
    for view in site.views:
        yield PlannedBundle(
            group="views", name=f"view:{view.name}", make=partial(view.artifacts, site)
        )
    # a bundle a file: a new page changes one part of many, and their index
    for artifact in sitemaps(parts.pages(), site.settings.base_url):
        yield PlannedBundle(group="sitemap", name=artifact.address, make=partial(tuple, [artifact]))


def manifest_bundles(
    site: Site, digests: Callable[[], Mapping[str, str]]
) -> Iterator[PlannedBundle]:
    """The list of all files, for a site that seals: it is made when all others have been made.

    `digests` gives SHA-256 of them by address.  A site that signs its releases has it in parts.
    """
    if site.settings.signs_releases:
        yield PlannedBundle(
            group="manifest",
            name="parts",
            addresses=(*PARTS, INDEX),
            make=lambda: (Artifact(address=a, content=c) for a, c in root_list(digests()).items()),
        )
    elif site.settings.sealed:
        yield PlannedBundle(
            group="manifest",
            name=MANIFEST,
            addresses=(MANIFEST,),
            make=lambda: (Artifact(address=MANIFEST, content=listing(digests()).encode()),),
        )


def _year(archive: FeedDocument) -> str:
    return archive.quarter.partition("q")[0]


def _feed_bundle(
    name: str, documents: Sequence[FeedDocument], site: Site, parts: Parts
) -> PlannedBundle:
    addresses = [document.address(form) for document in documents for form in FeedForm]
    return PlannedBundle(
        group="feeds",
        name=name,
        addresses=tuple(addresses),
        key=partial(_feed_key, documents, site, parts),
        make=partial(_feed_files, documents, site, parts),
    )


def _feed_key(documents: Iterable[FeedDocument], site: Site, parts: Parts) -> bytes:
    words = list[object]()
    for document in documents:
        feed, digests = document.feed, b"".join(parts.item_digests(document))
        words += (feed.name, feed.title, feed.description, feed.page, document.before)
        words += (digests, None if digests else _latest_day(site))
    return plan_key(*words)


def _feed_files(documents: Iterable[FeedDocument], site: Site, parts: Parts) -> Iterator[Artifact]:
    for document in documents:
        entries = tuple(parts.entries(document))
        # an empty feed alone asks all records for their latest day
        day = entries[0].updated if entries else _latest_day(site)
        yield from feed_artifacts(document, site.settings, entries, day)


def _latest_day(site: Site) -> dt.date:
    """The day of an empty feed, which Atom requires."""
    return site.latest_day(site.archive) or site.as_of


def _calendar_key(calendar: Calendar) -> bytes:
    """A digest of a calendar and all its events; a field at a time takes twenty times as long."""
    return hashlib.sha256(encode(calendar)).digest()


def _calendar(calendar: Calendar, site: Site) -> Iterator[Artifact]:
    yield ics(calendar, site.settings)


def _catalogues(planned: Lists, site: Site, parts: Parts) -> Iterator[Artifact]:
    digests = {
        address: digest
        for dataset in planned.datasets
        for address, digest in parts.table_digests(dataset).items()
    }
    return catalogue_artifacts(planned.datasets, site.settings, digests)


def _theme(parts: Parts) -> Iterator[Artifact]:
    for address, content in parts.theme().items():
        yield Artifact(address=address, content=content)


def _own_files(site: Site) -> Iterator[PlannedBundle]:
    """The files of the site's own, and for robots what it has no file of its own for."""
    copies = static_copies(site)
    if copies:
        yield PlannedBundle(
            group="static", name="static", make=tuple, key=partial(plan_key, copies), copies=copies
        )
    if ROBOTS not in (copy.address for copy in copies):
        yield PlannedBundle(
            group="robots",
            name=ROBOTS,
            addresses=(ROBOTS,),
            make=lambda: (robots(site.settings.base_url),),
        )


def _redirects(site: Site, parts: Parts) -> Iterable[Artifact]:
    moved = (*parts.redirects(), *fixed_redirects(site))
    return redirect_tables(moved, site.settings.base_url, numbers=site.settings.has_gazette)


def _redirect_pages(site: Site) -> Iterator[Artifact]:
    for address, content in fixed_pages(site).items():
        yield Artifact(address=address, content=content)
