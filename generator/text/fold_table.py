"""The table of folding: what each character becomes for search, and how marks join letters.

Its sources are `unicodedata2`, whose version is pinned, and `folding.tsv`, never the Unicode data
of the running Python, so that an index has the same bytes everywhere.  `normalize` folds texts
with it, and `theme/assets/search.js` folds queries with it instead of the browser's own data.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct
from unicodedata2 import category, combining, decomposition, normalize

from generator import PROGRAM
from generator.text.characters import IGNORABLE, forms

SPACE = " "
_ROWS = PROGRAM / "text" / "folding.tsv"
_SEPARATORS = frozenset("~|¦<>⁄∕∖−∙⋅∣∶∼" + "".join(map(chr, range(0x2500, 0x2580))))
"""Characters that Unicode calls symbols but that separate words: bars, slashes, dashes, dots."""
_SIGNS = frozenset("#%&*@§‰‱")
"""Characters that Unicode calls punctuation but that carry meaning: C#, 5%, R&D."""
_BLOCKS = (
    *(range(0x3400), range(0x4DC0, 0x4E00), range(0xA000, 0xAC00), range(0xD7A4, 0xE000)),
    *(range(0xF900, 0x20000), range(0x2F800, 0x2FA20), range(0xE0000, 0xE1000)),
)
"""Blocks whose characters may fold or join: all but Han, Hangul, private and unassigned planes."""
_CHARACTERS = [chr(point) for block in _BLOCKS for point in block]


class Rows(Struct, frozen=True):
    """The rows of `folding.tsv`: letters without case, and what a Han character stands for."""

    case: Mapping[str, str]
    han: Mapping[str, str]


class Joins(Struct, frozen=True):
    """How folded characters join: classes of marks, composites by their two parts, and back.

    `joining` are those that may join, or change place with, what stands before them.
    """

    marks: Mapping[str, int]
    composites: Mapping[str, str]
    parts: Mapping[str, str]
    joining: frozenset[str]


@cache
def _rows() -> Rows:
    tables: dict[str, dict[str, str]] = {"case": {}, "han": {}}
    for line in _ROWS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            sort, characters, folded = line.split("\t")
            aligned = sort == "case" and len(folded) == len(characters)
            targets = folded if aligned else [folded] * len(characters)
            tables[sort].update(zip(characters, targets, strict=True))
    return Rows(**tables)


def folded_character(character: str) -> str:
    """What a character becomes: nothing, a space, another one, or several in composed form."""
    case = _rows().case
    letters = "".join(case.get(letter, letter) for letter in normalize("NFKD", character))
    return str(normalize("NFC", "".join(map(_unit, letters))))


def _unit(character: str) -> str:
    if IGNORABLE.match(character):
        return ""
    standard = forms().radical.get(character, character)
    standard = _rows().han.get(standard, standard)
    return SPACE if _separates(standard) else standard


def _separates(character: str) -> bool:
    kind = category(character)
    blank = kind[0] in "ZP" or kind in ("Cc", "Cf", "Cs", "Sk")
    return (blank and character not in _SIGNS) or character in _SEPARATORS


@cache
def folds() -> Mapping[str, str]:
    """Every character that folding changes, in code point order, with what it becomes."""
    characters = sorted({*_CHARACTERS, *_rows().han})
    folded = ((character, folded_character(character)) for character in characters)
    return {character: becomes for character, becomes in folded if becomes != character}


@cache
def joins() -> Joins:
    """Marks and composites of characters that folding leaves alone; Hangul needs no rows."""
    ranked = {character: order for character in _CHARACTERS if (order := combining(character))}
    marks = {
        character: order
        for character, order in ranked.items()
        if folded_character(character) == character
    }
    parts = dict(_canonical())
    composites = {pair: character for character, pair in parts.items()}
    joining = {*marks, *(pair[1] for pair in composites), *map(chr, (*VOWELS, *FINALS))}
    # a vowel sign made of two joins as the first of them does
    joining |= {character for character in parts if normalize("NFD", character)[0] in joining}
    return Joins(marks=marks, composites=composites, parts=parts, joining=frozenset(joining))


SYLLABLES, LEADS = range(0xAC00, 0xD7A4), range(0x1100, 0x1113)
VOWELS, FINALS = range(0x1161, 0x1176), range(0x11A8, 0x11C3)
"""Hangul: a syllable's code point is computed from its letters (The Unicode Standard, 3.12)."""


def _canonical() -> Iterator[tuple[str, str]]:
    for character in _CHARACTERS:
        typed = decomposition(character)
        if " " in typed and not typed.startswith("<") and folded_character(character) == character:
            yield character, "".join(chr(int(point, 16)) for point in typed.split())


def packed() -> bytes:
    """The table as published on the site: JSON, raw deflate.

    Characters are written as runs: the gap from the last run's end, the length, and so on.
    `one` has the characters that become one character, and these in a row; `more` those that
    become none or several, and these a line each; `marks` the marks and their combining classes;
    `pairs` two parts and their composite, three characters each.
    """
    folded, joined = folds(), joins()
    single = {c: becomes for c, becomes in folded.items() if len(becomes) == 1}
    several = {c: becomes for c, becomes in folded.items() if len(becomes) != 1}
    table = {
        "one": [_runs(single), "".join(single.values())],
        "more": [_runs(several), "\n".join(several.values())],
        "marks": [_runs(joined.marks), [*joined.marks.values()]],
        "pairs": "".join(pair + c for pair, c in joined.composites.items()),
    }
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(text.encode()) + packer.flush()


def _runs(characters: Iterable[str]) -> list[int]:
    runs: list[int] = []
    end = 0
    for point in map(ord, characters):
        if runs and point == end:
            runs[-1] += 1
        else:
            runs += [point - end, 1]
        end = point + 1
    return runs
