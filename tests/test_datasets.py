"""Tables to download: read back by a machine they are the table."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from generator.formats.datasets import csv_bytes, json_bytes
from generator.model import Dataset

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
