"""Tables to download: read back by a machine they are the table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from html import unescape
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_sites import MINIMAL, ScratchSite, options

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.content.model import Dataset
from generator.output.formats.csv_json import csv_bytes, json_bytes
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH

CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12) | st.sampled_from(
    ['a"b', "a,b", "第一行\n第二行", "=1+1", "-5", "-5%", "@x", "+886"]
)


def table(rows: tuple[tuple[str, ...], ...]) -> Dataset:
    """A table of two columns."""
    columns = (("id", "代碼"), ("title", "標題"))
    return Dataset(address="data/x", title="表", columns=columns, rows=rows, about={"title": "表"})


@given(st.lists(st.tuples(CELL, CELL), max_size=5))
def test_csv_reads_back(rows: list[tuple[str, str]]) -> None:
    """Every cell comes back, those that a spreadsheet would run with an apostrophe before them."""
    text = csv_bytes(table(tuple(rows))).decode("utf-8-sig")
    head, *read = csv.reader(io.StringIO(text, newline=""))
    assert head == ["代碼", "標題"]
    for typed, held in zip(rows, read, strict=True):
        for cell, found in zip(typed, held, strict=True):
            assert found in (cell, f"'{cell}")
            assert not found.startswith(("=", "@", "+"))


def test_negative_numbers_stay_numbers() -> None:
    """-5 is a figure, -5+A1 would be a formula."""
    text = csv_bytes(table((("-5", "-5+A1"),))).decode("utf-8-sig")
    assert text == "代碼,標題\r\n-5,'-5+A1\r\n"


def test_json_says_what_it_holds() -> None:
    """The description stands beside the columns; empty cells are left out."""
    assert json.loads(json_bytes(table((("a", ""),)))) == {
        "title": "表",
        "columns": [
            {"name": "id", "title": "代碼", "type": "string"},
            {"name": "title", "title": "標題", "type": "string"},
        ],
        "rows": [{"id": "a"}],
    }


STATISTIC = """\
title: 車輛借用
unit: 車次
source: 測試報告
as_of: 105-01-01
published_on: 105-05-06
columns: [{{title: 次數}}]
rows: [{{title: {title}, value: -1}}]
"""


def written(scratch_site: ScratchSite, title: str) -> Mapping[str, bytes]:
    """Pages and files of a site with a statistic, by address; a row of it has this title."""
    english = MINIMAL["site.yaml"] + "title_en: Small City\n"
    files = {"site.yaml": english, "statistics/fleet.yaml": STATISTIC.format(title=title)}
    content = scratch_site(files)
    chosen = options(content, content.parent)
    site = examine(chosen).site
    assert site is not None
    expected = declare(site, chosen.loader)
    pages = {page.address: unescape(block).encode() for page, block in expected.pages}
    return pages | {artifact.address: artifact.content for artifact in expected.artifacts}


@pytest.mark.parametrize(("title", "told"), [("=1+1", True), ("+886", True), ("甲", False)])
def test_a_page_says_that_its_csv_is_changed(
    title: str, told: bool, scratch_site: ScratchSite
) -> None:
    """Beside the links, where a cell has an apostrophe; JSON and ODS have the text itself."""
    made = written(scratch_site, title)
    _, line, *_ = made["statistics/fleet/fleet.csv"].decode("utf-8-sig").split("\r\n")
    assert line == (f"'{title},次數,-1,,車次,," if told else f"{title},次數,-1,,車次,,")
    assert json.loads(made["statistics/fleet/fleet.json"])["rows"][0]["row"] == title
    with ZipFile(io.BytesIO(made["statistics/fleet/fleet.ods"])) as workbook:
        assert f">{title}<" in workbook.read("content.xml").decode()
    page = made["statistics/fleet/"].decode()
    assert (words_of(CHINESE)["feeds"]["guarded"] in page) is told


def test_where_all_tables_are_offered_it_is_said(scratch_site: ScratchSite) -> None:
    """In both languages, whatever the tables hold."""
    made = written(scratch_site, "甲")
    for language, address in ((CHINESE, "feeds/"), (ENGLISH, "en/feeds/")):
        assert words_of(language)["feeds"]["guarded"] in made[address].decode()
