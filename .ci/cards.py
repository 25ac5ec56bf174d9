"""Makes the pictures that stand for pages where they are shared: `theme/assets/cards/*.png`.

Run it again after a change of what it draws, and commit the result: `python .ci/cards.py`.
It needs the tests' environment, Debian's Chromium and its Chinese fonts.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]

from browsing import CHROMIUM, QUIET  # noqa: E402 -- as the tests find each other

CARDS = PROJECT / "theme/assets/cards"
WIDTH, HEIGHT = 1200, 630
INK, PAPER, SEAL = "#1d3b4f", "#f7f4ec", "#a8322a"

_LINES = "".join(
    f'<path d="M0 {y}h{length}"/>' for y, length in ((0, 180), (50, 240), (100, 240), (150, 150))
)
_SHEET = f'<path d="M-50-90h340v360H-50z"/><g transform="translate(0 0)">{_LINES}</g>'
_BARS = "".join(
    f'<path d="M{x} 250v{-height}h60v{height}z" fill="{INK}"/>'
    for x, height in ((-40, 110), (50, 180), (140, 240), (230, 320))
)
_GLOBE = (
    '<circle cx="120" cy="90" r="170"/><ellipse cx="120" cy="90" rx="75" ry="170"/>'
    '<path d="M-50 90h340M-27 5h294M-27 175h294M120-80v340"/>'
)
_RINGS = '<circle cx="50" cy="90" r="105"/><circle cx="190" cy="90" r="105"/>'
_BOOK = (
    '<path d="M120-50v320M120-50c-60-40-130-40-180-20v320c50-20 120-20 180 20'
    'c60-40 130-40 180-20V-70c-50-20-120-20-180 20"/>'
)
DRAWN = {
    "site": ("政府公報與報告", "Gazette and reports", _SHEET),
    "gazette": ("公報", "Gazette", _SHEET),
    "visits": ("國際交流", "Visits", _GLOBE),
    "partners": ("夥伴城市", "Partner cities", _RINGS),
    "statistics": ("統計", "Statistics", _BARS),
    "reports": ("報告", "Reports", _BOOK),
}
"""By name: the words in both languages, and the drawing beside them."""


def svg(words: str, english: str, drawing: str) -> str:
    """A picture as SVG."""
    family = 'font-family="Noto Serif CJK TC"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>'
        f'<rect width="24" height="100%" fill="{SEAL}"/>'
        f'<g transform="translate(850 200)" fill="none" stroke="{INK}" stroke-width="12" '
        f'stroke-linejoin="round">{drawing}</g>'
        f'<text x="90" y="330" {family} font-size="88" font-weight="700" fill="{INK}">'
        f"{words}</text>"
        f'<text x="92" y="410" {family} font-size="40" fill="{INK}">{english}</text></svg>'
    )


def main() -> None:
    """Draws all of them."""
    CARDS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, drawn in DRAWN.items():
            page.set_content(f'<body style="margin:0">{svg(*drawn)}</body>')
            page.screenshot(path=CARDS / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
