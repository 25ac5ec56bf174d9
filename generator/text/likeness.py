"""Names that look alike and are not the same: in case, in Unicode form, in a letter of its kind.

A message that suggests one for the other must say what differs, or it says the same twice.
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
"""Digits, dashes and letters of other alphabets by what they are taken for; a capital I is an l."""
_LOOKS = str.maketrans(_TWINS)


@lru_cache(maxsize=4096)
def looks(text: str) -> str:
    """What texts that look alike have in common."""
    return without_invisible(_as("NFKC", text)).casefold().translate(_LOOKS)


def same_looking(text: str, known: Iterable[str]) -> str:
    """The first known word that looks like `text` and is another, or ""."""
    wanted = looks(text)
    return next((word for word in known if word != text and looks(word) == wanted), "")


class Difference(Struct, frozen=True):
    """How two words that look alike differ: `case`, `form`, `width` or `letters`; where.

    Each place is what stands there in the first and in the second.
    """

    what: str
    places: tuple[tuple[str, str], ...]


def difference(first: str, second: str) -> Difference | None:
    """What tells two words apart that look alike; None of the same, and of others."""
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
    one, other = _letters(first), _letters(second)
    codes = SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes()
    places = [("".join(one[a:b]), "".join(other[c:d])) for op, a, b, c, d in codes if op != "equal"]
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
