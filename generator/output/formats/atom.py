"""Writes feeds as Atom (RFC 4287), with links to archives (RFC 5005) and to a hub (WebSub).

The library that writes RSS drops `rel` and `type` of the links of Atom entries, so this module
writes Atom itself.  An id has to be an IRI (RFC 4287, section 4.2.6): it is the item's id, as RSS
and JSON Feed have it, below the scheme `gongbao:`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from generator.content.model import FeedDocument, FeedForm
from generator.content.settings import Settings
from generator.output.formats.feed_parts import (
    LIMIT,
    STYLE,
    FeedEntry,
    ItemText,
    items_of,
    legible,
    midnight,
)
from generator.site.report_link import mail_of
from generator.text.urls import absolute, relative

SCHEME = "gongbao:"
_TYPE = "application/atom+xml"
_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<?xml-stylesheet type="text/css" href="{style}"?>\n'
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
)
_ARCHIVE = '  <archive xmlns="http://purl.org/syndication/history/1.0"/>\n'


def atom(
    document: FeedDocument, settings: Settings, entries: Sequence[FeedEntry], day: date
) -> bytes:
    """A document of a feed; `day` stands for its last change if it has no items."""
    head = "".join(_head(document, settings, max((e.updated for e in entries), default=day)))
    end = b"</feed>\n"
    items = items_of(document, entries, FeedForm.ATOM, LIMIT - len(head.encode()) - len(end))
    return b"".join((head.encode(), *items, end))


def _head(document: FeedDocument, settings: Settings, updated: date) -> list[str]:
    feed, base_url = document.feed, settings.base_url
    own = document.address(FeedForm.ATOM)
    publisher, mail, licence = settings.publisher, mail_of(settings), settings.licensed
    lines = [
        _HEAD.format(style=relative(own, STYLE), language=feed.language),
        _element("id", f"{SCHEME}{publisher.id}/feeds/{feed.name}"),
        _element("title", feed.title),
        _element("subtitle", feed.description),
        _link("self", absolute(base_url, own), _TYPE),
        _link("alternate", absolute(base_url, feed.page), "text/html"),
    ]
    if document.quarter:
        lines.append(
            _link("current", absolute(base_url, feed.current.address(FeedForm.ATOM)), _TYPE)
        )
    elif settings.hub:
        lines.append(_link("hub", settings.hub))
    if before := document.address_before(FeedForm.ATOM):
        lines.append(_link("prev-archive", absolute(base_url, before), _TYPE))
    if document.quarter:
        lines.append(_ARCHIVE)
    lines.append(_element("updated", midnight(updated).isoformat()))
    email = _element("email", mail, "    ") if mail else ""
    author = _element("name", publisher.name, "    ") + _element("uri", base_url, "    ") + email
    lines.append(f"  <author>\n{author}  </author>\n")
    if licence:
        lines.append(_element("rights", f"{publisher.name}，{licence.title}，{licence.url}"))
    lines.append(_element("generator", "Gongbao"))
    return lines


def atom_entry(item: ItemText) -> bytes:
    """The element of an item."""
    lines = [
        "  <entry>\n",
        _element("id", SCHEME + item.guid, "    "),
        _element("title", item.title, "    "),
        f"  {_link('alternate', item.address, 'text/html')}",
        _element("published", midnight(item.published).isoformat(), "    "),
        _element("updated", midnight(item.updated).isoformat(), "    "),
        *(f'    <category term="{escape(name)}"/>\n' for name in item.categories),
    ]
    if item.summary:
        lines.append(_element("summary", item.summary, "    "))
    if item.html:
        lines.append(f'    <content type="html">{escape(item.html, quote=False)}</content>\n')
    lines.append("  </entry>\n")
    return "".join(lines).encode()


def _element(name: str, text: str, indent: str = "  ") -> str:
    return f"{indent}<{name}>{escape(legible(text), quote=False)}</{name}>\n"


def _link(rel: str, href: str, type_: str = "") -> str:
    kind = f' type="{type_}"' if type_ else ""
    return f'  <link rel="{rel}"{kind} href="{escape(href)}"/>\n'
