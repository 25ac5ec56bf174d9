"""The site as it would be, page by page, for an editor who is changing it.

Nothing is built beforehand: a page is planned, rendered and given to the host when a browser
asks for it.  While the content has errors the last good site stays, and the errors are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from generator.datasets import csv_bytes, json_bytes
from generator.feeds import rss
from generator.host import PageHost, run_host
from generator.kind import Site
from generator.memory import Memory
from generator.model import Artifact, Document, Feed, Page, Problem
from generator.navigation import NAV_FILE, navigation
from generator.pipeline import DOCS, Examined, Options, examine, withhold
from generator.plan import Plan, plan
from generator.publish import claim
from generator.render import Renderer
from generator.search import FOLDER as SEARCH
from generator.search import search_artifacts
from generator.source import read_bytes
from generator.write import write, write_file

FOLDER = "preview"
STATIC = "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A site that can be shown: its plan by address, and what makes its pages."""

    site: Site
    nav: Artifact
    renderer: Renderer
    host: PageHost
    pages: Mapping[str, Page]
    made: Mapping[str, Document]
    copies: Mapping[str, str]


@dataclass(slots=True)
class Preview:
    """The content as of the last look, and the last site of it that was in order.

    `version` counts the looks that found something changed: a browser that knows a smaller
    one asks again.
    """

    options: Options
    shown: Shown | None = None
    problems: tuple[Problem, ...] = ()
    version: int = 0
    seen: frozenset[tuple[str, int, int]] = field(default_factory=frozenset)
    index: tuple[Shown, Mapping[str, bytes]] | None = None

    @property
    def errors(self) -> int:
        """How many problems keep the content from being shown as it is."""
        return sum(problem.stops for problem in self.problems)

    def look(self) -> Examined | None:
        """Reads the content again where a file changed; None where none did."""
        seen = _stamps(self.options.content)
        if seen == self.seen:
            return None
        self.seen = seen
        examined = examine(self.options)
        if examined.site:
            self.shown = _show(examined.site, self.options, self.shown)
        self.problems = examined.problems
        self.version += 1
        return examined

    def content(self, address: str) -> bytes | None:
        """What stands at an address (a page's ends in `/` or is ""), or None."""
        shown = self.shown
        if shown is None:
            return None
        if address in shown.pages:
            return _page(shown.pages[address], shown).encode()
        if address in shown.made:
            return shown.made[address].make()
        if address in shown.copies:
            return read_bytes(self.options.content / shown.copies[address])
        return self._index(shown).get(address) if address.startswith(SEARCH) else None

    def _index(self, shown: Shown) -> Mapping[str, bytes]:
        """The search index, made when a browser first asks for a part of it."""
        if self.index is None or self.index[0] is not shown:
            made = {a.address: a.content for a in search_artifacts(shown.site)}
            self.index = (shown, made)
        return self.index[1]

    def close(self) -> None:
        """Ends the host's process."""
        if self.shown:
            self.shown.host.close()


def begin(options: Options) -> Preview:
    """A preview of the content as it is now, with what it will need to look again."""
    claim(options.work, options.site, options.content)
    preview = Preview(replace(options, memory=Memory()))
    preview.look()
    return preview


def static_folder(options: Options) -> Path:
    """Where the theme's own files stand: styles, scripts, the 404 page."""
    return options.work / FOLDER / STATIC


def _stamps(content: Path) -> frozenset[tuple[str, int, int]]:
    stamps = set()
    for path in content.rglob("*"):
        try:
            about = path.lstat()
        except OSError:  # gone since it was listed: the next look sees that
            continue
        stamps.add((str(path), about.st_mtime_ns, about.st_size))
    return frozenset(stamps)


def _show(site: Site, options: Options, before: Shown | None) -> Shown:
    site = withhold(site, options)
    planned = plan(site, options.views)
    nav = navigation(planned.navigation, site)
    renderer = Renderer(site, planned.feeds, options.loader)
    pages = {page.address: page for page in planned.pages}
    if before and before.nav == nav:
        host = before.host
    else:
        if before:
            before.host.close()
        host = _host(nav, planned, pages, renderer, options)
    copies = {copy.address: copy.source for copy in planned.copies}
    made = _made(planned, site, renderer)
    return Shown(
        site=site, nav=nav, renderer=renderer, host=host, pages=pages, made=made, copies=copies
    )


def _host(
    nav: Artifact, planned: Plan, pages: Mapping[str, Page], renderer: Renderer, options: Options
) -> PageHost:
    """A host with the pages of the navigation; its theme's files are made once."""
    folder = options.work / FOLDER
    entrances = [pages[entrance.address] for entrance in planned.navigation]
    artifacts = [renderer.markdown(page, renderer.block(page)) for page in entrances]
    write(folder / DOCS, artifacts, (), options.content)
    write_file(folder / NAV_FILE, nav.content)
    nav_file, docs, target = folder / NAV_FILE, folder / DOCS, static_folder(options)
    environment = options.environment
    run_host(nav=nav_file, docs=docs, target=target, environment=environment)
    return PageHost(nav=nav_file, docs=docs, target=target, environment=environment)


def _page(page: Page, shown: Shown) -> str:
    text = shown.renderer.markdown(page, shown.renderer.block(page)).content.decode()
    return shown.host.page(page.path, text)


def _made(planned: Plan, site: Site, renderer: Renderer) -> dict[str, Document]:
    documents = [*planned.documents]
    for feed in planned.feeds:
        make = partial(_feed, feed, site, renderer)
        documents.append(Document(address=feed.address, make=make))
    for dataset in planned.datasets:
        for ending, make_table in (("csv", csv_bytes), ("json", json_bytes)):
            address = f"{dataset.address}.{ending}"
            documents.append(Document(address=address, make=partial(make_table, dataset)))
    return {document.address: document for document in documents}


def _feed(feed: Feed, site: Site, renderer: Renderer) -> bytes:
    return rss(feed, site, renderer.full_text).content
