"""Old addresses take the place of nothing that stands on the site, however they are spelled."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_sites import files_below, sample_site

from generator.build.options import Options
from generator.content.archive import Archive
from generator.kinds.gazette.entry import GazetteEntry
from generator.site.redirect_checks import old_address_problems


def _found(*claims: Iterable[str], name: str = "full") -> list[str]:
    """Details and values of what is found where the first entries claim these old addresses."""
    site = sample_site(name)
    claiming = zip(site.archive.of(GazetteEntry), claims, strict=False)
    held = {entry.ref: replace(entry, legacy_urls=tuple(urls)) for entry, urls in claiming}
    order = {kind.name: kind.order for kind in site.kinds}
    archive = Archive((held.get(record.ref, record) for record in site.archive), order)
    problems = old_address_problems(replace(site, archive=archive))
    return [f"{p.detail or 'taken'} {p.values['value']}" for p in problems]


def test_whatever_the_site_holds_is_closed(full_site: Options) -> None:
    """Every file of a whole site, and every folder of it, is no old address."""
    base = sample_site("full").settings.base_url
    files = [base + quote(address) for address in files_below(full_site.site)]
    folders = sorted({url.rpartition("/")[0] + "/" for url in files})
    assert len(files) > 100
    assert _found([*files, *folders]) == [f"taken {url}" for url in (*files, *folders)]


@pytest.mark.parametrize(
    "path",
    [
        "search/view/8a1c6f0e-2f3d-4a57-9d0b-6f1f6f0f3f10",
        "search/view/8a1c6f0e-2f3d-4a57-9d0b-6f1f6f0f3f10/",
        "search/result.aspx",
        "data/view/15/",
        "data/report.pdf",
        "feeds/view/15.html",
        "verify/15",
    ],
)
def test_what_others_had_below_our_folders_is_an_old_address(path: str) -> None:
    """Where no file of the program stands, nor ever will, an address of the old site leads on."""
    assert _found([f"https://example.org/gongbao/{path}"]) == []


@pytest.mark.parametrize(
    "path",
    [
        "search",
        "search/",
        "search/index.html",
        "search/0123456789abcdef/",
        "search/0123456789ABCDEF/p-1.bin",
        "search/fold-1a2b/",
        "data",
        "data/gazette.csv",
        "data/new/table.JSON",
        "feeds/all.xml",
        "feeds/a-new-one.xml",
        "verify/",
        "assets/old.css",
        "d/1050000001",
        "log/checkpoint",
        "status.json",
        "sitemap-0123456789ab.xml",
    ],
)
def test_what_the_program_may_put_somewhere_is_closed(path: str) -> None:
    """Names of files that a later release may have are no old addresses."""
    url = f"https://example.org/gongbao/{path}"
    assert _found([url]) == [f"taken {url}"]


def test_one_page_leads_on_from_one_record() -> None:
    """An address with and without its last stroke is one page; two records cannot share it."""
    url = "https://example.org/gongbao/search/view/15"
    assert _found([url, f"{url}/"]) == []
    assert _found([url], [f"{url}/"]) == [f"twice {url}/"]


def _encoded(path: str, chosen: Iterable[bool]) -> str:
    """A path with some of its characters percent-encoded, in either case of digits."""
    pairs = zip(path, chosen, strict=True)
    return "".join("".join(f"%{b:02x}" for b in c.encode()) if on else quote(c) for c, on in pairs)


@st.composite
def _spelling(draw: st.DrawFn) -> str:
    """Another way to write the address of an entry's page, file or attachment."""
    standing = (
        "gazette/105/105-001/03/",
        "gazette/105/105-001/03/record.json",
        "gazette/105/105-001/03/草案總說明.txt",
        "gazette/category/draft/",
        "d/1050000001/",
    )
    path = unicodedata.normalize(
        draw(st.sampled_from(["NFC", "NFD"])), draw(st.sampled_from(standing))
    )
    path = draw(st.sampled_from([path, path.upper(), path.rstrip("/"), f"{path}/index.html"]))
    chosen = draw(st.lists(st.booleans(), min_size=len(path), max_size=len(path)))
    typed = _encoded(path, chosen)
    for found, way in draw(
        st.permutations([("/", "//"), ("/", "/./"), ("/", "%5C"), ("%2f", "/")])
    ):
        typed = typed.replace(found, way, draw(st.integers(0, 2)))
    host = draw(
        st.sampled_from(
            [
                "https://example.org/gongbao/",
                "http://EXAMPLE.org:80/gongbao/",
                "https://example.org./gongbao/",
            ]
        )
    )
    return host + typed + draw(st.sampled_from(["", "?id=3", "#top", "?"]))


@settings(max_examples=8)  # of twenty each: what stands is gathered once for all of them
@given(st.lists(_spelling(), min_size=20, max_size=20))
def test_no_spelling_of_a_standing_address_is_an_old_one(urls: list[str]) -> None:
    """Encoding, case, closing slash, index page, host, query: none makes another address of it."""
    assert _found(urls) == [f"taken {url}" for url in urls]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/gongbao/gazette/99/7.html",
        "https://example.org/gongbao/gazette/105/105-001/99/",
        "https://example.org/gongbao/news/show.aspx?id=1",
        "https://example.org/gongbao/%E5%85%AC%E5%A0%B1/1.htm",
        "https://example.org/gongbao/%A4%BD%B3%F8/1.htm",
        "https://example.org/gongbao/datasets/",
        "https://example.net/gazette/105/105-001/03/",
        "https://example.net/",
    ],
)
def test_what_stands_nowhere_may_be_an_old_address(url: str) -> None:
    """Beside pages, below them, on other hosts, in the encoding of old servers."""
    assert _found([url]) == []


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("https://example.org/gongbao/../etc/passwd", "outside"),
        ("https://example.org/gongbao/a/%2e%2E/b.html", "outside"),
        ("https://example.net/a%2f..%5cb.html", "outside"),
        ("https://example.org/gongbao/a%00.html", "control"),
        ("https://example.org/gongbao/a%0a.html", "control"),
        ("https://example.org/gongbao/a%E2%80%AE.html", "control"),
        ("https://example.net/a%3fb", "question"),
        (f"https://example.org/gongbao/{'a' * 256}.html", "long"),
        (f"https://example.net/?{'a' * 1801}", "long"),
        (f"https://example.net/{'a/' * 895}", "long"),
        (f"https://{'a.' * 100}example.net/{'a/' * 800}", "long"),
        ("https://example.org/gongbao/.well-known/a.html", "taken"),
        ("https://example.org/gongbao/gazette/105/105-001/03/record.json/a.html", "taken"),
        ("https://example.org/gongbao/gazette", "taken"),
        ("https://example.org/gongbao", "taken"),
    ],
)
def test_an_address_that_cannot_be_one_is_named(url: str, detail: str) -> None:
    """What leads out of the site, holds controls, is too long, or would need a file as folder."""
    assert _found([url]) == [f"{detail} {url}"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://old.example/Show.aspx?id=A", "http://OLD.example/show.aspx?id=a"),
        ("https://old.example/a/", "https://old.example//a/index.html"),
        (
            "https://example.org/gongbao/old/%E5%85%AC.html",
            "https://example.org/gongbao/old/公.html",
        ),
        ("https://example.org/gongbao/old/x.html", "https://example.org/gongbao/old/x.html/y.html"),
    ],
)
def test_two_records_share_no_old_address(one: str, other: str) -> None:
    """Not in another spelling, and not where one's page would be the other's folder."""
    assert _found([one], [other]) == [f"twice {other}"]


def test_a_record_may_list_spellings_that_need_one_file_alone() -> None:
    """The same address twice is harmless; a file that would be a folder too is not."""
    urls = ["https://example.org/gongbao/old/x/", "https://example.org/gongbao/old/x/index.html"]
    assert _found(urls) == []
    folder = "https://example.org/gongbao/old/x.html/"
    assert _found(["https://example.org/gongbao/old/x.html", folder]) == [f"twice {folder}"]
