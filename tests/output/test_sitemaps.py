"""A sitemap of any length: one file, or an index of parts that readers of sitemaps take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from plain_mkdocs import mkdocs_of_markdown, site_files
from sample_sites import SITES, build_site, files_below, options

from generator.build import site_bundles
from generator.build.markdown_export import DOCS
from generator.build.verify import verify_site
from generator.content.messages import worded
from generator.output.formats.sitemap import MOST, SITEMAP, WEIGHT, Listed, sitemaps
from generator.output.mkdocs.nav import NAV_FILE

BASE = "https://example.org/city/"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def pages(count: int, *, paired: bool = False) -> list[Listed]:
    """Entries of a gazette, by year, issue and number."""
    return [
        Listed(
            f"gazette/{105 + n // 100}/{n // 10 % 10:03}/{n % 10:02}/",
            f"2016-01-{n % 28 + 1:02}",
            private=False,
            paired=paired,
        )
        for n in range(count)
    ]


def made(listed: list[Listed], most: int = MOST, weight: int = WEIGHT) -> Mapping[str, bytes]:
    """The files of a sitemap by address."""
    return {one.address: one.content for one in sitemaps(listed, BASE, most, weight)}


def addresses(content: bytes) -> list[str]:
    """What a sitemap or an index of sitemaps lists, in order."""
    return [str(one.text) for one in ET.fromstring(content).iter(f"{SPACE}loc")]


def test_up_to_the_limit_it_is_one_file() -> None:
    """45,000 addresses and 45 MB, below what the protocol allows; one more makes an index."""
    assert (MOST, WEIGHT) == (45_000, 45_000_000)
    assert list(made(pages(60), most=60)) == [SITEMAP]
    assert len(made(pages(61), most=60)) > 2
    (whole,) = made(pages(60)).values()
    assert list(made(pages(60), weight=len(whole))) == [SITEMAP]
    assert len(made(pages(60), weight=len(whole) - 1)) > 2
    hidden = [one._replace(private=True) for one in pages(61)]
    assert list(made([*pages(60)[:30], *hidden], most=60)) == [SITEMAP]


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize(("most", "weight"), [(30, WEIGHT), (300, 9_000), (30, 3_000)])
def test_parts_hold_what_one_file_would(most: int, weight: int, *, paired: bool) -> None:
    """Every address once, in order, each part within both limits, the index names each part."""
    listed = pages(1000, paired=paired)
    files = dict(made(listed, most, weight))
    (whole,) = made(listed).values()
    index = addresses(files.pop(SITEMAP))
    assert index == [f"{BASE}{name}" for name in files]
    assert [url for part in files.values() for url in addresses(part)] == addresses(whole)
    assert all(len(addresses(part)) <= most and len(part) <= weight for part in files.values())
    assert b"".join(files.values()).count(b"hreflang") == whole.count(b"hreflang")


def test_an_index_says_when_a_part_changed() -> None:
    """The newest day of its pages."""
    files = dict(made(pages(200), most=30))
    index = ET.fromstring(files.pop(SITEMAP))
    days = [one.findtext(f"{SPACE}lastmod") for one in index]
    newest = [
        max(str(one.text) for one in ET.fromstring(part).iter(f"{SPACE}lastmod"))
        for part in files.values()
    ]
    assert days == newest


@pytest.mark.parametrize("new", ["", "en/gazette/105/", "gazette/107/003/11/", "zz/"])
def test_a_new_page_changes_one_part(new: str) -> None:
    """Wherever it stands in the order; beside it changes the index."""
    before = made(pages(1000), most=300)
    after = made([*pages(1000), Listed(new, "2016-02-01", private=False, paired=False)], most=300)
    changed = {name for name in {**before, **after} if before.get(name) != after.get(name)}
    assert len(before) > 8
    assert SITEMAP in changed
    assert len(changed) <= 3  # a part that is cut in two, or whose first page is the new one
    again = [
        page._replace(updated="2016-12-31") if n == 500 else page
        for n, page in enumerate(pages(1000))
    ]
    renewed = made(again, most=300)
    assert renewed.keys() == before.keys()
    assert sum(renewed[name] != before[name] for name in before) == 2


def test_a_site_in_parts_is_built_checked_and_the_hosts_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`verify` reads the parts, MkDocs by hand makes the same files, a damaged part is named."""
    monkeypatch.setattr(site_bundles, "sitemaps", partial(sitemaps, most=20))
    build_site(SITES / "full", tmp_path, markdown=True)
    chosen = replace(options(SITES / "full", tmp_path), markdown=True)
    parts = [name for name in files_below(chosen.site) if name.startswith("sitemap-")]
    assert len(parts) > 2
    assert verify_site(chosen).faults == ()
    done = mkdocs_of_markdown(chosen.work / DOCS, chosen.work / NAV_FILE, tmp_path / "plain")
    assert done.returncode == 0, done.stdout
    made, published = site_files(tmp_path / "plain"), site_files(chosen.site)
    assert {name: content for name, content in made.items() if name in published} == published
    part = (chosen.site / parts[0]).resolve()
    part.chmod(0o644)
    part.write_bytes(part.read_bytes()[:-3])
    found = {(one.origin.path, worded(one, "en").sentence) for one in verify_site(chosen).faults}
    assert (parts[0], "The sitemap cannot be read.") in found
