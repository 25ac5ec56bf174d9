"""Renders planned pages and feed items with templates, without disk or clock.

A page becomes one HTML block that MkDocs passes on unchanged, so escaping and exact text are
decided here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote

from jinja2 import BaseLoader, Environment
from markupsafe import Markup, escape

from generator.content.model import Artifact, Feed, FeedItem, Page, Picture, Ref
from generator.content.record import Record
from generator.output.charts import chart_figure, chart_svg
from generator.output.html import (
    contents_list,
    day_text,
    file_size,
    legal_text,
    noted,
    numbered,
    paragraphs,
    time_element,
)
from generator.output.mkdocs.page_frame import FeedLink
from generator.output.mkdocs.page_markdown import language_meta, markdown_text, page_meta
from generator.output.templates_loader import new_environment, of_place
from generator.site.english import english_address
from generator.site.figures.cells import Tabulated
from generator.site.figures.citing import Placed
from generator.site.figures.narration import Part, Setting, narrated
from generator.site.kind import Site
from generator.site.page_metadata import described, head_tags
from generator.site.pictures import framed, picture_of
from generator.site.report_link import report_link
from generator.text.dates import PartialDate
from generator.text.figure_references import bindings
from generator.text.highlight import set_off
from generator.text.markdown import RECORD_LINK, Heading, read_prose, render_prose
from generator.text.missing_word import MissingWord
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH, ENGLISH_HOME, absolute, language_of, relative

_BLANK_LINE = re.compile(r"\n[ ]+(?=\n)")
_CELL_ID = re.compile(r'(<td[^>]*) id="[^"]*"')
_FRAGMENT = re.compile(r'<a(?:\s+[a-z-]+(?:="[^"]*")?)*?\s+href="(?=#)')
"""The tag of a link to a place on the same page, up to the `#`."""
_SAFE_TARGET = re.compile(r"(?:https?:|mailto:|tel:|#)", re.I)


def _repeated(texts: Iterable[str]) -> frozenset[str]:
    """The texts that come more than once."""
    return frozenset(text for text, count in Counter(texts).items() if count > 1)


def _headings(text: str) -> tuple[Heading, ...]:
    return read_prose(text).headings


class Renderer:
    """Renders the templates of one site; the same plan gives the same bytes.

    A template gets its values as context.  Only the filters know the place (a page's address, or
    None in a feed), so that macros are compiled once per language and not once per page.
    """

    def __init__(self, site: Site, feeds: Iterable[Feed], loader: BaseLoader) -> None:
        self.site = site
        self._feeds = {feed.name: feed for feed in feeds}
        self._kinds = {kind.name for kind in site.kinds}
        self._loader = loader
        self._here: str | None = None
        self._environments: dict[str, Environment] = {}

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            environment = self._environments[language] = new_environment(self._loader)
            environment.filters |= self._filters()
            environment.globals |= {
                "site": self.site,
                "settings": self.site.settings,
                "home": ENGLISH_HOME if language == ENGLISH else "",
                "language": language,
                "words": words_of(language),
            }
        return self._environments[language]

    def compile_all(self) -> None:
        """Compiles every template that the loader lists."""
        environment = self._environment(CHINESE)
        with suppress(TypeError):  # a loader need not list what it has
            for name in environment.list_templates(extensions=["html"]):
                environment.get_template(name)

    def _filled(self, template: str, here: str | None, context: Mapping[str, object]) -> str:
        """A rendered template, with `here` as the place that the filters see.

        Rendering may be nested (prose may place a table), so the outer place is restored.
        """
        before, self._here = self._here, here
        try:
            environment = self._environment(language_of(here))
            return environment.get_template(template).render(context)
        except MissingWord as missing:
            record = context.get("record")
            if isinstance(record, Record):  # a shared template asks: the word is the kind's
                missing.kind = _kind_folder(record)
            raise
        finally:
            self._here = before

    def _filters(self) -> dict[str, Any]:
        return {
            "href": of_place(self._href),
            "filled": of_place(self._filled_text),
            "prose": of_place(self._prose),
            "narrated": of_place(self._narrated),
            "headings": _headings,
            "paragraphs": paragraphs,
            "time": of_place(self._time),
            "said": of_place(self._day),
            "numbered": numbered,
            "legal_text": legal_text,
            "set_off": set_off,
            "referring": of_place(self._referring),
            "noted": noted,
            "contents": contents_list,
            "searches": of_place(self._searches),
            "size": file_size,
            "framed": of_place(self._framed),
            "pictured": self._pictured,
            "described": self._described,
            "repeated": _repeated,
            "followed": self._followed,
        }

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The feeds that pages can link to."""
        return tuple(self._feeds.values())

    def markdown(self, page: Page, block: str) -> Artifact:
        """A page's Markdown file for the docs folder: a YAML header and the HTML block."""
        settings = self.site.settings
        report = report_link(settings, page.title, page.address, page.source)
        meta = page_meta(page, self.feed_links(page), head_tags(page, settings), report)
        if settings.english:
            meta |= language_meta(page, settings.base_url)
        return Artifact(address=page.path, content=markdown_text(meta, block).encode())

    def feed_links(self, page: Page) -> tuple[FeedLink, ...]:
        """The feeds that a page's head links: its own, then those of the whole site."""
        own = self._followed(page)
        wide = ((f.title, f.address) for f in self._feeds.values() if not f.page)
        return (*own, *(link for link in wide if link not in own))

    def _followed(self, page: Page) -> tuple[FeedLink, ...]:
        feeds = (self._feeds[name] for name in page.feeds if name in self._feeds)
        return tuple((feed.title, feed.address) for feed in feeds)

    def block(self, page: Page) -> str:
        """A page's HTML block, exactly as the finished page contains it."""
        context = {**page.context, "page": page}
        return _one_block(self._filled(page.template, page.address, context))

    def full_text(self, item: FeedItem) -> str:
        """A feed item's HTML with absolute addresses.

        A link to a fragment gets the page's address too: in a feed reader it would lead nowhere.
        """
        html = self._filled(item.template, None, item.context()).strip()
        page = escape(absolute(self.site.settings.base_url, item.address))
        return _FRAGMENT.sub(lambda tag: f"{tag[0]}{page}", html)

    def _pictured(self, name: str, record: Record) -> Picture | None:
        return picture_of(record, name, self.site)

    def _described(self, page: Page) -> Markup:
        return Markup(described(page, self.site.settings))  # noqa: S704 -- escaped there

    def _href(self, target: str | Record) -> str:
        address = self.site.address(target) if isinstance(target, Record) else target
        if _SAFE_TARGET.match(address):
            return address
        here = self._here
        if here is None:
            return absolute(self.site.settings.base_url, address)
        return relative(here, address)

    def _referring(self, html: str, links: Mapping[str, str]) -> Markup:
        """Text in HTML, in which each name leads to its address where it first stands."""
        html = str(html)  # markup would escape the links
        # the longest name first, and links at the end, so that no name is found in another one
        for place, name in enumerate(names := sorted(links, key=lambda name: (-len(name), name))):
            html = html.replace(name, f"\0{place}\0", 1)
        for place, name in enumerate(names):
            to = escape(self._href(links[name]))
            html = html.replace(f"\0{place}\0", f'<a class="gb-named" href="{to}">{name}</a>')
        return Markup(html)  # noqa: S704 -- of a template

    def _searches(self, words: Iterable[str]) -> Markup:
        """List items, each a link to the search for a word."""
        search, plain = escape(self._href("search/")), list(words)
        shown = str(escape("\n".join(plain))).split("\n")  # words have no line breaks
        items = (
            # letters need no signs in place of their bytes
            f'<li><a href="{search}?q={word if word.isalnum() else quote(word)}">{html}</a></li>'
            for word, html in zip(plain, shown, strict=False)
        )
        return Markup("\n".join(items))  # noqa: S704 -- escaped as a whole

    def _time(self, day: date | PartialDate | None) -> Markup:
        return time_element(day, language_of(self._here))

    def _day(self, day: date) -> str:
        return day_text(day, language_of(self._here))

    def _filled_text(self, template: str, context: Mapping[str, object]) -> str:
        return self._filled(template, self._here, context)

    def _prose(self, text: str, record: Record | None) -> Markup:
        """The HTML of an editor's text, or without a record of one of the program's own."""
        rendered = render_prose(
            text,
            lambda typed: self._target(typed, record),
            frame=lambda typed: self._frame(record, typed),
        )
        return Markup(rendered.html)  # noqa: S704 -- nh3 has cleaned it

    def _narrated(self, part: Part, page_of: Record) -> Markup:
        """Prose that cites figures, as a part of the page of the record `page_of`."""
        setting = Setting(
            resolve=lambda typed: self._target(typed, page_of),
            frame=self._frame,
            own=lambda anchor: self._own(page_of, anchor),
            link=lambda cited, place: self._href(self.site.address(cited) + place),
            show=partial(self._placed, _drawn(part)),
        )
        html = narrated(part, self.site, setting)
        return Markup(html)  # noqa: S704 -- nh3 has cleaned it, and figures are escaped

    def _frame(self, record: Record | None, typed: str) -> Mapping[str, str]:
        """The attributes of an image in a record's folder; none if the image is elsewhere."""
        if record is None or picture_of(record, typed, self.site) is None:
            return {}
        return framed(record, typed, self.site, self._href)

    def _framed(self, name: str, record: Record) -> Markup:
        attributes = framed(record, name, self.site, self._href)
        return Markup(" ").join(
            Markup('{}="{}"').format(attribute, value) for attribute, value in attributes.items()
        )

    def _own(self, page_of: Record, anchor: str) -> str:
        """A link to an anchor of a record's page, from that page itself or from a feed."""
        if self._here is None:
            return self._href(f"{self.site.address(page_of)}#{anchor}")
        return f"#{anchor}"

    def _placed(self, drawn: frozenset[str], placed: Placed, number: str) -> str:
        """The HTML of a placed part: a list, or a record's table or chart.

        `drawn` are the records whose charts the text itself places, by the names that it uses.
        """
        what = placed.what
        context: dict[str, Any] = {"what": what, "number": number, "chart": ""}
        if isinstance(what, Tabulated):
            context |= self._shown(what, placed.binding.placed, number)
            if placed.binding.placed == "table" and not drawn & {what.id, what.title}:
                context["chart"] = self._beside(what, number)
        filled = self._filled(f"placed-{placed.binding.placed}.html", self._here, context)
        return _CELL_ID.sub(r"\1", filled)  # an id belongs to the page of the figures

    def _shown(self, what: Tabulated, sort: str, number: str) -> Mapping[str, object]:
        """The context for the template of a placed table or chart."""
        if sort == "chart":
            chart, *_ = self.site.kind(what).figures.charts(what, self.site)
            drawn = chart_figure(chart, f"chart-{number[1:]}", number)
            return {"chart": Markup(drawn)}  # noqa: S704 -- escaped as it is drawn
        make = self.site.kind(what).feed_item
        if make is None:
            raise LookupError(f"a kind of figures that has no body for a feed: {what.ref}")
        item = make(what, self.site)
        return {**item.context(), "body": item.template}

    def _beside(self, what: Tabulated, number: str) -> str:
        """The first chart of a placed table, to stand beside it; a feed has the table alone."""
        charts = self.site.kind(what).figures.charts(what, self.site) if self._here else ()
        if not charts:
            return ""
        chart, name = charts[0], f"beside-{number[1:]}"
        if chart.title == what.title:  # the table's caption says it
            drawn = f'<div class="gb-chart" id="{name}">{chart_svg(chart, name)}</div>'
        else:
            drawn = chart_figure(chart, name)
        return Markup(drawn)  # noqa: S704 -- escaped as it is drawn

    def _target(self, typed: str, record: Record | None) -> str | None:
        match = RECORD_LINK.fullmatch(typed)
        if match and match["kind"] in self._kinds:
            record_id, hash_, anchor = match["id"].partition("#")
            linked = self.site.linked(Ref(match["kind"], record_id))
            return self._href(self._way(linked, hash_ + anchor)) if linked else None
        if _SAFE_TARGET.match(typed):
            return typed
        if typed.startswith("/"):
            exists = typed[1:].partition("#")[0] in self.site.addresses
            return self._href(typed[1:]) if exists else None
        if ":" in typed or record is None:
            return None
        return self._href(self.site.address(record) + typed)

    def _way(self, record: Record, anchor: str) -> str:
        """The address of a link to a record; from an English page to its English page, if any."""
        if language_of(self._here) == ENGLISH and not anchor:
            return english_address(record, self.site)
        return self.site.address(record) + anchor


def _drawn(part: Part) -> frozenset[str]:
    """The records whose charts a text places, by the names that it uses."""
    placed = bindings(part.record.markdown)
    return frozenset(binding.record for binding in placed if binding.placed == "chart")


def _kind_folder(record: Record) -> str:
    """The folder below `kinds/` that brings a record's class, "" where none does."""
    below = type(record).__module__.partition("generator.kinds.")[2]
    return below.partition(".")[0]


def _one_block(html: str) -> str:
    """HTML in a form that Python-Markdown does not change: it expands tabs and trims lines."""
    text = html.strip().replace("\t", "&#9;")
    return _BLANK_LINE.sub("\n", text) if "\n " in text else text
