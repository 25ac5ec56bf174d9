"""The foot of an official site leads to the pages that a government's site must have."""

from __future__ import annotations

from generator.kinds.pages.official_pages import OFFICIAL_PAGES
from generator.site.kind import View

VIEW = View(
    name="official",
    label="網站政策",
    label_en="Policies",
    entrances=OFFICIAL_PAGES,
    has=lambda settings: settings.official,
    unlisted=True,
    foot=True,
)
