"""Writes a page's Markdown file: a YAML header, and one HTML block that MkDocs passes on."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from generator.content.model import Page
from generator.output.mkdocs.front_matter import header_line, header_lines, quoted_line
from generator.output.mkdocs.page_frame import FeedLink, other_address
from generator.text.urls import alternates


def markdown_text(header: str, block: str) -> str:
    """A Markdown file of a header and one HTML block."""
    return f"---\n{header}---\n{block}\n"


def page_header(page: Page, feeds: tuple[FeedLink, ...], head: str) -> str:
    """A page's values for MkDocs and the theme, as YAML; `head` is the HTML of its head tags."""
    lines = [
        header_line("title", escape(page.title)),
        header_line("description", escape(page.description)),
        f"updated: '{page.updated.isoformat()}'\n" if page.updated else "",
        "hide:\n- navigation\n- toc\n",
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
    """The header's lines for a site in two languages: the link to the other, both addresses."""
    lines = [quoted_line("other", other_address(page))]
    if page.paired:
        both = alternates(base_url, page.address)
        lines += ["alternates:\n", *(f"  {quoted_line(*named)}" for named in both)]
    return "".join(lines)


@lru_cache(maxsize=1024)
def _feed_lines(feeds: tuple[FeedLink, ...]) -> str:
    """The feeds that a page links; cached, since many pages link the same ones."""
    listed = [{"title": escape(title), "address": address} for title, address in feeds]
    return header_lines({"feeds": listed}) if listed else ""
