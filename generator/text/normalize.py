"""Text as search compares it: every letter and digit in one form, everything else one space.

NFKC, lower case, 臺 as 台, 巿 as 市, ○ and 零 as 〇, Simplified as Traditional; a run of white
space and punctuation is one space.  `theme/assets/search.js` folds in the same way: a query
and a text meet only if both sides agree, character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from generator.text.characters import simplified

SPACE = " "
_MEANT = {"臺": "台", "巿": "市", "○": "〇", "零": "〇", "ς": "σ", "◯": "〇"}
_SPACES = re.compile(" {2,}")
MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u3099\u309a]"
)
_CLUSTER = re.compile(f"[^{MARKS.pattern[1:-1]}]{MARKS.pattern}{{1,30}}")
"""A letter with its marks; Unicode's Stream-Safe Text Format has no more (UAX #15): to sort them
takes as long as the square of their number."""
_NUMBER_WORDS = re.compile("[ 字第號]")


class _Folds(dict[int, str]):
    """Characters folded one by one, each looked up once."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = "".join(_units(chr(point)))
        return folded


def _units(character: str) -> Iterator[str]:
    known = simplified()
    for unit in unicodedata.normalize("NFKC", _MEANT.get(character, character)).lower():
        meant = _MEANT.get(unit, unit)
        meant = known.get(meant, meant)
        yield meant if unicodedata.category(meant[0])[0] in "LNM" else SPACE


_FOLDS = _Folds()


def fold(text: str) -> str:
    """The text as it is searched; blanks at its ends are kept as one space each."""
    return _SPACES.sub(SPACE, composed(text).translate(_FOLDS))


def composed(text: str) -> str:
    """The text with every letter and its marks made one character, where there is one."""
    if not MARKS.search(text):
        return text
    return _CLUSTER.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def number_key(text: str) -> str:
    """A document number as look-ups compare it: folded, without 字, 第, 號 and signs."""
    return _NUMBER_WORDS.sub("", fold(text))
