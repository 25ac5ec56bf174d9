"""Plain legal text: articles and points are recognised, no character is touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.text.legaltext import text_lines


@given(st.text(alphabet=st.sampled_from("第一十4４條之章、（）(). \u3000\n甲x"), max_size=80))
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


def test_points_are_indented_by_their_form() -> None:
    """一、 (一) 1. (1) are depths one to four; a decimal number is running text."""
    text = "一、甲\n（二）乙\n3.丙\n(4)丁\n1.5 倍\n一般文字"
    assert [line.depth for line in text_lines(text)] == [1, 2, 3, 4, 0, 0]


def test_a_chapter_is_short() -> None:
    """第一章 is a heading; a sentence that begins so is not."""
    lines = text_lines("第一章　總則\n第一章" + "所稱檔案指下列各款之一者" * 4)
    assert [line.role for line in lines] == ["chapter", ""]
