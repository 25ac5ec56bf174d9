"""Old addresses lead on: by a page in their place, and in tables for web servers."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_sites import (
    MINIMAL,
    OLD_ADDRESSES,
    OLD_NAMES,
    ScratchSite,
    build_site,
    examine_folder,
)

from generator.content.messages import worded
from generator.content.model import Severity
from generator.site.redirects import FIXED_RULES, old_page, redirect_tables, rule_problems
from generator.text.urls import spot

BASE = "https://example.org/city/"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("https://example.org/city/old/1.html", "old/1.html"),
        ("https://example.org/city/old/1/", "old/1/index.html"),
        ("https://example.org/city/%E5%85%AC%E5%A0%B1/1.htm", "公報/1.htm"),
        ("https://example.org/city/search/view/1", "search/view/1/index.html"),
        ("https://example.org/city/old/1.aspx", ""),
        ("https://example.org/city/show/?id=1", ""),
        ("https://example.org/city/", ""),
        ("https://example.org/other/1.html", ""),
        ("https://elsewhere.example/city/old/1.html", ""),
        ("https://example.org/city/../secret/1.html", ""),
        ("https://example.org/city/%2e%2e/1.html", ""),
        ("https://example.org/city/old//./1.html", "old/1.html"),
        ("http://EXAMPLE.org:80/city/old/1/#top", "old/1/index.html"),
        ("https://example.org/city/%A4%BD.html", ""),
        ("https://example.org/city/a%5Cb.html", ""),
        ("https://example.org/city", ""),
    ],
)
def test_a_page_stands_where_a_page_can(url: str, file: str) -> None:
    """Below the site's own address, without a query, and never outside the site."""
    assert old_page(spot(url), spot(BASE)) == file


def test_servers_are_told_every_old_address() -> None:
    """`_redirects` has those of the own host, the table of nginx all, each by its host.

    Each in the form in which the server meets it: as browsers send it, and decoded.
    """
    moved = (
        ("https://example.org/city/old/1.html", "gazette/105/105-001/01/"),
        ("https://example.org/city/a%20b:c;%22$*%5c.aspx", "gazette/105/105-001/01/"),
        ("https://EXAMPLE.org/city/%e5%85%ac公.htm", "pages/a/"),
        ("https://公報.example/Show.aspx?x='$1&n=公", "partners/x/"),
        ("https://公報.example/%A4%BD.asp", "partners/x/"),
    )
    plain, table = (held.content for held in redirect_tables(moved, BASE))
    assert plain.decode() == (
        "/city/a%20b%3Ac;%22$%2A%5C.aspx /city/gazette/105/105-001/01/ 301\n"
        "/city/old/1.html /city/gazette/105/105-001/01/ 301\n"
        "/city/%E5%85%AC%E5%85%AC.htm /city/pages/a/ 301\n"
        "/city/d/:number/ /city/d/?n=:number 302\n"
    )
    assert table.partition(b"\n")[2] == (
        b'"example.org/city/a b:c;\\"$*\\\\.aspx" "/city/gazette/105/105-001/01/";\n'
        b'"example.org/city/old/1.html" "/city/gazette/105/105-001/01/";\n'
        + '"example.org/city/公公.htm" "/city/pages/a/";\n'.encode()
        + b'"xn--55qw8n.example/Show.aspx?x=%27$1&n=%E5%85%AC" "https://example.org/city/partners/x/";\n'
        b'"xn--55qw8n.example/\xa4\xbd.asp" "https://example.org/city/partners/x/";\n'
    )


def test_no_server_is_told_an_address_twice() -> None:
    """A table that holds a key twice, in whatever case, keeps nginx from starting."""
    moved = [
        (f"https://example.org/city/{name}", "a/") for name in ("Old", "old", "%6fld", "./old")
    ]
    plain, table = (held.content.decode() for held in redirect_tables(moved, BASE))
    assert plain.splitlines()[:-1] == ["/city/Old /city/a/ 301", "/city/old /city/a/ 301"]
    assert len(table.splitlines()) == 2


def test_a_moved_record_is_found_at_its_old_addresses(moved_site: Path) -> None:
    """The page at an old address leads to the new one, is not indexed and not in the sitemap."""
    for name in OLD_NAMES:
        page = (moved_site / f"old/{name}.html").read_text("utf-8")
        assert 'content="0; url=../gazette/105/105-001/01/"' in page
        assert '<a href="../gazette/105/105-001/01/">訂定檔案要點</a>' in page
        assert "noindex" in page
    assert "/old/" not in (moved_site / "sitemap.xml").read_text("utf-8")
    assert "/old/1.html /gazette/105/105-001/01/ 301" in (moved_site / "_redirects").read_text()


ENTRY = "gazette/105/105-001/01.yaml"


def test_more_rules_than_are_read_are_told(scratch_site: ScratchSite) -> None:
    """Cloudflare Pages reads 2,000 fixed rules; one more is pointed out, and stops nothing."""
    urls = [f"https://example.org/old/{number}.aspx" for number in range(FIXED_RULES + 1)]
    entry = MINIMAL[ENTRY] + "legacy_urls:\n" + "".join(f"- {url}\n" for url in urls)
    (problem,) = examine_folder(scratch_site({ENTRY: entry})).problems
    assert (problem.code, problem.severity) == ("old-address-many", Severity.WARNING)
    said = worded(problem, "zh-TW").sentence
    assert said == "轉址檔 _redirects 有 2,001 條固定規則，Cloudflare Pages 只採用前 2,000 條。"
    fewer = entry.removesuffix(f"- {urls[-1]}\n")
    assert examine_folder(scratch_site({ENTRY: fewer})).problems == ()


def test_only_what_is_in_the_file_is_counted(scratch_site: ScratchSite) -> None:
    """Queries and other hosts have no rule there, and two spellings of one address have one."""
    listed = "".join(f"- {url}\n" for url in (*OLD_ADDRESSES, "https://example.org/%6fld/1.html"))
    content = scratch_site({ENTRY: f"{MINIMAL[ENTRY]}legacy_urls:\n{listed}"})
    site = examine_folder(content).site
    assert site is not None
    assert list(rule_problems(site, most=12)) == []
    (problem,) = rule_problems(site, most=11)
    assert problem.values == {"count": "12", "limit": "11"}


def test_the_settings_lead_to_pages_of_no_record(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """A list, the feeds, the home of a kind: each takes old addresses, by page and by table."""
    content = scratch_site(
        {
            "site.yaml": MINIMAL["site.yaml"]
            + "redirects:\n"
            + "  - {from: https://example.org/rss/, to: /feeds/}\n"
            + "  - {from: https://example.org/Welcome.html, to: /gazette/}\n"
            + "  - {from: https://old.example/list.aspx?id=3, to: /agencies/}\n"
        }
    )
    build_site(content, tmp_path)
    page = (tmp_path / "site/rss/index.html").read_text("utf-8")
    assert 'http-equiv="refresh" content="0; url=../feeds/"' in page
    assert '<a href="../feeds/">' in page
    assert 'url=gazette/"' in (tmp_path / "site/Welcome.html").read_text("utf-8")
    plain = (tmp_path / "site/_redirects").read_text("utf-8")
    assert "/rss/ /feeds/ 301\n" in plain
    assert "/Welcome.html /gazette/ 301\n" in plain
    table = (tmp_path / "site/redirects.map").read_text("utf-8")
    assert '"old.example/list.aspx?id=3" "https://example.org/agencies/";\n' in table
