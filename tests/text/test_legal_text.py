"""Plain legal text: articles and points are recognised, no character is touched."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.output.html import legal_text
from generator.text.legal_text import MOST_POINTS, contents, text_lines


@given(
    st.text(alphabet=st.sampled_from("第一十廿4４條之-章所定、（）(). \u3000\n甲x"), max_size=80)
)
def test_the_lines_joined_are_the_text(text: str) -> None:
    """Whatever is recognised, the text stays as typed, and no anchor stands twice."""
    lines = text_lines(text)
    assert "\n".join(line.text for line in lines) == text
    anchors = [line.anchor for line in lines if line.anchor]
    assert len(anchors) == len(set(anchors))


def test_articles_get_anchors() -> None:
    """第N條 in Han, ASCII and full-width digits, with spaces and branches."""
    text = "第一條　甲\n第 2 條 乙\n第１４條之一　丙\n第 十 五 條\n第一條　重出"
    anchors = [line.anchor for line in text_lines(text)]
    assert anchors == ["art-1", "art-2", "art-14-1", "art-15", "art-1.2"]


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("第 3-1 條", "art-3-1"),
        ("第3之1條", "art-3-1"),
        ("第三之一條　甲", "art-3-1"),
        ("第三條之一（刪除）", "art-3-1"),
        ("第廿三條　甲", "art-23"),
        ("第卅條", "art-30"),
        ("第１２－２條　甲", "art-12-2"),
        ("第　卌一　之　十二　條甲", "art-41-12"),
        ("第三條之一一般垃圾由甲清除", "art-3-1"),
        ("第一條：甲", "art-1"),
        ("第一條、甲", "art-1"),
    ],
)
def test_every_spelling_of_an_article_has_its_address(text: str, anchor: str) -> None:
    """A branch stands before 條 or behind it, with 之 or a hyphen; 廿 is twenty."""
    (line,) = text_lines(text)
    assert (line.role, line.anchor) == ("article", anchor)


@pytest.mark.parametrize(
    "text",
    [
        "第三條所定期限，得延長一次。",
        "第三條附表",
        "第三條附表一　規費",
        "第三條第一項之申請，應附圖說。",
        "第 3 條第 1 項所定文件",
        "第三條之規定，於乙準用之。",
        "第三條之一第二項規定，於前項準用之。",
        "第三條之一般規定，於乙準用之。",
        "第三條至第五條所定人數",
        "第三條、第五條規定，於乙準用之。",
        "第三條及本條所列文件",
        "第3-1條所稱船舶",
        "第廿三條但書情形",
        "第三條各款情形，不在此限。",
        "第三條修正草案對照表",
        "第三條修正為：",
        "第三條，於乙準用之。",
    ],
)
def test_a_sentence_that_cites_an_article_is_none(text: str) -> None:
    """What reads on from the number is running text, and has no address."""
    assert text_lines(text) == ((text, 0, "", "", ""),)


@pytest.mark.parametrize(
    "text",
    [
        "第三條各機關應設專責人員。",
        "第三條附屬單位預算由主計機關編製。",
        "第三條之一第五條及第六條規定，於乙準用之。",
        "第三條第五條之罰鍰，由甲處罰之。",
        "第三條所有權人應申報。",
        "第三條及格人員由甲分發。",
        "第三條修正本章程，應經會員大會通過。",
        "第三條除外國人外，應出示證件。",
        "第　三　條所定期限，得延長一次。",
        "第三條　所定期限，得延長一次。",
        "第三條（附表）",
    ],
)
def test_an_article_without_a_blank_before_its_text_stays_one(text: str) -> None:
    """Gazettes print the text right behind the number, and set numbers apart by wide blanks."""
    (line,) = text_lines(text)
    assert (line.role, line.anchor[:5]) == ("article", "art-3")


def test_a_narrow_number_among_wide_ones_is_a_citation() -> None:
    """Print that sets `第　四　條` apart does so with every number of one digit."""
    wide = (
        "第　四　條　　甲\n第四條申請程序，由乙定之。\n第五條（刪除）\n第十二條本法自公布日施行。"
    )
    assert [line.anchor for line in text_lines(wide)] == ["art-4", "", "art-5", "art-12"]
    narrow = "第四條申請程序，由乙定之。\n第五條甲"
    assert [line.anchor for line in text_lines(narrow)] == ["art-4", "art-5"]


def test_text_joined_to_a_number_is_a_citation_where_numbers_stand_alone() -> None:
    """One way of print in a text: numbers on lines of their own, or the text right behind them."""
    alone = "第 3 條\n甲\n第 12-1 條\n乙\n第三條申請人應附圖說。"
    assert [line.anchor for line in text_lines(alone)] == ["art-3", "", "art-12-1", "", ""]
    joined = "第三條申請人應附圖說。\n第四條甲\n第五條"
    assert [line.anchor for line in text_lines(joined)] == ["art-3", "art-4", "art-5"]


@pytest.mark.parametrize("parts", ["第一項", "第一項第二款第一目", "第 2 項前段"])
def test_a_number_above_its_paragraphs_is_a_cell_of_a_table(parts: str) -> None:
    """A table's cell cites over two lines; below a heading stands text, or an article's points."""
    text = f"第二十八條\n{parts}\n依計畫辦理。\n第二十八條\n第一項所定計畫，應予公告。"
    assert [line.anchor for line in text_lines(text)] == ["", "", "", "art-28", ""]


def test_a_citation_takes_no_address_from_an_article() -> None:
    """The first article 3 is `art-3`; what stood behind a citation keeps its address."""
    text = "第三條附表\n第三條　甲\n第三條所定期限\n第三條　乙\n第五條　丙"
    anchors = [line.anchor for line in text_lines(text)]
    assert anchors == ["", "art-3", "", "art-3.4", "art-5"]


def test_a_later_spelling_takes_no_address_from_an_earlier_one() -> None:
    """What was read first as `art-3-1` and `art-23` stays so, wherever the others stand."""
    text = "第 3-1 條\n第廿三條\n第三條之一\n第二十三條\n第三之一條"
    anchors = [line.anchor for line in text_lines(text)]
    assert anchors == ["art-3-1.2", "art-23.2", "art-3-1", "art-23", "art-3-1.3"]


def test_points_are_indented_by_their_form() -> None:
    """一、 (一) 1. (1) are depths one to four; a decimal number is running text."""
    text = "一、甲\n（二）乙\n3.丙\n(4)丁\n1.5 倍\n一般文字"
    assert [line.depth for line in text_lines(text)] == [1, 2, 3, 4, 0, 0]


def test_a_chapter_is_short() -> None:
    """第一章 is a heading; a sentence that begins so is not."""
    lines = text_lines("第一章　總則\n第一章" + "所稱檔案指下列各款之一者" * 4)
    assert [line.role for line in lines] == ["chapter", ""]


@pytest.mark.parametrize(
    "text",
    [
        "第一章總則",
        "第三章之一　罰則",
        "第三之一章　罰則",
        "第廿章　附則",
        "第 十 一 章　附則",
        "第二編",
        "第二款　公告",
        "第　二　款公告",
    ],
)
def test_headings_of_divisions(text: str) -> None:
    """Parts, chapters, sections, subsections and items, with a branch or alone on their line."""
    assert [line.role for line in text_lines(text)] == ["chapter"]


@pytest.mark.parametrize(
    "text",
    [
        "第三章所定文件，應附正本。",
        "第一款、第三款",
        "第一款至第三款",
        "第二款第一目",
        "第二節之規定，準用之。",
        "第1503節除外之油脂",
        "第三章附表",
        "第二節",
        "第二目",
    ],
)
def test_a_line_that_cites_a_division_is_no_heading(text: str) -> None:
    """The second lesson of a timetable is none either."""
    assert [line.role for line in text_lines(text)] == [""]


STRUCTURED = """\
主　　旨：公告如下。
公告事項：
一、甲
（二）乙
3.丙
測試市路燈管理辦法
第一章　總則
第一條　丁
一、戊
二、己
第一節　分工
壹、目的
一、庚
壹、重出
測試市路燈管理辦法修正草案總說明
第一條　重出"""
ANCHORS = [
    *("body-subject", "body-items", "body-items-p1", "body-items-p1-2", "", "text-1"),
    *("chapter-1", "art-1", "art-1-p1", "art-1-p2", "section-1", "text-1-s1", "text-1-s1-p1"),
    *("text-1-s1.2", "text-2", "art-1.2"),
]


def test_every_part_of_a_text_has_an_anchor() -> None:
    """Labels, titles, divisions, parts and points to the second depth, each below what is above."""
    assert [line.anchor for line in text_lines(STRUCTURED)] == ANCHORS


def test_a_name_that_nothing_follows_is_no_title() -> None:
    """A law in a list, or in a cell of a table, stays running text."""
    text = "建築法\n消防法\n測試市路燈管理辦法，如附件\n第一條　甲"
    assert [line.role for line in text_lines(text)] == ["", "", "", "article"]


def test_contents_name_articles_or_else_points() -> None:
    """Headings and articles; points only without articles; nothing for a short text."""
    assert [line.anchor for line in contents(STRUCTURED)] == [
        anchor for anchor in ANCHORS if anchor and "-p" not in anchor
    ]
    points = "\n".join(f"{han}、甲" for han in "一二三四五六")
    assert [line.anchor for line in contents(points)] == [f"p{n}" for n in range(1, 7)]
    assert contents(points[:-4]) == ()
    rows = "\n".join(["一、甲"] * (MOST_POINTS + 1))
    assert contents(rows) == ()


def test_headings_skip_no_level() -> None:
    """A division below a title is one level deeper; a label is one if it stands alone."""
    html = legal_text(STRUCTURED)
    found = re.findall(r'<(h[2-6]) id="([^"]*)"', html)
    assert found == [
        ("h2", "body-items"),
        ("h2", "text-1"),
        ("h3", "chapter-1"),
        ("h4", "section-1"),
        ("h3", "text-1-s1"),
        ("h3", "text-1-s1.2"),
        ("h2", "text-2"),
    ]
    assert unescape(re.sub("<[^>]*>", "", html)) == STRUCTURED
