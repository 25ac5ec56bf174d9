"""The whole site as the content declares it, made anew: what `gongbao verify` compares with."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import BaseLoader

from generator.datasets import dataset_artifacts, lines_of
from generator.feeds import rss
from generator.host import HOST_FILES
from generator.kind import Site
from generator.manifest import MANIFEST
from generator.model import Artifact
from generator.plan import Plan, plan, shown
from generator.published_log import log_parts
from generator.render import Renderer
from generator.search import search_artifacts
from generator.verify import Expected, Facts


def declare(whole: Site, loader: BaseLoader, *, draft: bool = False) -> Expected:
    """Plans and renders everything; nothing is read of what an earlier build made."""
    site = shown(whole, draft=draft)
    planned = plan(site, site.views)
    renderer = Renderer(site, planned.feeds, loader)
    facts = Facts(base_url=site.settings.base_url, official=site.settings.official)
    return Expected(
        facts=facts,
        pages=tuple((page, renderer.block(page)) for page in planned.pages),
        artifacts=tuple(_artifacts(planned, site, renderer)),
        copies=planned.copies,
        host_files=(*HOST_FILES, *((MANIFEST,) if site.settings.sealed else ())),
    )


def _artifacts(planned: Plan, site: Site, renderer: Renderer) -> Iterator[Artifact]:
    for feed in planned.feeds:
        yield rss(feed, site, renderer.full_text)
    for dataset in planned.datasets:
        yield from dataset_artifacts(dataset, lines_of(dataset))
    for document in planned.documents:
        yield Artifact(address=document.address, content=document.make())
    yield from search_artifacts(site)
    for part in log_parts(site):
        yield from part.make()
