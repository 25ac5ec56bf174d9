"""Visits: an oversight visit is no exchange with other countries."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from lxml import html
from sample_sites import ScratchSite, build_site
from whole_program import Options

AGENCIES = "- {id: city, names: [{name: 小市政府}]}\n"
NO_DAY = """\
title: 友好城市代表來訪
period: {from: 104-09-01, to: 105-02-29}
date_precision: period
direction: incoming
countries: [JP]
agencies: [city]
published_on: 105-05-06
"""


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


@pytest.mark.parametrize("date_precision", ["period", "day"])
def test_the_end_of_a_period_is_no_day(
    scratch_site: ScratchSite, tmp_path: Path, date_precision: str
) -> None:
    """A visit on some day of a period says that its day is not stated, wherever it is listed."""
    text = NO_DAY.replace("precision: period", f"precision: {date_precision}")
    content = scratch_site({"visits/105/guests.yaml": text, "agencies.yaml": AGENCIES})
    site = build_site(content, tmp_path, date(2016, 5, 8)).release
    assert site is not None
    shown = "日期未載明" if date_precision == "period" else "104年9月1日至105年2月29日"
    for address in ("", "visits/", "visits/105/", "agencies/city/", "agencies/city/105/"):
        page = html.parse(tmp_path / "site" / address / "index.html").getroot()
        (row,) = [r for r in page.find_class("gb-row") if "代表來訪" in r.text_content()]
        assert shown in row.text_content(), address
        assert "2月29日" not in row.text_content().replace(shown, ""), address
