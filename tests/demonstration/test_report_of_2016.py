"""The report of May 2016 in this repository's own content: figures, counts, captions, text."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
from sample_sites import examine_folder

from generator.content.model import Ref
from generator.kinds.reports.comparisons import counts
from generator.kinds.reports.report import Report
from generator.site.figures.accounting import narratives
from generator.site.figures.citing import Cited, cite
from generator.site.figures.narration import Setting, narrated, parts
from generator.text.figure_references import bindings
from generator.text.markdown import read_prose
from generator.text.markdown_dialect import text_of

PROJECT = Path(__file__).resolve().parents[2]


def test_the_report_of_may_2016_cites_every_figure() -> None:
    """No number of its prose rests on nothing, and none needs an excuse."""
    examined = examine_folder(PROJECT / "content")
    assert examined.figures[1:] == (0, 0)
    assert examined.figures[0] >= 90


@pytest.mark.parametrize(
    ("title", "stated", "counted"),
    [
        ("訪賓接待", "42", 17),
        ("消費商品與場所查察", "26", 22),
        ("消費者保護宣導", "13", 10),
        ("燈會期間訪高的城市", "9", 9),
        ("看見高雄的駐台代表國數", "8", 6),
    ],
)
def test_the_report_of_may_2016_names_fewer_than_it_counts(
    title: str, stated: str, counted: int
) -> None:
    """What it states and what is recorded, as counted in the content."""
    site = examine_folder(PROJECT / "content").site
    assert site is not None
    (report,) = site.archive.of(Report)
    found = {one.comparison.title: one for one in counts(report, site)}[title]
    assert (found.stated.citable.machine, found.counted) == (stated, counted)


def test_captions_of_the_report_of_may_2016() -> None:
    """The printed report has eleven photographs; each caption leads to the visit it shows."""
    text = (PROJECT / "content/reports/2016-05-secretariat/02-international.md").read_text("utf-8")
    photos = re.findall(r"^  - \{caption: .*visit: (\S+)\}$", text, re.M)
    assert len(photos) == 11
    site = examine_folder(PROJECT / "content").site
    assert site is not None
    assert all(site.linked(Ref("visits", visit)) for visit in photos)


def test_between_the_figures_the_text_is_as_typed() -> None:
    """With its references put back, each section's text is the one proved against its source."""
    site = examine_folder(PROJECT / "content").site
    assert site is not None
    for part in parts(narratives(site)):
        lists = {held.id: held for held in part.record.lists}
        typed = iter([cite(b, site, lists) for b in bindings(part.record.markdown)])
        setting = Setting(
            resolve=lambda target: target,
            frame=lambda record, typed: {},
            own=lambda anchor: f"#{anchor}",
            link=lambda found, place: place,
            show=lambda placed, number: escape(placed.binding.typed, quote=False),
        )
        shown = narrated(part, site, setting)
        kept = text_of(shown)
        source = read_prose(part.record.markdown, bound=True)
        assert source.lost is None
        expected = text_of(source.html)
        for made in typed:
            if isinstance(made, Cited):
                expected = expected.replace(made.binding.typed, made.words, 1)
        assert "".join(kept.split()) == "".join(expected.split())
