"""Whether the finished site holds what was declared, and its links lead somewhere.

Reads the files as a reader's browser would get them.  Whatever the host or the disk lost,
altered or added since is named with its file.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from generator.manifest import digests
from generator.model import Artifact, Copy, Origin, Page, Problem

_ATTRIBUTE = re.compile(r"""\s([a-zA-Z:-]+)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'<>]|"[^"]*"|'[^']*')*>""")
_CODE = re.compile(r"<(script|style)\b.*?</\1>", re.S)
_THEME = ("assets/",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a site must hold: pages with their block, files with their bytes or digest."""

    base_url: str
    pages: tuple[tuple[Page, str], ...]
    artifacts: tuple[Artifact, ...]
    copies: tuple[Copy, ...]
    host_files: tuple[str, ...]
    official: bool


def verify(site: Path, expected: Expected) -> Iterator[Problem]:
    """Every difference between the site and what was declared."""
    links = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_symlink()}
    found = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    found -= links
    yield from _files(found, links, expected)
    yield from _contents(site, found, expected)
    for page, block in expected.pages:
        if page.html_path in found:
            yield from _page(site, page, block, expected)
    yield from _references(site, found)
    yield from _feed_links(found, expected)
    yield from _sitemap(site, expected)


def verify_manifest(site: Path, manifest: str, digest: str) -> Iterator[Problem]:
    """Every file that differs from the list made when the release was finished."""
    if hashlib.sha256(manifest.encode()).hexdigest()[: len(digest)] != digest:
        yield _problem("verify-manifest", f"{digest}.sha256")
    if not manifest:
        return
    rows = (line.partition("  ") for line in manifest.splitlines())
    listed = {path: held for held, _, path in rows}
    found = dict(digests(site))
    for path in sorted({*listed, *found}):
        if path not in found:
            yield _problem("verify-missing", path)
        elif path not in listed:
            yield _problem("verify-undeclared", path)
        elif listed[path] != found[path]:
            yield _problem("verify-altered", path)


def _problem(code: str, path: str, **values: str) -> Problem:
    return Problem(code=code, origin=Origin(path=path), values=values)


def _files(found: set[str], links: set[str], expected: Expected) -> Iterator[Problem]:
    declared = {
        *(page.html_path for page, _ in expected.pages),
        *(artifact.address for artifact in expected.artifacts),
        *(copy.address for copy in expected.copies),
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
        if copy.address in found:
            held = hashlib.sha256((site / copy.address).read_bytes()).hexdigest()
            if held != copy.digest:
                yield _problem("verify-altered", copy.address)


def _page(site: Path, page: Page, block: str, expected: Expected) -> Iterator[Problem]:
    path = page.html_path
    html = (site / path).read_text(encoding="utf-8", errors="replace")
    head = html.partition("</head>")[0]
    if block not in html:
        yield _problem("verify-content", path)
    for name, wanted in _head_lines(page, expected):
        if wanted not in head:
            yield _problem("verify-head", path, name=name, expected=wanted)
    hidden = page.private or not expected.official
    if not hidden and 'content="noindex"' in head:
        yield _problem("verify-head", path, name="robots", expected="index")
    if not html.rstrip().endswith("</html>"):
        yield _problem("verify-cut-off", path)


def _head_lines(page: Page, expected: Expected) -> Iterator[tuple[str, str]]:
    yield "title", f"<title>{escape(page.title)}"
    yield "description", f'<meta name="description" content="{escape(page.description)}">'
    yield "canonical", f'<link rel="canonical" href="{expected.base_url}{page.address}">'
    yield "lang", '<html lang="zh-TW"'
    if page.private or not expected.official:
        yield "robots", '<meta name="robots" content="noindex">'


def _references(site: Path, found: set[str]) -> Iterator[Problem]:
    anchors: dict[str, frozenset[str]] = {}
    for path in sorted(path for path in found if path.endswith(".html")):
        attributes = _attributes(site / path)
        anchors[path] = _values(attributes, "id", "name")
        if path != "404.html":
            yield from _page_references(path, attributes, found, site, anchors)


def _page_references(
    path: str,
    attributes: Sequence[tuple[str, str]],
    found: set[str],
    site: Path,
    anchors: dict[str, frozenset[str]],
) -> Iterator[Problem]:
    for reference in sorted(_values(attributes, "href", "src")):
        if re.match(r"[a-z][a-z0-9+.-]*:|//", reference):
            continue
        target, _, anchor = reference.partition("#")
        file = _file_of(path, target)
        if target.startswith("/") or file not in found:
            yield _problem("verify-link", path, value=reference)
        elif anchor and file.endswith(".html"):
            if file not in anchors:
                anchors[file] = _values(_attributes(site / file), "id", "name")
            if unquote(anchor) not in anchors[file]:
                yield _problem("verify-anchor", path, value=reference)


def _attributes(file: Path) -> tuple[tuple[str, str], ...]:
    """Names and values of the attributes of a page's tags: a text may speak of `href=` too."""
    html = _CODE.sub("", file.read_text(encoding="utf-8", errors="replace"))
    return tuple(
        (name, double or single or bare)
        for tag in _TAG.findall(html)
        for name, double, single, bare in _ATTRIBUTE.findall(tag)
    )


def _values(attributes: Sequence[tuple[str, str]], *names: str) -> frozenset[str]:
    return frozenset(unescape(value) for name, value in attributes if name in names)


def _file_of(path: str, target: str) -> str:
    """The site's file behind a reference; one that leads above the root starts with `..`."""
    way = target.partition("?")[0]
    joined = posixpath.join(posixpath.dirname(path), unquote(way)) if way else path
    file = posixpath.normpath(joined) + ("/" if joined.endswith(("/", "/.", "/..")) else "")
    file = "" if file in (".", "./", "/") else file
    return f"{file}index.html" if file.endswith("/") or not file else file


def _feed_links(found: set[str], expected: Expected) -> Iterator[Problem]:
    for artifact in expected.artifacts:
        if artifact.address.startswith("feeds/"):
            for link in ET.fromstring(artifact.content).iterfind("channel/item/link"):  # noqa: S314
                file = _file_of("", str(link.text).removeprefix(expected.base_url))
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
        url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod")
        for url in tree.iter(f"{space}url")
    }
    wanted = {
        expected.base_url + page.address: page.updated.isoformat()
        for page, _ in expected.pages
        if not page.private
    }
    for url in sorted(wanted.keys() | {str(url) for url in listed}):
        if (url in listed) != (url in wanted) or listed.get(url) != wanted.get(url):
            yield _problem("verify-sitemap", path, value=url)
