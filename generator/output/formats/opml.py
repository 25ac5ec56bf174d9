"""Writes the list of all feeds as OPML 2.0, which feed readers import: a folder for each group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from generator.content.model import Artifact, Feed, FeedForm, FeedGroup
from generator.content.settings import Settings
from generator.output.formats.feed_parts import legible
from generator.text.translations import words_of
from generator.text.urls import CHINESE, absolute

OPML = "feeds/all.opml"


def opml(feeds: Iterable[Feed], settings: Settings) -> Artifact:
    """The list of all feeds."""
    lines = "".join(_lines(tuple(feeds), settings))
    text = (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<opml version="2.0">\n'
        f"  <head><title>{escape(legible(settings.title))}</title></head>\n"
        f"  <body>\n{lines}  </body>\n"
        "</opml>\n"
    )
    return Artifact(address=OPML, content=text.encode())


def _lines(feeds: tuple[Feed, ...], settings: Settings) -> Iterator[str]:
    words = words_of(CHINESE)["feeds"]["groups"]
    for group in FeedGroup:
        own = [feed for feed in feeds if feed.group == group]
        if own:
            yield f'    <outline text="{escape(words[group])}">\n'
            yield from (_outline(feed, settings.base_url) for feed in own)
            yield "    </outline>\n"


def _outline(feed: Feed, base_url: str) -> str:
    title = escape(legible(feed.title))
    address = escape(absolute(base_url, feed.current.address(FeedForm.RSS)))
    page = escape(absolute(base_url, feed.page))
    return (
        f'      <outline type="rss" text="{title}" title="{title}"'
        f' xmlUrl="{address}" htmlUrl="{page}"/>\n'
    )
