"""Numbers in Chinese prose: what they are worth, and which of them are no figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.site.figures.mentions import Class, mentions


@pytest.mark.parametrize(
    ("text", "numeral", "value"),
    [
        ("計有42案", "42", "42"),
        ("檔案2萬2,018件", "2萬2,018", "22018"),
        ("約500萬件公文", "500萬", "5000000"),
        ("共計32萬8,187件", "32萬8,187", "328187"),
        ("1億2,000萬元", "1億2,000萬", "120000000"),
        ("精簡率約12.29%", "12.29", "12.29"),
        ("增加1.5個百分點", "1.5", "1.5"),
        ("達四成五", "四成五", "45"),
        ("約七成的機關", "七成", "70"),
        ("七成半", "七成半", "75"),
        ("百分之三十的經費", "百分之三十", "30"),
        ("1,583人", "1,583", "1583"),
        ("來自八國", "八", "8"),
        ("辦理兩次檢查", "兩", "2"),
        ("每三個月召開", "三", "3"),
        ("一百二十三件", "一百二十三", "123"),
        ("４２案", "４２", "42"),
        ("全年24小時", "24", "24"),
        ("共10,153人，其中7人", "10,153", "10153"),
    ],
)
def test_a_figure_is_seen_with_its_value(text: str, numeral: str, value: str) -> None:
    """However it is written, it is one number; a share counts in percent."""
    found = next(mention for mention in mentions(text))
    assert (found.text, found.value, found.what) == (numeral, Decimal(value), Class.FIGURE)
    assert text[found.start : found.end] == numeral


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("105年5月6日", Class.DATE),
        ("民國一百零五年五月六日", Class.DATE),
        ("104年11月23日、25日及27日舉辦", Class.DATE),
        ("104年底", Class.DATE),
        ("105年度計畫", Class.DATE),
        ("資料日期105.1.1", Class.DATE),
        ("2016-05-06發布", Class.DATE),
        ("上午9:30開始", Class.DATE),
        ("第14屆金檔獎", Class.ORDINAL),
        ("第2、3次會議", Class.ORDINAL),
        ("第二次申訴", Class.ORDINAL),
        ("（照片3至7）", Class.ORDINAL),
        ("1. 辦理情形", Class.ORDINAL),
        ("第十四條之一規定", Class.ARTICLE),
        ("第3-1條規定", Class.ARTICLE),
        ("第 3 條第 1 項", Class.ARTICLE),
        ("第3之2條規定", Class.ARTICLE),
        ("要點第六點", Class.ARTICLE),
        ("2016高雄國際午宴", Class.NAME),
        ("T5燈具", Class.NAME),
        ("50年代旗袍", Class.NAME),
        ("1樓東側", Class.NAME),
        ("第10530006500號函", Class.NAME),
        ("一級機關", Class.NAME),
        ("萬人大遊行", Class.NAME),
    ],
)
def test_a_constant_is_no_figure(text: str, what: Class) -> None:
    """Every number of these texts is a day, an ordinal, an article or a name."""
    assert {mention.what for mention in mentions(text)} <= {what}


@pytest.mark.parametrize("text", ["完成一件事的方法", "統一編號", "十分重要", "萬一", "現成的資料"])
def test_words_with_numerals_count_nothing_but_what_they_count(text: str) -> None:
    """Han digits that count nothing are parts of words."""
    assert [m.text for m in mentions(text)] in ([], ["一"])


def test_a_decimal_at_the_head_of_a_line_is_no_list() -> None:
    """`1.5%` begins a sentence, `1.` begins a list."""
    assert [m.what for m in mentions("1.5%的機關\n1. 機關")] == [Class.FIGURE, Class.ORDINAL]
