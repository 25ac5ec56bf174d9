"""Plans to bytes: templates filled, headers written; no disk, no clock.

A page becomes a Markdown file of a header and one HTML block, which the host passes on
unchanged: safety and fidelity are decided here.  The header goes through a YAML dumper,
since the host drops a damaged one without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Any

import yaml
from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from generator.addresses import absolute, relative
from generator.dates import PartialDate, roc
from generator.kind import Site
from generator.legaltext import contents, text_lines
from generator.model import Artifact, Feed, FeedItem, Page, Ref
from generator.numerals import han
from generator.outline import Clause
from generator.prose import RECORD_LINK, Heading, read_prose, render_prose
from generator.record import Record

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_KILO = 1024
_SAFE_TARGET = re.compile(r"(?:https?:|mailto:|tel:|#)", re.I)


def package_templates() -> BaseLoader:
    """The program's own templates."""
    return PackageLoader("generator")


class Renderer:
    """Fills templates for one site; the same plan gives the same bytes."""

    def __init__(self, site: Site, feeds: Iterable[Feed], loader: BaseLoader) -> None:
        self.site = site
        self._feeds = {feed.name: feed for feed in feeds}
        self._full_texts: dict[str, str] = {}
        self._kinds = {kind.name for kind in site.kinds}
        self._environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= self._filters()
        self._environment.globals |= {"site": site, "settings": site.settings}

    def _filters(self) -> dict[str, Any]:
        return {
            "href": self._href,
            "prose": self._prose,
            "headings": self._headings,
            "paragraphs": paragraphs,
            "time": time_element,
            "roc": roc,
            "numbered": numbered,
            "lines": text_lines,
            "contents": contents,
            "size": file_size,
        }

    def markdown(self, page: Page, block: str) -> Artifact:
        """A page's Markdown file, below the docs folder: a header and its block."""
        text = f"---\n{self._header(page)}---\n{block}\n"
        return Artifact(address=page.path, content=text.encode())

    def block(self, page: Page) -> str:
        """A page's HTML block, exactly as it stands in the finished page."""
        template = self._environment.get_template(page.template)
        html = template.render({**page.context, "page": page, "here": page.address})
        return _one_block(html)

    def full_text(self, item: FeedItem) -> str:
        """A feed item's HTML with absolute addresses, made once for all the feeds it is in."""
        if item.guid not in self._full_texts:
            template = self._environment.get_template(item.template)
            html = template.render({**item.context, "here": None}).strip()
            self._full_texts[item.guid] = html
        return self._full_texts[item.guid]

    def _header(self, page: Page) -> str:
        header: dict[str, object] = {
            "title": escape(page.title),
            "description": escape(page.description),
            "updated": page.updated.isoformat(),
            "hide": ["navigation", "toc"],
        }
        held = [self._feeds[name] for name in page.feeds if name in self._feeds]
        held += [feed for feed in self._feeds.values() if not feed.page and feed not in held]
        if held:
            header["feeds"] = [{"title": escape(f.title), "address": f.address} for f in held]
        if page.source:
            header["source"] = page.source
        if page.private:
            header["private"] = True
        text: str = yaml.dump(
            header, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10_000_000
        )
        return text

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
    def _prose(self, context: Context, text: str, record: Record) -> Markup:
        rendered = render_prose(text, lambda typed: self._target(context, typed, record))
        return Markup(rendered.html)  # noqa: S704 -- nh3 has cleaned it

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
                self._href(context, self.site.address(linked) + hash_ + anchor) if linked else None
            )
        if _SAFE_TARGET.match(typed):
            return typed
        if typed.startswith("/"):
            known = typed[1:].partition("#")[0] in self.site.addresses
            return self._href(context, typed[1:]) if known else None
        if ":" in typed:
            return None
        return self._href(context, self.site.address(record) + typed)


def paragraphs(text: str) -> Markup:
    """Plain text as one paragraph a line, joined by line breaks as typed."""
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in text.split("\n"))


def time_element(day: date | PartialDate | None) -> Markup:
    """A date for readers in ROC form, for machines in ISO form."""
    if day is None:
        return Markup("")
    if isinstance(day, PartialDate):
        return Markup('<time datetime="{}">{}</time>').format(day.iso, day.roc)
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), roc(day))


def numbered(clauses: Iterable[Clause], depth: int = 0) -> list[tuple[str, Clause]]:
    """Points with the number that their depth and place give: 一、(一)、1.、(1)."""
    forms = ("{han}、", "({han})", "{n}.", "({n})")
    form = forms[min(depth, len(forms) - 1)]
    return [
        (form.format(han=han(place), n=place), clause)
        for place, clause in enumerate(clauses, start=1)
    ]


def file_size(count: int) -> str:
    """Bytes as readers know them: `512 B`, `1.5 KB`, `3.2 MB`."""
    if count < _KILO:
        return f"{count} B"
    kilobytes = count / _KILO
    return f"{kilobytes:.1f} KB" if kilobytes < _KILO else f"{kilobytes / _KILO:.1f} MB"


def _one_block(html: str) -> str:
    """HTML that Python-Markdown passes on unchanged: it would expand tabs and trim lines."""
    text = html.strip().replace("\t", "&#9;")
    return re.sub(r"\n[ ]+(?=\n)", "\n", text)
