"""Where the numerals of a source text went: each is held by a record's field, or is no figure.

Carrying a report over by hand forgets things.  This lists every numeral of the source, tells
dates, ordinals and names from figures by their surroundings, and looks for each figure among
the records: equal value, and words in common with the sentence around it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from generator.fields import Leaf, Text
from generator.figures import Figure
from generator.kind import Site
from generator.numerals import HAN_NUMBER, parse_han, parse_mixed
from generator.record import Record, leaves

CONTEXT = 48
"""Characters on either side of a numeral that say what it is about."""

BESIDE = 16
"""Characters on either side that say what it counts."""


class Class(StrEnum):
    """What a numeral is."""

    DATE = "date"
    ORDINAL = "ordinal"
    NAME = "name"
    FIGURE = "figure"


_ABOUT = ("note", "summary", "progress")
_ASCII = r"[0-9][0-9,]*(?:\.[0-9]+)?(?:[萬億](?:[0-9][0-9,]*)?)*"
_COUNTED = "大面向|大會|部|次|項|場|間|件|人|個|位|案|期|則|名|市政|成|國"
_NUMERAL = re.compile(rf"{_ASCII}|{HAN_NUMBER.pattern}(?=(?:{_COUNTED}))")
_NO_FIGURES: tuple[tuple[Class, re.Pattern[str]], ...] = (
    (Class.NAME, re.compile(r"第[0-9]{6,}號")),
    (Class.NAME, re.compile(r"[A-Za-z][0-9]+")),
    (Class.NAME, re.compile(r"20[0-9]{2}(?= ?[^年0-9.,\s])")),
    (Class.NAME, re.compile(r"[0-9]+(?=年代|樓)")),
    (Class.NAME, re.compile(r"萬人|一級|一樓|一新|一躍|一步|一連串|年輕一代|一處|一提|第一會議室")),
    (Class.DATE, re.compile(r"[0-9]{2,4}年(?:度|底)?(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?")),
    (Class.DATE, re.compile(r"[0-9]{1,2}月(?:[0-9]{1,2}(?=[日、至]))?")),
    (Class.DATE, re.compile(r"[0-9]{1,2}(?=[日、及至][0-9日及至、]*日)|[0-9]{1,2}(?=日)")),
    (Class.DATE, re.compile(r"[（(][0-9]{3}[)）](?=年)|[0-9]{2,3}\.[0-9]{1,2}\.[0-9]{1,2}\.?")),
    (Class.ORDINAL, re.compile(rf"第(?:{_ASCII}|{HAN_NUMBER.pattern})(?:、[0-9]+)*")),
    (Class.ORDINAL, re.compile(rf"(?m)^[ ]*(?:- )?[（(]?(?:[0-9]+|{HAN_NUMBER.pattern})[)）、.]")),
    (Class.ORDINAL, re.compile(r"照片 ?[0-9]+(?:、[0-9]+)*")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A numeral of the source: its place (from 1), what it is, which field holds it."""

    line: int
    column: int
    text: str
    value: Decimal
    what: Class
    context: str
    holder: str = ""

    @property
    def forgotten(self) -> bool:
        """Whether it is a figure that no record holds."""
        return self.what is Class.FIGURE and not self.holder


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A figure of a record: the words of its own row, and those of the record."""

    name: str
    own: frozenset[str]
    about: frozenset[str]

    def likeness(self, text: str, start: int, end: int) -> int:
        """How much its words share with the surroundings of a numeral; those beside count more."""
        beside = _pairs(text[max(0, start - BESIDE) : end + BESIDE])
        around = _pairs(text[max(0, start - CONTEXT) : end + CONTEXT])
        return 3 * len(self.own & beside) + len((self.own | self.about) & around)


def numerals_of(text: str, site: Site) -> tuple[Numeral, ...]:
    """Every numeral of a source text, in order, with the field that holds it."""
    held = _held_figures(site)
    classes = _classes(text)
    return tuple(_numeral(match, text, classes, held) for match in _NUMERAL.finditer(text))


def _classes(text: str) -> dict[int, Class]:
    """What each character is part of, where it is part of something that is no figure."""
    classes: dict[int, Class] = {}
    for what, pattern in _NO_FIGURES:
        for match in pattern.finditer(text):
            for place in range(match.start(), match.end()):
                classes.setdefault(place, what)
    return classes


def _numeral(
    match: re.Match[str],
    text: str,
    classes: Mapping[int, Class],
    held: Mapping[Decimal, list[_Held]],
) -> Numeral:
    start, end = match.span()
    value = parse_mixed(match[0]) or Decimal(parse_han(match[0]) or 0)
    what = classes.get(start, Class.FIGURE)
    context = text[max(0, start - CONTEXT) : end + CONTEXT]
    holder = _best(held.get(value, ()), text, match.span()) if what is Class.FIGURE else ""
    return Numeral(
        line=text.count("\n", 0, start) + 1,
        column=start - (text.rfind("\n", 0, start) + 1) + 1,
        text=match[0],
        value=value,
        what=what,
        context=" ".join(context.split()),
        holder=holder,
    )


def _best(held: Iterable[_Held], text: str, span: tuple[int, int]) -> str:
    """The figure whose words are most like the surroundings; "" where none shares any."""
    scored = [(figure.likeness(text, *span), figure.name) for figure in held]
    score, name = max(scored, key=lambda pair: (pair[0], pair[1]), default=(0, ""))
    return name if score else ""


def _held_figures(site: Site) -> dict[Decimal, list[_Held]]:
    found: dict[Decimal, list[_Held]] = defaultdict(list)
    for record in site.archive:
        for value, held in _figures(record, site):
            found[value].append(held)
    return found


def _figures(record: Record, site: Site) -> Iterator[tuple[Decimal, _Held]]:
    own = list(leaves(record))
    texts = (leaf for leaf in own if isinstance(leaf.type, Text) and leaf.path in _ABOUT)
    about = _pairs("\n".join((site.title(record), *(leaf.value for leaf in texts))))
    for leaf in own:
        if isinstance(leaf.value, Figure) and leaf.value.value is not None:
            words = _words_beside(leaf, own) | _pairs(leaf.value.note)
            held = _Held(name=f"{record.ref}#{leaf.path}", own=words, about=about)
            yield leaf.value.value, held


def _words_beside(leaf: Leaf, others: Iterable[Leaf]) -> frozenset[str]:
    """The texts of the group that a figure stands in: its row, say."""
    parent = re.sub(r"\.[a-z_]+(?:\.[0-9]+)?$", "", leaf.path)
    beside = (
        other.value
        for other in others
        if isinstance(other.type, Text) and other.path.startswith(f"{parent}.")
    )
    return _pairs("\n".join(beside))


def _pairs(text: str) -> frozenset[str]:
    """Every two neighbouring characters of words: what two texts about one thing share."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"[ \n]", "", text))
    return frozenset(word[place : place + 2] for word in words for place in range(len(word) - 1))
