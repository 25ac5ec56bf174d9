"""Whether the finished site holds what was declared, and its links lead somewhere.

Reads the files as a reader's browser would get them.  Whatever the host or the disk lost,
altered or added since is named with its file.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from msgspec import Struct

from generator.addresses import alternates, language_of
from generator.formats.metadata import head_lines
from generator.model import Artifact, Copy, Origin, Page, Problem, Scaling
from generator.publishing.manifest import digest_of, digests, listed, tree
from generator.settings import Settings

_ATTRIBUTE = re.compile(r"""\s([a-zA-Z:-]+)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'<>]++|"[^"]*+"|'[^']*+')*+>""")
_CODE = re.compile(r"<(script|style)\b")
_THEME = ("assets/",)


class Expected(Struct, frozen=True, kw_only=True):
    """What a site must hold: pages with their block, files with their bytes or digest."""

    settings: Settings
    pages: tuple[tuple[Page, str], ...]
    artifacts: tuple[Artifact, ...]
    copies: tuple[Copy, ...]
    scalings: tuple[Scaling, ...]
    host_files: tuple[str, ...]


def verify(
    site: Path, expected: Expected, carried: Collection[str] = frozenset()
) -> Iterator[Problem]:
    """Every difference between the site and what was declared; `carried` files may be there too.

    Links to sealed volumes of the site's own work folder are followed, any other is a finding.
    """
    reached = tree(site)
    found, links = set(reached.files), set(reached.links)
    yield from _files(found - {*carried}, links, expected)
    yield from _contents(site, found, expected)
    for page, block in expected.pages:
        if page.html_path in found:
            html = (site / page.html_path).read_text(encoding="utf-8", errors="replace")
            head = head_lines(page, expected.settings)
            yield from page_faults(page, block, html, head, expected.settings)
    yield from _references(site, found)
    yield from _feed_links(found, expected)
    yield from _sitemap(site, expected)


def verify_manifest(
    site: Path, manifest: str, digest: str, carried: Mapping[str, str] | None = None
) -> Iterator[Problem]:
    """Every file that differs from the lists made when the release was finished.

    `carried` holds the digests of what the release carries along, by path.
    """
    if hashlib.sha256(manifest.encode()).hexdigest()[: len(digest)] != digest:
        yield _problem("verify-manifest", f"{digest}.sha256")
    if not manifest:
        return
    wanted = {**listed(manifest), **(carried or {})}
    found = dict(digests(site))
    for path in sorted({*wanted, *found}):
        if path not in found:
            yield _problem("verify-missing", path)
        elif path not in wanted:
            yield _problem("verify-undeclared", path)
        elif wanted[path] != found[path]:
            yield _problem("verify-altered", path)


def _problem(code: str, path: str, **values: str) -> Problem:
    return Problem(code=code, origin=Origin(path=path), values=values)


def _files(found: set[str], links: set[str], expected: Expected) -> Iterator[Problem]:
    declared = {
        *(page.html_path for page, _ in expected.pages),
        *(artifact.address for artifact in expected.artifacts),
        *(copy.address for copy in expected.copies),
        *(scaling.address for scaling in expected.scalings),
        *expected.host_files,
    }
    for path in sorted(declared - found):
        yield _problem("verify-missing", path)
    for path in sorted((found | links) - declared):
        if not path.startswith(_THEME):
            yield _problem("verify-undeclared", path)


def _contents(site: Path, found: set[str], expected: Expected) -> Iterator[Problem]:
    for artifact in expected.artifacts:
        present = artifact.address in found
        if present and (site / artifact.address).read_bytes() != artifact.content:
            yield _problem("verify-altered", artifact.address)
    for copy in expected.copies:
        if copy.address in found and digest_of(site / copy.address) != copy.digest:
            yield _problem("verify-altered", copy.address)


def page_faults(
    page: Page, block: str, html: str, own: Iterable[str], settings: Settings
) -> Iterator[Problem]:
    """What is wrong with a finished page: its block, its head (`own` are its tags), its end."""
    path = page.html_path
    head = html.partition("</head>")[0]
    if block not in html:
        yield _problem("verify-content", path)
    for name, wanted in (*_head_lines(page, settings), *(("metadata", line) for line in own)):
        if wanted not in head:
            yield _problem("verify-head", path, name=name, expected=wanted)
    hidden = page.private or not settings.official
    if not hidden and 'content="noindex"' in head:
        yield _problem("verify-head", path, name="robots", expected="index")
    if not html.rstrip().endswith("</html>"):
        yield _problem("verify-cut-off", path)


def _head_lines(page: Page, settings: Settings) -> Iterator[tuple[str, str]]:
    yield "title", f"<title>{escape(page.title)}"
    yield "description", f'<meta name="description" content="{escape(page.description)}">'
    yield "canonical", f'<link rel="canonical" href="{settings.base_url}{page.address}">'
    yield "lang", f'<html lang="{language_of(page.address)}"'
    if page.private or not settings.official:
        yield "robots", '<meta name="robots" content="noindex">'


def _references(site: Path, found: set[str]) -> Iterator[Problem]:
    anchors = Anchors(site)
    for path in sorted(path for path in found if path.endswith(".html") and path != "404.html"):
        for target in sorted(targets(_text(site / path))):
            yield from link_faults(lead(path, target), [(path, target)], found, anchors)


def targets(html: str) -> frozenset[str]:
    """Where a page leads within the site: what its tags name, addresses elsewhere left out."""
    choices = _values(html, "srcset", "imagesrcset") if "srcset=" in html else ()
    sized = {choice.split()[0] for held in choices for choice in held.split(", ") if choice}
    named = _values(html, "href", "src") | sized
    return frozenset(target for target in named if not _ELSEWHERE.match(target))


_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//")


Lead = tuple[str, str]
"""Where a link leads: the site's file, "" for none that it could have, and a place in it."""
Link = tuple[str, str]
"""A page's file, and how it names what it leads to."""


def lead(path: str, target: str) -> Lead:
    """Where a page's target leads."""
    way, _, anchor = target.partition("#")
    return "" if way.startswith("/") else _file_of(path, way), unquote(anchor)


def link_faults(
    lead: Lead, links: Iterable[Link], found: Container[str], anchors: Anchors
) -> Iterator[Problem]:
    """What is wrong with links that lead to one place: no such file, no such place in it."""
    file, anchor = lead
    if file not in found:
        yield from (_problem("verify-link", path, value=target) for path, target in links)
    elif anchor and file.endswith(".html") and anchor not in anchors.of(file):
        yield from (_problem("verify-anchor", path, value=target) for path, target in links)


class Anchors(Struct):
    """The places that links can lead to, by page; a page is read when it is first asked for."""

    site: Path
    held: dict[str, frozenset[str]] = {}

    def of(self, path: str) -> frozenset[str]:
        """The places in a page of the site."""
        if path not in self.held:
            self.held[path] = _values(_text(self.site / path), "id", "name")
        return self.held[path]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _values(html: str, one: str, other: str) -> frozenset[str]:
    """The values of two attributes in a page's tags: a text may speak of `href=` too."""
    sought = (f"{one}=", f"{other}=")
    tags = [
        tag
        for tag in _TAG.findall(_without_code(html))
        if sought[0] in tag or sought[1] in tag  # most tags hold neither
    ]
    return frozenset(
        unescape(double or single or bare)
        for tag in tags
        for name, double, single, bare in _ATTRIBUTE.findall(tag)
        if name in (one, other)
    )


def _without_code(html: str) -> str:
    """A page without its scripts and styles; one that is never closed is none."""
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


_NOT_PLAIN = re.compile(r"[%?]|//|(?:^|/)\.")


def _file_of(path: str, target: str) -> str:
    """The site's file behind a reference; one that leads above the root starts with `..`.

    Nearly all lead some steps up and then down, which takes a quarter of the general way.
    """
    here, way = path[: path.rfind("/") + 1], target
    while here and way.startswith("../"):
        here, way = here[: here.rfind("/", 0, -1) + 1], way[3:]
    if not target or _NOT_PLAIN.search(way):
        return _any_file_of(path, target)
    file = here + way
    return f"{file}index.html" if file.endswith("/") or not file else file


def _any_file_of(path: str, target: str) -> str:
    way = target.partition("?")[0]
    joined = posixpath.join(posixpath.dirname(path), unquote(way)) if way else path
    file = posixpath.normpath(joined) + ("/" if joined.endswith(("/", "/.", "/..")) else "")
    file = "" if file in (".", "./", "/") else file
    return f"{file}index.html" if file.endswith("/") or not file else file


def _feed_links(found: set[str], expected: Expected) -> Iterator[Problem]:
    for artifact in expected.artifacts:
        if artifact.address.startswith("feeds/"):
            for link in ET.fromstring(artifact.content).iterfind("channel/item/link"):  # noqa: S314 -- our own file
                file = _file_of("", str(link.text).removeprefix(expected.settings.base_url))
                if file not in found:
                    yield _problem("verify-link", artifact.address, value=str(link.text))


def _sitemap(site: Path, expected: Expected) -> Iterator[Problem]:
    path = "sitemap.xml"
    try:
        tree = ET.parse(site / path)  # noqa: S314 -- our own file; a foreign one fails the manifest
    except (OSError, ET.ParseError):
        yield _problem("verify-sitemap", path, detail="unreadable")
        return
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = {
        url.findtext(f"{space}loc"): (url.findtext(f"{space}lastmod"), *_other_places(url))
        for url in tree.iter(f"{space}url")
    }
    base_url = expected.settings.base_url
    wanted = {
        base_url + page.address: (
            page.updated.isoformat(),
            *(alternates(base_url, page.address) if page.paired else ()),
        )
        for page, _ in expected.pages
        if not page.private
    }
    for url in sorted(wanted.keys() | {str(url) for url in listed}):
        if (url in listed) != (url in wanted) or listed.get(url) != wanted.get(url):
            yield _problem("verify-sitemap", path, value=url)


def _other_places(url: ET.Element) -> Iterator[tuple[str, str]]:
    """A page's addresses by language, as the sitemap lists them."""
    for link in url.iter("{http://www.w3.org/1999/xhtml}link"):
        yield link.get("hreflang", ""), link.get("href", "")
