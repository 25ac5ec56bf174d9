"""Folds the texts of many documents at once, with the same result as `fold`, as code points.

A table contains what each character becomes; it is filled when a character first appears.
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
    """The searchable text of documents: all fields, the titles, and the keys of their names."""

    texts: Stream
    titles: Stream
    numbers: Stream


def streams(fields: Sequence[Sequence[str]], names: Sequence[Sequence[str]]) -> Streams:
    """The folded fields of documents, the title first, and the keys of their names."""
    points, closes = fold_fields([text for texts in fields for text in texts])
    counts = np.cumsum([len(texts) for texts in fields], dtype=np.int64)
    ends = closes[counts - 1] + 1
    starts = np.append(0, ends[:-1])
    titles = closes[np.append(0, counts[:-1])] + 1 - starts
    keys = ["\n".join(map(number_key, typed)) for typed in names]
    within = np.arange(int(titles.sum())) - np.repeat(np.cumsum(titles) - titles, titles)
    return Streams(
        texts=Stream(points=points, lengths=ends - starts),
        titles=Stream(points=points[np.repeat(starts, titles) + within], lengths=titles),
        numbers=Stream(points=_points(keys), lengths=_sizes(keys)),
    )


def fold_fields(fields: Sequence[str]) -> tuple[Points, Counts]:
    """The folded fields, each ended by `BOUNDARY`, and the places of the boundaries."""
    table = _table()
    points = _points(fields)
    widths = table.widths_of(points)
    ends = np.cumsum(_sizes(fields))
    marked = np.unique(np.searchsorted(ends, np.flatnonzero(widths & _JOINS), side="right"))
    if len(marked):
        # rare: fields with combining marks are folded one by one; a second folding changes nothing
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
    """What each character folds to: its first unit, the number of units, and all units if many."""

    def __init__(self) -> None:
        self._first = np.zeros(_POINTS, dtype=np.uint32)
        self._widths = np.full(_POINTS, _UNKNOWN, dtype=np.uint8)
        self._units: dict[int, Points] = {}

    def widths_of(self, points: Points) -> NDArray[np.uint8]:
        """The number of units of each character, plus `_JOINS` if one is a combining mark."""
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
        """The units of characters that `widths_of` has looked up, with boundaries at `closes`."""
        out = self._first[points]
        out[closes] = BOUNDARY
        if (widths == 1).all():
            return out
        out = np.repeat(out, widths)
        wide = np.flatnonzero(widths > 1)
        wide_points = points[wide]
        begins = (np.cumsum(widths, dtype=np.int64) - widths)[wide]
        for point in np.unique(wide_points).tolist():
            units = self._units[point]
            out[begins[wide_points == point][:, None] + np.arange(len(units))] = units
        return out


@cache
def _table() -> _Table:
    return _Table()
