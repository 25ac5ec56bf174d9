"""Makes the files of a segment in two steps: independent parts, then the joined lists.

A part folds its documents, lists their pairs and compresses their texts.  Then the lists of all
parts are joined, one run of hash ranges at a time.  Both steps are pure functions of serializable
values, so that a `Spread` can run them in other processes.
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
"""The number of documents that the alphabet is made from, and how many of them in a row."""
EPOCH = date(1895, 1, 1)
LONGEST = 255


class PartTask(Struct, frozen=True, kw_only=True):
    """Documents of a segment, from number `first` on, and the words and alphabet of all."""

    documents: Sequence[SearchDocument]
    first: int
    words: SearchWords
    alphabet: str


class Part(Struct, frozen=True, kw_only=True):
    """The result of a part: lists by hash range, columns, addresses, blocks of texts."""

    lists: Sequence[Lists]
    columns: Sequence[bytes]
    addresses: Sequence[str]
    texts: Sequence[bytes]


class JoinTask(Struct, frozen=True, kw_only=True):
    """The lists of all parts in a run of ranges; `bits` of a hash select a shard."""

    lists: Sequence[Lists]
    bits: int
    run: range


def segment_files(
    documents: Sequence[SearchDocument], words: SearchWords, spread: Spread = map
) -> tuple[MadeSegment, dict[str, bytes]]:
    """The segment of these documents, and its files by address.

    The same documents and word numbers give the same bytes, whatever the spread.
    """
    alphabet = alphabet_of([documents[place] for place in sampled(len(documents))])
    tasks = (
        PartTask(
            documents=documents[first : first + PART], first=first, words=words, alphabet=alphabet
        )
        for first in range(0, len(documents), PART)
    )
    return joined(alphabet, list(spread(make_part, tasks)), spread)


def sampled(count: int) -> list[int]:
    """The places of the documents that a segment's alphabet is made from.

    They come in runs, because neighbouring documents can be read together.
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
    """A segment and its files, from its parts; empties the list of parts to free memory."""
    joins = spread(join_lists, _joins([part.lists for part in parts]))
    files = {"a.bin": _deflated(alphabet.encode("utf-16-le"))}
    files |= _numbered("t", [block for part in parts for block in part.texts])
    files |= _described(parts)
    parts.clear()  # `joins` still refers to the lists, until each is joined
    packed = _numbered("p", [shard for run in joins for shard in run])
    files |= packed
    name = segment_name({name: partial(bytes, content) for name, content in files.items()})
    folder = f"{FOLDER}{name}/"
    segment = MadeSegment(folder=folder, shards=len(packed))
    return segment, {folder + name: content for name, content in files.items()}


def _described(parts: Sequence[Part]) -> dict[str, bytes]:
    """Files with the columns and the addresses of all documents, `CHUNK` documents per file."""
    files: dict[str, bytes] = {}
    width = CHUNK // PART
    for number, start in enumerate(range(0, len(parts), width)):
        group = parts[start : start + width]
        columns = zip(*(part.columns for part in group), strict=True)
        addresses = "\n".join(address for part in group for address in part.addresses)
        files[f"c{number:x}.bin"] = _deflated(b"".join(map(b"".join, columns)))
        files[f"u{number:x}.bin"] = _deflated(addresses.encode())
    return files


def make_part(task: PartTask) -> Part:
    """The part of a segment that the task's documents make."""
    documents = task.documents
    folded = streams([each.fields for each in documents], [each.names for each in documents])
    return Part(
        lists=lists((folded.texts, folded.titles, folded.numbers), task.first),
        columns=_columns(documents, folded, task.words),
        addresses=[document.address for document in documents],
        texts=[_deflated(text) for text in encoded(_blocks(documents), task.alphabet)],
    )


def _blocks(documents: Sequence[SearchDocument]) -> list[str]:
    starts = range(0, len(documents), BLOCK)
    return [written([document.shown for document in documents[at : at + BLOCK]]) for at in starts]


def _columns(
    documents: Sequence[SearchDocument], folded: Streams, words: SearchWords
) -> tuple[bytes, ...]:
    """The columns: kind, category, day, title length, text length, agency count, agencies.

    A text's length is given by its number of bits, that of a title up to `LONGEST`.
    """
    count = len(documents)
    rows = [words.row(document) for document in documents]
    days = [(document.day - EPOCH).days if document.day else 0 for document in documents]
    titles = [length - 1 for length in folded.titles.lengths.tolist()]
    sizes = [(length - 1).bit_length() for length in folded.texts.lengths.tolist()]
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
    """A part as plain bytes and texts, to be sent between processes."""
    columns = ((each.first, each.last, each.sizes, each.tokens) for each in part.lists)
    lists = tuple(tuple(column.tobytes() for column in of_range) for of_range in columns)
    return lists, tuple(part.columns), tuple(part.addresses), tuple(part.texts)


def unpacked_part(packed: PackedPart) -> Part:
    """The part that `packed_part` packed."""
    lists, columns, addresses, texts = packed
    kinds = (np.uint64, np.uint32, np.uint32, np.uint8)
    arrays = [map(np.frombuffer, of_range, kinds) for of_range in lists]
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
    """A task per run of ranges; the lists of a task can be freed once it is done."""
    bits = bits_of(sum(len(each.tokens) + 4 * len(each.first) for part in parts for each in part))
    tasks = [
        JoinTask(lists=[part[at] for part in parts for at in run], bits=bits, run=run)
        for run in reversed(runs(bits))
    ]
    del parts  # only the tasks refer to the lists now
    while tasks:
        yield tasks.pop()


def join_lists(task: JoinTask) -> list[bytes]:
    """The shards of a run of ranges, compressed by Huffman's code only: they hold no repetition."""
    return [
        _deflated(shard, zlib.Z_HUFFMAN_ONLY) for shard in shards(task.lists, task.bits, task.run)
    ]


def _deflated(content: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, strategy=strategy)
    return packer.compress(content) + packer.flush()


def _numbered(letter: str, contents: Iterable[bytes]) -> dict[str, bytes]:
    return {f"{letter}{number:x}.bin": content for number, content in enumerate(contents)}
