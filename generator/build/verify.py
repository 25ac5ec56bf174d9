"""Verifies a published site: its files, byte for byte, and its links.

It reads the files that readers get, and compares each with one made again from the content.  It
names every file that MkDocs, the disk or somebody with access to the work folder lost, altered or
added.
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
from generator.build.list_audit import ListAudit
from generator.build.options import Built, Options
from generator.content.model import FeedForm, Origin, Problem
from generator.ledger.copied_site import Copied
from generator.ledger.seals import trust_of
from generator.output.formats.sitemap import PART, SITEMAP
from generator.output.mkdocs.host_settings import settings_file
from generator.release.carried_files import proven
from generator.release.manifest import digest_of, digests, listed, tree
from generator.release.publish import published
from generator.release.releases import Release, text_of
from generator.release.root_list import OUTSIDE
from generator.site.page_metadata import head_lines
from generator.text.characters import visible
from generator.text.urls import alternates

ALTERED = "verify-altered"
SHOWN = 40
"""Characters that a finding quotes, from the first difference on."""


def verify(site: Path, anew: SiteAnew, carried: Iterable[str] = ()) -> Iterator[Problem]:
    """Every difference between a site and the same site made again.

    Files `carried` along from older releases are allowed if their names prove their content, and
    those of a release's signature if a key that the settings list has signed it.
    """
    site_tree, expected = tree(site, anew.digests), anew.expected
    files, links = set(site_tree.files), set(site_tree.links)
    allowed = {*anew.digests, *proven(site_tree.files, carried)}
    if expected.settings.signs_releases:
        allowed |= {*OUTSIDE}
        yield from ListAudit(Copied(site), trust_of(expected.settings)).release_problems()
    yield from (
        site_problem("verify-missing", path) for path in sorted(anew.digests.keys() - files)
    )
    yield from (
        site_problem("verify-undeclared", path) for path in sorted((files | links) - allowed)
    )
    explained: set[str] = set()
    for problem in _content_faults(site, files, expected):
        explained.add(problem.origin.path)
        yield problem
    for path, file in site_tree.files.items():
        # a finding that says what is wrong with a file says more than that it differs
        digest = None if path in explained else anew.digests.get(path)
        if digest and digest_of(file) != digest:
            yield _altered(path, file.read_bytes(), anew.content(path))


def _content_faults(site: Path, files: set[str], expected: Expected) -> Iterator[Problem]:
    """Faults in the content of pages, links, feeds and the sitemap."""
    for page, block in expected.pages:
        if page.html_path in files:
            head = head_lines(page, expected.settings)
            yield from page_faults(
                page, block, _text(site / page.html_path), head, expected.settings
            )
    yield from _references(site, files)
    yield from _feed_links(files, expected)
    yield from _sitemap(site, expected)


def _altered(path: str, content: bytes, anew: bytes) -> Problem:
    """The problem of a file that differs; for a text with the place and both texts there."""
    plain = site_problem(ALTERED, path)
    try:
        texts = [content.decode(), anew.decode()]
    except UnicodeDecodeError:
        return plain
    if not anew:
        return plain
    at = len(commonprefix(texts))  # noqa: RUF071 -- of texts, not of paths
    before = texts[0][:at]
    excerpts = [visible(text[at : at + SHOWN].replace("\n", "⏎")) for text in texts]
    place = {"line": str(before.count("\n") + 1), "column": str(at - before.rfind("\n"))}
    values = {**place, "found": excerpts[0], "expected": excerpts[1]}
    return structs.replace(plain, detail="text", values=values)


def verify_manifest(
    site: Path, manifest: str, digest: str, carried: Mapping[str, str]
) -> Iterator[Problem]:
    """Every file that differs from the lists made when the release was finished.

    `carried` has the digests of files from older releases, by path.
    """
    if hashlib.sha256(manifest.encode()).hexdigest()[: len(digest)] != digest:
        yield site_problem("verify-manifest", f"{digest}.sha256")
    if not manifest:
        return
    expected = {**listed(manifest), **carried}
    actual = dict(digests(site, expected))
    for path in sorted({*expected, *actual}):
        if path not in actual:
            yield site_problem("verify-missing", path)
        elif path not in expected:
            yield site_problem("verify-undeclared", path)
        elif expected[path] != actual[path]:
            yield site_problem(ALTERED, path)


def _references(site: Path, files: set[str]) -> Iterator[Problem]:
    anchors = Anchors(site)
    for path in sorted(path for path in files if path.endswith(".html") and path != "404.html"):
        for target in sorted(targets(_text(site / path))):
            yield from link_faults(lead(path, target), [(path, target)], files, anchors)


def link_faults(
    lead: Lead, links: Iterable[Link], files: Container[str], anchors: Anchors
) -> Iterator[Problem]:
    """The problems of links to one place, if its file or its anchor does not exist."""
    file, anchor = lead
    if file not in files:
        yield from (site_problem("verify-link", path, value=target) for path, target in links)
    elif anchor and file.endswith(".html") and anchor not in anchors.of(file):
        yield from (site_problem("verify-anchor", path, value=target) for path, target in links)


class Anchors(Struct):
    """The anchors in the pages of a site; each page is read on first use."""

    site: Path
    pages: dict[str, frozenset[str]] = {}

    def of(self, path: str) -> frozenset[str]:
        """The anchors in a page."""
        if path not in self.pages:
            self.pages[path] = attribute_values(_text(self.site / path), "id", "name")
        return self.pages[path]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _feed_links(files: set[str], expected: Expected) -> Iterator[Problem]:
    for artifact in expected.artifacts:
        # the other forms have the same items
        if artifact.address.startswith("feeds/") and artifact.address.endswith(FeedForm.RSS):
            for link in ET.fromstring(artifact.content).iterfind("channel/item/link"):  # noqa: S314 -- our own file
                file = file_of("", str(link.text).removeprefix(expected.settings.base_url))
                if file not in files:
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
        urls = (str(part.text) for part in tree.iterfind(f"{_SPACE}sitemap/{_SPACE}loc"))
        if path == SITEMAP:
            names = (url.removeprefix(base_url) for url in urls)
            # only files beside the index, so that a foreign one leads nowhere else
            files += [name for name in names if name.startswith(PART) and "/" not in name]
        listed |= {
            url.findtext(f"{_SPACE}loc"): (url.findtext(f"{_SPACE}lastmod"), *_other_places(url))
            for url in tree.iter(f"{_SPACE}url")
        }
    declared = {
        base_url + page.address: (
            page.updated.isoformat() if page.updated else None,
            *(alternates(base_url, page.address) if page.paired else ()),
        )
        for page, _ in expected.pages
        if not page.private
    }
    for url in sorted(declared.keys() | {str(url) for url in listed}):
        if (url in listed) != (url in declared) or listed.get(url) != declared.get(url):
            yield site_problem("verify-sitemap", SITEMAP, value=url)


_SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def _other_places(url: ET.Element) -> Iterator[tuple[str, str]]:
    """A page's addresses by language, as the sitemap lists them."""
    for link in url.iter("{http://www.w3.org/1999/xhtml}link"):
        yield link.get("hreflang", ""), link.get("href", "")


def verify_site(options: Options) -> Built:
    """Compares the published site with one made again, and with the lists of its release."""
    examined = (run := passing_run(options)).examine()
    if examined.site is None:
        return Built(examined=examined)
    file = settings_file(options.content)
    expected = declare(examined.site, options.loader, draft=options.draft, file=file)
    anew = make_anew(expected, options)
    run.cache.close()
    faults = compare(published(options.work, options.site), anew)
    return Built(examined=examined, faults=faults, pages=len(expected.pages))


def compare(release: Release, anew: SiteAnew) -> tuple[Problem, ...]:
    """Every difference between a release and the site made again, or its own lists."""
    carried, manifest = release.carried_files(), text_of(release.manifest)
    faults = [*verify(release.folder, anew, carried)]
    altered = {fault.origin.path for fault in faults if fault.code == ALTERED}
    faults += (
        fault
        for fault in verify_manifest(release.folder, manifest, release.digest, carried)
        # the comparison above has reported these with more detail
        if fault.code != ALTERED or fault.origin.path not in altered
    )
    return in_order({fault.order: fault for fault in faults}.values())
