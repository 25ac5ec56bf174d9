"""Whether the finished site holds what was declared, and its links lead somewhere.

Reads the files as a reader's browser would get them, and compares each, byte for byte, with one
that is made anew.  Whatever the host, the disk or anybody at work in the work folder lost,
altered or added is named with its file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from os.path import commonprefix
from pathlib import Path
from xml.etree import ElementTree as ET

from msgspec import Struct, structs

from generator.build.bundles.page_checks import (
    Lead,
    Link,
    attribute_values,
    file_of,
    lead,
    page_faults,
    site_problem,
    targets,
)
from generator.build.examine import in_order, passing_run
from generator.build.expected_site import Expected, SiteAnew, declare, make_anew
from generator.build.options import Built, Options
from generator.content.model import Origin, Problem
from generator.output.formats.sitemap import PART, SITEMAP
from generator.output.mkdocs.host_settings import settings_file
from generator.release.carried_files import proven
from generator.release.manifest import digest_of, digests, listed, tree
from generator.release.publish import published
from generator.release.releases import Release, text_of
from generator.site.page_metadata import head_lines
from generator.text.characters import visible
from generator.text.urls import alternates

ALTERED = "verify-altered"
SHOWN = 40
"""Characters of a text that a finding shows from the place on where it differs."""


def verify(site: Path, anew: SiteAnew, carried: Iterable[str] = ()) -> Iterator[Problem]:
    """Every difference between a site and the same made anew.

    Files `carried` along from older releases may be there too where their names prove them.
    Links to sealed bundles of the site's own work folder are followed, any other is a finding.
    """
    reached, expected = tree(site), anew.expected
    found, links = set(reached.files), set(reached.links)
    allowed = {*anew.digests, *proven(reached.files, carried)}
    yield from (
        site_problem("verify-missing", path) for path in sorted(anew.digests.keys() - found)
    )
    yield from (
        site_problem("verify-undeclared", path) for path in sorted((found | links) - allowed)
    )
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
    plain = site_problem(ALTERED, path)
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
        yield site_problem("verify-manifest", f"{digest}.sha256")
    if not manifest:
        return
    wanted = {**listed(manifest), **(carried or {})}
    found = dict(digests(site))
    for path in sorted({*wanted, *found}):
        if path not in found:
            yield site_problem("verify-missing", path)
        elif path not in wanted:
            yield site_problem("verify-undeclared", path)
        elif wanted[path] != found[path]:
            yield site_problem(ALTERED, path)


def _references(site: Path, found: set[str]) -> Iterator[Problem]:
    anchors = Anchors(site)
    for path in sorted(path for path in found if path.endswith(".html") and path != "404.html"):
        for target in sorted(targets(_text(site / path))):
            yield from link_faults(lead(path, target), [(path, target)], found, anchors)


def link_faults(
    lead: Lead, links: Iterable[Link], found: Container[str], anchors: Anchors
) -> Iterator[Problem]:
    """What is wrong with links that lead to one place: no such file, no such place in it."""
    file, anchor = lead
    if file not in found:
        yield from (site_problem("verify-link", path, value=target) for path, target in links)
    elif anchor and file.endswith(".html") and anchor not in anchors.of(file):
        yield from (site_problem("verify-anchor", path, value=target) for path, target in links)


class Anchors(Struct):
    """The places that links can lead to, by page; a page is read when it is first asked for."""

    site: Path
    held: dict[str, frozenset[str]] = {}

    def of(self, path: str) -> frozenset[str]:
        """The places in a page of the site."""
        if path not in self.held:
            self.held[path] = attribute_values(_text(self.site / path), "id", "name")
        return self.held[path]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _feed_links(found: set[str], expected: Expected) -> Iterator[Problem]:
    for artifact in expected.artifacts:
        if artifact.address.startswith("feeds/"):
            for link in ET.fromstring(artifact.content).iterfind("channel/item/link"):  # noqa: S314 -- our own file
                file = file_of("", str(link.text).removeprefix(expected.settings.base_url))
                if file not in found:
                    yield site_problem("verify-link", artifact.address, value=str(link.text))


def _sitemap(site: Path, expected: Expected) -> Iterator[Problem]:
    base_url, files = expected.settings.base_url, [SITEMAP]
    listed: dict[str | None, tuple[object, ...]] = {}
    for path in files:
        try:
            tree = ET.parse(site / path)  # noqa: S314 -- our own file; a foreign one fails the manifest
        except (OSError, ET.ParseError):
            place = Origin(path=path)
            yield Problem(code="verify-sitemap", origin=place, detail="unreadable")
            return
        named = (str(part.text) for part in tree.iterfind(f"{_SPACE}sitemap/{_SPACE}loc"))
        if path == SITEMAP:
            files += [name for url in named if _is_part(name := url.removeprefix(base_url))]
        listed |= {
            url.findtext(f"{_SPACE}loc"): (url.findtext(f"{_SPACE}lastmod"), *_other_places(url))
            for url in tree.iter(f"{_SPACE}url")
        }
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
            yield site_problem("verify-sitemap", SITEMAP, value=url)


_SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def _is_part(name: str) -> bool:
    """Whether an index of sitemaps names a file beside it."""
    return name.startswith(PART) and "/" not in name


def _other_places(url: ET.Element) -> Iterator[tuple[str, str]]:
    """A page's addresses by language, as the sitemap lists them."""
    for link in url.iter("{http://www.w3.org/1999/xhtml}link"):
        yield link.get("hreflang", ""), link.get("href", "")


def verify_site(options: Options) -> Built:
    """Compares the published site with one made anew, and with the lists of its release."""
    examined = (run := passing_run(options)).examine()
    if examined.site is None:
        return Built(examined=examined)
    file = settings_file(options.content)
    expected = declare(examined.site, options.loader, draft=options.draft, file=file)
    anew = make_anew(expected, options)
    run.cache.close()
    faults = compare(published(options.work, options.site), anew)
    return Built(examined=examined, faults=faults, pages=len(expected.pages))


def compare(shown: Release, anew: SiteAnew) -> tuple[Problem, ...]:
    """Every difference of a release from the site made anew and from its own lists."""
    carried = shown.carried_files()
    wanted = text_of(shown.manifest)
    faults = [*verify(shown.folder, anew, carried)]
    altered = {fault.origin.path for fault in faults if fault.code == ALTERED}
    faults += (
        fault
        for fault in verify_manifest(shown.folder, wanted, shown.digest, carried)
        # a list knows no more of a file than that it differs
        if fault.code != ALTERED or fault.origin.path not in altered
    )
    return in_order({fault.order: fault for fault in faults}.values())
