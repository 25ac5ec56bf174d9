"""Quick looks over whole texts that must never hide what the exact rules would find."""

from __future__ import annotations

import sys

import pytest

from generator.text.characters import (
    forms,
    misread,
    oddities,
    refused,
    visible,
)


def test_the_quick_look_hides_no_refused_character() -> None:
    """Of all code points exactly those are refused that `visible` makes visible."""
    points = list(map(chr, range(sys.maxunicode + 1)))
    shown = visible("".join(points))
    expected = [c for c, seen in zip(points, shown, strict=True) if c != seen]
    assert len(expected) > 2000
    assert [c for c in points if refused(c)] == expected


def test_the_quick_look_hides_no_unusual_character() -> None:
    """Private, compatibility, invisible characters, radicals and simplified ones: one by one."""
    found = {c: next(oddities(c)).what for c in map(chr, range(sys.maxunicode + 1)) if odd(c)}
    kinds = {"private": 137472, "compatibility": 1056, "radical": 342, "invisible": 4034}
    kinds["replacement"] = 1
    counted = {what: list(found.values()).count(what) for what in kinds}
    assert counted == kinds
    assert set(found.values()) - set(kinds) == {"simplified", "shared"}
    assert {c for c, what in found.items() if what == "simplified"} == {*forms().simplified}


def test_every_ignorable_character_is_told_or_refused() -> None:
    """What Unicode calls default ignorable is seen by nobody: U+034F, U+3164, U+FE0F, U+E0100."""
    for point in (0xAD, 0x34F, 0x115F, 0x17B4, 0x180B, 0x200B, 0x2060, 0x2065, 0x206A, 0x3164):
        assert next(oddities(f"甲{chr(point)}")).what == "invisible", hex(point)
    for point in (0xFE00, 0xFE0F, 0xFFA0, 0xFFF0, 0x1BCA0, 0x1D173, 0xE0100, 0xE01EF):
        assert next(oddities(f"甲{chr(point)}")).what == "invisible", hex(point)
    for point in (0x061C, 0x200E, 0x202A, 0x2066, 0xE0001, 0xE0020):
        assert refused(f"甲{chr(point)}") is not None, hex(point)


def test_a_radical_has_the_character_that_it_looks_like() -> None:
    """Of both blocks of radicals, those included that no compatibility form of Unicode leads on."""
    assert next(oddities("⺠⻑⻄⼀")).better == "民長西一"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("å…¬å‘Š", "公告"),
        ("主旨：è¨‚å®šè¦\u0081é»ž。", "訂定要點"),
        ("¤½§i¤º®e", "公告內容"),
        ("°ª¶¯¥«¬F©²秘書處", "高雄市政府"),
        ("â€œ甲", "“"),
    ],
)
def test_text_in_a_wrong_encoding_is_recognised(text: str, meant: str) -> None:
    """UTF-8 and Big5 that were read as Latin, with what they say."""
    assert [one[2] for one in misread(text)] == [meant]


@pytest.mark.parametrize(
    "text", ["café naïve Ærøskøbing", "±×÷±", "25°C±½", "voilà…»", "····" * 30, "Åland", "São João"]
)
def test_other_letters_are_left_alone(text: str) -> None:
    """European names, signs of measure and rows of dots are no traces of a conversion."""
    assert [*misread(text)] == []


def odd(character: str) -> bool:
    """Whether a text of this one character is pointed out."""
    return next(oddities(character), None) is not None
