"""What is shown for a time alone keeps its address, and nothing else of it stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sample_sites import MINIMAL, ScratchSite, build_site, examine_folder, files_below

from generator.content.model import Severity

ENTRY = "gazette/105/105-001/02.yaml"
NOTICE = (
    MINIMAL["gazette/105/105-001/01.yaml"]
    .replace("0001號", "0002號")
    .replace("訂定檔案要點", "公示送達某甲")
    .replace("第一條　為管理檔案，訂定本要點。", "受送達人某甲住所不明。")
)
WORDS = ("某甲", "受送達人", "Service upon Alpha")
VISITED = "en/gazette/105/105-001/02/index.html"


def _holding(site: Path, word: str) -> set[str]:
    """The files of the pages, feeds and tables that hold a word; search packs its texts."""
    held = {a: path for a, path in files_below(site).items() if not a.startswith("search/")}
    return {address for address, path in held.items() if word.encode() in path.read_bytes()}


def test_an_expired_record_leaves_a_notice_at_its_address(
    scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """On its last day it is there whole, on the next its addresses hold notices, and no file more.

    The second build goes on from the first.
    """
    english = {"site.yaml": MINIMAL["site.yaml"] + "title_en: Small City Gazette\n"}
    titled = NOTICE + "expires_on: 105-03-31\ntitle_en: Service upon Alpha\n"
    content = scratch_site({**english, ENTRY: titled})
    build_site(content, tmp_path, date(2016, 3, 31))
    site = tmp_path / "site"
    assert all(_holding(site, word) for word in WORDS)
    assert "Service upon Alpha" in (site / VISITED).read_text("utf-8")
    build_site(content, tmp_path, date(2016, 4, 1))
    page = (site / "gazette/105/105-001/02/index.html").read_text("utf-8")
    assert "不再提供" in page
    assert "noindex" in page
    assert "no longer available" in (site / VISITED).read_text("utf-8")
    assert "105-001/02" not in (site / "sitemap.xml").read_text("utf-8")
    assert [name for name in files_below(site) if name.startswith("gazette/105/105-001/02/")] == [
        "gazette/105/105-001/02/index.html"
    ]
    assert {word: _holding(site, word) for word in WORDS} == {word: set() for word in WORDS}
    assert '"documents":2,' in (site / "search/index.json").read_text().replace(" ", "")


def test_a_record_that_would_never_come_out_is_told(scratch_site: ScratchSite) -> None:
    """A last day before the first one is a slip of the year, and no way to keep a record back."""
    content = scratch_site({ENTRY: NOTICE + "expires_on: 105-01-01\n"})
    told = [p for p in examine_folder(content).problems if p.severity is Severity.ERROR]
    assert [(p.code, p.values["field"]) for p in told] == [("expires-early", "expires_on")]
