"""Counts on the pages of real entries what their readers are promised; a script, not a test.

    python tests/benchmarks/reading.py --corpus rows.jsonl.gz
    python tests/benchmarks/reading.py --site site

Rows of a corpus are imported and built first; `--site` looks at a site that is built.  Chromium
opens each entry at 1,280 and 390 pixels and measures where its text begins.  Titles over three
lines are counted apart.  The exit code is 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests"), str(Path(__file__).parent)]

from browsing import CHROMIUM, QUIET, serving  # noqa: E402 -- below the paths
from documents import rows_of  # noqa: E402
from ours import ADDED, CONTENT, write_content  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from sample_sites import build_site  # noqa: E402

LIMITS = {1280: 450, 390: 500}
"""The most pixels above the first line of an entry's text, by the width of the window."""
MOST_TITLE_LINES = 3
PROMISES = (
    *("article without an anchor", "point without an anchor"),
    *("form 其他", "related without a reason"),
)
_TEXT = re.compile(r'<div class="gb-text">\n(.*?)\n</div>', re.S)
_ELEMENT = re.compile(r"<(p|h[2-6])((?: [a-z-]+=\"[^\"]*\")*)>(.*?)</\1>", re.S)
_BLANK = "[ \u3000]*"
_ARTICLE = re.compile(rf"{_BLANK}第[ \u3000〇零○一二三四五六七八九十廿卅百千0-9０-９之－-]+條")
_POINT = re.compile(rf"{_BLANK}[一二三四五六七八九十百]+、")
_HEADING = re.compile(rf"{_ARTICLE.pattern}(?:之[一二三四五六七八九十]+)?(?:[ \u3000（(：:]|$)")
"""An article beyond doubt; what reads on from the number may be a sentence: 第三條所定."""
_CELL = re.compile("(?:第[一二三四五六七八九十]+[項款目])+")
"""What stands below a number that a table's cell cites: 第二十八條, and then 第一項."""
_RELATED = re.compile(
    r'<section class="gb-section gb-related"><h2>(.*?)</h2>\n(.*?)</section>', re.S
)
_MEASURE = """() => {
  const text = ".gb-text > *, .gb-entry-text .gb-section > :not(h2), .gb-summary";
  const title = document.querySelector("h1");
  const line = parseFloat(getComputedStyle(title).lineHeight);
  return [document.querySelector(text).getBoundingClientRect().top + scrollY,
    Math.round(title.getBoundingClientRect().height / line)];
}"""


def main() -> int:
    """Prints the counts; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--corpus", type=Path, help="JSON Lines, plain or .gz")
    given.add_argument("--site", type=Path, help="a site that is built")
    parser.add_argument("--rows", type=int, default=2555, help="rows of the corpus")
    chosen = parser.parse_args()
    if chosen.site:
        return _tell(chosen.site)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_content(rows_of(chosen.rows, chosen.corpus), root)
        shutil.copytree(root / ADDED, root / CONTENT, dirs_exist_ok=True)
        build_site(root / CONTENT, root, date(2026, 1, 1))
        return _tell(root / "site")


def _tell(site: Path) -> int:
    pages = sorted(path.parent for path in site.resolve().glob("gazette/*/*/*/record.json"))
    broken: Counter[str] = Counter()
    for page in pages:
        broken.update(_broken((page / "index.html").read_text("utf-8")))
    print(f"{len(pages)} entries")
    for what in (
        "article without an anchor",
        "point without an anchor",
        "form 其他",
        "related without a reason",
    ):
        print(f"{what}: {broken[what]}")
    print(f"articles that a sentence cites: {broken['cited article']}")
    late = 0
    with serving(site, "/") as root, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for width, limit in LIMITS.items():
            tab = chromium.new_page(viewport={"width": width, "height": 900})
            addresses = [folder.relative_to(site.resolve()).as_posix() for folder in pages]
            late += _measured(tab, root, addresses, width, limit)
        chromium.close()
    return int(bool(late or broken.total() - broken["cited article"]))


def _broken(html: str) -> Iterator[str]:
    """Each promise that a page breaks, once for each place."""
    elements = _ELEMENT.findall("\n".join(_TEXT.findall(html)))
    texts = [unescape(re.sub("<[^>]*>", "", content)) for _, _, content in elements]
    for (_, attributes, _), text, below in zip(elements, texts, [*texts[1:], ""], strict=True):
        anchored = " id=" in attributes
        if _ARTICLE.match(text) and not anchored:
            cited = _CELL.fullmatch(below) or not _HEADING.match(text)
            yield "cited article" if cited else "article without an anchor"
        if _POINT.match(text) and not anchored:
            yield "point without an anchor"
    form = re.search(r'<div class="gb-head-form">(.*?)</div>', html)
    description = re.search(r'<meta name="description" content="([^"]*)"', html)
    if (form and ">其他<" in form[1]) or "<dt>文別</dt><dd>其他" in html:
        yield "form 其他"
    if description and re.match(r"[^，]*其他，", description[1]):
        yield "form 其他"
    for heading, rows in _RELATED.findall(html):
        reasons, items = rows.count('<span class="gb-fact-note">'), rows.count("<li>")
        if heading != "同期同類" and reasons != items:
            yield "related without a reason"


def _measured(page: Page, root: str, addresses: list[str], width: int, limit: int) -> int:
    """The entries whose text begins below the limit although their title is short."""
    tops: list[float] = []
    long_titles, late = 0, []
    for address in addresses:
        page.goto(f"{root}{address}/", wait_until="load")
        top, lines = page.evaluate(_MEASURE)
        if lines > MOST_TITLE_LINES:
            long_titles += 1
            continue
        tops.append(top)
        if top > limit:
            late.append((round(top), address))
    tops.sort()
    print(
        f"{width} px: text begins at {tops[len(tops) // 2]:.0f} (median), {tops[-1]:.0f} (most);"
        f" {len(late)} below {limit}; {long_titles} titles over {MOST_TITLE_LINES} lines"
    )
    for top, address in sorted(late, reverse=True)[:20]:
        print(f"  {top} {address}")
    return len(late)


if __name__ == "__main__":
    sys.exit(main())
