"""The whole site made anew from content and theme: what `gongbao verify` compares with.

Nothing is read that an earlier build made: no cache, no bundle, no page frame, no size of a
picture.  What `gongbao links` found last is part of what a site is made of, and is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from jinja2 import BaseLoader

from generator.build.bundles.bundle import Press
from generator.build.bundles.frame_cache import theme_anew
from generator.build.bundles.thumbnails import developed
from generator.build.cache.trace import TracedSite
from generator.build.options import Options
from generator.build.verify import Expected, SiteAnew
from generator.content.model import Artifact, Dataset
from generator.content.settings import Settings
from generator.ledger.published_log import check_pages, log_parts
from generator.output.formats.csv_json import dataset_artifacts, lines_of
from generator.output.formats.data_catalog import catalogue_artifacts
from generator.output.formats.rss import rss
from generator.output.mkdocs.page_frame import frame_key
from generator.output.mkdocs.process import listed_page, sitemaps
from generator.output.renderer import Renderer
from generator.output.search.index import search_artifacts
from generator.output.security_headers import headers
from generator.release.manifest import MANIFEST, listing
from generator.site.kind import Site
from generator.site.plan import Plan, plan, shown
from generator.site.redirects import redirect_tables, redirects


def declare(whole: Site, loader: BaseLoader, *, draft: bool = False) -> Expected:
    """Plans and renders everything but page frames."""
    site = shown(whole, draft=draft)
    planned = plan(site, site.views)
    renderer = Renderer(site, planned.feeds, loader)
    return Expected(
        site=site,
        settings=site.settings,
        pages=tuple((page, renderer.block(page)) for page in planned.pages),
        artifacts=tuple(_artifacts(planned, site, renderer)),
        copies=planned.copies,
        scalings=planned.scalings,
        feeds=planned.feeds,
        navigation=planned.navigation,
    )


def make_anew(expected: Expected, options: Options) -> SiteAnew:
    """Every file of a site from what the content declares; raises `HostFailed`.

    MkDocs makes a frame for each sort of page, in a folder of its own.
    """
    site = expected.site
    press = Press(TracedSite(site), expected.feeds, options.loader)
    keys = dict.fromkeys(
        frame_key(page, block, press.renderer.feed_links(page), press.entrances)
        for page, block in expected.pages
    )
    with theme_anew(expected.navigation, site, options.environment) as theme:
        press.frames.update({key: theme.frame(key) for key in keys})
        files = dict(theme.files())
    artifacts = (*_sitemaps(expected), *expected.artifacts)
    files.update({artifact.address: artifact.content for artifact in artifacts})
    pages = {page.html_path: (page, block) for page, block in expected.pages}

    def content(address: str) -> bytes:
        if address in pages:
            return press.finished(*pages[address]).html.encode()
        return files.get(address, b"")

    digests = {address: _digest(content(address)) for address in (*files, *pages)}
    digests |= {copy.address: copy.digest for copy in expected.copies}
    digests |= {s.address: _digest(developed(s, options.content)) for s in expected.scalings}
    if site.settings.sealed:
        files[MANIFEST] = listing(digests).encode()
        digests[MANIFEST] = _digest(files[MANIFEST])
    return SiteAnew(expected=expected, digests=digests, content=content)


def _sitemaps(expected: Expected) -> Iterator[Artifact]:
    listed = (listed_page(page) for page, _ in expected.pages)
    return sitemaps(listed, expected.settings.base_url)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _artifacts(planned: Plan, site: Site, renderer: Renderer) -> Iterator[Artifact]:
    for feed in planned.feeds:
        yield rss(feed, site, renderer.full_text)
    yield from table_artifacts(planned.datasets, site.settings)
    for document in planned.documents:
        yield Artifact(address=document.address, content=document.make())
    yield from search_artifacts(site)
    yield headers(*check_pages(site))
    yield from redirect_tables(redirects(site.archive, site), site.settings.base_url)
    for view in site.views:
        yield from view.artifacts(site)
    for part in log_parts(site):
        yield from part.make()


def table_artifacts(datasets: Sequence[Dataset], settings: Settings) -> Iterator[Artifact]:
    """The files of all tables, and the catalogues that name them with their digests."""
    tables = [made for held in datasets for made in dataset_artifacts(held, lines_of(held))]
    yield from tables
    digests = {table.address: _digest(table.content) for table in tables}
    yield from catalogue_artifacts(datasets, settings, digests)
