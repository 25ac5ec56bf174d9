"""Quick looks over whole texts that must never hide what the exact rules would find."""

from __future__ import annotations

import sys
import unicodedata

from opencc import OpenCC

from generator.text.characters import identity_numbers, oddities, refused, simplified, visible

HAN = [chr(point) for point in range(0x3400, 0xA000)]


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
    kinds = {"private": 137472, "compatibility": 1056, "radical": 342, "invisible": 11}
    counted = {what: list(found.values()).count(what) for what in kinds}
    assert counted == kinds
    assert set(found.values()) - set(kinds) == {"simplified"}
    assert {c for c, what in found.items() if what == "simplified"} == set(simplified())


def odd(character: str) -> bool:
    """Whether a text of this one character is pointed out."""
    return next(oddities(character), None) is not None


def test_simplified_characters_are_converted_one_by_one() -> None:
    """Converting all in one call gives what converting each alone gives."""
    converter = OpenCC("s2t")
    meant = {c: converter.convert(c) for c in HAN}
    known = simplified()
    assert all(meant[c] == better for c, better in known.items())
    assert all(c in known or meant[c] == c or _big5(c) for c in HAN)
    assert (known["说"], "台" in known) == ("說", False)


def _big5(character: str) -> bool:
    return unicodedata.category(character) == "Lo" and bool(character.encode("cp950", "ignore"))


def test_an_identity_number_stands_alone() -> None:
    """At a text's beginning, after other signs and lines; never within a longer word."""
    number = "A123456789"
    texts = (number, f"第{number}號", f"\n{number}", f"B{number}", f"1{number}", f"{number}0")
    assert [bool(identity_numbers(text)) for text in texts] == [True] * 3 + [False] * 3
