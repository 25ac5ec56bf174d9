"""Text as search compares it: every letter, digit and sign in one form, all else one space.

The table of `fold_table` gives NFKC, no case, no ignorable characters, and one Han character for
each class of variants (臺 as 台, 后 as 後's class, ○ and 零 as 〇); a run of white space and
punctuation becomes one space.  `theme/assets/search.js` folds by the same table and in the same
steps: a query and a text meet only if both sides agree, character by character.
"""

from __future__ import annotations

import re
from functools import cache
from operator import itemgetter

from generator.text.fold_table import (
    FINALS,
    LEADS,
    SPACE,
    SYLLABLES,
    VOWELS,
    folded_character,
    joins,
)

_SPACES = re.compile(" {2,}")
_NUMBER_WORDS = re.compile("[ #$%&*+=@字第號]")


class _Folds(dict[int, str]):
    """Characters folded one by one, each looked up once."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = folded_character(chr(point))
        return folded


FOLDS = _Folds()
"""Maps each character to what it becomes before marks join letters."""


def fold(text: str) -> str:
    """The text as it is searched; blanks at its ends are kept as one space each."""
    units = text.translate(FOLDS)
    if not joins().joining.isdisjoint(units):  # rare, and the pattern is slow
        units = _clusters().sub(lambda match: _composed(match[0]), units)
    return _SPACES.sub(SPACE, units)


@cache
def _clusters() -> re.Pattern[str]:
    """Characters that may join or change places, with the character before them."""
    joining = "".join(sorted(joins().joining))
    return re.compile(f"[^{joining}]?[{joining}]+")


def _composed(cluster: str) -> str:
    """Marks in canonical order, joined to their letters (The Unicode Standard, 3.11)."""
    table = joins()
    ranked: list[tuple[int, int, str]] = []
    letters = 0
    for unit in "".join(map(_parts, cluster)):
        order = table.marks.get(unit, 0)
        letters += not order
        ranked.append((letters, order, unit))
    ranked.sort(key=itemgetter(0, 1))
    composed: list[str] = []
    letter, last = -1, 0
    for _, order, unit in ranked:
        # nothing stands between the letter and this unit, or only marks of lower classes
        near = letter == len(composed) - 1 or last < order
        if letter >= 0 and near and (composite := _composite(composed[letter], unit)):
            composed[letter] = composite
            continue
        if not order:
            letter = len(composed)
        last = order
        composed.append(unit)
    return "".join(composed)


def _parts(unit: str) -> str:
    """A character's full canonical decomposition."""
    place = ord(unit) - SYLLABLES.start
    if 0 <= place < len(SYLLABLES):
        open_syllable, final = divmod(place, len(FINALS) + 1)
        lead, vowel = divmod(open_syllable, len(VOWELS))
        end = chr(FINALS[final - 1]) if final else ""
        return chr(LEADS[lead]) + chr(VOWELS[vowel]) + end
    pair = joins().parts.get(unit)
    return _parts(pair[0]) + pair[1] if pair else unit


def _composite(first: str, second: str) -> str:
    """The character that these two make, or nothing."""
    lead, point = ord(first), ord(second)
    if lead in LEADS and point in VOWELS:
        vowels = LEADS.index(lead) * len(VOWELS) + VOWELS.index(point)
        return chr(SYLLABLES[vowels * (len(FINALS) + 1)])
    open_ = lead in SYLLABLES and not (lead - SYLLABLES.start) % (len(FINALS) + 1)
    if open_ and point in FINALS:
        return chr(lead + 1 + FINALS.index(point))
    return joins().composites.get(first + second, "")


def number_key(text: str) -> str:
    """A document number as look-ups compare it: folded, without 字, 第, 號 and signs."""
    return _NUMBER_WORDS.sub("", fold(text))
