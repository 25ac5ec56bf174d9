"""Writes a page's Markdown file: a YAML header, and one HTML block that MkDocs passes on."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import yaml

from generator.content.model import Page
from generator.output.mkdocs.page_frame import FeedLink, other_address, updated_day
from generator.text.urls import alternates

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def markdown_text(meta: Mapping[str, Any], block: str) -> str:
    """A Markdown file of a header and one HTML block."""
    header = yaml.dump(meta, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10_000_000)
    return f"---\n{header}---\n{block}\n"


def page_meta(page: Page, feeds: tuple[FeedLink, ...], head: str, report: str) -> dict[str, Any]:
    """A page's values for MkDocs and the theme.

    `head` is the HTML of its head tags, `report` the link where to report a mistake on it.
    """
    optional: dict[str, Any] = {
        "feeds": [{"title": escape(title), "address": address} for title, address in feeds],
        "day": updated_day(page),
        "report": escape(report),
        "private": page.private,
        "head": head,
    }
    return {
        "title": escape(page.title),
        "description": escape(page.description),
        **({"updated": page.updated.isoformat()} if page.updated else {}),
        "hide": ["navigation", "toc"],
        **{name: value for name, value in optional.items() if value},
    }


def language_meta(page: Page, base_url: str) -> dict[str, Any]:
    """The values for a site in two languages: the link to the other, both addresses."""
    meta: dict[str, Any] = {"other": other_address(page)}
    if page.paired:
        meta["alternates"] = dict(alternates(base_url, page.address))
    return meta
