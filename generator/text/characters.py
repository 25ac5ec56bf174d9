"""Characters that a text must not hold, and those that it should hold only on purpose.

Text is never changed: what cannot be shown or reverses the reading order is refused, what
merely looks like another character is pointed out and published as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e007f"
_CONTROL = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ud800-\udfff\ufff9-\ufffb"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
)
_REFUSED: Mapping[str, re.Pattern[str]] = {
    "bidi": re.compile(f"[{_BIDI}]"),
    "tag": re.compile(f"[{_TAGS}]"),
    "": re.compile(f"[{_CONTROL}]"),
}
_ANY_REFUSED = re.compile(f"[{_CONTROL}{_BIDI}{_TAGS}]")
_BLANKS = "\n\t\r\u3000\u00a0"
"""Blanks that are not printable, and stand in many texts."""
_UNUSUAL: Mapping[str, re.Pattern[str]] = {
    "invisible": re.compile("[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff]"),
    "radical": re.compile("[\u2e80-\u2fd5]"),
    "compatibility": re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]"),
    "private": re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]"),
}
_HAN = range(0x3400, 0xA000)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""The letters of national identity numbers in the order of their values, 10 to 35."""
_IDENTITY = re.compile(r"[A-Z](?<![0-9A-Za-z].)[1289][0-9]{8}(?![0-9A-Za-z])")
"""The letter comes first, what must not stand before it second: so the search is fast."""
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)


class Oddity(Struct, frozen=True):
    """A class of characters found in a text: the first of them, all of them, a better one."""

    what: str
    index: int
    characters: str
    better: str = ""


def refused(text: str) -> Oddity | None:
    """The first character that no text may hold: control, direction, tag, noncharacter."""
    if _plain(text):
        return None
    match = _ANY_REFUSED.search(text)
    if match is None:
        return None
    what = next(what for what, pattern in _REFUSED.items() if pattern.match(match[0]))
    return Oddity(what, match.start(), match[0])


def _plain(text: str) -> bool:
    """Whether a text holds printable characters and common blanks alone: nearly every text.

    None of these is refused; the long class of those that are takes thirty times as long.
    """
    for blank in _BLANKS:
        text = text.replace(blank, "")
    return text.isprintable()


def visible(text: str) -> str:
    """A text with every character that no text may hold made visible, so that none acts."""
    return _ANY_REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)


def oddities(text: str) -> Iterator[Oddity]:
    """Each class of unusual characters in a text, once, at its first place."""
    if not _odd().search(text):
        return
    for what, pattern in _UNUSUAL.items():
        yield from _found(text, what, pattern.findall(text))
    known = simplified()
    yield from _found(text, "simplified", [c for c in text if c in known])


@cache
def _odd() -> re.Pattern[str]:
    """Any unusual or simplified character; one class, so that a text is passed over once."""
    classes = "".join(pattern.pattern[1:-1] for pattern in _UNUSUAL.values())
    return re.compile(f"[{classes}{''.join(simplified())}]")


def _found(text: str, what: str, characters: list[str]) -> Iterator[Oddity]:
    if not characters:
        return
    distinct = "".join(dict.fromkeys(characters))
    known = simplified()
    better = "".join(known.get(c) or unicodedata.normalize("NFKC", c) for c in distinct)
    yield Oddity(what, text.index(characters[0]), distinct, better if better != distinct else "")


_LEARNT: dict[str, str] = {}


def simplified() -> Mapping[str, str]:
    """Simplified Han characters by their Traditional form; those that Big5 holds are not here.

    What Big5 holds is written in Taiwan too (台, 体, 万 in a name) and no mistake.
    """
    if not _LEARNT:
        learn(_converted())
    return _LEARNT


def learn(known: Mapping[str, str]) -> None:
    """Takes what `simplified` gave in an earlier run: to load the dictionaries takes longer."""
    _LEARNT.update(known)


def _converted() -> dict[str, str]:
    from opencc import OpenCC  # noqa: PLC0415 -- its dictionaries are large; most runs need none

    converter = OpenCC("s2t")
    typed = [chr(point) for point in _HAN]
    # one call, not 27,648: line breaks keep OpenCC from reading neighbours as a word
    pairs = zip(typed, converter.convert("\n".join(typed)).split("\n"), strict=True)
    return {typed: meant for typed, meant in pairs if meant != typed and not _in_big5(typed)}


def _in_big5(character: str) -> bool:
    try:
        character.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True


def identity_numbers(text: str) -> tuple[tuple[int, str], ...]:
    """National identity and residence numbers whose check digit holds, each with its place."""
    found = _IDENTITY.finditer(text)
    return tuple((match.start(), match[0]) for match in found if _checks(match[0]))


def _checks(number: str) -> bool:
    letter = _LETTERS.index(number[0]) + 10
    digits = (letter // 10, letter % 10, *map(int, number[1:]))
    weighed = zip(digits, _WEIGHTS, strict=True)
    return sum(digit * weight for digit, weight in weighed) % 10 == 0


def named(characters: str) -> str:
    """Characters by their code points: `U+200B、U+FEFF`."""
    return "、".join(f"U+{ord(character):04X}" for character in characters)


def latin_width(text: str) -> int:
    """How wide a text is where all letters are alike: Han characters take two columns."""
    return sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
