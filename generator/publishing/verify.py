"""Whether the finished site holds what was declared, and its links lead somewhere.

Reads the files as a reader's browser would get them, and compares each, byte for byte, with one
that is made anew.  Whatever the host, the disk or anybody at work in the work folder lost,
altered or added is named with its file.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from html import escape, unescape
from os.path import commonprefix
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from msgspec import Struct, structs

from generator.addresses import alternates, language_of
from generator.formats.metadata import head_lines
from generator.kind import Site
from generator.model import Artifact, Copy, Entrance, Feed, Origin, Page, Problem, Scaling
from generator.publishing.carried import proven
from generator.publishing.manifest import digest_of, digests, listed, tree
from generator.settings import Settings
from generator.text.characters import visible

_ATTRIBUTE = re.compile(r"""\s([a-zA-Z:-]+)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'<>]++|"[^"]*+"|'[^']*+')*+>""")
_CODE = re.compile(r"<(script|style)\b")
ALTERED = "verify-altered"
SHOWN = 40
"""Characters of a text that a finding shows from the place on where it differs."""


class Expected(Struct, frozen=True, kw_only=True):
    """What the content declares: pages with their block, files with their bytes or digest.

    `site` is the site as it is shown; `feeds` and `navigation` are what page frames name of it.
    """

    site: Site
    settings: Settings
    pages: tuple[tuple[Page, str], ...]
    artifacts: tuple[Artifact, ...]
    copies: tuple[Copy, ...]
    scalings: tuple[Scaling, ...]
    feeds: tuple[Feed, ...]
    navigation: tuple[Entrance, ...]


class SiteAnew(Struct, frozen=True, kw_only=True):
    """A whole site made anew from content and theme: SHA-256 by address of every file.

    `content` gives the bytes of a file by address, b"" where its digest alone is known.
    """

    expected: Expected
    digests: Mapping[str, str]
    content: Callable[[str], bytes]


def verify(site: Path, anew: SiteAnew, carried: Iterable[str] = ()) -> Iterator[Problem]:
    """Every difference between a site and the same made anew.

    Files `carried` along from older releases may be there too where their names prove them.
    Links to sealed volumes of the site's own work folder are followed, any other is a finding.
    """
    reached, expected = tree(site), anew.expected
    found, links = set(reached.files), set(reached.links)
    allowed = {*anew.digests, *proven(reached.files, carried)}
    yield from (_problem("verify-missing", path) for path in sorted(anew.digests.keys() - found))
    yield from (_problem("verify-undeclared", path) for path in sorted((found | links) - allowed))
    named: set[str] = set()
    for problem in _sense(site, found, expected):
        named.add(problem.origin.path)
        yield problem
    for path, file in reached.files.items():
        # a finding that says what is wrong with a file says more than that it differs
        wanted = None if path in named else anew.digests.get(path)
        if wanted and digest_of(file) != wanted:
            yield _altered(path, file.read_bytes(), anew.content(path))


def _sense(site: Path, found: set[str], expected: Expected) -> Iterator[Problem]:
    """Whatever is wrong by its sense: with pages, with links, with the sitemap."""
    for page, block in expected.pages:
        if page.html_path in found:
            head = head_lines(page, expected.settings)
            yield from page_faults(
                page, block, _text(site / page.html_path), head, expected.settings
            )
    yield from _references(site, found)
    yield from _feed_links(found, expected)
    yield from _sitemap(site, expected)


def _altered(path: str, held: bytes, wanted: bytes) -> Problem:
    """A file that differs; of a text it is told where, and what stands there instead of what."""
    plain = _problem(ALTERED, path)
    try:
        texts = [held.decode(), wanted.decode()]
    except UnicodeDecodeError:
        return plain
    if not wanted:
        return plain
    at = len(commonprefix(texts))  # noqa: RUF071 -- of texts, not of paths
    before = texts[0][:at]
    found, expected = (visible(t[at : at + SHOWN].replace("\n", "⏎")) for t in texts)
    place = {"line": str(before.count("\n") + 1), "column": str(at - before.rfind("\n"))}
    values = {**place, "found": found, "expected": expected}
    return structs.replace(plain, detail="text", values=values)


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
            yield _problem(ALTERED, path)


def _problem(code: str, path: str, **values: str) -> Problem:
    return Problem(code=code, origin=Origin(path=path), values=values)


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
            page.updated.isoformat() if page.updated else None,
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
