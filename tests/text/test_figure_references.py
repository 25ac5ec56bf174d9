"""References in prose: what editors type, and that the text around them stays whole."""

from __future__ import annotations

import random

import pytest

from generator.text.figure_references import (
    Binding,
    Bound,
    as_typed,
    bindings,
    loose,
    mask,
    unbound,
    unmask_text,
)
from generator.text.markdown import read_prose, render_prose
from generator.text.markdown_dialect import text_of


@pytest.mark.parametrize(
    ("typed", "record", "kind", "cell", "formats", "placed"),
    [
        ("{{ venues.hall }}", "venues", "", "hall", (), ""),
        ("{{venues.hall|萬|不含單位}}", "venues", "", "hall", ("萬", "不含單位"), ""),
        ("{{ 場地使用.禮堂、會議室 ｜ 國字 }}", "場地使用", "", "禮堂、會議室", ("國字",), ""),
        ("{{ reduction.工級人員.精簡率 }}", "reduction", "", "工級人員.精簡率", (), ""),
        (
            "{{ visits:2016-02-19-lantern.members }}",
            "2016-02-19-lantern",
            "visits",
            "members",
            (),
            "",
        ),
        ("{{ petitions }}", "petitions", "", "", (), ""),
        ("{{ 表：fleet-loans }}", "fleet-loans", "", "", (), "table"),
        ("{{ chart: fleet-loans }}", "fleet-loans", "", "", (), "chart"),
        ("{{ 清單：talks }}", "talks", "", "", (), "list"),
    ],
)
def test_a_reference_is_read(
    typed: str, record: str, kind: str, cell: str, formats: tuple[str, ...], placed: str
) -> None:
    """Record, kind, cell, forms and what is placed, in either width of sign."""
    (found,) = bindings(f"前{typed}後")
    assert found == Binding(
        typed=typed,
        start=1,
        record=record,
        kind=kind,
        cell=cell,
        formats=formats,
        placed=placed,
    )


@pytest.mark.parametrize("typed", ["{{ }}", "{{ venues.hall | }}", "{{ | 萬 }}", "{{ 表：a.b }}"])
def test_what_cannot_be_read_names_no_record(typed: str) -> None:
    """A reference with an empty part, or a table with a cell, is no reference."""
    (found,) = bindings(typed)
    assert (found.typed, found.record) == (typed, "")


def test_braces_without_a_partner_are_found() -> None:
    """Each is named with its place; those of a whole reference are not."""
    assert loose("甲{{ a.b }}乙{{ c\n}}丙") == ((11, "{{"), (16, "}}"))


def test_blanks_take_the_place_of_references() -> None:
    """The text keeps its length, so that places stay."""
    assert unbound("甲{{ a.b }}乙") == "甲         乙"


def test_signs_of_a_reference_are_safe_from_the_dialect() -> None:
    """A bar within a table, asterisks and brackets within a reference are no markup."""
    text = "| 甲 | 乙 |\n|--|--|\n| {{ a.b | 萬 }} | **{{ c.*d* }}** |"
    made = render_prose(text, lambda typed: typed, lambda found: Bound("<b>1</b>", "1"))
    assert made.html.count("<td>") == 2
    assert "<td><b>1</b></td>" in made.html
    assert "<td><strong><b>1</b></strong></td>" in made.html
    assert made.lost is None


def test_what_is_placed_takes_its_paragraph() -> None:
    """A table stands in no paragraph; a number does."""
    made = render_prose(
        "{{ 表：a }}\n\n{{ a.b }}",
        lambda typed: typed,
        lambda found: Bound(f"[{found.placed}]", ""),
    )
    assert made.html == "[table]\n<p>[]</p>"


def test_words_alone_stand_in_titles_and_pictures() -> None:
    """Within a tag no element may stand; a heading's anchor holds no sign of a reference."""
    made = render_prose(
        "## 共{{ a.b }}\n\n![{{ a.b }}張](x.png)",
        lambda typed: typed,
        lambda found: Bound('<data value="3">3</data>', '3"張"'),
    )
    assert 'alt="3&quot;張&quot;張"' in made.html
    assert '<h2 id="共">共<data value="3">3</data></h2>' in made.html
    assert made.headings[0].title == '共3"張"'


def test_other_prose_keeps_its_braces() -> None:
    """Where no figures are cited, double braces are text."""
    assert read_prose("見{{ a.b | 萬 }}").html == "<p>見{{ a.b | 萬 }}</p>"


def test_the_text_around_references_is_kept_whole() -> None:
    """Random texts of signs, braces and references show every character that was typed."""
    chance = random.Random(7)
    pieces = ["{{ a.b }}", "{{ 表：c }}", "{{", "}}", "|", "*", "**甲**", "<b>", "&", "\n\n", "# "]
    pieces += ("[乙](x)", "1. ", "- ", "\\", "{", "丙\U000f0000", "　", "5*3", "`")
    whole = 0
    for _ in range(500):
        text = "".join(chance.choice(pieces) for _ in range(12))
        masked, found = mask(text)
        assert unmask_text(masked, found, as_typed) == text
        shown = read_prose(text, bound=True)
        if shown.lost is None:
            whole += 1
            assert [one.typed for one in bindings(text_of(shown.html))] == [b.typed for b in found]
    assert whole > 250
