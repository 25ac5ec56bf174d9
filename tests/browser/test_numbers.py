"""Looking up by number and by page: one document is gone to at once, of several one chooses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browsing import serving
from playwright.sync_api import Browser, Page, expect
from sample_sites import MINIMAL, ScratchSite, build_site

from generator.build.options import Options

ENTRY = "gazette/105/105-001/01/"


@pytest.fixture(scope="module", params=["/", "/sub/"])
def address(full_site: Options, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the full sample is served, at the root and below a path."""
    with serving(full_site.site, request.param) as root:
        yield root


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a reader's own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "number", ["測市秘字第10530006500號", "測市秘10530006500", "測市秘字第１０５３０００６５００號"]
)
def test_every_number_is_an_address(page: Page, address: str, number: str) -> None:
    """`d/<number>/` leads to the document, however the number is spelt."""
    page.goto(f"{address}d/{quote(number)}/")
    page.wait_for_url(f"{address}{ENTRY}")


def test_an_unknown_number_is_said_to_be_unknown(page: Page, address: str) -> None:
    """Below its form, with a way to the search; nothing is offered as if it were the document."""
    page.goto(f"{address}d/{quote('無此字第999號')}/")
    expect(page.locator("#gb-number + #gb-answer")).to_contain_text("查無這個字號")
    link = page.get_by_role("link", name="在全部內容中搜尋「無此字第999號」")
    expect(link).to_have_attribute("href", f"{address}search/?q={quote('無此字第999號')}")
    expect(page.locator("#gb-n")).to_have_value("無此字第999號")


def test_visitors_look_up_in_english(page: Page, address: str) -> None:
    """Numbers and pages lead to the same documents; what is said is English."""
    page.goto(f"{address}en/d/?n={quote('無此字第999號')}")
    expect(page.locator("#gb-answer")).to_contain_text("No document has this number.")
    page.goto(f"{address}en/d/?year=105&issue=99")
    expect(page.locator("#gb-answer")).to_have_text("There is no such issue.")
    page.goto(f"{address}en/d/?n={quote('測市秘字第10530006500號')}")
    page.wait_for_url(f"{address}en/{ENTRY}")


def test_a_number_is_typed(page: Page, address: str) -> None:
    """The form does the same."""
    page.goto(f"{address}d/")
    page.fill("#gb-n", "測市秘 10530006500")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{ENTRY}")


@pytest.mark.parametrize("year", ["105", "2016", "１０５"])
@pytest.mark.parametrize(("sheet", "way"), [("2", ENTRY), ("", "gazette/105/105-001/")])
def test_a_page_of_the_printed_gazette_leads_to_its_entry(
    page: Page, address: str, year: str, sheet: str, way: str
) -> None:
    """Year in either calendar, issue and page; without a page to the issue."""
    page.goto(f"{address}d/")
    page.fill("[name=year]", year)
    page.fill("[name=issue]", "1")
    page.fill("[name=page]", sheet)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{way}")


@pytest.mark.parametrize(
    ("query", "told"),
    [("year=105&issue=1&page=99", "沒有記載該頁次"), ("year=105&issue=77", "查無這一期")],
)
def test_what_is_not_there_is_said(page: Page, address: str, query: str, told: str) -> None:
    """A citation can be an address too; one that leads nowhere says so."""
    page.goto(f"{address}d/?{query}")
    expect(page.locator("#gb-cite + #gb-answer")).to_contain_text(told)


def test_what_is_lacking_is_named(page: Page, address: str) -> None:
    """An empty form says in the page which fields want something, until they have it."""
    page.goto(f"{address}d/")
    page.fill("[name=page]", "2")
    page.get_by_role("button", name="查頁次").click()
    expect(page.get_by_role("alert")).to_have_text("請填寫：年度（民國）、第幾期。")
    expect(page.locator("[name=year]")).to_be_focused()
    page.fill("[name=year]", "105")
    expect(page.get_by_role("alert")).to_have_text("請填寫：第幾期。")
    page.fill("[name=issue]", "1")
    expect(page.locator("#gb-lack")).to_be_hidden()


def test_without_scripts_the_page_names_other_ways(browser: Browser, address: str) -> None:
    """The forms lead to the search and to the list of issues."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}d/")
    expect(page.locator("#gb-plain")).to_be_visible()
    page.fill("#gb-n", "測市秘")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}search/?q=*")
    context.close()


def test_a_year_is_spelled_as_the_issues_of_the_site(
    page: Page, scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """The build says where issues lie: a year below 100 is typed as it is and found as `098`."""
    issue = "gazette/098/098-001"
    content = scratch_site(
        {
            f"{issue}/issue.yaml": "publication_date: 98-01-05\n",
            f"{issue}/01.yaml": MINIMAL["gazette/105/105-001/01.yaml"]
            .replace("105-01-04", "98-01-04")
            .replace("1050000001", "0980000001"),
        }
    )
    build_site(content, tmp_path)
    with serving(tmp_path / "site", "/") as root:
        page.goto(f"{root}d/?year=98&issue=1")
        page.wait_for_url(f"{root}gazette/98/098-001/")
