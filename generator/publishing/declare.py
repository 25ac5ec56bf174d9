"""The whole site as the content declares it, made anew: what `gongbao verify` compares with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from jinja2 import BaseLoader

from generator.formats.cataloguing import catalogue_artifacts
from generator.formats.datasets import dataset_artifacts, lines_of
from generator.formats.feeds import rss
from generator.host.host import HOST_FILES
from generator.host.policy import headers
from generator.kind import Site
from generator.ledger.published_log import check_pages, log_parts
from generator.model import Artifact, Dataset
from generator.moved import moved, redirect_tables
from generator.plan import Plan, plan, shown
from generator.publishing.manifest import MANIFEST
from generator.publishing.verify import Expected
from generator.render import Renderer
from generator.search.search import search_artifacts
from generator.settings import Settings


def declare(whole: Site, loader: BaseLoader, *, draft: bool = False) -> Expected:
    """Plans and renders everything; nothing is read of what an earlier build made."""
    site = shown(whole, draft=draft)
    planned = plan(site, site.views)
    renderer = Renderer(site, planned.feeds, loader)
    return Expected(
        settings=site.settings,
        pages=tuple((page, renderer.block(page)) for page in planned.pages),
        artifacts=tuple(_artifacts(planned, site, renderer)),
        copies=planned.copies,
        scalings=planned.scalings,
        host_files=(*HOST_FILES, *((MANIFEST,) if site.settings.sealed else ())),
    )


def _artifacts(planned: Plan, site: Site, renderer: Renderer) -> Iterator[Artifact]:
    for feed in planned.feeds:
        yield rss(feed, site, renderer.full_text)
    yield from table_artifacts(planned.datasets, site.settings)
    for document in planned.documents:
        yield Artifact(address=document.address, content=document.make())
    yield from search_artifacts(site)
    yield headers(*check_pages(site))
    yield from redirect_tables(moved(site.archive, site), site.settings.base_url)
    for view in site.views:
        yield from view.artifacts(site)
    for part in log_parts(site):
        yield from part.make()


def table_artifacts(datasets: Sequence[Dataset], settings: Settings) -> Iterator[Artifact]:
    """The files of all tables, and the catalogues that name them with their digests."""
    tables = [made for held in datasets for made in dataset_artifacts(held, lines_of(held))]
    yield from tables
    digests = {table.address: hashlib.sha256(table.content).hexdigest() for table in tables}
    yield from catalogue_artifacts(datasets, settings, digests)
