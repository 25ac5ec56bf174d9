"""Makes a whole site again from content and theme, for `gongbao verify` to compare with.

It uses nothing that an earlier build made: no cache, no bundle, no page frame, no thumbnail.
The report of `gongbao links` is an input of the site, so it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from jinja2 import BaseLoader
from msgspec import Struct

from generator import SETTINGS
from generator.build.bundles.bundle import Press
from generator.build.bundles.frame_cache import PageFrames, new_frames
from generator.build.bundles.thumbnails import new_thumbnail
from generator.build.cache.trace import TracedSite
from generator.build.options import Options
from generator.build.site_bundles import (
    PlannedBundle,
    joined_bundles,
    manifest_bundles,
    whole_bundles,
)
from generator.content.model import (
    Artifact,
    Copy,
    Dataset,
    FeedDocument,
    Page,
    Ref,
    Scaling,
    sources_of,
)
from generator.content.record import Record
from generator.content.settings import Settings
from generator.output.formats.csv_json import dataset_artifacts, lines_of
from generator.output.formats.feed_documents import feed_entry
from generator.output.formats.feed_parts import FeedEntry
from generator.output.formats.sitemap import Listed, listed_page
from generator.output.renderer import Renderer
from generator.output.search.index import search_artifacts
from generator.site.feed_items import feed_item
from generator.site.kind import Site
from generator.site.plan import Lists, Plan, plan, shown
from generator.site.redirects import Redirect, redirects


class Expected(Struct, frozen=True, kw_only=True):
    """The files that follow from the content: pages with their block, files with bytes or digest.

    `site` contains only the records that are shown, `press` frames its pages.
    """

    site: Site
    settings: Settings
    pages: tuple[tuple[Page, str], ...]
    artifacts: tuple[Artifact, ...]
    copies: tuple[Copy, ...]
    scalings: tuple[Scaling, ...]
    press: Press


class SiteAnew(Struct, frozen=True, kw_only=True):
    """A whole site made again from content and theme: SHA-256 of every file, by address.

    `content` gives the bytes of a file by address, b"" for a file with a digest only.
    """

    expected: Expected
    digests: Mapping[str, str]
    content: Callable[[str], bytes]


class NewParts:
    """`Parts` that are made now."""

    def __init__(self, planned: Plan, site: Site, renderer: Renderer, frames: PageFrames) -> None:
        self._planned, self._site, self._renderer = planned, site, renderer
        self._frames = frames
        self._tables: dict[str, tuple[Artifact, ...]] = {}
        self._entries: dict[bool, dict[Ref, FeedEntry]] = {True: {}, False: {}}

    def item_digests(self, document: FeedDocument) -> Iterator[bytes]:
        """Digests of what a document has of its items, in order."""
        for entry in self.entries(document):
            yield entry.digest(whole=True)

    def entries(self, document: FeedDocument) -> Iterator[FeedEntry]:
        """The bytes of the items of a document, in order; each item is rendered once."""
        for record in sources_of(document.items):
            yield self._entry(record, whole=document.has_text(self._site.published(record)))

    def _entry(self, record: Record, *, whole: bool) -> FeedEntry:
        made = self._entries[whole]
        if record.ref not in made:
            item, base_url = feed_item(record, self._site), self._site.settings.base_url
            full_text = self._renderer.full_text if whole else None
            made[record.ref] = feed_entry(item, base_url, full_text)
        return made[record.ref]

    def table(self, dataset: Dataset) -> tuple[Artifact, ...]:
        """The files of a table."""
        if dataset.address not in self._tables:
            self._tables[dataset.address] = tuple(dataset_artifacts(dataset, lines_of(dataset)))
        return self._tables[dataset.address]

    def table_digests(self, dataset: Dataset) -> Mapping[str, str]:
        """SHA-256 of the files of a table, by address."""
        return {file.address: digest_of(file.content) for file in self.table(dataset)}

    def search(self) -> Iterator[PlannedBundle]:
        """The search index."""
        site = self._site
        yield PlannedBundle(group="search", name="search", make=lambda: search_artifacts(site))

    def theme(self) -> Mapping[str, bytes]:
        """The theme's own files, by address."""
        return self._frames.files

    def redirects(self) -> Iterator[Redirect]:
        """Old addresses with the new ones."""
        return redirects(self._site.archive, self._site)

    def pages(self) -> Iterator[Listed]:
        """All pages, as the sitemap lists them."""
        return map(listed_page, self._planned.pages)


def site_bundles(planned: Plan, site: Site, parts: NewParts) -> Iterator[PlannedBundle]:
    """The bundles of a site beside its records and pages."""
    lists = Lists(
        feeds=planned.feeds,
        calendars=planned.calendars,
        datasets=planned.datasets,
        navigation=planned.navigation,
    )
    yield from joined_bundles(lists, site, parts)
    yield from whole_bundles(site, parts)


def declare(
    whole: Site, loader: BaseLoader, *, draft: bool = False, file: Path = SETTINGS
) -> Expected:
    """Plans and renders everything but page frames, the theme's files and the list of all files.

    `file` is the site's `mkdocs.yml`.
    """
    site = shown(whole, draft=draft)
    planned = plan(site, site.views)
    renderer = Renderer(site, planned.feeds, loader)
    frames = new_frames(planned.navigation, site, file)
    parts = NewParts(planned, site, renderer, frames)
    documents = (
        Artifact(address=document.address, content=document.make())
        for document in planned.documents
    )
    # the theme's files need MkDocs, and so are made with the page frames
    bundles = [b for b in site_bundles(planned, site, parts) if b.group != "theme"]
    artifacts = (bundle.make() for bundle in bundles)
    return Expected(
        site=site,
        settings=site.settings,
        pages=tuple((page, renderer.block(page)) for page in planned.pages),
        artifacts=(*documents, *chain.from_iterable(artifacts)),
        copies=(*planned.copies, *chain.from_iterable(bundle.copies for bundle in bundles)),
        scalings=planned.scalings,
        press=Press(TracedSite(site), planned.feeds, loader, frames),
    )


def make_anew(expected: Expected, options: Options) -> SiteAnew:
    """Makes every file of a site; raises `ThemeRefused`."""
    press = expected.press
    pages = {page.html_path: (page, block) for page, block in expected.pages}
    files = {artifact.address: artifact.content for artifact in expected.artifacts}
    files |= press.frames.files

    def content(address: str) -> bytes:
        if address in pages:
            return press.finished(*pages[address]).html.encode()
        return files.get(address, b"")

    digests = {address: digest_of(content(address)) for address in (*files, *pages)}
    digests |= {copy.address: copy.digest for copy in expected.copies}
    digests |= {s.address: digest_of(new_thumbnail(s, options.content)) for s in expected.scalings}
    for bundle in manifest_bundles(expected.site, digests.copy):
        files |= {artifact.address: artifact.content for artifact in bundle.make()}
        digests |= {address: digest_of(files[address]) for address in bundle.addresses}
    return SiteAnew(expected=expected, digests=digests, content=content)


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
