"""A bundle: everything that the site holds of one folder of the content.

Made from the folder's records, the site's answers to what they ask, and the frames of the
theme; so it is made again only when one of these changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from jinja2 import BaseLoader
from msgspec import Struct

from generator.build.bundles.frame_cache import PageFrames
from generator.build.bundles.page_checks import Lead, Link, lead, page_faults, targets
from generator.build.cache.trace import Query, TracedSite
from generator.content.model import Artifact, Copy, Feed, Page, Problem, Ref, Scaling
from generator.content.record import Record, leaves
from generator.output.formats.csv_json import Line, row_line
from generator.output.formats.rss import item_xml
from generator.output.formats.sitemap import Listed, listed_page
from generator.output.mkdocs.page_frame import FrameKey, frame_key, place_of
from generator.output.renderer import Renderer
from generator.output.search.documents import SearchFacts
from generator.output.search.index import document
from generator.site.feed_items import feed_item
from generator.site.page_metadata import head_lines
from generator.site.plan import export_row, record_plan
from generator.site.redirects import Redirect, redirects


class Bundle(Struct, frozen=True, kw_only=True):
    """What is remembered of a bundle; `files` gives SHA-256 by address in the site.

    The `scalings` are made when it is put in the store, and are among its `files` from then on.

    Of its records: `items` are digests of items for feeds, `found` what search counts them by,
    `redirects` old addresses with the new.
    """

    files: Mapping[str, str]
    pages: tuple[Listed, ...] = ()
    copies: tuple[Copy, ...] = ()
    scalings: tuple[Scaling, ...] = ()
    items: Mapping[Ref, bytes] = {}
    found: Mapping[Ref, SearchFacts] = {}
    redirects: tuple[Redirect, ...] = ()


class Told(Struct, frozen=True, kw_only=True):
    """What making a bundle told, for the build that made it.

    `links` are those of its pages by where they lead, `queries` is all that the archive was asked,
    `frames` are those that its pages were made with.
    """

    links: Mapping[Lead, Sequence[Link]] = {}
    faults: tuple[Problem, ...] = ()
    queries: tuple[Query, ...] = ()
    frames: tuple[FrameKey, ...] = ()


class Made(Struct, frozen=True, kw_only=True):
    """A bundle with its bytes: of the site by address, feed items by record.

    `lines` are its records' rows in tables.  In the store it has a name and a signature, and its
    bytes are on the disk.
    """

    bundle: Bundle
    told: Told = Told()
    site: Mapping[str, bytes]
    items: Mapping[Ref, bytes]
    lines: Mapping[Ref, Line] = {}
    folder: str = ""
    signature: str = ""


class Finished(NamedTuple):
    """A page's HTML, the tags that its head got, the key of its frame."""

    html: str
    head: tuple[str, ...]
    key: FrameKey


class Press:
    """What pages of a site are made with: a renderer whose queries are traced, page frames."""

    def __init__(
        self, site: TracedSite, feeds: Iterable[Feed], loader: BaseLoader, frames: PageFrames
    ) -> None:
        self.site = site
        self.renderer = Renderer(site, feeds, loader)
        self.entrances = site.addresses
        self.frames = frames
        self.settings = site.settings

    def place(self, address: str) -> str:
        """What pages must have in common to share a frame, as far as their address tells."""
        return place_of(address, self.entrances)

    def finished(self, page: Page, block: str) -> Finished:
        """A page around its block; raises `ThemeRefused`, `FrameMissing`."""
        feeds = self.renderer.feed_links(page)
        key = frame_key(page, block, feeds, self.entrances)
        address = self.settings.base_url + page.address
        head = head_lines(page, self.settings)
        html = self.frames.frame(key).around(page, block, address, "".join(head), feeds)
        return Finished(html, head, key)

    def source(self, page: Page) -> Artifact:
        """A page's Markdown, for whoever has MkDocs make the page."""
        self.site.begin()
        return self.renderer.markdown(page, self.renderer.block(page))


def make_bundle(records: Sequence[Record], wanted: Iterable[Ref], press: Press) -> Made:
    """The bundle of some records; `wanted` names those that stand in feeds."""
    press.site.begin()
    making, held = _Making(press), set(wanted)
    items: dict[Ref, bytes] = {}
    for record in records:
        making.take(record)
        # at once: what its page needed is still remembered
        if record.ref in held:
            items[record.ref] = making.item(record)
    return making.close(items)


def make_page(page: Page, press: Press) -> Made:
    """The bundle of one page that stands for no single record."""
    press.site.begin()
    making = _Making(press)
    making.page(page)
    return making.close({})


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
        self.found: dict[Ref, SearchFacts] = {}
        self.links: dict[Lead, list[Link]] = {}
        self.frames: dict[FrameKey, None] = {}
        self.faults: list[Problem] = []

    def take(self, record: Record) -> None:
        """Adds what one record gives."""
        planned, kind = record_plan(record, self.site), self.site.kind(record)
        for page in planned.pages:
            self.page(page)
        self.files.update({document.address: document.make() for document in planned.documents})
        self.copies += planned.copies
        self.scalings += planned.scalings
        self.redirects += redirects((record,), self.site)
        held = tuple(leaves(record))
        if kind.page:
            self.found[record.ref] = document(record, self.site, held).facts
        if kind.columns:
            row = export_row(record, kind, self.site)
            names = tuple((column.name, column.title) for column in kind.columns)
            self.lines[record.ref] = row_line(names, row)

    def page(self, page: Page) -> None:
        """Adds a page: its HTML, what it links to."""
        block = self.renderer.block(page)
        html, head, key = self.press.finished(page, block)
        self.files[page.html_path] = html.encode()
        self.pages.append(listed_page(page))
        self.frames[key] = None
        self.faults += page_faults(page, block, html, head, self.press.settings)
        path = page.html_path
        for target in targets(block):
            self.links.setdefault(lead(path, target), []).append((path, target))

    def item(self, record: Record) -> bytes:
        """A record's item in feeds."""
        return item_xml(feed_item(record, self.site), self.site, self.renderer.full_text)

    def close(self, items: Mapping[Ref, bytes]) -> Made:
        """The bundle as it is now."""
        digests = {
            address: hashlib.sha256(content).hexdigest() for address, content in self.files.items()
        }
        digests.update({copy.address: copy.digest for copy in self.copies})
        bundle = Bundle(
            pages=tuple(self.pages),
            files=digests,
            copies=tuple(self.copies),
            scalings=tuple(self.scalings),
            items={ref: hashlib.sha256(item).digest() for ref, item in items.items()},
            found=self.found,
            redirects=tuple(self.redirects),
        )
        told = Told(
            links=self.links,
            faults=tuple(self.faults),
            queries=self.site.queries,
            frames=tuple(self.frames),
        )
        return Made(
            bundle=bundle,
            told=told,
            site=self.files,
            items=items,
            lines=self.lines,
        )
