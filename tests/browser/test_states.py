"""States that depend on the day: right for the reader's day, whenever the site was built."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from browsing import serving
from playwright.sync_api import Browser, expect
from sample_sites import AS_OF, SITES, ScratchSite, options

from generator.pipeline import build

DRAFT, RULE = "gazette/105/105-001/03/", "gazette/105/105-001/01/"
COMMENT_DAYS = (
    ("2016-01-19T12:00+08:00", "尚未開始徵求意見", "before"),
    ("2016-01-20T00:00+08:00", "徵求意見中（還有 60 日）", "on"),
    ("2016-03-19T12:00+08:00", "徵求意見中（還有 1 日）", "on"),
    ("2016-03-20T23:59+08:00", "徵求意見中（今日截止）", "on"),
    ("2016-03-21T00:00+08:00", "徵求意見已截止", "after"),
)
FORCE_DAYS = (
    ("2016-01-05T23:59+08:00", "尚未生效", "before"),
    ("2016-01-06T00:00+08:00", "部分條文尚未施行", "part"),
    ("2016-06-30T23:59+08:00", "部分條文尚未施行", "part"),
    ("2016-07-01T00:00+08:00", "現行有效", "on"),
)


def _state(browser: Browser, url: str, moment: str, zone: str = "Asia/Taipei") -> tuple[str, str]:
    """Text and name of the page's state for a reader at a moment, somewhere."""
    context = browser.new_context(timezone_id=zone)
    page = context.new_page()
    page.clock.set_fixed_time(datetime.fromisoformat(moment))
    page.goto(url)
    state = page.locator("[data-words]")
    expect(state).to_have_attribute("data-day", moment[:10])
    told = state.inner_text(), str(state.get_attribute("data-state"))
    context.close()
    return told


@pytest.mark.parametrize(("moment", "words", "name"), COMMENT_DAYS)
@pytest.mark.parametrize("zone", ["Asia/Taipei", "America/Los_Angeles"])
def test_a_comment_period_is_told_for_the_day_in_taiwan(
    browser: Browser, address: str, moment: str, words: str, name: str, zone: str
) -> None:
    """The day before, of and after its first and last day, wherever the reader is."""
    assert _state(browser, address + DRAFT, moment, zone) == (words, name)


@pytest.mark.parametrize(("moment", "words", "name"), FORCE_DAYS)
def test_force_begins_at_midnight_in_taiwan(
    browser: Browser, address: str, moment: str, words: str, name: str
) -> None:
    """The day before, of and after a rule takes effect."""
    assert _state(browser, address + RULE, moment) == (words, name)


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        (date(2016, 3, 20), "截至105年3月20日：徵求意見中"),
        (date(2016, 3, 21), "徵求意見已截止"),
    ],
)
def test_the_static_text_speaks_for_the_day_of_the_build(
    tmp_path: Path, as_of: date, words: str
) -> None:
    """What can still change names the day for which it is told; what cannot needs none."""
    root = tmp_path / "site-of-the-day"
    made = build(options(SITES / "full", root, as_of), lambda stage: None)
    assert made.release is not None
    html = (root / "site" / DRAFT / "index.html").read_text(encoding="utf-8")
    assert f">{words}</span>" in html


def test_another_day_in_the_same_phase_makes_no_page_again(tmp_path: Path) -> None:
    """After its last day a comment period's page stays as it is, from one day to the next."""
    root = tmp_path / "days"
    for day in (date(2016, 8, 1), date(2016, 8, 2)):
        built = build(options(SITES / "full", root, day), lambda stage: None)
        assert built.release is not None
    (before,) = (path for path in (root / "build/releases").iterdir() if path.is_dir())
    pages = [release / DRAFT / "index.html" for release in (before, root / "site")]
    assert pages[0].samefile(pages[1])


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2016-07-14T23:59+08:00", "尚未到發布日期"),
        ("2016-07-15T00:00+08:00", "已過發布日期，重新建立網站即公開"),
        ("2016-07-16T12:00+08:00", "已過發布日期，重新建立網站即公開"),
    ],
)
def test_a_draft_under_embargo_says_when_its_day_has_come(
    browser: Browser, scratch_site: ScratchSite, tmp_path: Path, moment: str, words: str
) -> None:
    """A page of an issue that is not out yet, shown to its editors, knows the day of issue."""
    content = scratch_site({"gazette/105/105-001/issue.yaml": "publication_date: 105-07-15\n"})
    held = replace(options(content, tmp_path / "held", AS_OF), draft=True)
    assert build(held, lambda stage: None).release is not None
    with serving(held.site, "/") as root:
        assert _state(browser, root + "gazette/105/105-001/01/", moment)[0] == words


DUE_DAYS = (
    ("2016-05-31T12:00+08:00", "辦理中（還有 1 日）", "on", "1"),
    ("2016-06-01T23:59+08:00", "辦理中（今日截止）", "on", "1"),
    ("2016-06-02T00:00+08:00", "逾期未完成", "late", "2"),
)


@pytest.mark.parametrize(("moment", "words", "name", "overdue"), DUE_DAYS)
def test_a_due_day_is_told_for_the_day_in_taiwan(
    browser: Browser, address: str, moment: str, words: str, name: str, overdue: str
) -> None:
    """The day before, of and after it; the number of the overdue ones of the agency agrees."""
    context = browser.new_context(timezone_id="America/Los_Angeles")
    page = context.new_page()
    page.clock.set_fixed_time(datetime.fromisoformat(moment))
    page.goto(f"{address}directives/")
    group = page.locator("section", has=page.get_by_role("link", name="測試市政府秘書處"))
    state = group.locator(".gb-row", has_text="更換庫房燈具").locator("[data-words]")
    expect(state).to_have_attribute("data-day", moment[:10])
    assert (state.inner_text(), state.get_attribute("data-state")) == (words, name)
    assert group.locator("[data-passed]").inner_text() == overdue
    late = group.locator('[data-state="late"]')
    assert late.count() == int(overdue)
    rows = group.locator(".gb-row [data-state]").evaluate_all(
        "all => all.map(e => e.dataset.state)"
    )
    assert rows[: int(overdue)] == ["late"] * int(overdue)
    context.close()


def test_without_scripts_the_day_of_the_build_is_told(browser: Browser, address: str) -> None:
    """A state that may change says for which day it is told."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}directives/")
    row = page.locator(".gb-row", has_text="更換庫房燈具").first
    assert row.locator("[data-words]").inner_text() == "截至105年6月1日：辦理中"
    late = page.locator(".gb-row", has_text="用水改善計畫").first
    assert late.locator("[data-words]").inner_text() == "截至105年6月1日：逾期未完成"
    context.close()
