"""The files of a segment, made of its documents in parts that know nothing of each other.

A part is folded, counted, and its texts are packed; then the lists of all parts are joined, a
run of hashes at a time.  Both are plain functions of values that can be sent to other
processes: `segment_files` asks for them through whatever maps.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

import numpy as np
from msgspec import Struct

from generator.output.search.alphabet import encoded, ranked
from generator.output.search.documents import (
    BLOCK,
    CHUNK,
    PART,
    MadeSegment,
    PackedPart,
    SearchDocument,
    SearchWords,
    Spread,
    written,
)
from generator.output.search.postings import Lists, lists
from generator.output.search.shards import bits_of, runs, shards
from generator.output.search.streams import Streams, streams
from generator.release.search_names import FOLDER, segment_name

SAMPLE, RUN = 512, 16
"""Documents whose texts say which characters of a segment are common, and how many in a row."""
EPOCH = date(1895, 1, 1)
LONGEST = 255


class PartTask(Struct, frozen=True, kw_only=True):
    """Documents of a segment from its `first` on, and what they share with the others."""

    documents: Sequence[SearchDocument]
    first: int
    words: SearchWords
    alphabet: str


class Part(Struct, frozen=True, kw_only=True):
    """What documents give: lists by range of hashes, columns, addresses, blocks of texts."""

    lists: Sequence[Lists]
    columns: Sequence[bytes]
    addresses: Sequence[str]
    texts: Sequence[bytes]


class JoinTask(Struct, frozen=True, kw_only=True):
    """The lists of all parts in a run of ranges, and how many bits of a hash name a shard."""

    lists: Sequence[Lists]
    bits: int
    run: range


def segment_files(
    documents: Sequence[SearchDocument], words: SearchWords, spread: Spread = map
) -> tuple[MadeSegment, dict[str, bytes]]:
    """Where a segment of these documents stands, and its files by their address.

    The same documents and numbers of their words give the same bytes, whatever the spread.
    """
    alphabet = alphabet_of([documents[place] for place in sampled(len(documents))])
    return joined(alphabet, list(spread(make_part, _tasks(documents, words, alphabet))), spread)


def sampled(count: int) -> list[int]:
    """The places of documents that say which characters a segment of so many has most of.

    They stand in runs, since neighbours are read together.
    """
    step = -(-count // SAMPLE)
    starts = range(0, count, RUN * step)
    return [place for start in starts for place in range(start, min(start + RUN, count))]


def alphabet_of(documents: Sequence[SearchDocument]) -> str:
    """The alphabet of a segment, from some of its documents."""
    return ranked("".join(_blocks(documents)))


def joined(
    alphabet: str, parts: list[Part], spread: Spread = map
) -> tuple[MadeSegment, dict[str, bytes]]:
    """A segment of its parts, which are taken out of the list: where it stands, and its files."""
    joins = spread(join_lists, _joins([part.lists for part in parts]))
    files = {"a.bin": _deflated(alphabet.encode("utf-16-le"))}
    files |= _numbered("t", [block for part in parts for block in part.texts])
    files |= _described(parts)
    parts.clear()  # the lists travel on by themselves
    packed = _numbered("p", [shard for run in joins for shard in run])
    files |= packed
    name = segment_name({name: partial(bytes, content) for name, content in files.items()})
    folder = f"{FOLDER}{name}/"
    made = MadeSegment(folder=folder, shards=len(packed))
    return made, {folder + name: content for name, content in files.items()}


def _described(parts: Sequence[Part]) -> dict[str, bytes]:
    """Columns and addresses of all documents, some parts together."""
    files: dict[str, bytes] = {}
    width = CHUNK // PART
    for number, start in enumerate(range(0, len(parts), width)):
        held = parts[start : start + width]
        columns = zip(*(part.columns for part in held), strict=True)
        addresses = "\n".join(address for part in held for address in part.addresses)
        files[f"c{number:x}.bin"] = _deflated(b"".join(map(b"".join, columns)))
        files[f"u{number:x}.bin"] = _deflated(addresses.encode())
    return files


def _tasks(
    documents: Sequence[SearchDocument], words: SearchWords, alphabet: str
) -> Iterator[PartTask]:
    for first in range(0, len(documents), PART):
        held = documents[first : first + PART]
        yield PartTask(documents=held, first=first, words=words, alphabet=alphabet)


def make_part(task: PartTask) -> Part:
    """The part of a segment that some of its documents are."""
    documents = task.documents
    found = streams([one.fields for one in documents], [one.numbers for one in documents])
    return Part(
        lists=lists((found.texts, found.titles, found.numbers), task.first),
        columns=_columns(documents, found, task.words),
        addresses=[one.address for one in documents],
        texts=[_deflated(text) for text in encoded(_blocks(documents), task.alphabet)],
    )


def _blocks(documents: Sequence[SearchDocument]) -> list[str]:
    starts = range(0, len(documents), BLOCK)
    return [written([one.shown for one in documents[at : at + BLOCK]]) for at in starts]


def _columns(
    documents: Sequence[SearchDocument], found: Streams, words: SearchWords
) -> tuple[bytes, ...]:
    """Kind, category, day, length of title and text, how many agencies, which."""
    count = len(documents)
    rows = [words.row(one) for one in documents]
    days = [(one.day - EPOCH).days if one.day else 0 for one in documents]
    titles = [length - 1 for length in found.titles.lengths.tolist()]
    sizes = [(length - 1).bit_length() for length in found.texts.lengths.tolist()]
    flat = [number for row in rows for number in row[2:]]
    return (
        bytes(row[0] for row in rows),
        struct.pack(f"<{count}H", *(row[1] for row in rows)),
        struct.pack(f"<{count}H", *days),
        bytes(min(length, LONGEST) for length in titles),
        bytes(sizes),
        bytes(len(row) - 2 for row in rows),
        struct.pack(f"<{len(flat)}H", *flat),
    )


def packed_part(part: Part) -> PackedPart:
    """A part as plain bytes and texts, for a task to give back."""
    lists = tuple(
        tuple(column.tobytes() for column in (one.first, one.last, one.sizes, one.tokens))
        for one in part.lists
    )
    return lists, tuple(part.columns), tuple(part.addresses), tuple(part.texts)


def unpacked_part(held: PackedPart) -> Part:
    """The part again."""
    lists, columns, addresses, texts = held
    kinds = (np.uint64, np.uint32, np.uint32, np.uint8)
    arrays = [map(np.frombuffer, one, kinds) for one in lists]
    return Part(
        lists=[
            Lists(first=first, last=last, sizes=sizes, tokens=tokens)
            for first, last, sizes, tokens in arrays
        ],
        columns=columns,
        addresses=addresses,
        texts=texts,
    )


def _joins(parts: list[Sequence[Lists]]) -> Iterator[JoinTask]:
    """A task a run of ranges; each leaves memory once it is done."""
    held = [found for part in parts for found in part]
    bits = bits_of(sum(len(found.tokens) + 4 * len(found.first) for found in held))
    tasks = [
        JoinTask(lists=[part[at] for part in parts for at in run], bits=bits, run=run)
        for run in reversed(runs(bits))
    ]
    del held, parts
    while tasks:
        yield tasks.pop()


def join_lists(task: JoinTask) -> list[bytes]:
    """The shards of a run of ranges, deflated: too even for anything but Huffman's code."""
    made = shards(task.lists, task.bits, task.run)
    return [_deflated(shard, zlib.Z_HUFFMAN_ONLY) for shard in made]


def _deflated(content: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, strategy=strategy)
    return packer.compress(content) + packer.flush()


def _numbered(letter: str, contents: Iterable[bytes]) -> dict[str, bytes]:
    return {f"{letter}{number:x}.bin": content for number, content in enumerate(contents)}
