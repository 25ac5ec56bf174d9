"""What was corrected later is set off where it stands, and the text stays as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.highlight import set_off

TEXT = '<p title="檔案">管理<em>檔案</em>與<a href="x">卷宗</a>，檔卷、檔卷及 A&amp;B。</p>'


def _link(words: str) -> str:
    return f'<a class="gb-wrong" href="#here" title="經更正">{words}</a>'


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (["檔案"], TEXT.replace("<em>檔案", f"<em>{_link('檔案')}")),
        (["A&B"], TEXT.replace("A&amp;B", _link("A&amp;B"))),
        (["管理", "案"], TEXT.replace("管理", _link("管理")).replace("檔案<", f"檔{_link('案')}<")),
        (["檔卷"], TEXT),
        (["卷宗"], TEXT),
        (["管理檔案"], TEXT),
        (["em", "title", ""], TEXT),
        (["amp", "p;"], TEXT),
        (["管理", "理"], TEXT.replace("管理", _link("管理"))),
    ],
)
def test_words_that_stand_once_lead_to_their_correction(words: list[str], marked: str) -> None:
    """Not those of tags, those in a link, those that stand twice, those that run over a tag."""
    assert set_off(TEXT, words, "here") == marked


QUOTED = "<p>依&#34;檔案&#34;及&#39;卷宗&#39;計34件，&lt;39&gt;；限&amp;。</p>"


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (["34"], QUOTED.replace("34件", f"{_link('34')}件")),
        (["39"], QUOTED.replace("39&gt;", f"{_link('39')}&gt;")),
        (["4件"], QUOTED.replace("34件", f"3{_link('4件')}")),
        (['"檔案"'], QUOTED.replace("&#34;檔案&#34;", _link("&#34;檔案&#34;"))),
        (["<"], QUOTED.replace("&lt;", _link("&lt;"))),
        (["&"], QUOTED.replace("&amp;", _link("&amp;"))),
        (["#", "lt", ";", '"'], QUOTED),
    ],
)
def test_the_spelling_of_an_entity_is_no_text(words: list[str], marked: str) -> None:
    """A number that stands once has its link beside quotation marks; no link begins within one."""
    assert set_off(QUOTED, words, "here") == marked


@given(st.lists(st.text('管理檔案&AB<>"aclsp ', min_size=1, max_size=3), max_size=4))
def test_the_text_stays_as_it_is(words: list[str]) -> None:
    """Whatever is corrected, no sign is added to the text and none goes."""
    marked = set_off(TEXT, words, "here")
    assert re.sub("<[^>]*>", "", marked) == re.sub("<[^>]*>", "", TEXT)
    assert marked.count("<a ") == marked.count("</a>")
