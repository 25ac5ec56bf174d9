"""The table of folding: what each character becomes for search, and how marks join letters.

It is made of `unicodedata2`, whose version is pinned, and of `folding.tsv`, never of the data of
the running Python: an index has the same bytes everywhere.  Texts are folded by it in `normalize`,
queries in `theme/assets/search.js`, which asks the browser nothing about characters.
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
"""Symbols by their category that stand between words: bars, slashes, dashes, brackets, dots."""
_SIGNS = frozenset("#%&*@§‰‱")
"""Punctuation by their category that says something: C#, 5%, R&D."""
_BLOCKS = (
    *(range(0x3400), range(0x4DC0, 0x4E00), range(0xA000, 0xAC00), range(0xD7A4, 0xE000)),
    *(range(0xF900, 0x20000), range(0x2F800, 0x2FA20), range(0xE0000, 0xE1000)),
)
"""Where characters may change or join: all but Han, Hangul, private use and unassigned planes."""
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
    held: dict[str, dict[str, str]] = {"case": {}, "han": {}}
    for line in _ROWS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            sort, characters, meant = line.split("\t")
            aligned = sort == "case" and len(meant) == len(characters)
            targets = meant if aligned else [meant] * len(characters)
            held[sort].update(zip(characters, targets, strict=True))
    return Rows(**held)


def folded_character(character: str) -> str:
    """What a character becomes: nothing, a space, another one, or several in composed form."""
    case = _rows().case
    letters = "".join(case.get(one, one) for one in normalize("NFKD", character))
    return str(normalize("NFC", "".join(map(_unit, letters))))


def _unit(character: str) -> str:
    if IGNORABLE.match(character):
        return ""
    meant = forms().radical.get(character, character)
    meant = _rows().han.get(meant, meant)
    return SPACE if _separates(meant) else meant


def _separates(character: str) -> bool:
    kind = category(character)
    blank = kind[0] in "ZP" or kind in ("Cc", "Cf", "Cs", "Sk")
    return (blank and character not in _SIGNS) or character in _SEPARATORS


@cache
def folds() -> Mapping[str, str]:
    """Every character that becomes another, in their order; all others stay as they are."""
    characters = sorted({*_CHARACTERS, *_rows().han})
    folded = ((one, folded_character(one)) for one in characters)
    return {one: meant for one, meant in folded if meant != one}


@cache
def joins() -> Joins:
    """Marks and composites of characters that stay as they are; syllables of Hangul are counted."""
    ranked = {one: order for one in _CHARACTERS if (order := combining(one))}
    marks = {one: order for one, order in ranked.items() if folded_character(one) == one}
    parts = dict(_canonical())
    composites = {pair: one for one, pair in parts.items()}
    joining = {*marks, *(pair[1] for pair in composites), *map(chr, (*VOWELS, *FINALS))}
    # a vowel sign made of two joins as the first of them does
    joining |= {one for one in parts if normalize("NFD", one)[0] in joining}
    return Joins(marks=marks, composites=composites, parts=parts, joining=frozenset(joining))


SYLLABLES, LEADS = range(0xAC00, 0xD7A4), range(0x1100, 0x1113)
VOWELS, FINALS = range(0x1161, 0x1176), range(0x11A8, 0x11C3)
"""Hangul: a syllable is counted from its letters (The Unicode Standard, 3.12)."""


def _canonical() -> Iterator[tuple[str, str]]:
    for one in _CHARACTERS:
        typed = decomposition(one)
        if " " in typed and not typed.startswith("<") and folded_character(one) == one:
            yield one, "".join(chr(int(point, 16)) for point in typed.split())


def packed() -> bytes:
    """The table as the site has it: JSON, deflated.

    Characters are runs (gap from the last run's end, how many, and so on).  `one` become one
    character each, those of a text in a row; `more` none or several, a line each; `marks` have
    classes, and `pairs` are two parts and their composite each.
    """
    changed, joined = folds(), joins()
    one = {c: meant for c, meant in changed.items() if len(meant) == 1}
    more = {c: meant for c, meant in changed.items() if len(meant) != 1}
    table = {
        "one": [_runs(one), "".join(one.values())],
        "more": [_runs(more), "\n".join(more.values())],
        "marks": [_runs(joined.marks), [*joined.marks.values()]],
        "pairs": "".join(pair + c for pair, c in joined.composites.items()),
    }
    written = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(written.encode()) + packer.flush()


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
