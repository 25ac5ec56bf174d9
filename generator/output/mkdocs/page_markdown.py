"""A page's Markdown file: a header of YAML, and one HTML block that MkDocs passes on."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import yaml

from generator.content.model import Page
from generator.output.mkdocs.page_frame import FeedLink, other_address
from generator.text.urls import alternates

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def markdown_text(meta: Mapping[str, Any], block: str) -> str:
    """A Markdown file of a header and one HTML block."""
    header = yaml.dump(meta, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10_000_000)
    return f"---\n{header}---\n{block}\n"


def page_meta(page: Page, feeds: tuple[FeedLink, ...], head: str) -> dict[str, Any]:
    """What MkDocs and the theme must know of a page; `head` is HTML of the head."""
    meta: dict[str, Any] = {
        "title": escape(page.title),
        "description": escape(page.description),
        "updated": page.updated.isoformat() if page.updated else None,
        "hide": ["navigation", "toc"],
        "feeds": [{"title": escape(title), "address": address} for title, address in feeds],
        "source": page.source,
        "private": page.private,
        "head": head,
    }
    return {name: value for name, value in meta.items() if value or name in _ALWAYS}


_ALWAYS = ("title", "description")


def language_meta(page: Page, base_url: str) -> dict[str, Any]:
    """The same of a page in a site of two languages: the way to the other, both addresses."""
    meta: dict[str, Any] = {"other": other_address(page)}
    if page.paired:
        meta["alternates"] = dict(alternates(base_url, page.address))
    return meta
