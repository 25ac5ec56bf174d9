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

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
Octets = NDArray[np.uint8]

BOUNDARY = "\n"
"""Stands between the fields of a document; no pair holds it."""
TEXT, TITLE, NUMBER = 0, 1, 2
_FACTOR = np.uint64(0x9E3779B1)
_WORD = np.uint64(0xFFFFFFFF)
_GAP_ONE, _GAP_MANY = 15, 127
SHARD_BYTES = 2400
MOST_BITS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A document's folded text: its fields parted by `BOUNDARY`, the title first."""

    text: str
    title: int
    number: str


def pack(streams: Sequence[Stream]) -> list[bytes]:
    """The shards of these documents, a power of two of them, each some 2,400 bytes."""
    parts = [
        _pairs([stream.text for stream in streams], TEXT),
        _pairs([stream.text[: stream.title] for stream in streams], TITLE),
        _pairs([stream.number for stream in streams], NUMBER),
    ]
    hashes, kinds, documents, masks = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.argsort((hashes << np.uint64(2) | kinds) << np.uint64(26) | documents)
    return _shards(hashes[order], kinds[order], documents[order], masks[order])


def _pairs(texts: Sequence[str], kind: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Hash, kind, document and mask of places of every distinct pair in each text."""
    joined = BOUNDARY.join(texts) + BOUNDARY
    points = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)[:-1]))
    documents = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    places = np.arange(len(points), dtype=np.int64) - np.repeat(starts, lengths)
    first, second = points[:-1], points[1:]
    kept = (first != ord(BOUNDARY)) & (second != ord(BOUNDARY))
    hashes = _hash(first[kept], second[kept])
    return _distinct(hashes, documents[:-1][kept], places[:-1][kept], kind)


def _hash(first: Numbers, second: Numbers) -> Numbers:
    """32 bits of a pair; different pairs of the basic plane have different ones."""
    mixed = (_unit(first) << np.uint64(16) | _unit(second)) * _FACTOR & _WORD
    return mixed ^ (mixed >> np.uint64(15))


def _unit(points: Numbers) -> Numbers:
    return (points ^ (points >> np.uint64(16)) * np.uint64(0x9E37)) & np.uint64(0xFFFF)


def _distinct(
    hashes: Numbers, documents: Numbers, places: NDArray[np.int64], kind: int
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    if not len(hashes):
        empty = np.zeros(0, dtype=np.uint64)
        return empty, empty, empty, empty
    joined = hashes << np.uint64(26) | documents
    order = np.argsort(joined, kind="stable")
    joined = joined[order]
    bits = np.uint64(1) << (places[order] & 7).astype(np.uint64)
    begins = np.flatnonzero(np.concatenate(([True], joined[1:] != joined[:-1])))
    masks = np.bitwise_or.reduceat(bits, begins)
    found = joined[begins]
    kinds = np.full(len(found), kind, dtype=np.uint64)
    return found >> np.uint64(26), kinds, found & np.uint64((1 << 26) - 1), masks


def _shards(hashes: Numbers, kinds: Numbers, documents: Numbers, masks: Numbers) -> list[bytes]:
    lists = np.flatnonzero(_changes(hashes, kinds))
    groups = np.flatnonzero(_changes(hashes))
    tokens, sizes = _tokens(documents, masks, lists)
    token_ends = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
    list_bytes = token_ends[np.append(lists[1:], len(hashes))] - token_ends[lists]
    bits = _bits(int(token_ends[-1]) + 4 * len(groups))
    parts: list[list[bytes]] = [[] for _ in range(1 << bits)]
    shift, last = 32 - bits, [0] * (1 << bits)
    of_group = np.searchsorted(lists, groups)
    bounds = [*of_group.tolist(), len(lists)]
    data, ends = tokens.tobytes(), token_ends.tolist()
    list_kinds, list_at = kinds[lists].tolist(), [*lists.tolist(), len(hashes)]
    held_bytes = list_bytes.tolist()
    for index, hash_ in enumerate(hashes[groups].tolist()):
        shard, rest = hash_ >> shift, hash_ & ((1 << shift) - 1)
        held: list[bytes] = [b"", b"", b""]
        for row in range(bounds[index], bounds[index + 1]):
            begin = ends[list_at[row]]
            held[list_kinds[row]] = data[begin : begin + held_bytes[row]]
        text, title, number = held
        flags = len(text) << 2 | bool(title) << 1 | bool(number)
        head = varint(rest - last[shard]) + varint(flags)
        last[shard] = rest
        for more in (title, number):
            text += varint(len(more)) + more if more else b""
        parts[shard].append(head + text)
    return [b"".join(part) for part in parts]


def _changes(*columns: Numbers) -> NDArray[np.bool_]:
    changed = np.zeros(len(columns[0]), dtype=np.bool_)
    changed[:1] = True
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return changed


def _bits(total: int) -> int:
    return min(MOST_BITS, max(0, (max(1, total) // SHARD_BYTES).bit_length()))


def _tokens(
    documents: Numbers, masks: Numbers, lists: NDArray[np.int64]
) -> tuple[Octets, NDArray[np.int64]]:
    """The bytes of every posting in order, and how many each takes."""
    gaps = documents.astype(np.int64)
    gaps[1:] -= documents[:-1].astype(np.int64)
    gaps[lists] = documents[lists].astype(np.int64)
    many = (masks & (masks - np.uint64(1))) != 0
    limit = np.where(many, _GAP_MANY, _GAP_ONE)
    short = np.minimum(gaps, limit)
    place = np.log2(np.where(many, 1, masks).astype(np.float64)).astype(np.int64)
    first = np.where(many, 0x80 | short, short << 3 | place)
    rest = np.where(gaps >= limit, gaps - limit, -1)
    more = (rest >= 0).astype(np.int64) + (rest >= 1 << 7) + (rest >= 1 << 14) + (rest >= 1 << 21)
    sizes = 1 + more + many
    ends = np.cumsum(sizes)
    at = ends - sizes
    out = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    out[at] = first
    for step in range(4):
        chosen = more > step
        septet = (rest[chosen] >> (7 * step)) & 0x7F
        out[at[chosen] + 1 + step] = septet | np.where(more[chosen] > step + 1, 0x80, 0)
    out[ends[many] - 1] = masks[many]
    return out, sizes


def varint(number: int) -> bytes:
    """A number in sevens of bits, the lowest first."""
    octets = bytearray()
    while number > 0x7F:  # noqa: PLR2004 -- seven bits
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    octets.append(number)
    return bytes(octets)
