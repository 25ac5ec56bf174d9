"""How entries are cited, literally, and what stands around the citation."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from sample_sites import MINIMAL, SITES, ScratchSite, examine_folder, options
from whole_program import declare, examine

from generator.content.model import Ref
from generator.kinds.gazette.citation import cited, official_citation
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.pages import issue_entries
from generator.kinds.gazette.related import related
from generator.site.kind import Site

BASE = "https://example.org/gongbao/gazette"
ENTRY = """\
title: 訂定檔案要點
category: {category}
form: {form}
issuers: [city]
{more}
"""


@pytest.fixture(scope="module")
def site() -> Site:
    """The full sample."""
    held = examine_folder(SITES / "full").site
    assert held is not None
    return held


def entry_of(site: Site, name: str) -> tuple[GazetteEntry, GazetteIssue]:
    """An entry and its issue."""
    entry = site.archive.get(GazetteEntry, Ref("gazette", name))
    assert entry is not None
    issue = site.archive.get(GazetteIssue, entry.issue)
    assert issue is not None
    return entry, issue


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "105-001-01",
            (
                "測試市政府秘書處105年1月4日測市秘字第10530006500號令，"
                f"《測試市政府公報》105年第1期，頁1-3，{BASE}/105/105-001/01/"
            ),
        ),
        (
            "105-001-02",
            (
                "測試市政府文化局、測試市政府秘書處105年1月5日測市文字第1053000001號、"
                "測市秘字第1053000002號公告，"
                f"《測試市政府公報》105年第1期，{BASE}/105/105-001/02/"
            ),
        ),
        (
            "105-002-01",
            (
                "測試市政府秘書處105年2月2日函「更正105年第1期「測試市檔案管理要點」」，"
                f"《測試市政府公報》105年第2期，{BASE}/105/105-002/01/"
            ),
        ),
        (
            "105-002-02",
            (
                "測試市政府105年2月2日「人事動態表」，"
                f"《測試市政府公報》105年第2期，{BASE}/105/105-002/02/"
            ),
        ),
        (
            "106-extra-001-01",
            (
                "測試市政府106年1月2日測市訴字第10600001號決定書，"
                f"《測試市政府公報》106年號外第1期，{BASE}/106/106-extra-001/01/"
            ),
        ),
    ],
)
def test_an_official_citation_reads_word_for_word(site: Site, name: str, text: str) -> None:
    """Who, when, number and form, then where it was published; what is unknown is left out."""
    assert official_citation(*entry_of(site, name), site) == text


def test_programs_are_told_the_day_of_publication(site: Site) -> None:
    """The issue's day and number, the entry's pages; an extra keeps its name in the number."""
    known = cited(*entry_of(site, "105-001-01"), site)
    assert (known.day.isoformat(), known.volume, known.number) == ("2016-01-20", "105", "1")
    assert (known.key, known.pages) == ("test-city-105-001-01", (1, 3))
    assert cited(*entry_of(site, "106-extra-001-01"), site).number == "號外1"


def test_related_entries_speak_of_the_same(scratch_site: ScratchSite) -> None:
    """First what relates to the same entry, then the same category's of the issue; none twice."""
    folder = "gazette/105/105-001"
    about = "document_numbers: [甲字第{}號]\ndispatch_date: 105-01-04\nbody: 內文\n{}"
    target = "relations: [{type: cites, target: 105-001-01}]"
    shapes = {
        "02": ("other", target),
        "03": ("rule", target),
        "04": ("other", ""),
        "05": ("rule", ""),
    }
    files = {
        f"{folder}/{name}.yaml": ENTRY.format(
            category=category, form="order", more=about.format(name, more)
        )
        for name, (category, more) in shapes.items()
    }
    examined = examine_folder(scratch_site(files))
    assert examined.site is not None, examined.problems
    site = examined.site
    entry, issue = entry_of(site, "105-001-02")
    found = related(entry, issue_entries(issue, site), site)
    assert [other.id for other in found] == ["105-001-03", "105-001-04"]
    first, _ = entry_of(site, "105-001-01")
    shown = related(first, issue_entries(issue, site), site)
    assert [other.id for other in shown] == ["105-001-05"]  # 02 and 03 stand as relations


def test_no_letter_gets_a_line_of_an_editors(scratch_site: ScratchSite) -> None:
    """A per cent sign of a mail address is one of its letters, not the start of a line break."""
    mail = "a%0D%0ABcc%3Ab@example.org"
    period = f"comment_period: {{starts_on: 105-01-05, ends_on: 105-03-04, email: {mail}}}\n"
    entry = "gazette/105/105-001/01.yaml"
    content = scratch_site({entry: MINIMAL[entry] + period})
    chosen = options(content, content.parent)
    site = examine(chosen).site
    assert site is not None
    pages = {page.address: block for page, block in declare(site, chosen.loader).pages}
    found = re.search(r'<a href="mailto:([^"]*)">([^<]*)</a>', pages["gazette/105/105-001/01/"])
    assert found
    assert (unquote(found[1]), found[2]) == (mail, mail)
