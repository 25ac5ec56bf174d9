"""Visits: an oversight visit is no exchange with other countries."""

from __future__ import annotations

import re

import pytest
from whole_program import Options


@pytest.mark.parametrize(
    ("visit", "label"),
    [("2016-04-20-archives", "參訪"), ("2016-02-19-lantern", "國際交流")],
)
def test_links_to_the_next_visit_fit_the_visit(visit: str, label: str, full_site: Options) -> None:
    """Oversight comes from an authority at home; the others are international."""
    page = (full_site.site / "visits/105" / visit / "index.html").read_text("utf-8")
    (words,) = re.findall('<nav class="gb-neighbours" aria-label="([^"]+)"', page)
    assert words == label
    assert f"{label}：前一則" in page or f"{label}：後一則" in page
