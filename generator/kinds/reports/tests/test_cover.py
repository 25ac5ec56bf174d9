"""The cover of the newest report on front pages: cited figures, and a chart with its finding."""

from __future__ import annotations

import shutil
from operator import attrgetter
from pathlib import Path
from urllib.parse import quote

from lxml import html
from sample_sites import SITES, examine_folder
from whole_program import Options

from generator.kinds.reports.cover import cover
from generator.site.kind import Scope
from generator.text.urls import ENGLISH

SHOWN = attrgetter("record", "name", "number", "unit", "address")


def _cover(full_site: Options, address: str) -> html.HtmlElement:
    (cover,) = html.parse(full_site.site / address / "index.html").getroot().find_class("gb-cover")
    return cover


def test_the_cover_has_figures_that_the_report_cites(full_site: Options) -> None:
    """The newest report, and figures that lead to their cells; those of editors come first."""
    cover = _cover(full_site, "")
    assert cover.findtext(".//h3/a") == "測試市政府業務報告（下期）"
    figures = [
        (link.find_class("gb-figure")[0].text_content(), link.get("href"))
        for link in cover.xpath(".//ul[@class='gb-figures']//a")
    ]
    total = "總計.全期"
    assert figures == [
        ("1.2%", "statistics/saving/#2016-02"),
        ("45車次", f"statistics/fleet-next/#{quote(total)}"),
    ]


def test_the_title_of_the_chart_is_its_finding(full_site: Options) -> None:
    """Derived from the figures, and the statistic stands below it."""
    cover = _cover(full_site, "")
    assert cover.findtext(".//figure/figcaption") == "節電率：由104年的0.7%增至105年2月的1.2%"
    links = cover.xpath(".//p[@class='gb-row-note']/a")
    assert [link.get("href") for link in links] == ["statistics/saving/"]


def test_an_agency_has_the_cover_of_its_own_report(full_site: Options) -> None:
    """The secretariat's is the older one; without a name a report is the publisher's."""
    titles = [
        _cover(full_site, f"agencies/{agency}/").findtext(".//h3/a")
        for agency in ("secretariat", "city")
    ]
    assert titles == ["測試市政府業務報告", "測試市政府業務報告（下期）"]


def test_the_english_cover_has_figures_with_english_names(tmp_path: Path) -> None:
    """They lead to the cell on the page in English; what has a Chinese name alone is left out."""
    shutil.copytree(SITES / "full", tmp_path / "content")
    saving = tmp_path / "content/statistics/saving.yaml"
    saving.write_text(f"title_en: Electricity saved\n{saving.read_text('utf-8')}", "utf-8")
    site = examine_folder(tmp_path / "content").site
    assert site is not None
    (block,) = cover(site, Scope(language=ENGLISH))
    figures = block.context["figures"]
    assert isinstance(figures, tuple)
    assert [SHOWN(figure) for figure in figures] == [
        ("Electricity saved", "February 2016", "1.2", "%", "en/statistics/saving/#2016-02"),
    ]
    assert block.context["chart"] is None
