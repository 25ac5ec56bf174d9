"""Plans to bytes: templates filled, headers written; no disk, no clock.

A page becomes a Markdown file of a header and one HTML block, which the host passes on
unchanged: safety and fidelity are decided here.  The header goes through a YAML dumper,
since the host drops a damaged one without a word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import date
from functools import lru_cache
from html import escape
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, Template, pass_context
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.runtime import Context
from markupsafe import Markup

from generator.addresses import ENGLISH, ENGLISH_HOME, absolute, alternates, language_of, relative
from generator.charts import chart_figure
from generator.english import english_address
from generator.figures.cells import Tabulated
from generator.figures.citing import Placed
from generator.figures.narration import Part, Setting, narrated
from generator.formats.metadata import described, head_tags
from generator.framing import framed, picture_of
from generator.host.front_matter import header_line, header_lines, quoted_line
from generator.host.shell import FeedLink, other_address
from generator.kind import Site
from generator.model import Artifact, Feed, FeedItem, Page, Picture, Ref
from generator.record import Record
from generator.text.dates import PartialDate
from generator.text.elements import (
    file_size,
    legal_text,
    numbered,
    paragraphs,
    said,
    time_element,
)
from generator.text.legaltext import contents
from generator.text.marking import set_off
from generator.text.prose import RECORD_LINK, Heading, read_prose, render_prose
from generator.text.words import words_of

_BLANK_LINE = re.compile(r"\n[ ]+(?=\n)")
_CELL_ID = re.compile(r'(<td[^>]*) id="[^"]*"')
_SAFE_TARGET = re.compile(r"(?:https?:|mailto:|tel:|#)", re.I)


def package_templates() -> BaseLoader:
    """The program's own templates."""
    return PackageLoader("generator")


def templates_key(loader: BaseLoader) -> bytes:
    """A digest of the templates; of ones that cannot be listed, a key that no other run has."""
    environment, digest = Environment(), hashlib.sha256()  # noqa: S701 -- only reads sources
    try:
        names = loader.list_templates()
    except TypeError:
        return str(id(loader)).encode()
    for name in names:
        source = loader.get_source(environment, name)[0]
        digest.update(f"{name}\0{source}\0".encode())
    return digest.digest()


class _Compiled(BytecodeCache):
    """Templates compiled in this process, by their sources: builds in a row compile none twice."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Sets the code of a template that was compiled before."""
        bucket.code = self._held.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the code of a template."""
        self._held[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class _Templates(Environment):
    """Templates that stay as they are: each is looked for once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._found: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The template of a name; raises `TemplateNotFound`."""
        if not isinstance(name, str) or globals is not None:
            return super().get_template(name, parent, globals)
        if name not in self._found:
            self._found[name] = super().get_template(name, parent)
        return self._found[name]


class Renderer:
    """Fills templates for one site; the same plan gives the same bytes."""

    def __init__(self, site: Site, feeds: Iterable[Feed], loader: BaseLoader) -> None:
        self.site = site
        self._feeds = {feed.name: feed for feed in feeds}
        self._kinds = {kind.name for kind in site.kinds}
        self._environment = _Templates(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED,
        )
        self._environment.filters |= self._filters()
        self._environment.globals |= {"site": site, "settings": site.settings}

    def _filters(self) -> dict[str, Any]:
        return {
            "href": self._href,
            "prose": self._prose,
            "narrated": self._narrated,
            "headings": self._headings,
            "paragraphs": paragraphs,
            "time": self._time,
            "said": self._said,
            "numbered": numbered,
            "legal_text": legal_text,
            "set_off": set_off,
            "contents": contents,
            "size": file_size,
            "framed": self._framed,
            "pictured": self._pictured,
            "described": self._described,
            "followed": self._followed,
        }

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The feeds that pages can lead to."""
        return tuple(self._feeds.values())

    def markdown(self, page: Page, block: str) -> Artifact:
        """A page's Markdown file, below the docs folder: a header and its block."""
        settings = self.site.settings
        header = page_header(page, self.feed_links(page), head_tags(page, settings))
        if settings.english:
            header += language_lines(page, settings.base_url)
        return Artifact(address=page.path, content=markdown_text(header, block).encode())

    def feed_links(self, page: Page) -> tuple[FeedLink, ...]:
        """The feeds that a page's head names: its own, then those of the whole site."""
        own = self._followed(page)
        wide = ((f.title, f.address) for f in self._feeds.values() if not f.page)
        return (*own, *(link for link in wide if link not in own))

    def _followed(self, page: Page) -> tuple[FeedLink, ...]:
        held = (self._feeds[name] for name in page.feeds if name in self._feeds)
        return tuple((feed.title, feed.address) for feed in held)

    def block(self, page: Page) -> str:
        """A page's HTML block, exactly as it stands in the finished page."""
        template = self._environment.get_template(page.template)
        return _one_block(template.render({**page.context, "page": page, **_place(page.address)}))

    def full_text(self, item: FeedItem) -> str:
        """A feed item's HTML with absolute addresses."""
        template = self._environment.get_template(item.template)
        return template.render({**item.context, **_place(None)}).strip()

    def _pictured(self, name: str, record: Record) -> Picture | None:
        return picture_of(record, name, self.site)

    def _described(self, page: Page) -> Markup:
        return Markup(described(page, self.site.settings))  # noqa: S704 -- escaped there

    @pass_context
    def _href(self, context: Context, target: str | Record) -> str:
        address = self.site.address(target) if isinstance(target, Record) else target
        if _SAFE_TARGET.match(address):
            return address
        here = context["here"]
        if here is None:
            return absolute(self.site.settings.base_url, address)
        return relative(here, address)

    @pass_context
    def _time(self, context: Context, day: date | PartialDate | None) -> Markup:
        return time_element(day, language_of(context["here"]))

    @pass_context
    def _said(self, context: Context, day: date) -> str:
        return said(day, language_of(context["here"]))

    @pass_context
    def _prose(self, context: Context, text: str, record: Record) -> Markup:
        rendered = render_prose(
            text,
            lambda typed: self._target(context, typed, record),
            frame=lambda typed: self._frame(context, record, typed),
        )
        return Markup(rendered.html)  # noqa: S704 -- nh3 has cleaned it

    @pass_context
    def _narrated(self, context: Context, part: Part, page_of: Record) -> Markup:
        """Prose that cites figures, as a part of the page of another record."""
        setting = Setting(
            resolve=lambda typed: self._target(context, typed, page_of),
            frame=lambda record, typed: self._frame(context, record, typed),
            own=lambda anchor: self._own(context, page_of, anchor),
            link=lambda found, place: self._href(context, self.site.address(found) + place),
            show=lambda placed, number: self._placed(context, placed, number),
        )
        html = narrated(part, self.site, setting)
        return Markup(html)  # noqa: S704 -- nh3 has cleaned it, and figures are escaped

    def _frame(self, context: Context, record: Record, typed: str) -> Mapping[str, str]:
        """The attributes of an image of a record's folder; none of one that lies elsewhere."""
        if picture_of(record, typed, self.site) is None:
            return {}
        return framed(record, typed, self.site, lambda address: self._href(context, address))

    @pass_context
    def _framed(self, context: Context, name: str, record: Record) -> Markup:
        held = framed(record, name, self.site, lambda address: self._href(context, address))
        return Markup(" ").join(
            Markup('{}="{}"').format(attribute, value) for attribute, value in held.items()
        )

    def _own(self, context: Context, page_of: Record, anchor: str) -> str:
        """An anchor of a record's page: on that page itself, or from a feed."""
        if context["here"] is None:
            return self._href(context, f"{self.site.address(page_of)}#{anchor}")
        return f"#{anchor}"

    def _placed(self, context: Context, placed: Placed, number: str) -> str:
        """What stands on a line of its own: a list, or what a record of figures shows."""
        what = placed.what
        given: dict[str, Any] = {"what": what, "number": number, **_place(context["here"])}
        if isinstance(what, Tabulated):
            given |= self._shown(what, placed.binding.placed, number)
        template = self._environment.get_template(f"placed-{placed.binding.placed}.html")
        return _CELL_ID.sub(r"\1", template.render(given))  # ids are of the figures' own page

    def _shown(self, what: Tabulated, sort: str, number: str) -> Mapping[str, object]:
        """What the template of a placed table or chart needs."""
        if sort == "chart":
            chart, *_ = what.charted(self.site)
            drawn = chart_figure(chart, f"chart-{number[1:]}", number)
            return {"chart": Markup(drawn)}  # noqa: S704 -- escaped as it is drawn
        make = self.site.kind(what).feed_item
        return make(what, self.site).context if make else {}

    @pass_context
    def _headings(self, context: Context, text: str, record: Record) -> tuple[Heading, ...]:
        del context, record
        return read_prose(text).headings

    def _target(self, context: Context, typed: str, record: Record) -> str | None:
        match = RECORD_LINK.fullmatch(typed)
        if match and match["kind"] in self._kinds:
            record_id, hash_, anchor = match["id"].partition("#")
            linked = self.site.linked(Ref(match["kind"], record_id))
            return (
                self._href(context, self._way(context, linked, hash_ + anchor)) if linked else None
            )
        if _SAFE_TARGET.match(typed):
            return typed
        if typed.startswith("/"):
            known = typed[1:].partition("#")[0] in self.site.addresses
            return self._href(context, typed[1:]) if known else None
        if ":" in typed:
            return None
        return self._href(context, self.site.address(record) + typed)

    def _way(self, context: Context, record: Record, anchor: str) -> str:
        """Where a link to a record leads: in English to its page in English, if it has one."""
        if context["language"] == ENGLISH and not anchor:
            return english_address(record, self.site)
        return self.site.address(record) + anchor


def _place(here: str | None) -> dict[str, object]:
    """What templates must know of where they speak: the page, None in a feed; its language."""
    language = language_of(here)
    home = ENGLISH_HOME if language == ENGLISH else ""
    return {"here": here, "home": home, "language": language, "words": words_of(language)}


def markdown_text(header: str, block: str) -> str:
    """A Markdown file of a header and one HTML block."""
    return f"---\n{header}---\n{block}\n"


def page_header(page: Page, feeds: tuple[FeedLink, ...], head: str) -> str:
    """What the host and its theme must know of a page, as YAML; `head` is HTML of the head."""
    lines = [
        header_line("title", escape(page.title)),
        header_line("description", escape(page.description)),
        f"updated: '{page.updated.isoformat()}'\nhide:\n- navigation\n- toc\n",
        _feed_lines(feeds),
    ]
    if page.source:
        lines.append(header_line("source", page.source))
    if page.private:
        lines.append("private: true\n")
    if head:
        lines.append(quoted_line("head", head))
    return "".join(lines)


def language_lines(page: Page, base_url: str) -> str:
    """The same of a page in a site of two languages: the way to the other, both addresses."""
    lines = [quoted_line("other", other_address(page))]
    if page.paired:
        both = alternates(base_url, page.address)
        lines += ["alternates:\n", *(f"  {quoted_line(*named)}" for named in both)]
    return "".join(lines)


@lru_cache(maxsize=1024)
def _feed_lines(feeds: tuple[FeedLink, ...]) -> str:
    """The feeds that a page leads to, dumped once for all pages that lead to the same."""
    listed = [{"title": escape(title), "address": address} for title, address in feeds]
    return header_lines({"feeds": listed}) if listed else ""


def _one_block(html: str) -> str:
    """HTML that Python-Markdown passes on unchanged: it would expand tabs and trim lines."""
    text = html.strip().replace("\t", "&#9;")
    return _BLANK_LINE.sub("\n", text) if "\n " in text else text
