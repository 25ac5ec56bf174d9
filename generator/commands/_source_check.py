"""Finds for every numeral of a source text the record field that contains it.

Whoever copies a report by hand forgets some numbers.  This lists every numeral of the source,
distinguishes figures from dates, ordinals and names by their surroundings, and looks for each
figure among the records: the same value, and words in common with the sentence around it.
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
"""Characters on either side of a numeral that are its context."""

BESIDE = 16
"""Characters on either side that name what a numeral counts."""


_ABOUT = ("note", "summary", "progress")


class Numeral(Struct, frozen=True, kw_only=True):
    """A numeral of the source: its place (from 1), its class, and the field that has it."""

    line: int
    column: int
    text: str
    value: Decimal
    what: Class
    context: str
    holder: str = ""

    @property
    def forgotten(self) -> bool:
        """Whether it is a figure that no record has."""
        return self.what is Class.FIGURE and not self.holder


class _RecordFigure(Struct, frozen=True, kw_only=True):
    """A figure of a record: the words of its own row, and those of the record."""

    name: str
    own: frozenset[str]
    about: frozenset[str]

    def likeness(self, text: str, start: int, end: int) -> int:
        """How many pairs of characters its words share with a numeral's context.

        Pairs of its own row that are close to the numeral count four times.
        """
        beside = _pairs(text[max(0, start - BESIDE) : end + BESIDE])
        around = _pairs(text[max(0, start - CONTEXT) : end + CONTEXT])
        return 3 * len(self.own & beside) + len((self.own | self.about) & around)


def numerals_of(text: str, site: Site) -> tuple[Numeral, ...]:
    """Every numeral of a source text, in order, with the field that has it."""
    figures, whole = _figures_by_value(site), Origin(path="", text_line=1, text_column=1)
    return tuple(
        _numeral(mention, text, figures, whole.within(text, mention.start))
        for mention in mentions(text)
    )


def _numeral(
    mention: Mention, text: str, figures: Mapping[Decimal, list[_RecordFigure]], place: Origin
) -> Numeral:
    start, end, typed, value, what = mention
    context = text[max(0, start - CONTEXT) : end + CONTEXT]
    holder = _best(figures.get(value, ()), text, (start, end)) if what is Class.FIGURE else ""
    return Numeral(
        line=place.line,
        column=place.column,
        text=typed,
        value=value,
        what=what,
        context=" ".join(context.split()),
        holder=holder,
    )


def _best(candidates: Iterable[_RecordFigure], text: str, span: tuple[int, int]) -> str:
    """The name of the figure most like the context; "" if none has a word in common with it."""
    scored = [(figure.likeness(text, *span), figure.name) for figure in candidates]
    score, name = max(scored, key=lambda pair: (pair[0], pair[1]), default=(0, ""))
    return name if score else ""


def _figures_by_value(site: Site) -> dict[Decimal, list[_RecordFigure]]:
    by_value: dict[Decimal, list[_RecordFigure]] = defaultdict(list)
    for record in site.archive:
        for value, figure in _figures(record, site):
            by_value[value].append(figure)
    return by_value


def _figures(record: Record, site: Site) -> Iterator[tuple[Decimal, _RecordFigure]]:
    own = list(leaves(record))
    texts = (leaf for leaf in own if isinstance(leaf.type, Text) and leaf.path in _ABOUT)
    about = _pairs("\n".join((site.title(record), *(leaf.value for leaf in texts))))
    for leaf in own:
        if isinstance(leaf.value, Figure) and leaf.value.value is not None:
            words = _words_beside(leaf, own) | _pairs(leaf.value.note)
            name = f"{record.ref}#{leaf.path}"
            yield leaf.value.value, _RecordFigure(name=name, own=words, about=about)


def _words_beside(leaf: Leaf, others: Iterable[Leaf]) -> frozenset[str]:
    """The words of the group that contains a figure, such as its row."""
    parent = re.sub(r"\.[a-z_]+(?:\.[0-9]+)?$", "", leaf.path)
    beside = (
        other.value
        for other in others
        if isinstance(other.type, Text) and other.path.startswith(f"{parent}.")
    )
    return _pairs("\n".join(beside))


def _pairs(text: str) -> frozenset[str]:
    """All pairs of neighbouring characters in words; texts about the same thing share many."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"[ \n]", "", text))
    return frozenset(word[place : place + 2] for word in words for place in range(len(word) - 1))
