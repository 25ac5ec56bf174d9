"""Folded texts of many documents as code points: what `fold` gives, for all of them at once.

A table holds what each character becomes; it fills as characters are met.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from generator.output.search.postings import BOUNDARY, Counts, Points, Stream
from generator.text.fold_table import SPACE, joins
from generator.text.normalize import FOLDS, fold, number_key

_BLANK = ord(SPACE)
_POINTS = 0x110000
_JOINS, _UNKNOWN = 0x80, 0xFF


class Streams(Struct, frozen=True, kw_only=True):
    """What can be found of documents: all fields, titles alone, and the keys of their numbers."""

    texts: Stream
    titles: Stream
    numbers: Stream


def streams(fields: Sequence[Sequence[str]], numbers: Sequence[Sequence[str]]) -> Streams:
    """The folded fields of documents, the title first, and the keys of their numbers."""
    points, closes = folded([text for held in fields for text in held])
    held = np.cumsum([len(held) for held in fields], dtype=np.int64)
    ends = closes[held - 1] + 1
    starts = np.append(0, ends[:-1])
    titles = closes[np.append(0, held[:-1])] + 1 - starts
    keys = ["".join(map(number_key, typed)) for typed in numbers]
    within = np.arange(int(titles.sum())) - np.repeat(np.cumsum(titles) - titles, titles)
    return Streams(
        texts=Stream(points=points, lengths=ends - starts),
        titles=Stream(points=points[np.repeat(starts, titles) + within], lengths=titles),
        numbers=Stream(points=_points(keys), lengths=_sizes(keys)),
    )


def folded(fields: Sequence[str]) -> tuple[Points, Counts]:
    """The folded fields, each closed by `BOUNDARY`, and the places of these."""
    table = _table()
    points = _points(fields)
    widths = table.widths_of(points)
    ends = np.cumsum(_sizes(fields))
    marked = np.unique(np.searchsorted(ends, np.flatnonzero(widths & _JOINS), side="right"))
    if len(marked):
        # rare; what is folded already stays as it is below
        fields = list(fields)
        for at in marked.tolist():
            fields[at] = fold(fields[at])
        points, ends = _points(fields), np.cumsum(_sizes(fields))
        widths = table.widths_of(points)
    out = table.folded(points, widths & np.uint8(_JOINS - 1), ends - 1)
    blank = out == _BLANK
    again = np.append(False, blank[1:] & blank[:-1])
    out = out[~again]
    return out, np.flatnonzero(out == BOUNDARY)


def _points(fields: Sequence[str]) -> Points:
    closed = "".join([f"{field}\n" for field in fields])
    return np.frombuffer(closed.encode("utf-32-le"), dtype=np.uint32)


def _sizes(fields: Sequence[str]) -> Counts:
    return np.array([len(field) + 1 for field in fields], dtype=np.int64)


class _Table:
    """What each character folds to: its first unit, how many units, and those of the wide."""

    def __init__(self) -> None:
        self._first = np.zeros(_POINTS, dtype=np.uint32)
        self._widths = np.full(_POINTS, _UNKNOWN, dtype=np.uint8)
        self._units: dict[int, Points] = {}

    def widths_of(self, points: Points) -> NDArray[np.uint8]:
        """How many units each character becomes; with `_JOINS` where marks are among them."""
        widths = self._widths[points]
        unknown = points[widths == _UNKNOWN]
        if not len(unknown):
            return widths
        for point in np.unique(unknown).tolist():
            self._learn(point)
        return self._widths[points]

    def _learn(self, point: int) -> None:
        units = FOLDS[point]
        self._first[point] = ord(units[0]) if units else 0
        self._widths[point] = len(units) | (0 if joins().joining.isdisjoint(units) else _JOINS)
        if len(units) > 1:
            self._units[point] = np.array(list(map(ord, units)), dtype=np.uint32)

    def folded(self, points: Points, widths: NDArray[np.uint8], closes: Counts) -> Points:
        """The units of characters that were looked up, with boundaries at the places given."""
        out = self._first[points]
        out[closes] = BOUNDARY
        if (widths == 1).all():
            return out
        out = np.repeat(out, widths)
        wide = np.flatnonzero(widths > 1)
        found = points[wide]
        begins = (np.cumsum(widths, dtype=np.int64) - widths)[wide]
        for point in np.unique(found).tolist():
            units = self._units[point]
            out[begins[found == point][:, None] + np.arange(len(units))] = units
        return out


@cache
def _table() -> _Table:
    return _Table()
