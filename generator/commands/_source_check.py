"""Where the numerals of a source text went: each is held by a record's field, or is no figure.

Carrying a report over by hand forgets things.  This lists every numeral of the source, tells
dates, ordinals and names from figures by their surroundings, and looks for each figure among
the records: equal value, and words in common with the sentence around it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from generator.content.field_types import Leaf, Text
from generator.content.figure import Figure
from generator.content.model import Origin
from generator.content.record import Record, leaves
from generator.site.figures.mentions import Class, Mention, mentions
from generator.site.kind import Site

CONTEXT = 48
"""Characters on either side of a numeral that say what it is about."""

BESIDE = 16
"""Characters on either side that say what it counts."""


_ABOUT = ("note", "summary", "progress")


class Numeral(Struct, frozen=True, kw_only=True):
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


class _Held(Struct, frozen=True, kw_only=True):
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
    held, whole = _held_figures(site), Origin(path="", text_line=1, text_column=1)
    return tuple(
        _numeral(mention, text, held, whole.within(text, mention.start))
        for mention in mentions(text)
    )


def _numeral(
    mention: Mention, text: str, held: Mapping[Decimal, list[_Held]], place: Origin
) -> Numeral:
    start, end, typed, value, what = mention
    context = text[max(0, start - CONTEXT) : end + CONTEXT]
    holder = _best(held.get(value, ()), text, (start, end)) if what is Class.FIGURE else ""
    return Numeral(
        line=place.line,
        column=place.column,
        text=typed,
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
