"""Old addresses lead on: by a page in their place, and in tables for web servers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import MINIMAL, ScratchSite, build_site

from generator.moved import old_page, redirect_tables

BASE = "https://example.org/city/"
ENTRY = "gazette/105/105-001/01.yaml"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("https://example.org/city/old/1.html", "old/1.html"),
        ("https://example.org/city/old/1/", "old/1/index.html"),
        ("https://example.org/city/%E5%85%AC%E5%A0%B1/1.htm", "公報/1.htm"),
        ("https://example.org/city/old/1.aspx", ""),
        ("https://example.org/city/show/?id=1", ""),
        ("https://example.org/city/", ""),
        ("https://example.org/other/1.html", ""),
        ("https://elsewhere.example/city/old/1.html", ""),
        ("https://example.org/city/../secret/1.html", ""),
        ("https://example.org/city/%2e%2e/1.html", ""),
        ("https://example.org/city//1.html", ""),
    ],
)
def test_a_page_stands_where_a_page_can(url: str, file: str) -> None:
    """Below the site's own address, without a query, and never outside the site."""
    assert old_page(url, BASE) == file


def test_servers_are_told_every_old_address() -> None:
    """`_redirects` has those of the own host, the table of nginx all, each by its host."""
    moved = (
        ("https://example.org/city/old/1.html", "gazette/105/105-001/01/"),
        ('https://old.example/Show.aspx?id="7&x=$1', "gazette/105/105-001/02/"),
    )
    plain, table = (held.content.decode() for held in redirect_tables(moved, BASE))
    assert plain == (
        "/city/d/:number/ /city/d/?n=:number 302\n"
        "/city/old/1.html /city/gazette/105/105-001/01/ 301\n"
    )
    assert table.partition("\n")[2] == (
        '"example.org/city/old/1.html" "/city/gazette/105/105-001/01/";\n'
        '"old.example/Show.aspx?id=%227&x=%241" "/city/gazette/105/105-001/02/";\n'
    )


def test_a_moved_record_is_found_at_both_addresses(
    scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """The page at the old address leads to the new one, is not indexed and not in the sitemap."""
    old = "https://example.org/gazette/99/7.html"
    content = scratch_site({ENTRY: MINIMAL[ENTRY] + f"legacy_urls: [{old}]\n"})
    build_site(content, tmp_path, date(2016, 6, 1))
    site = tmp_path / "site"
    page = (site / "gazette/99/7.html").read_text("utf-8")
    assert 'content="0; url=../105/105-001/01/"' in page
    assert '<a href="../105/105-001/01/">訂定檔案要點</a>' in page
    assert "noindex" in page
    assert "7.html" not in (site / "sitemap.xml").read_text("utf-8")
    assert "/gazette/99/7.html /gazette/105/105-001/01/ 301" in (site / "_redirects").read_text()
