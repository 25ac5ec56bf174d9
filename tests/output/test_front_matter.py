"""A page's header is what a YAML dumper would write, whether or not it was asked."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.output.mkdocs.front_matter import header_line, header_lines, quoted_line

SIGNS = "甲第」「（）、，。：…()[]{}.:#&;%*!|>'\"-_ 0aZ~@`?\\=\n\t\u3000\u0085/"
TEXTS = st.one_of(
    st.text(alphabet=st.sampled_from(SIGNS), max_size=12),
    st.text(alphabet=st.sampled_from("甲第「」（），a1 -.&;()"), max_size=12).map("令".__add__),
    st.text(max_size=12),
    st.from_regex(r"[a-z]+/[0-9a-z/_.-]+[.](yaml|md)", fullmatch=True),
)


@given(TEXTS)
def test_a_line_is_as_the_dumper_writes_it(text: str) -> None:
    """The short way and the long way give the same bytes, and they read as the text."""
    line = header_line("title", text)
    assert line == header_lines({"title": text})
    assert yaml.safe_load(line) == {"title": text}


def test_plain_text_takes_the_short_way() -> None:
    """Titles of documents stand as typed; what YAML would misread is quoted."""
    assert (
        header_line("title", "教育部令：修正「辦法」第7條")
        == "title: 教育部令：修正「辦法」第7條\n"
    )
    assert header_line("updated", "2016-01-04") == "updated: '2016-01-04'\n"
    assert header_line("title", "甲: 乙 # 丙") == "title: '甲: 乙 # 丙'\n"


@given(TEXTS)
def test_a_quoted_line_reads_as_the_text(text: str) -> None:
    """Whatever signs a text is made of, it comes back."""
    assert yaml.safe_load(quoted_line("head", text)) == {"head": text}


def test_tags_are_quoted_without_the_dumper() -> None:
    """HTML on one line stands between single quotes, its own doubled."""
    assert quoted_line("head", '<a b="\'甲">') == "head: '<a b=\"''甲\">'\n"
