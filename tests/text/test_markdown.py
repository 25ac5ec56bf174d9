"""The editors' Markdown: what is typed is shown, what is hostile does nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.markdown import RenderedProse, gist, plain_text, render_prose
from generator.text.markdown_dialect import text_of


def rendered(text: str) -> RenderedProse:
    """A text with every target resolved to itself."""
    return render_prose(text, lambda typed: typed)


AS_TYPED = (
    *(
        "若 x<y 且 y>z 則",
        "5*3*2",
        "2**3**4",
        "> 5 人",
        "_甲_乙_",
        "a_b_c",
        "`x`",
        "#1 號",
        "***三***",
    ),
    *(
        "&lt; &amp; &#65;",
        "<b>x</b>",
        "<!-- c -->",
        "<script>x</script>",
        "[1]: 說明",
        "01. 甲",
        "C:\\x",
    ),
    *(
        "* 註",
        "+ 5",
        "~~x~~",
        "http://a_b_.org/_x_",
        "<https://x.org>",
        "[TOC]",
        "{: .x }",
        "| a |",
    ),
    *(
        "\u3000\u3000首行",
        "\u2003甲",
        "甲\u00a0乙",
        "[a](b c)",
        "甲\\",
        "1.5 倍",
        "2016.5.6",
        "-5 度",
    ),
)


@pytest.mark.parametrize("text", AS_TYPED)
def test_what_is_no_markup_here_shows_as_typed(text: str) -> None:
    """Operators, foreign markup and wide blanks are text, character by character."""
    made = rendered(text)
    assert text_of(made.html) == text
    assert made.lost is None


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("民國**105**年", "<p>民國<strong>105</strong>年</p>"),
        ("甲\n乙", "<p>甲<br>\n乙</p>"),
        ("# 一", '<h2 id="一">一</h2>'),
        ("## Location", '<h2 id="h-location">Location</h2>'),
        ("## !", '<h2 id="h-">!</h2>'),
        ("[甲](#q)\n\n## Q", '<p><a href="#h-q">甲</a></p>\n<h2 id="h-q">Q</h2>'),
        ("[甲](#art-3)", '<p><a href="#art-3">甲</a></p>'),
        ("## 二 ##", '<h2 id="二">二</h2>'),
        ("[甲](gazette:105-001-01)", "<p><a>甲</a></p>"),
        ("[甲](a.pdf?x=1&lt;=2)", '<p><a download="" href="a.pdf?x=1&amp;lt;=2">甲</a></p>'),
        ("![全景](a(1).png)", '<p><img alt="全景" src="a(1).png"></p>'),
        ("\\*甲\\*", "<p>*甲*</p>"),
        ("---", "<hr>"),
    ],
)
def test_markup(text: str, html: str) -> None:
    """The dialect's few signs."""
    assert rendered(text).html == html


def test_a_list_keeps_the_numbers_typed() -> None:
    """1. 3. 7. stay 1, 3 and 7, in lists within lists too."""
    made = rendered("1. 甲\n3. 乙\n  - 子\n  - 丑\n7. 丙\n\n8. 丁")
    values = [part.partition('"')[0] for part in made.html.split('value="')[1:]]
    assert values == ["1", "3", "7", "8"]
    assert "".join(text_of(made.html).split()) == "甲乙子丑丙丁"


TABLE = "| 甲 | 乙 |\n|---|---|\n| 1 | 2 | 3 |"


@pytest.mark.parametrize(
    ("text", "place"),
    [(TABLE, TABLE.index("3")), ("甲", None), ("- 甲\n- 乙", None)],
)
def test_what_would_be_lost_is_found(text: str, place: int | None) -> None:
    """A cell too many is the one thing that the dialect cannot show."""
    assert rendered(text).lost == place


@given(st.text(st.sampled_from("甲乙1239.-*#|\\[]()!_`<>& \n\u3000x"), max_size=60))
def test_nothing_is_lost_unseen(text: str) -> None:
    """Letters, digits and operators of any text are on the page, or their loss is named."""
    made = rendered(text)
    if made.lost is None:
        shown = text_of(made.html)
        for sign in "甲乙<>&_`x\u3000":
            targets = sum(target.count(sign) for target in made.targets)
            hidden = sum(alt.count(sign) for alt in _image_words(text))
            assert shown.count(sign) >= text.count(sign) - targets - hidden


def _image_words(text: str) -> list[str]:
    return [part.partition("]")[0] for part in text.split("![")[1:]]


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert)",
        "[x](data:text/html,x)",
        '![x](x.png"onerror=alert)',
        "[x](vbscript:x)",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
    ],
)
def test_nothing_runs(text: str) -> None:
    """No target or tag that a browser would run survives."""
    html = rendered(text).html.lower()
    assert "javascript:" not in html.replace("(javascript:", "")
    assert "<svg" not in html
    assert "onerror=" not in html.replace("&lt;img src=x onerror=", "").replace(
        "&quot;onerror=", ""
    )


HOSTILE = {
    "points": "- " * 5000,
    "numbers": "1. " * 3000,
    "nested": "\n".join("  " * depth + "- x" for depth in range(300)),
    "brackets": "[" * 50_000,
    "links": "[a](" * 20_000,
    "images": "![](" * 20_000,
    "stars": "**a" * 20_000,
    "pipes": "|" * 50_000 + "\n" + "|-" * 20_000,
    "backslashes": "\\" * 50_000,
    "ampersands": "&" * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_long(text: str) -> None:
    """A hostile text takes at most as long as two hundred times its length in plain words."""
    started = time.process_time()
    rendered("甲" * 10_000)
    plain = time.process_time() - started
    started = time.process_time()
    rendered(text)
    assert time.process_time() - started < 200 * max(plain, 0.005)


def test_descriptions_are_words_alone() -> None:
    """A description has neither signs nor targets, and says where it was cut."""
    assert plain_text("## 甲\n\n規定**檔案**，見[公告](gazette:1)。") == "甲 規定檔案，見公告。"
    assert gist("一二三四五", 4) == "一二三…"
    assert gist("一二三四", 4) == "一二三四"
