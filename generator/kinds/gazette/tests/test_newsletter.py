"""The newsletter: the same entries on its page and in its mail, and nothing without the setting."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from sample_sites import MINIMAL, SITES, ScratchSite, examine_folder, options
from whole_program import Options, declare

from generator.content.model import Letter
from generator.kinds.gazette.newsletter import INDEX, letter
from generator.site.kind import Site
from generator.site.plan import shown

SETTING = """
newsletter:
  from: {name: 小市公報電子報, mail: gazette@city.example}
  list_id: gazette.city.example
  unsubscribe: https://city.example/newsletter
"""
WEEK = date(2016, 1, 10)
"""The Sunday after the issue of the minimal site, which came out on a Tuesday."""


def entry(number: int, title: str, *more: str, category: str = "other") -> tuple[str, str]:
    """A file of the first issue."""
    text = (
        f"title: {title}\ncategory: {category}\nform: announcement\nissuers: [city]\n"
        f"document_numbers: [小市秘字第10500002{number:02d}號]\ndispatch_date: 105-01-03\n"
        f"subject: 關於{title}。\n"
    )
    return f"gazette/105/105-001/{number:02d}.yaml", "".join((text, *more))


def period(last: str) -> str:
    """A draft's time for comments."""
    return f"comment_period: {{starts_on: 105-01-05, ends_on: {last}, reason: 時間緊迫}}\n"


CORRECTS = "relations: [{type: corrects, target: 105-001-01, wrong: 一, right: 二}]\n"
PERSONAL = "personal_data: true\nexpires_on: 105-02-10\nnonce: 8f3b1c6e0d9a47528e1f60b3c7d2a594\n"
FILES: Mapping[str, str] = {
    "site.yaml": MINIMAL["site.yaml"] + SETTING,
    **dict(
        (
            entry(2, "預告甲辦法草案", period("105-03-20"), category="draft"),
            entry(3, "預告乙辦法草案", period("105-03-10"), category="draft"),
            entry(4, "更正檔案要點", CORRECTS),
            entry(5, "公示送達通知書", PERSONAL),
        )
    ),
}
HEADINGS = ["徵求意見的草案", "行政規則", "其他"]


@pytest.fixture
def site(scratch_site: ScratchSite) -> Site:
    """A site with an issue of each sort of entry, on the Sunday of the issue's week."""
    return _site(scratch_site, FILES, WEEK)


def _site(make: ScratchSite, files: Mapping[str, str], day: date) -> Site:
    examined = examine_folder(make(files), day)
    assert examined.site is not None, examined.problems
    return shown(examined.site, draft=False)


def _letter(site: Site, id_: str = "105-001") -> Letter:
    made = letter(site, id_)
    assert made is not None
    return made


def test_drafts_stand_first_by_their_last_day(site: Site) -> None:
    """Then the categories in their order; each entry stands once."""
    parts = _letter(site).parts
    assert [part.heading for part in parts] == HEADINGS
    titles = [[e.title for e in part.entries] for part in parts]
    assert titles == [
        ["預告乙辦法草案", "預告甲辦法草案"],
        ["訂定檔案要點"],
        ["更正檔案要點", "公示送達通知書"],
    ]
    first = parts[0].entries[0]
    assert first.marks == ("徵求意見至105年3月10日止",)
    assert first.lines == ("小市政府公告　小市秘字第1050000203號", "關於預告乙辦法草案。")


def test_corrections_are_marked_and_personal_data_stays_out(site: Site) -> None:
    """A correction names what it corrects; of a personal entry there is the title alone."""
    correction, personal = _letter(site).parts[-1].entries
    assert correction.marks == ("更正",)
    assert correction.lines[0] == "更正對象：訂定檔案要點"
    assert (personal.marks, personal.lines) == ((), ())


def test_an_expired_entry_is_gone(scratch_site: ScratchSite) -> None:
    """After its last day neither the page nor a mail has it."""
    later = _site(scratch_site, FILES, date(2016, 2, 11))
    titles = [e.title for part in _letter(later).parts for e in part.entries]
    assert titles[-1] == "更正檔案要點"
    assert len(titles) == 4


def test_a_week_is_complete_when_it_is_over(site: Site) -> None:
    """On Sunday, under its number of ISO 8601; there is none before, nor an issue to come."""
    week = _letter(site, "2016-w01")
    assert (week.day, week.parts) == (WEEK, _letter(site).parts)
    assert week.title == "小市公報每週彙編（105年1月4日至105年1月10日）"
    saturday = replace(site, as_of=date(2016, 1, 9))
    assert letter(saturday, "2016-w01") is None
    assert letter(site, "105-002") is None


@pytest.fixture(scope="module")
def blocks() -> Mapping[str, str]:
    """The pages of the full sample, by address."""
    return _blocks(options(SITES / "full", SITES))


def _blocks(chosen: Options) -> dict[str, str]:
    site = examine_folder(chosen.content, chosen.as_of).site
    assert site is not None
    return {page.address: block for page, block in declare(site, chosen.loader).pages}


def test_a_page_has_what_the_mail_has(blocks: Mapping[str, str]) -> None:
    """Each entry of a letter stands on its page, with its marks and lines, in the same order."""
    examined = examine_folder(SITES / "full")
    assert examined.site is not None
    for id_ in ("105-001", "105-002", "2016-w03"):
        made = _letter(shown(examined.site, draft=False), id_)
        page, place = blocks[made.address], 0
        entries = [e for part in made.parts for e in part.entries]
        assert page.count('class="gb-row-title"') == len(entries) > 1
        for text in (t for e in entries for t in (e.title, *e.marks, *e.lines)):
            place = page.index(text.replace('"', "&#34;"), place)


def test_issues_and_weeks_are_listed_by_year(blocks: Mapping[str, str]) -> None:
    """The list leads to years, a year to issues, weeks, and to where readers subscribe."""
    assert 'href="105/"' in blocks[INDEX]
    year = blocks[f"{INDEX}105/"]
    for address in ("105-001", "105-002", "2016-w03", "2016-w05"):
        assert f'href="../{address}/"' in year
    assert '<a href="https://city.example/newsletter">訂閱電子報</a>' in year
    assert f'href="../{INDEX}"' in blocks["pages/"]


def test_a_site_without_the_setting_has_nothing_of_it(scratch_site: ScratchSite) -> None:
    """No page, and no entrance to one."""
    content = scratch_site({})
    assert [a for a in _blocks(options(content, content.parent)) if a.startswith(INDEX)] == []
    assert INDEX not in _site(scratch_site, {}, WEEK).addresses


def test_a_week_is_listed_where_its_issues_are(scratch_site: ScratchSite) -> None:
    """One that ends in a new year that has no issue yet stands in the old year, and leads there."""
    old = {
        path.replace("105/105-", "104/104-"): text.replace("105-01-05", "104-12-30").replace(
            "105-01-04", "104-12-29"
        )
        for path, text in MINIMAL.items()
        if path.startswith("gazette/")
    }
    content = scratch_site({"site.yaml": FILES["site.yaml"], **old})
    shutil.rmtree(content / "gazette/105")
    blocks = _blocks(options(content, content.parent, date(2016, 1, 5)))
    assert 'href="../2015-w53/"' in blocks[f"{INDEX}104/"]
    assert f"{INDEX}105/" not in blocks
    assert 'href="../104/"' in blocks[f"{INDEX}2015-w53/"]
