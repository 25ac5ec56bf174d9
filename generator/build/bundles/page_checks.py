"""Checks the HTML of a finished page, and finds where its links lead.

It needs the HTML alone: a build checks the pages that it makes, `verify` those of a whole site.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from html import escape, unescape
from urllib.parse import unquote

from generator.content.model import Origin, Page, Problem
from generator.content.settings import Settings
from generator.text.urls import language_of

_ATTRIBUTE = re.compile(r"""\s([a-zA-Z:-]+)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'<>]++|"[^"]*+"|'[^']*+')*+>""")
_CODE = re.compile(r"<(script|style)\b")


def page_faults(
    page: Page, block: str, html: str, own: Iterable[str], settings: Settings
) -> Iterator[Problem]:
    """Faults of a finished page: its block, its head, its end; `own` are the tags of its head."""
    path = page.html_path
    head = html.partition("</head>")[0]
    if block not in html:
        yield site_problem("verify-content", path)
    for name, line in (*_head_lines(page, settings), *(("metadata", tag) for tag in own)):
        if line not in head:
            yield site_problem("verify-head", path, name=name, expected=line)
    hidden = page.private or not settings.official
    if not hidden and 'content="noindex"' in head:
        yield site_problem("verify-head", path, name="robots", expected="index")
    if not html.rstrip().endswith("</html>"):
        yield site_problem("verify-cut-off", path)


def _head_lines(page: Page, settings: Settings) -> Iterator[tuple[str, str]]:
    yield "title", f"<title>{escape(page.title)}"
    yield "description", f'<meta name="description" content="{escape(page.description)}">'
    yield "canonical", f'<link rel="canonical" href="{settings.base_url}{page.address}">'
    yield "lang", f'<html lang="{language_of(page.address)}"'
    if page.private or not settings.official:
        yield "robots", '<meta name="robots" content="noindex">'


def targets(html: str) -> frozenset[str]:
    """The targets of a page's links and pictures within the site, as the page writes them."""
    sets = attribute_values(html, "srcset", "imagesrcset") if "srcset=" in html else ()
    sized = {choice.split()[0] for srcset in sets for choice in srcset.split(", ") if choice}
    references = attribute_values(html, "href", "src") | sized
    return frozenset(target for target in references if not _ELSEWHERE.match(target))


_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//")


Lead = tuple[str, str]
"""Where a link leads: a file of the site ("" if it can be none), and an anchor in it."""
Link = tuple[str, str]
"""A page's file, and the target as the page writes it."""


def lead(path: str, target: str) -> Lead:
    """The place that a target in a page's file leads to."""
    way, _, anchor = target.partition("#")
    return "" if way.startswith("/") else file_of(path, way), unquote(anchor)


def leads_within(html: str, target: str) -> bool:
    """Whether a link leads to an anchor of its own page, found without parsing the page."""
    return target.startswith("#") and "%" not in target and f' id="{target[1:]}"' in html


def attribute_values(html: str, name: str, other: str) -> frozenset[str]:
    """The values of two attributes in a page's tags; `href=` in a text does not count."""
    first, second = f"{name}=", f"{other}="
    tags = [
        tag
        for tag in _TAG.findall(_without_code(html))
        if first in tag or second in tag  # most tags have neither
    ]
    return frozenset(
        unescape(double or single or bare)
        for tag in tags
        for attribute, double, single, bare in _ATTRIBUTE.findall(tag)
        if attribute in (name, other)
    )


def _without_code(html: str) -> str:
    """A page without its scripts and styles; a tag that is never closed does not begin one."""
    place, parts, closed = 0, list[str](), {"script": True, "style": True}
    for match in _CODE.finditer(html):
        name = match[1]
        if match.start() < place or not closed[name]:
            continue
        end = html.find(f"</{name}>", match.end())
        closed[name] = end >= 0
        if closed[name]:
            parts.append(html[place : match.start()])
            place = end + len(f"</{name}>")
    return "".join((*parts, html[place:]))


_NOT_PLAIN = re.compile(r"%|//|(?:^|/)\.")


def file_of(path: str, target: str) -> str:
    """The site's file that a reference names; it starts with `..` if it is above the root.

    Nearly all references are plain relative paths; for these, the loop takes a quarter of the time
    of `_any_file_of`.
    """
    here, way = path[: path.rfind("/") + 1], target.partition("?")[0]
    if not way:
        return _any_file_of(path, target)
    while here and way.startswith("../"):
        here, way = here[: here.rfind("/", 0, -1) + 1], way[3:]
    if _NOT_PLAIN.search(way):
        return _any_file_of(path, target)
    file = here + way
    return f"{file}index.html" if file.endswith("/") or not file else file


def _any_file_of(path: str, target: str) -> str:
    way = target.partition("?")[0]
    joined = posixpath.join(posixpath.dirname(path), unquote(way)) if way else path
    file = posixpath.normpath(joined) + ("/" if joined.endswith(("/", "/.", "/..")) else "")
    file = "" if file in (".", "./", "/") else file
    return f"{file}index.html" if file.endswith("/") or not file else file


def site_problem(code: str, path: str, **values: str) -> Problem:
    """A problem with a file of the site."""
    return Problem(code=code, origin=Origin(path=path), values=values)
