"""A suggestion that looks like what was typed says what differs."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder

from generator.content.field_types import near
from generator.content.messages import worded
from generator.content.model import Problem
from generator.text.likeness import Difference, difference, same_looking

ENTRY = "gazette/105/105-001/01.yaml"
ISSUE = "gazette/105/105-001/issue.yaml"
FOLDER = "gazette/105/105-001/01"
DECOMPOSED = unicodedata.normalize("NFD", "café.txt")


@pytest.mark.parametrize(
    ("first", "second", "what", "places"),
    [
        ("caf\u00e9", "cafe\u0301", "form", [("\u00e9", "e\u0301")]),
        ("\uac00.txt", "\u1100\u1161.txt", "form", [("\uac00", "\u1100\u1161")]),
        ("A.PDF", "a.pdf", "case", [("A", "a"), ("PDF", "pdf")]),
        ("表1", "表１", "width", [("1", "１")]),
        ("\u8c48", "\uf900", "form", [("\u8c48", "\uf900")]),
        ("ﬁ", "fi", "width", [("ﬁ", "fi")]),
        ("city", "\u0441ity", "letters", [("c", "\u0441")]),
        ("O1", "0l", "letters", [("O1", "0l")]),
        ("甲乙", "甲\u200b乙", "letters", [("", "\u200b")]),
        ("a-b", "a\u2013b", "letters", [("-", "\u2013")]),
    ],
)
def test_what_differs(first: str, second: str, what: str, places: list[tuple[str, str]]) -> None:
    """Form, case, width or letters, and the very characters."""
    assert difference(first, second) == Difference(what, tuple(places))
    assert same_looking(first, ("other", first, second)) == second


@pytest.mark.parametrize(("first", "second"), [("a", "a"), ("title", "titel"), ("臺北", "台北")])
def test_what_does_not_look_alike_needs_no_explanation(first: str, second: str) -> None:
    """The same, a slip of the pen, and a variant that readers see."""
    assert difference(first, second) is None


def test_what_looks_alike_is_nearer_than_what_is_spelled_alike() -> None:
    """Nine capitals are nearer to nine small letters than to a word that shares one of them."""
    assert near("CITY", ("cit", "city")) == "city"
    assert near("city", ("c1ty", "city")) == "city"


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("abbreviation", ""),
        ("section", ""),
        ("rename", ""),
        ("revision", "revisions"),
        ("publish_on", "published_on"),
        ("egal_urls", "legacy_urls"),
        ("itle", "title"),
    ],
)
def test_a_far_word_is_no_suggestion(typed: str, suggested: str) -> None:
    """One that begins with another letter is meant only if nearly all of it is the same."""
    words = ("revisions", "names", "published_on", "legacy_urls", "title", "relations")
    assert near(typed, words) == suggested


def told(content: Path, language: str = "zh-TW") -> list[tuple[str, str]]:
    """Codes of the problems of a content with what to do."""
    found: tuple[Problem, ...] = examine_folder(content).problems
    return [(problem.code, worded(problem, language).remedy) for problem in found]


def attached(name: str) -> str:
    """The entry of the minimal site with an attachment."""
    return f"{MINIMAL[ENTRY]}attachments: [{{path: {name}, title: 附表}}]\n"


FORM = (
    "兩者看起來相同，字元的組合方式（Unicode 形式）不同："
    "「é」（U+00E9） ≠ 「e\u0301」（U+0065、U+0301）。"
)
FILES = [
    (
        {ENTRY: attached("café.txt"), f"{FOLDER}/{DECOMPOSED}": "x"},
        f"是否為「{DECOMPOSED}」？{FORM}",
    ),
    (
        {ENTRY: attached("a.txt"), f"{FOLDER}/A.TXT": "x"},
        "是否為「A.TXT」？兩者只差在大小寫：「a」 ≠ 「A」；「txt」 ≠ 「TXT」。",
    ),
    (
        {ENTRY: attached("car.txt"), f"{FOLDER}/c\u0430r.txt": "x"},
        (
            "是否為「c\u0430r.txt」？兩者看起來相似，字元不同："
            "「a」（U+0061） ≠ 「\u0430」（U+0430）。"
        ),
    ),
    (
        {ENTRY: attached("表1.txt"), f"{FOLDER}/表１.txt": "x"},
        "是否為「表１.txt」？兩者只差在全形、半形或相容字元：「1」（U+0031） ≠ 「１」（U+FF11）。",
    ),
]


@pytest.mark.parametrize(("files", "remedy"), FILES)
def test_a_missing_file_is_told_with_what_differs(
    files: Mapping[str, str], remedy: str, scratch_site: ScratchSite
) -> None:
    """A decomposed name, capitals, a letter of another alphabet, full width."""
    assert told(scratch_site(files)) == [("file-missing", remedy)]


def test_a_link_in_prose_is_told_with_what_differs(scratch_site: ScratchSite) -> None:
    """As a field's file is."""
    entry = f"{attached(DECOMPOSED)}summary: '[甲](café.txt)'\n"
    content = scratch_site({ENTRY: entry, f"{FOLDER}/{DECOMPOSED}": "x"})
    assert told(content) == [("link-invalid", f"是否為「{DECOMPOSED}」？{FORM}")]


def test_a_symbolic_link_in_capitals_is_suggested_and_told(scratch_site: ScratchSite) -> None:
    """What stands there under another name is named, and that it is a link."""
    content = scratch_site({ENTRY: attached("a.txt"), f"{FOLDER}/b.txt": "x"})
    (content / FOLDER / "b.txt").unlink()
    (content / FOLDER / "A.txt").symlink_to("/nowhere")
    (missing, link) = told(content)
    assert missing == ("file-missing", "是否為「A.txt」？兩者只差在大小寫：「a」 ≠ 「A」。")
    assert link[0] == "file-link"


@pytest.mark.parametrize("typed", ["City", "CITY", "\u0441ity", "ｃｉｔｙ"])
def test_a_reference_is_told_with_what_differs(typed: str, scratch_site: ScratchSite) -> None:
    """In case, alphabet or width: the record is found, and the difference is named."""
    entry = MINIMAL[ENTRY].replace("[city]", f"[{typed}]")
    ((code, remedy),) = told(scratch_site({ENTRY: entry}))
    assert code == "reference-dangling"
    assert remedy.startswith("是否為「city」（小市政府）？兩者")
    assert "≠" in remedy


def test_english_words_name_the_difference(scratch_site: ScratchSite) -> None:
    """In English alone."""
    entry = MINIMAL[ENTRY].replace("[city]", "[\u0441ity]")
    ((_, remedy),) = told(scratch_site({ENTRY: entry}), "en")
    assert remedy == (
        "Did you mean “city” (小市政府)? They look alike and differ in characters: "
        "“\u0441” (U+0441) ≠ “c” (U+0063)."
    )


def test_names_that_clash_are_told_with_what_differs(scratch_site: ScratchSite) -> None:
    """The two look the same in a message."""
    listed = f"attachments: [{{path: café.txt, title: 甲}}, {{path: {DECOMPOSED}, title: 乙}}]\n"
    files = {f"{FOLDER}/café.txt": "x", f"{FOLDER}/{DECOMPOSED}": "x"}
    ((code, remedy),) = told(scratch_site({ENTRY: MINIMAL[ENTRY] + listed, **files}))
    assert (code, remedy) == ("file-name-clash", f"請改用不同的檔名。{FORM}")


@pytest.mark.parametrize(
    ("meant", "named", "difference"),
    [
        (ISSUE, ISSUE.replace("issue", "Issue"), "兩者只差在大小寫：「I」 ≠ 「i」。"),
        (
            "agencies.yaml",
            "Agencies.YAML",
            "兩者只差在大小寫：「A」 ≠ 「a」；「YAML」 ≠ 「yaml」。",
        ),
        (
            ENTRY,
            ENTRY.replace("01.yaml", "０１.yaml"),
            (
                "兩者只差在全形、半形或相容字元："
                "「０１」（U+FF10、U+FF11） ≠ 「01」（U+0030、U+0031）。"
            ),
        ),
    ],
)
def test_a_record_under_another_name_is_told_once(
    meant: str, named: str, difference: str, scratch_site: ScratchSite
) -> None:
    """Nothing says of it that it does not exist."""
    content = scratch_site({})
    (content / meant).rename(content / named)
    assert told(content) == [("file-stray", f"請改名為「{meant}」。{difference}")]


def test_a_link_under_another_name_is_told_as_a_link(scratch_site: ScratchSite) -> None:
    """Nothing says that the issue is missing."""
    content = scratch_site({})
    (content / ISSUE).unlink()
    (content / ISSUE.replace("issue", "Issue")).symlink_to("/nowhere")
    assert [code for code, _ in told(content)] == ["file-link"]


def test_settings_under_another_name_are_told_once(scratch_site: ScratchSite) -> None:
    """`Site.yaml` is what is there."""
    content = scratch_site({})
    (content / "site.yaml").rename(content / "Site.yaml")
    remedy = "請將「Site.yaml」改名為 site.yaml。兩者只差在大小寫：「s」 ≠ 「S」。"
    assert told(content) == [("site-missing", remedy)]


def test_no_record_is_suggested_to_itself(scratch_site: ScratchSite) -> None:
    """The only entry of a site that names another one has none to name."""
    path = "gazette/105/105-001/01.yaml"
    relation = "relations: [{type: cites, target: 105-001-10}]\n"
    content = scratch_site({path: MINIMAL[path] + relation})
    assert told(content) == [("reference-dangling", "請先建立該筆資料。")]


@pytest.mark.parametrize("name", ["site.yml", "site.yaml.txt"])
def test_settings_with_another_ending_are_told_once(name: str, scratch_site: ScratchSite) -> None:
    """What other programs write is what is there."""
    content = scratch_site({})
    (content / "site.yaml").rename(content / name)
    assert told(content) == [("site-missing", f"請將「{name}」改名為 site.yaml。")]
