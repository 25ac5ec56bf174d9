"""Postings of character pairs, packed: which documents hold a pair, and where modulo eight.

A shard is a run of groups in order of the pair's hash.  A group is
  gap of the hash (varint), bytes of the list << 2 | has titles << 1 | has numbers (varint),
  the list, then, where there are any, bytes and list of titles and of numbers.
A list is documents in order: `0ddddppp` for a gap below 15 and one place, `1ddddddd` and a mask
of places for a gap below 127; the greatest gap says that the rest of it follows as a varint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
Octets = NDArray[np.uint8]
Counts = NDArray[np.int64]

BOUNDARY = "\n"
"""Stands between the fields of a document; no pair holds it."""
TEXT, TITLE, NUMBER = 0, 1, 2
_HASH_AT, _KIND_AT, _DOCUMENT_AT = np.uint64(32), np.uint64(30), np.uint64(8)
_MASK = 0xFF
"""A posting in 64 bits: 32 of the pair's hash, 2 of the kind, 22 of the document, 8 of places."""
_FACTOR = np.uint64(0x9E3779B1)
_WORD = np.uint64(0xFFFFFFFF)
_GAP_ONE, _GAP_MANY = 15, 127
SHARD_BYTES = 6000
MOST_BITS = 14
VARINT = 5
"""Bytes that the longest number takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A document's folded text: its fields parted by `BOUNDARY`, the title first."""

    text: str
    title: int
    number: str


def pack(streams: Sequence[Stream]) -> list[bytes]:
    """The shards of these documents, a power of two of them, each of some kilobytes."""
    parts = (
        _postings([stream.text for stream in streams], TEXT),
        _postings([stream.text[: stream.title] for stream in streams], TITLE),
        _postings([stream.number for stream in streams], NUMBER),
    )
    return _shards(np.sort(np.concatenate(parts)))


def _postings(texts: Sequence[str], kind: int) -> Numbers:
    """Every distinct pair of each text, sorted: hash, kind, document, mask of places."""
    joined = BOUNDARY.join(texts) + BOUNDARY
    points = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    documents = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    places = (np.arange(len(points)) - np.repeat(starts, lengths)).astype(np.uint64)
    first, second = points[:-1], points[1:]
    kept = (first != ord(BOUNDARY)) & (second != ord(BOUNDARY))
    pairs = _hash(first[kept], second[kept]) << _HASH_AT | np.uint64(kind) << _KIND_AT
    return _distinct(pairs | documents[:-1][kept] << _DOCUMENT_AT, places[:-1][kept])


def _distinct(pairs: Numbers, places: Numbers) -> Numbers:
    """Each pair once, with a bit for every place (modulo eight) at which it stands."""
    ranked = np.sort(pairs | places & np.uint64(7))
    pairs = ranked & ~np.uint64(_MASK)
    begins = np.flatnonzero(_changes(pairs))
    if not len(begins):
        return ranked
    bits = np.uint64(1) << (ranked & np.uint64(7))
    return pairs[begins] | np.bitwise_or.reduceat(bits, begins)


def _hash(first: Numbers, second: Numbers) -> Numbers:
    """32 bits of a pair; different pairs of the basic plane have different ones."""
    mixed = (_unit(first) << np.uint64(16) | _unit(second)) * _FACTOR & _WORD
    return mixed ^ (mixed >> np.uint64(15))


def _unit(points: Numbers) -> Numbers:
    return (points ^ (points >> np.uint64(16)) * np.uint64(0x9E37)) & np.uint64(0xFFFF)


def _shards(postings: Numbers) -> list[bytes]:
    hashes = postings >> _HASH_AT
    kinds = postings >> _KIND_AT & np.uint64(3)
    documents = postings >> _DOCUMENT_AT & np.uint64((1 << 22) - 1)
    masks = postings & np.uint64(_MASK)
    lists = np.flatnonzero(_changes(hashes, kinds))
    tokens, sizes = _tokens(documents, masks, lists)
    ends = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
    lengths = ends[np.append(lists[1:], len(hashes))] - ends[lists]
    groups = np.flatnonzero(_changes(hashes[lists]))
    bits = _bits(len(tokens) + 4 * len(groups))
    heads = hashes[lists][groups]
    shards = (heads >> np.uint64(32 - bits)).astype(np.int64)
    layout = _layout(kinds[lists], lengths, groups, _gaps(heads, shards, bits))
    data = _filled(layout, tokens, lengths)
    starts = np.append(layout.groups, len(data))[np.searchsorted(shards, np.arange(1 << bits))]
    packed = data.tobytes()
    return [packed[start:end] for start, end in pairwise([*starts.tolist(), len(data)])]


def _gaps(heads: Numbers, shards: Counts, bits: int) -> Counts:
    """From each group's hash to the next in its shard; a shard begins at nought."""
    rest = (heads & np.uint64((1 << (32 - bits)) - 1)).astype(np.int64)
    same = np.concatenate(([False], shards[1:] == shards[:-1]))
    before = np.concatenate((np.zeros(1, dtype=np.int64), rest[:-1]))
    return np.where(same, rest - before, rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where everything goes: a group's two numbers, each list's length (not a text's) and bytes."""

    groups: Counts
    gaps: Counts
    flags: Counts
    lists: Counts
    prefixed: NDArray[np.bool_]
    total: int


def _layout(kinds: Numbers, lengths: Counts, groups: Counts, gaps: Counts) -> _Layout:
    prefixed = kinds != TEXT
    flags = np.zeros(len(groups), dtype=np.int64)
    of_list = np.cumsum(_marked(groups, len(kinds))) - 1
    worth = np.select([kinds == TEXT, kinds == TITLE], [lengths << 2, np.full_like(lengths, 2)], 1)
    np.add.at(flags, of_list, worth)
    whole = lengths + np.where(prefixed, _sizes(lengths), 0)
    heads = _sizes(gaps) + _sizes(flags)
    within = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(whole)))
    before = np.cumsum(heads) - heads
    at_groups = before + within[groups]
    at_lists = within[:-1] + np.cumsum(heads)[of_list]
    total = int(within[-1] + heads.sum())
    return _Layout(
        groups=at_groups, gaps=gaps, flags=flags, lists=at_lists, prefixed=prefixed, total=total
    )


def _filled(layout: _Layout, tokens: Octets, lengths: Counts) -> Octets:
    out = np.zeros(layout.total, dtype=np.uint8)
    _put(out, layout.groups, layout.gaps)
    _put(out, layout.groups + _sizes(layout.gaps), layout.flags)
    _put(out, layout.lists[layout.prefixed], lengths[layout.prefixed])
    begins = layout.lists + np.where(layout.prefixed, _sizes(lengths), 0)
    sources = np.cumsum(lengths) - lengths
    out[np.repeat(begins - sources, lengths) + np.arange(len(tokens))] = tokens
    return out


def _marked(places: Counts, length: int) -> Counts:
    marks = np.zeros(length, dtype=np.int64)
    marks[places] = 1
    return marks


def _sizes(numbers: Counts) -> Counts:
    """How many bytes each number takes as a varint."""
    sizes = np.ones(len(numbers), dtype=np.int64)
    for step in range(1, VARINT):
        sizes += numbers >= 1 << (7 * step)
    return sizes


def _put(out: Octets, at: Counts, numbers: Counts) -> None:
    """Writes each number as a varint at its place: sevens of bits, the lowest first."""
    sizes = _sizes(numbers)
    for step in range(VARINT):
        chosen = sizes > step
        septets = numbers[chosen] >> (7 * step) & 0x7F
        out[at[chosen] + step] = septets | np.where(sizes[chosen] > step + 1, 0x80, 0)


def _changes(*columns: Numbers) -> NDArray[np.bool_]:
    changed = np.zeros(len(columns[0]), dtype=np.bool_)
    changed[:1] = True
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return changed


def _bits(total: int) -> int:
    return min(MOST_BITS, max(0, (max(1, total) // SHARD_BYTES).bit_length()))


def _tokens(documents: Numbers, masks: Numbers, lists: Counts) -> tuple[Octets, Counts]:
    """The bytes of every posting in order, and how many each takes."""
    gaps = documents.astype(np.int64)
    gaps[1:] -= documents[:-1].astype(np.int64)
    gaps[lists] = documents[lists].astype(np.int64)
    many = (masks & (masks - np.uint64(1))) != 0
    limit = np.where(many, _GAP_MANY, _GAP_ONE)
    short = np.minimum(gaps, limit)
    place = np.log2(np.where(many, 1, masks).astype(np.float64)).astype(np.int64)
    first = np.where(many, 0x80 | short, short << 3 | place)
    rest = gaps - limit
    longer = rest >= 0
    sizes = 1 + np.where(longer, _sizes(np.maximum(rest, 0)), 0) + many
    ends = np.cumsum(sizes)
    at = ends - sizes
    out = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    out[at] = first
    _put(out, at[longer] + 1, rest[longer])
    out[ends[many] - 1] = masks[many]
    return out, sizes
