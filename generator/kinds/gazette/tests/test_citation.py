"""How entries are cited, literally, and what stands around the citation."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder, options, sample_site
from whole_program import declare, examine

from generator.content.model import Ref
from generator.kinds.gazette.citation import cited, official_citation
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.pages import issue_entries
from generator.kinds.gazette.related import of_same_issue, related
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
    return sample_site("full")


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


def _listed(site: Site, id_: str) -> list[tuple[str, str, str]]:
    """The related entries of a page with the sort of the reason and its words."""
    entry, _ = entry_of(site, id_)
    return [(row.address.split("/")[-2], row.reason, row.words) for row in related(entry, site)]


def test_related_entries_name_a_reason(scratch_site: ScratchSite) -> None:
    """A common target, a law in the titles, one form of title, rare keywords; else nothing.

    A keyword leads from the later entry to the earlier, so that a new one changes no old page.
    """
    folder = "gazette/105/105-001"
    cites = "relations: [{type: cites, target: 105-001-01}]"
    law = "「測試市路燈管理辦法」"
    about = "document_numbers: [甲字第{}號]\ndispatch_date: 105-01-04\nbody: 內文\n{}"
    shapes = {
        "02": ("公告甲事", cites),
        "03": ("公告乙事", cites),
        "04": (f"修正{law}第三條", ""),
        "05": (f"預告{law}修正草案", ""),
        "06": ("公告第105000001號廣告物許可失效", ""),
        "07": ("公告第105000002號廣告物許可失效", ""),
        "08": ("路燈節電說明", "keywords: [節電燈具, 公告]"),
        "09": ("公園夜間照明", "keywords: [節電燈具, 公告]"),
        "10": ("無關之事", "keywords: [公告]"),
    }
    shapes |= {str(n): (f"公告事{chr(0x4E00 + n)}", "keywords: [公告]") for n in range(11, 20)}
    files = {
        f"{folder}/{name}.yaml": ENTRY.format(
            category="rule",
            form="order",
            more=about.format(name, more),
        ).replace("title: 訂定檔案要點", f"title: {title}")
        for name, (title, more) in shapes.items()
    }
    examined = examine_folder(scratch_site(files))
    assert examined.site is not None, examined.problems
    site = examined.site
    (target, _) = entry_of(site, "105-001-01")
    assert _listed(site, "105-001-02") == [("03", "target", target.title)]
    assert _listed(site, "105-001-01") == []  # 02 and 03 stand as relations
    assert _listed(site, "105-001-04") == [("05", "law", "測試市路燈管理辦法")]
    assert _listed(site, "105-001-06") == [("07", "form", "公告第號廣告物許可失效")]
    assert _listed(site, "105-001-08") == []
    assert _listed(site, "105-001-09") == [("08", "word", "節電燈具")]
    assert _listed(site, "105-001-10") == []  # a keyword of many tells nothing
    alone, issue = entry_of(site, "105-001-10")
    same = of_same_issue(alone, issue_entries(issue, site), site)
    assert [other.sequence for other in same] == [1, 2, 3, 4, 5]


def test_a_text_means_the_law_of_its_time(scratch_site: ScratchSite) -> None:
    """The last one until its day, itself left out; the first one where none is so old."""
    law = "測試市路燈管理辦法"
    titles = ("公告路燈事項", f"訂定「{law}」", "公告路燈事項", f"修正「{law}」", "公告路燈事項")
    files = {}
    for month, title in enumerate(titles, start=2):
        folder = f"gazette/105/105-00{month}"
        number = f"document_numbers: [甲字第{month}號]\ndispatch_date: 105-0{month}-01\nbody: 內文"
        entry = ENTRY.format(category="rule", form="order", more=number)
        files[f"{folder}/issue.yaml"] = f"publication_date: 105-0{month}-05\n"
        files[f"{folder}/01.yaml"] = entry.replace("訂定檔案要點", title)
    examined = examine_folder(scratch_site(files), date(2016, 7, 1))
    assert examined.site is not None, examined.problems
    site = examined.site
    texts = [entry_of(site, f"105-00{month}-01")[0] for month in range(2, 7)]
    named = [site.named(law, text).removesuffix("01/")[-4:-1] for text in texts]
    assert named == ["003", "", "003", "003", "005"]
    assert site.named("測試市公園管理辦法", texts[0]) == ""


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
