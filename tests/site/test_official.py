"""What an official site must have, and that all of it stands on every page and in every list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder, files_below

from generator.build.options import Options
from generator.content.public_identity import LICENCES
from generator.site.kind import Site
from generator.site.report_link import report_link

OFFICIAL = MINIMAL["site.yaml"].replace("official: false", "official: true")
LICENCE = LICENCES["OGDL-Taiwan-1.0"]
NAMES = ("disclosure", "open-data", "privacy", "security", "accessibility")


def pages(text: str = "內容。") -> Mapping[str, str]:
    """The pages that an official site must have."""
    return {
        f"pages/{name}.md": f"---\ntitle: {name}\npublished_on: 105-01-20\n---\n{text}\n"
        for name in NAMES
    }


def test_an_official_site_is_told_all_it_lacks(scratch_site: ScratchSite) -> None:
    """Contact, licence and each page, all in one run; a demonstration is told nothing."""
    problems = examine_folder(scratch_site({"site.yaml": OFFICIAL})).problems
    assert {(p.code, p.detail, p.origin.path) for p in problems} == {
        ("official-needs", "contact", "site.yaml"),
        ("official-needs", "licence", "site.yaml"),
        ("open-data-missing", "", "site.yaml"),
        *(("official-page", "", f"pages/{name}.md") for name in NAMES),
    }
    assert examine_folder(scratch_site({})).problems == ()


def test_a_text_to_begin_with_is_no_page(scratch_site: ScratchSite) -> None:
    """Each place that waits for the office is named; a demonstration may wait."""
    waiting = pages("請洽【請填寫電話】。")
    problems = examine_folder(scratch_site({"site.yaml": OFFICIAL, **waiting})).problems
    unfilled = [p.origin.path for p in problems if p.code == "page-unfilled"]
    assert unfilled == sorted(waiting)
    assert examine_folder(scratch_site({**MINIMAL, **waiting})).problems == ()


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("（範例）調整服務時間", 1),
        ("（範例）", 1),
        ("調整【請填寫項目】", 1),
        ("訂定（範例）切結書", 0),
        ("範例：切結書", 0),
        ("【附件】切結書範例，【請檢附】", 0),
    ],
)
def test_a_sample_title_is_no_title(title: str, count: int, scratch_site: ScratchSite) -> None:
    """The prefix of samples and the mark count, no other word nor bracket."""
    page = f"---\ntitle: {title}\npublished_on: 105-01-20\n---\n內容。\n"
    for settings, errors in ((OFFICIAL, count), (MINIMAL["site.yaml"], 0)):
        files = {"site.yaml": settings, "pages/notes.md": page}
        codes = [p.code for p in examine_folder(scratch_site(files)).problems]
        assert codes.count("page-unfilled") == errors


@pytest.fixture(scope="module")
def html_pages(full_site: Options) -> Mapping[str, str]:
    """Every page of the official sample that has the theme's frame, by address."""
    files = files_below(full_site.site).items()
    found = {name: path.read_text("utf-8") for name, path in files if name.endswith(".html")}
    return {address: html for address, html in found.items() if 'class="gb-foot"' in html}


def test_every_page_says_who_and_under_which_licence(html_pages: Mapping[str, str]) -> None:
    """Publisher, contact, licence, day and the pages of policies stand in the foot of each."""
    assert len(html_pages) > 90
    for address, html in html_pages.items():
        foot = html.partition('<footer class="gb-foot"')[2]
        for text in ("測試市中山路1號", "tel:0223456789", "mailto:gazette@city.example", "17:30"):
            assert text in foot, (address, text)
        assert f'<a rel="license" href="{LICENCE.url}">' in foot, address
        assert f'<link rel="license" href="{LICENCE.url}">' in html, address
        for name in NAMES:
            assert re.search(rf'href="[./a-z]*{name}/"|href="\./"', foot), (address, name)
        assert re.search(r'href="[./a-z]*site-map/"|href="\./"', foot), address
        unlisted = address.startswith("handbook/") or address == "404.html"
        assert ('<p class="gb-foot-day">' in foot) != unlisted, address
        assert 'class="gb-announce"' not in html, address


def test_every_page_leads_to_a_report_of_its_mistakes(html_pages: Mapping[str, str]) -> None:
    """The form of the office, with the address of the page filled in."""
    for address, html in html_pages.items():
        page = address.removesuffix("index.html")
        link = re.findall(r'<li><a href="([^"]*)">(?:回報本頁錯誤|Report a mistake)', html)
        assert len(link) == 1, address
        way, _, named = unescape(link[0]).partition("?page=")
        assert way == "https://example.org/report"
        assert unquote(named) == f"https://example.org/gongbao/{page}", address


def _site(scratch_site: ScratchSite, settings: str) -> Site:
    site = examine_folder(scratch_site({"site.yaml": MINIMAL["site.yaml"] + settings})).site
    assert site is not None
    return site


@pytest.mark.parametrize(
    ("settings", "source", "link"),
    [
        ("repository: https://e.org/edit/\n", "a b.yaml", "https://e.org/edit/a%20b.yaml"),
        ("repository: https://e.org/edit/\n", "", "https://e.org/edit/site.yaml"),
        ("contact: 電話 07-0000000，a.b@e.org\n", "a.yaml", "mailto:a.b@e.org?subject={}"),
        ("contact: {mail: a@e.org}\nrepository: https://e.org/edit/\n", "", "mailto:a@e.org?{}"),
        ("contact: {mail: a@e.org, report: 'https://e.org/?p='}\n", "", "https://e.org/?p={}"),
        ("contact: 秘書處\n", "a.yaml", ""),
        ("", "a.yaml", ""),
    ],
)
def test_a_mistake_is_told_where_the_site_says(
    settings: str, source: str, link: str, scratch_site: ScratchSite
) -> None:
    """By the form, at the file's own place, or by a letter that names the page."""
    site = _site(scratch_site, settings)
    found = report_link(site.settings, "甲&乙?", "feeds/", source)
    assert found.startswith(link.partition("{")[0])
    assert bool(found) == bool(link)
    if "{" in link:
        assert "https://example.org/feeds/" in unquote(found)
        assert "&" not in found.partition("?")[2]
    if "mailto" in link:
        assert "甲&乙?" in unquote(found)


def test_site_json_has_what_the_frame_says(full_site: Options) -> None:
    """Programs read publisher, contact and licence from one file."""
    said = json.loads((full_site.site / "site.json").read_text("utf-8"))
    assert said["licence"] == LICENCE.id
    assert said["contact"]["telephone"] == "(02) 2345-6789 轉 123"
    assert (said["logo"], said["icon"]) == ("logo.svg", "favicon.svg")


def test_the_mark_stands_on_the_home_page_alone(html_pages: Mapping[str, str]) -> None:
    """Unchanged in size, with the authority's link, in both languages; never elsewhere."""
    marked = [address for address, html in html_pages.items() if "gb-foot-mark" in html]
    assert marked == ["en/index.html", "index.html"]
    assert (
        'src="mark.png" alt="通過 AA 檢測等級無障礙網頁檢測" width="88" height="31"'
        in (html_pages["index.html"])
    )


def test_colours_stand_in_the_stylesheet(full_site: Options) -> None:
    """The site's own, light and dark, and not where a reader wants more contrast."""
    style = (full_site.site / "assets/site.css").read_text("utf-8")
    assert "--gb-accent:light-dark(#8f1d3f,#f5a3b8)" in style
    for role in ("head", "brand"):
        assert f"--gb-{role}:light-dark(#4a1f3d,#4a1f3d)" in style
    assert "--gb-on-brand:light-dark(#ffffff,#ffffff)" in style
    assert style.index("not (prefers-contrast:more)") < style.index("#8f1d3f")
