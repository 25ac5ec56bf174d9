"""A table pasted one cell a line is found; lists, articles and signatures are none."""

from __future__ import annotations

import pytest

from generator.text.pasted_cells import pasted_table

CELLS = ["品名", "單位", "數量", "備註"]
ROWS = [
    "路燈",
    "盞",
    "120",
    "已更新",
    "燈桿",
    "支",
    "35",
    "施工中",
    "電纜",
    "公尺",
    "2,400",
    "施工中",
]


@pytest.mark.parametrize(
    "cells",
    [
        [*CELLS, *ROWS],
        ["年度", "人數", "101", "35", "102", "41", "103", "40", "104", "39", "105", "-", "合計"],
        ["鉛", "625", "鎳", "625", "銅", "625", "總汞", "31,250", "鎘", "6,250", "砷", "1,250"],
    ],
)
def test_cells_are_found_where_they_begin(cells: list[str]) -> None:
    """Behind a sentence, and before one."""
    assert pasted_table("\n".join(["數量如下：", *cells, "本表由甲編製。"])) == cells[0]


@pytest.mark.parametrize(
    "lines",
    [
        [*CELLS, *ROWS][:11],
        [f"第{n}號池小組甲" for n in range(20)],
        ["光復里", "光明里", "光華里", "光榮里"] * 5,
        ["局　長　某某"] * 15 + ["1", "2", "3"],
        [f"{han}、1" for han in "一二三四五六七八九十"] * 2,
        [f"{n}. 12" for n in range(1, 20)],
        ["電話：12"] * 20,
        ["甲\t1\t2"] * 20,
    ],
)
def test_other_short_lines_are_no_table(lines: list[str]) -> None:
    """Too few, names without figures, signatures, points, particulars, rows kept as rows."""
    assert pasted_table("\n".join(lines)) == ""
