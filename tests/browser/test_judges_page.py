"""The page `verify/` judges the same changes as the audit and the script.

Here it judges every third; `tests/audit/tamperings.py` shows it all of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import serving
from judging import CASES, ENTRY, NOTICED, REDACTED, Case, Judged, judged_site
from playwright.sync_api import Browser, Page

from generator.release.disk import remove_tree


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """The true site, made once."""
    root = tmp_path_factory.mktemp("judged")
    yield judged_site(root)
    remove_tree(root)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page of the browser, for one site after the other."""
    page = browser.new_page(locale="zh-TW")
    yield page
    page.close()


def judged(page: Page, site: Path, entry: str, kept: Path) -> tuple[str, str]:
    """The verdict on an entry of a site by its address, and all that the page says."""
    with serving(site, "/") as address:
        page.goto(f"{address}verify/")
        page.set_input_files("#kept", kept)
        page.fill("#address", f"{entry}/")
        page.click("button")
        result = page.locator("#result:not([data-verdict=''])[data-verdict]")
        result.wait_for()
        verdict, said = result.get_attribute("data-verdict") or "", page.inner_text("main")
        page.goto("about:blank")
    return verdict, said


def test_a_true_site_is_good_to_the_page(held: Judged, page: Page) -> None:
    """A sealed entry, also one that was redacted, by its address and a checkpoint of one's own."""
    for entry in (ENTRY, REDACTED):
        verdict, said = judged(page, held.true, entry, held.checkpoint)
        assert verdict == "good", said


@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: case.name)
def test_the_page_judges_a_change_as_the_list_says(
    case: Case, held: Judged, page: Page, tmp_path: Path
) -> None:
    """What it must notice is bad; of what it cannot see it says so, and is not alarmed."""
    shutil.copytree(held.true, tmp_path / "site")
    case.change(tmp_path / "site")
    verdict, said = judged(page, tmp_path / "site", case.entry, held.checkpoint)
    assert (verdict == "bad") == (case.page == NOTICED), said
    assert case.page in said
