"""Names that look alike and differ: in case, in Unicode form, in letters of other alphabets.

A message that suggests one for the other must say what differs, or both look the same in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from unicodedata2 import combining, normalize

from generator.text.characters import without_invisible

_TWINS = dict(
    zip(
        "01i|‐‑‒–—―−аеорсухіјѕһԁвнкмтαορυνικχβεηζμτ",
        "olll-------aeopcyxljshdbhkmtaopuvlkxbehzmt",
        strict=True,
    )
)
"""Digits, dashes and letters of other alphabets with the letter that each resembles; I is an l."""
_LOOKS = str.maketrans(_TWINS)


@lru_cache(maxsize=4096)
def looks(text: str) -> str:
    """A key that is equal for texts that look alike."""
    return without_invisible(_as("NFKC", text)).casefold().translate(_LOOKS)


def same_looking(text: str, words: Iterable[str]) -> str:
    """The first of the words that looks like `text` and differs from it, or ""."""
    look = looks(text)
    return next((word for word in words if word != text and looks(word) == look), "")


class Difference(Struct, frozen=True):
    """How two words that look alike differ: `case`, `form`, `width` or `letters`.

    Each place has the letters of the first word and those of the second.
    """

    what: str
    places: tuple[tuple[str, str], ...]


def difference(first: str, second: str) -> Difference | None:
    """How two words that look alike differ; None if they are equal or do not look alike."""
    if first == second or looks(first) != looks(second):
        return None
    if _as("NFC", first) == _as("NFC", second):
        what = "form"
    elif _as("NFKC", first) == _as("NFKC", second):
        what = "width"
    elif _as("NFC", first).casefold() == _as("NFC", second).casefold():
        what = "case"
    else:
        what = "letters"
    letters, others = _letters(first), _letters(second)
    codes = SequenceMatcher(a=letters, b=others, autojunk=False).get_opcodes()
    places = [
        ("".join(letters[a:b]), "".join(others[c:d])) for op, a, b, c, d in codes if op != "equal"
    ]
    return Difference(what, tuple(places))


def _as(form: Literal["NFC", "NFKC"], text: str) -> str:
    return str(normalize(form, text))


def _letters(text: str) -> list[str]:
    """Letters with the marks that stand on them."""
    letters: list[str] = []
    for character in text:
        if letters and combining(character):
            letters[-1] += character
        else:
            letters.append(character)
    return letters
