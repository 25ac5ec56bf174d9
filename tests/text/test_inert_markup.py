"""Markup that stays text is told with what to write; what a text means as it stands is not."""

from __future__ import annotations

import pytest
from sample_sites import ScratchSite, build_site, examine_folder

from generator.text.inert_markup import inert
from generator.text.markdown import read_prose
from generator.text.markdown_dialect import text_of

TOLD = (
    ("依｛｛ venues.hall ｝｝計", "braces", "｛｛ venues.hall ｝｝"),
    ("依{ venues.hall }計", "braces", "{ venues.hall }"),
    ("依｛ venues.hall | 萬 ｝計", "braces", "｛ venues.hall | 萬 ｝"),
    ("{ 表：fleet-loans }", "braces", "{ 表：fleet-loans }"),
    ("甲<b>乙</b>丙", "html", "<b>乙</b>"),
    ("甲<br>乙<br>丙", "html", "<br>"),
    ("甲&nbsp;乙", "html", "&nbsp;"),
    ("甲<!-- 備註 -->乙", "html", "<!-- 備註 -->乙"),
    ("甲\n\n> 引文\n> 5 人", "quote", "> 引文"),
    (">> 引文", "quote", ">> 引文"),
    ("- > 引文", "quote", "> 引文"),
    ("| 甲 | 乙 |\n| 1 | 2 |\n| 3 | 4 |", "table", "| 甲 | 乙 |"),
    ("| 甲 | **乙** |\n|－－|－－|\n| 1 | 2 |", "table", "| 甲 | **乙** |"),
    ("| 甲 | 乙 |\n\n|---|---|\n| 1 | 2 |", "table", "|---|---|"),
    ("如下：\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "table", "| 甲 | 乙 |"),
    ("甲 | 乙\n---|---|---\n1 | 2", "table", "甲 | 乙"),
    ("見[檔名](申請 書.pdf)", "link", "[檔名](申請 書.pdf)"),
    ("見[檔名] (申請書.pdf)", "link", "[檔名] (申請書.pdf)"),
    ("見［檔名］（申請書.pdf）", "link", "［檔名］（申請書.pdf）"),
    ("![圖](全 景.jpg)", "link", "![圖](全 景.jpg)"),
    ('[甲](https://example.org "乙")', "link", '[甲](https://example.org "乙")'),
    ("<https://example.org/a>", "link", "<https://example.org/a>"),
    ("[甲][r]\n\n[r]: https://example.org", "reference", "[甲][r]"),
    ("[甲][1]\n\n[1]: https://example.org", "reference", "[甲][1]"),
    ("[r]: https://example.org", "reference", "[r]: https://example.org"),
    ("甲[^1]", "reference", "[^1]"),
    ("- 甲\n    - 乙\n    - 丙", "list", "- 乙"),
    ("1. 甲\n\n    1. **乙**", "list", "1. **乙**"),
    ("- 甲\n  * 乙", "list", "* 乙"),
    ("說明：\n- 甲\n- 乙", "list", "- 甲"),
    ("標題\n====", "", "===="),
    ("＊＊重點＊＊", "", "＊＊重點＊＊"),
    ("＃＃ 標題", "", "＃＃ 標題"),
)


@pytest.mark.parametrize(("text", "what", "seen"), TOLD)
def test_what_stays_text_is_told_once(text: str, what: str, seen: str) -> None:
    """The stretch that shows as typed, and which wording says what to write."""
    found = [(one.what, text[one.start : one.end]) for one in inert(text, bound=True)]
    assert found == [(what, seen)]


QUIET = (
    *("若 x<y 且 y>z 則", "a<b且b>c", "x <p 且 y> z", "<姓名>", "AT&T;", "甲&foo;", "寫作 &lt;"),
    *("> 5 人", ">= 3", "> x", "> －5 度", "> 5 人\n> 10 人", "A -> B"),
    *("{甲, 乙}", "{1.5}", "｛甲｝", "{{ venues.hall }}", "{{ a.b | 萬 }}\n{{ a.c | 萬 }}"),
    *("| a |", "甲|乙", "甲 | 乙\n丙 | 丁", "| 甲 | 乙 |\n|---|---|\n| 1 | a\\|b |"),
    *("[申請](<申請 書.pdf>)", "[申請](申請%20書.pdf)", "[甲](gazette:105-001-01)"),
    *("[原文](如此)", "[sic](see note)", "[附件] （如後附）", "\\[甲](a b.pdf)"),
    *("[1][2]", "a[i][j]", "[1]: 說明", "[備註]: 略"),
    *("- 甲\n  - 乙\n    - 丙", "1. 甲\n   1. 乙", "說明：\n1. 甲\n2. 乙", "-5 度\n-6 度"),
    *("一、甲\n    1. 乙\n    2. 丙", "甲\n- 乙", "第3條 甲\n\n    （一）乙"),
    "```\n| 甲 | 乙 |\n| 1 | 2 |\n> 引文 <b> [a](b c.pdf)\n```",
)


@pytest.mark.parametrize("text", QUIET)
def test_what_a_text_means_as_it_stands_is_not_told(text: str) -> None:
    """Comparisons, sets, notes, arrays, numbers below other words, and what is rendered."""
    assert inert(text, bound=True) == []


def test_braces_are_references_in_reports_alone() -> None:
    """A page or an entry cites no figures: braces are its own."""
    assert inert("｛｛ venues.hall ｝｝", bound=False) == []


def test_each_element_is_told_once_a_text() -> None:
    """An HTML table of hundreds of cells is one mistake for each of its tags."""
    text = "<table>\n" + "<tr><td>甲</td></tr>\n" * 200 + "</table>"
    found = [text[one.start : one.end] for one in inert(text, bound=False)]
    assert found == ["<table>", "<tr>", "<td>甲</td>"]


ENTRY = """\
title: 訂定第2號要點
category: rule
form: order
issuers: [city]
document_numbers: [小市秘字第1050000002號]
dispatch_date: 105-01-04
markdown: |
"""
LEADS = ("申請%20書.pdf", "<申請 書.pdf>", "%E7%94%B3%E8%AB%8B%20%E6%9B%B8.pdf", "<申請%20書.pdf>")


def test_links_lead_to_a_file_with_blanks(scratch_site: ScratchSite) -> None:
    """Percent-encoded or in angle brackets: the file is found, copied and led to."""
    folder, links = "gazette/105/105-001/02", "、".join(f"[申請書]({typed})" for typed in LEADS)
    entry = f"{ENTRY}  見{links}。\nnot_stated: [attachments]\n"
    content = scratch_site({f"{folder}.yaml": entry, f"{folder}/申請 書.pdf": b"%PDF-1.4\n"})
    build_site(content, content.parent)
    page = content.parent / "site" / folder
    assert (page / "申請 書.pdf").is_file()
    html = (page / "index.html").read_text("utf-8")
    assert html.count('href="%E7%94%B3%E8%AB%8B%20%E6%9B%B8.pdf"') == len(LEADS)


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("a%2Epdf", "a.pdf"),
        ("%2e%2e/a.pdf", "../a.pdf"),
        ("100%.pdf", "100%.pdf"),
        ("a%FF.pdf", "a%FF.pdf"),
        ("javascript%3Aalert(1)", "javascript%3Aalert(1)"),
        ("%2Fa.pdf", "%2Fa.pdf"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("<a b.pdf", None),
    ],
)
def test_a_target_is_what_files_are_called(typed: str, target: str | None) -> None:
    """What decoded would lead elsewhere, and what is no text decoded, stays as typed."""
    made = read_prose(f"[甲]({typed})")
    assert made.targets == ((target,) if target else ())
    assert text_of(made.html) == ("甲" if target else f"[甲]({typed})")


def test_a_file_that_is_missing_is_told_at_its_place(scratch_site: ScratchSite) -> None:
    """The place is that of the target as typed, whatever it is decoded to."""
    page = "---\ntitle: 關於本站\npublished_on: 105-05-06\n---\n見[甲](甲%20乙.pdf)。\n"
    (problem,) = examine_folder(scratch_site({"pages/about.md": page})).problems
    assert (problem.code, problem.values["value"]) == ("link-invalid", "甲 乙.pdf")
    assert (problem.origin.line, problem.origin.column) == (5, 6)
