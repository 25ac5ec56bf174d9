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
from generator.text.normalize import MARKS, SPACE, composed, fold, number_key

_BLANK = ord(SPACE)
_POINTS = 0x110000
_MARKED = 0x80


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
    if (widths >= _MARKED).any():
        fields = [composed(field) for field in fields]
        points = _points(fields)
        widths = table.widths_of(points)
    out = table.folded(points, widths & np.uint8(_MARKED - 1), np.cumsum(_sizes(fields)) - 1)
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
        self._widths = np.zeros(_POINTS, dtype=np.uint8)
        self._units: dict[int, Points] = {}

    def widths_of(self, points: Points) -> NDArray[np.uint8]:
        """How many units each character becomes, `_MARKED` where it joins the one before."""
        widths = self._widths[points]
        unknown = points[widths == 0]
        if not len(unknown):
            return widths
        for point in np.unique(unknown).tolist():
            self._learn(point)
        return self._widths[points]

    def _learn(self, point: int) -> None:
        character = chr(point)
        units = fold(character)
        self._first[point] = ord(units[0])
        self._widths[point] = len(units) | (_MARKED if MARKS.match(character) else 0)
        if len(units) > 1:
            self._units[point] = np.array(list(map(ord, units)), dtype=np.uint32)

    def folded(self, points: Points, widths: NDArray[np.uint8], closes: Counts) -> Points:
        """The units of characters that were looked up, with boundaries at the places given."""
        out = self._first[points]
        out[closes] = BOUNDARY
        wide = np.flatnonzero(widths > 1)
        if not len(wide):
            return out
        out = np.repeat(out, widths)
        found = points[wide]
        begins = wide + np.cumsum(widths[wide] - np.int64(1)) - widths[wide] + 1
        for point in np.unique(found).tolist():
            units = self._units[point]
            out[begins[found == point][:, None] + np.arange(len(units))] = units
        return out


@cache
def _table() -> _Table:
    return _Table()
