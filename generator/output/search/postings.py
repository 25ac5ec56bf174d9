"""Postings of character pairs: the documents that contain a pair, and its places modulo eight.

Documents come in parts: `lists` makes the sorted lists of one part, `shards` joins those of all.
A posting is 64 bits: 32 of the pair's hash, 2 of the kind, 22 of the document, 8 of places.
Its token is `0ddddppp` for a gap below 15 and one place, `1ddddddd` and a mask of places for a
gap below 127; the greatest value means that the rest of the gap follows as a varint.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Points = NDArray[np.uint32]
Postings = NDArray[np.uint64]
Octets = NDArray[np.uint8]
Counts = NDArray[np.int64]

BOUNDARY = ord("\n")
"""Ends every field of a document; no pair contains it."""
TEXT, TITLE, NUMBER = 0, 1, 2
HASH_AT, KIND_AT, DOCUMENT_AT = np.uint64(32), np.uint64(30), np.uint64(8)
RANGES = 64
"""Ranges of hashes, by their first six bits: lists are joined by range to bound memory."""
_RANGE_AT = np.uint64(58)
_DOCUMENT = np.uint64((1 << 22) - 1)
_PLACE, _PLACES = np.uint64(7), np.uint64(0xFF)
_FACTOR = np.uint32(0x9E3779B1)
_GAP_ONE, _GAP_MANY = 15, 127
VARINT = 5
"""Bytes of the longest varint."""


class Stream(Struct, frozen=True, kw_only=True):
    """Folded texts of documents as code points, and each one's length; each ends in `BOUNDARY`."""

    points: Points
    lengths: Counts


class Lists(Struct, frozen=True, kw_only=True):
    """The lists of a part's documents in a range of hashes, sorted by hash and kind.

    The columns have each list's first posting, its last document, and the size and bytes of all
    tokens but the first one, which depends on the previous part.
    """

    first: Postings
    last: Points
    sizes: Points
    tokens: Octets


def lists(streams: Sequence[Stream], first: int) -> list[Lists]:
    """The lists of texts, titles and numbers of documents from `first` on, a `Lists` per range."""
    postings = [_postings(stream, first, kind) for kind, stream in enumerate(streams)]
    ranked = _distinct(np.sort(np.concatenate(postings)))
    edges = np.arange(1, RANGES, dtype=np.uint64) << _RANGE_AT
    return [_lists(part) for part in np.split(ranked, np.searchsorted(ranked, edges))]


def _postings(stream: Stream, first: int, kind: int) -> Postings:
    """A posting for every pair, in text order; the place is still a number and not a mask."""
    lengths = stream.lengths
    numbers = np.arange(first, first + len(lengths), dtype=np.uint32) << np.uint32(8)
    shifts = -(np.cumsum(lengths) - lengths) & 7  # index + shift = place in the document, modulo 8
    low = np.repeat(numbers | shifts.astype(np.uint32), lengths)[:-1]
    places = low + np.arange(len(low), dtype=np.uint32) & np.uint32(7)
    low = low & ~np.uint32(7) | places
    hashes = _hashes(stream.points).astype(np.uint64) << HASH_AT
    ends = np.flatnonzero(stream.points == BOUNDARY)
    broken = np.append(ends[:-1], ends[ends > 0] - 1)
    return np.delete(hashes | np.uint64(kind) << KIND_AT | low, broken)


def _hashes(points: Points) -> Points:
    """A 32-bit hash of each pair; different pairs of the basic plane have different hashes."""
    units = (points ^ (points >> np.uint32(16)) * np.uint32(0x9E37)) & np.uint32(0xFFFF)
    mixed = (units[:-1] << np.uint32(16) | units[1:]) * _FACTOR
    return mixed ^ mixed >> np.uint32(15)


def _distinct(ranked: Postings) -> Postings:
    """Each pair of a document once, with a bit for each of its places modulo eight."""
    begins = np.flatnonzero(changes(ranked >> DOCUMENT_AT))
    if not len(begins):
        return ranked
    bits = np.uint8(1) << (ranked & _PLACE).astype(np.uint8)
    masks = np.bitwise_or.reduceat(bits, begins)
    return ranked[begins] & ~_PLACES | masks


def _lists(postings: Postings) -> Lists:
    begin = changes(postings >> KIND_AT)
    starts, rest = np.flatnonzero(begin), np.flatnonzero(~begin)
    documents = documents_of(postings)
    tokens, sizes = tokens_of(documents[rest] - documents[rest - 1], masks_of(postings[rest]))
    ends = np.append(0, np.cumsum(sizes))
    closes = np.append(starts[1:], len(postings))[: len(starts)]
    before = np.arange(len(starts))  # the first posting of a list has no token
    return Lists(
        first=postings[starts],
        last=documents[closes - 1].astype(np.uint32),
        sizes=(ends[closes - before - 1] - ends[starts - before]).astype(np.uint32),
        tokens=tokens,
    )


def changes(column: Postings) -> NDArray[np.bool_]:
    """True in the first row of a sorted column, and wherever it differs from the row before."""
    changed = np.ones(len(column), dtype=np.bool_)
    changed[1:] = column[1:] != column[:-1]
    return changed


def documents_of(postings: Postings) -> Counts:
    """The document of each posting."""
    return (postings >> DOCUMENT_AT & _DOCUMENT).astype(np.int64)


def masks_of(postings: Postings) -> Octets:
    """The mask of places of each posting."""
    return (postings & _PLACES).astype(np.uint8)


def tokens_of(gaps: Counts, masks: Octets) -> tuple[Octets, Counts]:
    """The tokens of postings with these gaps to the previous document, and each one's size."""
    many = masks & masks - np.uint8(1) != 0
    limit = np.where(many, _GAP_MANY, _GAP_ONE)
    short = np.minimum(gaps, limit)
    longer, last = np.flatnonzero(gaps >= limit), np.flatnonzero(many)
    rest = gaps[longer] - limit[longer]
    sizes = many + np.int64(1)
    sizes[longer] += varint_sizes(rest)
    ends = np.cumsum(sizes)
    out = np.zeros(int(sizes.sum()), dtype=np.uint8)
    out[ends - sizes] = np.where(many, 0x80 | short, short << 3 | _LOGARITHMS[masks])
    put_varints(out, (ends - sizes)[longer] + 1, rest)
    out[ends[last] - 1] = masks[last]
    return out, sizes


_LOGARITHMS = np.zeros(256, dtype=np.int64)
_LOGARITHMS[1 << np.arange(8)] = np.arange(8)


def varint_sizes(numbers: Counts) -> Counts:
    """How many bytes each number takes as a varint."""
    sizes = np.ones(len(numbers), dtype=np.int64)
    for step in range(1, VARINT):
        sizes += numbers >= 1 << (7 * step)
    return sizes


def put_varints(out: Octets, at: Counts, numbers: Counts) -> None:
    """Writes each number as a varint at its place: groups of seven bits, the lowest first."""
    sizes = varint_sizes(numbers)
    for step in range(VARINT):
        chosen = np.flatnonzero(sizes > step)
        if not len(chosen):
            return
        septets = numbers[chosen] >> (7 * step) & 0x7F
        out[at[chosen] + step] = septets | np.where(sizes[chosen] > step + 1, 0x80, 0)
