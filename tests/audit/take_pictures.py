"""Takes the README's pictures: the site of `content/` as a browser shows it.

    make pictures

Writes small WebP files to `.github/images/`.  The same site and the same Chromium with the same
fonts give the same files.
"""

from __future__ import annotations

import sys
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests"))

from browsing import CHROMIUM, QUIET  # noqa: E402 -- as the tests find each other
from hosting import hosted  # noqa: E402
from page_types import page_types  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from run_audit import AS_OF  # noqa: E402
from subjects import built_site  # noqa: E402

IMAGES = PROJECT / ".github" / "images"
LARGEST = 100_000
"""Bytes: a README loads all of its pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file, the template of which a page is shown, the window, pixels of the screen for each."""

    name: str
    template: str
    width: int
    height: int
    scale: float = 1


PICTURES = (
    Picture(name="home", template="home.html", width=1200, height=860),
    Picture(name="entry", template="gazette-entry.html", width=390, height=860, scale=1.5),
    Picture(name="statistic", template="statistic.html", width=1200, height=860),
)


def taken(picture: Picture, address: str, browser: Browser) -> bytes:
    """The upper part of a page, as WebP."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=picture.scale,
        color_scheme="light",
        reduced_motion="reduce",
        locale="zh-TW",
        timezone_id="Asia/Taipei",
    )
    page.clock.set_fixed_time(f"{AS_OF.isoformat()}T12:00:00+08:00")
    page.goto(address, wait_until="networkidle")
    wish = {"format": "webp", "quality": 80}
    shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", wish)
    page.close()
    return b64decode(shot["data"])


def write(root: str, types: Mapping[str, str]) -> None:
    """Takes and writes all of them; raises `LookupError` for one that grew too large."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for picture in PICTURES:
            content = taken(picture, root + types[picture.template], browser)
            if len(content) > LARGEST:
                raise LookupError(f"{picture.name}: {len(content):,} bytes, at most {LARGEST:,}")
            (IMAGES / f"{picture.name}.webp").write_bytes(content)
            print(f".github/images/{picture.name}.webp: {len(content):,} bytes")
        browser.close()


def main() -> int:
    """Builds, serves, takes; the exit code."""
    if not CHROMIUM.exists():
        print(f"No pictures: {CHROMIUM} is missing; .ci/machine installs it", file=sys.stderr)
        return 2
    try:
        options = built_site(PROJECT / "content", PROJECT / ".audit" / "1-content", AS_OF)
        with hosted(options.site) as root:
            write(root, page_types(options))
    except LookupError as lack:
        print(f"No pictures: {lack}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
