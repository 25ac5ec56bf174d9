"""Makes bundles: all files that the site has of one content folder, or of one list page.

A bundle depends on the folder's records, on the site's answers to the queries of its making, and
on the theme's page frames.  It is made again only if one of these changed, see module `reuse`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from jinja2 import BaseLoader
from msgspec import Struct

from generator.build.bundles.frame_cache import PageFrames
from generator.build.bundles.page_checks import (
    Lead,
    Link,
    lead,
    leads_within,
    page_faults,
    targets,
)
from generator.build.cache.trace import Query, TracedSite
from generator.content.model import Artifact, Copy, Feed, Page, Problem, Ref, Scaling
from generator.content.record import Record, leaves
from generator.output.formats.csv_json import Line, row_line
from generator.output.formats.feed_documents import feed_entry
from generator.output.formats.feed_parts import FeedEntry
from generator.output.formats.sitemap import Listed, listed_page
from generator.output.mkdocs.page_frame import FrameKey, Surroundings, frame_key, place_of
from generator.output.renderer import Renderer
from generator.output.search.documents import SearchFacts
from generator.output.search.index import document
from generator.site.feed_items import feed_item, has_item
from generator.site.page_metadata import head_lines
from generator.site.plan import export_row, record_plan
from generator.site.redirects import Redirect, redirects
from generator.site.report_link import report_link


class Bundle(Struct, frozen=True, kw_only=True):
    """The facts that the cache keeps of a bundle; `files` gives SHA-256 by address in the site.

    The store makes the `scalings`, and adds them to `files`.

    `items` are digests of feed items by record, `whole` those with the text, of the records whose
    text a current document of a feed has.  `search_facts` are what the search index needs to plan
    its segments, `redirects` the records' old addresses with the new ones.
    """

    files: Mapping[str, str]
    pages: tuple[Listed, ...] = ()
    copies: tuple[Copy, ...] = ()
    scalings: tuple[Scaling, ...] = ()
    items: Mapping[Ref, bytes] = {}
    whole: Mapping[Ref, bytes] = {}
    search_facts: Mapping[Ref, SearchFacts] = {}
    redirects: tuple[Redirect, ...] = ()


class BundleReport(Struct, frozen=True, kw_only=True):
    """What the making of a bundle reports to its build.

    `links` are those of its pages by where they lead, `faults` the problems of the pages,
    `queries` all queries to the site, `frames` the keys of the page frames.
    """

    links: Mapping[Lead, Sequence[Link]] = {}
    faults: tuple[Problem, ...] = ()
    queries: tuple[Query, ...] = ()
    frames: tuple[FrameKey, ...] = ()


class NewBundle(Struct, frozen=True, kw_only=True):
    """A new bundle with its bytes: `site` by address, feed `items` and table `lines` by record.

    The store writes the bytes of `site` to disk, empties it, and sets `folder` and `signature`.
    """

    bundle: Bundle
    report: BundleReport = BundleReport()
    site: Mapping[str, bytes]
    items: Mapping[Ref, FeedEntry]
    lines: Mapping[Ref, Line] = {}
    folder: str = ""
    signature: str = ""


class Finished(NamedTuple):
    """A page's HTML, the tags that were added to its head, the key of its frame."""

    html: str
    head: tuple[str, ...]
    key: FrameKey


class Press:
    """Makes the pages of a site: a renderer whose queries are traced, and the page frames."""

    def __init__(
        self, site: TracedSite, feeds: Iterable[Feed], loader: BaseLoader, frames: PageFrames
    ) -> None:
        self.site = site
        self.renderer = Renderer(site, feeds, loader)
        self.entrances = site.addresses
        self.frames = frames
        self.settings = site.settings

    def place(self, address: str) -> str:
        """The part of a frame's key that follows from a page's address."""
        return place_of(address, self.entrances)

    def finished(self, page: Page, block: str) -> Finished:
        """A block in its page frame; raises `ThemeRefused`, `FrameMissing`."""
        feeds = self.renderer.feed_links(page)
        key = frame_key(page, block, feeds, self.entrances)
        head = head_lines(page, self.settings)
        own = Surroundings(
            address=self.settings.base_url + page.address,
            head="".join(head),
            report=report_link(self.settings, page.title, page.address, page.source),
        )
        html = self.frames.frame(key).around(page, block, own, feeds)
        return Finished(html, head, key)

    def source(self, page: Page) -> Artifact:
        """A page's Markdown, for a build by MkDocs."""
        self.site.begin()
        return self.renderer.markdown(page, self.renderer.block(page))


def make_bundle(records: Sequence[Record], whole: Sequence[Ref], press: Press) -> NewBundle:
    """The bundle of some records; current documents of feeds have the texts of the `whole` ones."""
    press.site.begin()
    making, with_text = _Making(press), set(whole)
    items: dict[Ref, FeedEntry] = {}
    for record in records:
        making.add(record)
        # at once: the texts that its page needed are still in memory
        if has_item(record, making.site):
            items[record.ref] = making.item(record, whole=record.ref in with_text)
    return making.close(items, whole)


def make_page(page: Page, press: Press) -> NewBundle:
    """The bundle of one page that shows no single record."""
    press.site.begin()
    making = _Making(press)
    making.page(page)
    return making.close({}, ())


def make_sources(records: Sequence[Record], press: Press) -> tuple[Artifact, ...]:
    """The Markdown of some records' pages."""
    pages = (page for record in records for page in record_plan(record, press.site).pages)
    return tuple(press.source(page) for page in pages)


class _Making:
    """A bundle that is being made."""

    def __init__(self, press: Press) -> None:
        self.press, self.site, self.renderer = press, press.site, press.renderer
        self.files: dict[str, bytes] = {}
        self.copies: list[Copy] = []
        self.scalings: list[Scaling] = []
        self.redirects: list[Redirect] = []
        self.pages: list[Listed] = []
        self.lines: dict[Ref, Line] = {}
        self.search_facts: dict[Ref, SearchFacts] = {}
        self.links: dict[Lead, list[Link]] = {}
        self.frames: dict[FrameKey, None] = {}
        self.faults: list[Problem] = []

    def add(self, record: Record) -> None:
        """Adds the pages and files of a record, its redirects, its search facts and table row."""
        planned, kind = record_plan(record, self.site), self.site.kind(record)
        for page in planned.pages:
            self.page(page)
        self.files.update({document.address: document.make() for document in planned.documents})
        self.copies += planned.copies
        self.scalings += planned.scalings
        self.redirects += redirects((record,), self.site)
        if kind.page:
            values = tuple(leaves(record))
            self.search_facts[record.ref] = document(record, self.site, values).facts
        if kind.columns:
            row = export_row(record, kind, self.site)
            names = tuple((column.name, column.title) for column in kind.columns)
            self.lines[record.ref] = row_line(names, row)

    def page(self, page: Page) -> None:
        """Adds a page: its HTML, its faults, its links."""
        block = self.renderer.block(page)
        html, head, key = self.press.finished(page, block)
        self.files[page.html_path] = html.encode()
        self.pages.append(listed_page(page))
        self.frames[key] = None
        self.faults += page_faults(page, block, html, head, self.press.settings)
        path = page.html_path
        for target in targets(block):
            if leads_within(block, target):
                continue  # a whole site would else be read again for the contents of its texts
            self.links.setdefault(lead(path, target), []).append((path, target))

    def item(self, record: Record, *, whole: bool) -> FeedEntry:
        """A record's item in feeds."""
        full_text = self.renderer.full_text if whole else None
        return feed_entry(feed_item(record, self.site), self.site.settings.base_url, full_text)

    def close(self, items: Mapping[Ref, FeedEntry], whole: Sequence[Ref]) -> NewBundle:
        """The finished bundle, with these feed items, some of them `whole`."""
        digests = {
            address: hashlib.sha256(content).hexdigest() for address, content in self.files.items()
        }
        digests.update({copy.address: copy.digest for copy in self.copies})
        bundle = Bundle(
            pages=tuple(self.pages),
            files=digests,
            copies=tuple(self.copies),
            scalings=tuple(self.scalings),
            items={ref: entry.digest(whole=False) for ref, entry in items.items()},
            whole={ref: items[ref].digest(whole=True) for ref in whole},
            search_facts=self.search_facts,
            redirects=tuple(self.redirects),
        )
        report = BundleReport(
            links=self.links,
            faults=tuple(self.faults),
            queries=self.site.queries,
            frames=tuple(self.frames),
        )
        return NewBundle(
            bundle=bundle,
            report=report,
            site=self.files,
            items=items,
            lines=self.lines,
        )
