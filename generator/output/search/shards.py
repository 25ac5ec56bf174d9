"""Makes a segment's shards: joins the lists of all parts and divides them by the pairs' hash.

A shard is a run of groups, sorted by hash.  A group is
  gap from the last hash (varint), bytes of the list << 2 | has titles << 1 | has numbers (varint),
  the list, then, if there are any, bytes and list of titles and of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from generator.output.search.postings import (
    HASH_AT,
    KIND_AT,
    RANGES,
    TEXT,
    TITLE,
    Counts,
    Lists,
    Octets,
    Postings,
    changes,
    documents_of,
    masks_of,
    put_varints,
    tokens_of,
    varint_sizes,
)

SHARD_BYTES = 6000
MOST_BITS = 14
_JOINED_AT_ONCE = 256
"""Shards that are made at the same time: a few megabytes."""


def bits_of(total: int) -> int:
    """The binary logarithm of the number of shards for `total` bytes: some kilobytes each."""
    return min(MOST_BITS, max(0, (max(1, total) // SHARD_BYTES).bit_length()))


def runs(bits: int) -> list[range]:
    """The ranges of hashes whose shards are made together."""
    count = max(1, min(RANGES, (1 << bits) // _JOINED_AT_ONCE))
    width = RANGES // count
    return [range(start, start + width) for start in range(0, RANGES, width)]


def shards(parts: Sequence[Lists], bits: int, run: range) -> list[bytes]:
    """The shards of a run of ranges, from the lists of all parts in it."""
    first, starts, tokens, lengths = _joined(parts)
    heads = first[starts]
    kinds = heads >> KIND_AT & np.uint64(3)
    groups = np.flatnonzero(changes(heads >> HASH_AT))
    hashes = heads[groups] >> HASH_AT
    numbers = (hashes >> np.uint64(32 - bits)).astype(np.int64)
    layout = _layout(kinds, lengths, groups, _gaps(hashes, numbers, bits))
    data = _filled(layout, tokens, lengths)
    targets = np.arange((run.start << bits) // RANGES, (run.stop << bits) // RANGES)
    begins = np.append(layout.groups, len(data))[np.searchsorted(numbers, targets)]
    packed = data.tobytes()
    return [packed[start:end] for start, end in pairwise([*begins.tolist(), len(data)])]


def _joined(parts: Sequence[Lists]) -> tuple[Postings, Counts, Octets, Counts]:
    """Joins the lists of all parts.

    Returns their first postings, the rows in which a list begins, the tokens, and each list's size.
    """
    first = np.concatenate([part.first for part in parts])
    order = np.argsort(first)
    first = first[order]
    starts = np.flatnonzero(changes(first >> KIND_AT))
    documents = documents_of(first)
    gaps = documents.copy()
    gaps[1:] -= np.concatenate([part.last for part in parts])[order][:-1]
    gaps[starts] = documents[starts]
    heads, sizes = tokens_of(gaps, masks_of(first))
    rests = np.concatenate([part.sizes for part in parts]).astype(np.int64)
    sources, rests = (np.cumsum(rests) - rests)[order], rests[order]
    ends = np.cumsum(sizes + rests)
    out = np.empty(len(heads) + int(rests.sum()), dtype=np.uint8)
    out[_places(ends - rests - sizes, sizes)] = heads
    tokens = np.concatenate([part.tokens for part in parts])
    out[_places(ends - rests, rests)] = tokens[_places(sources, rests)]
    return first, starts, out, np.diff(np.append(0, ends)[np.append(starts, len(first))])


def _places(begins: Counts, sizes: Counts) -> Counts:
    """Every place in runs with these beginnings and sizes."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(begins - before, sizes) + np.arange(int(sizes.sum()))


def _gaps(hashes: Postings, numbers: Counts, bits: int) -> Counts:
    """The gap from the previous group's hash, or for the first group from the shard's beginning."""
    rest = (hashes & np.uint64((1 << (32 - bits)) - 1)).astype(np.int64)
    gaps = rest.copy()
    gaps[1:] -= np.where(numbers[1:] == numbers[:-1], rest[:-1], 0)
    return gaps


class _Layout(Struct, frozen=True, kw_only=True):
    """The positions of everything in the output.

    `groups` is where a group begins with its `gaps` and `flags`, `lists` is where a list begins;
    a list that is `prefixed` begins with its length (those of texts have it in the flags).
    """

    groups: Counts
    gaps: Counts
    flags: Counts
    lists: Counts
    prefixed: NDArray[np.bool_]
    total: int


def _layout(kinds: Postings, lengths: Counts, groups: Counts, gaps: Counts) -> _Layout:
    prefixed = kinds != TEXT
    counts = np.diff(np.append(groups, len(kinds)))
    worth = np.where(prefixed, np.where(kinds == TITLE, 2, 1), lengths << 2)
    flags = np.diff(np.append(0, np.cumsum(worth))[np.append(groups, len(kinds))])
    whole = lengths + np.where(prefixed, varint_sizes(lengths), 0)
    heads = varint_sizes(gaps) + varint_sizes(flags)
    within = np.append(0, np.cumsum(whole))
    before = np.cumsum(heads) - heads
    return _Layout(
        groups=before + within[groups],
        gaps=gaps,
        flags=flags,
        lists=within[:-1] + np.repeat(before + heads, counts),
        prefixed=prefixed,
        total=int(within[-1] + heads.sum()),
    )


def _filled(layout: _Layout, tokens: Octets, lengths: Counts) -> Octets:
    out = np.zeros(layout.total, dtype=np.uint8)
    put_varints(out, layout.groups, layout.gaps)
    put_varints(out, layout.groups + varint_sizes(layout.gaps), layout.flags)
    put_varints(out, layout.lists[layout.prefixed], lengths[layout.prefixed])
    begins = layout.lists + np.where(layout.prefixed, varint_sizes(lengths), 0)
    out[_places(begins, lengths)] = tokens
    return out
