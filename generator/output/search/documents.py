"""What search knows of documents before an index is made: what they say, how they are cut.

The whole index needs only facts of each document: its digest, and the words it is counted by.
Texts are needed for the segments that must be made; `segments` makes them.  No numpy here, so
that planning an index that has not changed costs no import.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from msgspec import Struct

BLOCK = 8
"""Documents of a block of texts: what is fetched to show one hit."""
CHUNK = 4096
"""Documents of a block of columns, by which hits are counted and sorted."""
PART = 1024
"""Documents of a part of a segment: whole blocks of texts, and columns of whole parts."""
BASE, RADIX = 256, 8
FORMAT = 2
"""Counts the ways in which documents became files: another one makes every segment anew."""
Task = TypeVar("Task")
Done = TypeVar("Done")
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


PackedPart = tuple[
    tuple[tuple[bytes, ...], ...], tuple[bytes, ...], tuple[str, ...], tuple[bytes, ...]
]
"""A part of a segment as plain bytes and texts: lists, columns, addresses, blocks of texts."""


class Spread(Protocol):
    """What `map` does, here or in other processes: results in the order of the tasks."""

    def __call__(  # noqa: D102 -- the class says it
        self, work: Callable[[Task], Done], tasks: Iterable[Task], /
    ) -> Iterator[Done]: ...


class SearchFacts(NamedTuple):
    """What the whole index needs of a document; `key` is a digest of all that it shows."""

    key: bytes
    kind: str
    category: str
    agencies: tuple[str, ...]


class SearchDocument(Struct, frozen=True, kw_only=True):
    """What search knows of a page: how it is shown, counted and found."""

    address: str
    title: str
    day: date | None
    kind: str
    category: str
    agencies: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Everything of it that can be found, the title first."""
        return (self.title, *self.numbers, *self.agencies, *self.texts)

    @property
    def shown(self) -> list[object]:
        """Its fields as a block of texts holds them."""
        day = self.day.isoformat() if self.day else ""
        head = [self.address, self.title, day, self.kind, self.category]
        return [*head, self.agencies, self.numbers, self.texts]

    @property
    def facts(self) -> SearchFacts:
        """What the whole index needs of it."""
        return SearchFacts(
            key=hashlib.sha256(written(self.shown).encode()).digest(),
            kind=self.kind,
            category=self.category,
            agencies=self.agencies,
        )


def written(value: object) -> str:
    """A value as JSON without blanks."""
    return _WRITTEN.encode(value)


class SearchWords(Struct, frozen=True, kw_only=True):
    """The words that hits are counted by, each with its number.

    Numbers follow the words' first appearance: a new agency renumbers nothing that is older,
    and old segments stay.  Readers see words in the order of their counts.
    """

    kind: Mapping[str, int]
    category: Mapping[str, int]
    agency: Mapping[str, int]

    def row(self, document: SearchFacts | SearchDocument) -> tuple[int, ...]:
        """The numbers of a document: kind, category, agencies."""
        agencies = (self.agency[name] for name in document.agencies)
        return (self.kind[document.kind], self.category[document.category], *agencies)


def words_of(documents: Sequence[SearchFacts | SearchDocument]) -> SearchWords:
    """The words of all documents, which stand in order of publication."""
    return SearchWords(
        kind=_numbered(document.kind for document in documents),
        category=_numbered(document.category for document in documents),
        agency=_numbered(name for document in documents for name in document.agencies),
    )


def _numbered(words: Iterable[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(dict.fromkeys(words))}


class PlannedSegment(Struct, frozen=True, kw_only=True):
    """A run of documents that becomes one folder; the same key, the same files."""

    first: int
    documents: int
    key: str


class MadeSegment(Struct, frozen=True, kw_only=True):
    """Where the files of a segment stand (`search/<digest>/`), and how many of them are shards."""

    folder: str
    shards: int


def plan_segments(facts: Sequence[SearchFacts], words: SearchWords) -> tuple[PlannedSegment, ...]:
    """The segments of these documents, in their order.

    A key is a digest of the format, and of each document's key and words' numbers.
    """
    return tuple(
        PlannedSegment(first=first, documents=count, key=_key(facts[first : first + count], words))
        for first, count in segments(len(facts))
    )


def _key(facts: Sequence[SearchFacts], words: SearchWords) -> str:
    digest = hashlib.sha256(f"{FORMAT}\n".encode())
    for document in facts:
        digest.update(f"{document.key.hex()} {words.row(document)}\n".encode())
    return digest.hexdigest()


def segments(count: int) -> Iterator[tuple[int, int]]:
    """First document and size of each segment of so many documents, the largest first.

    A digit of the count in base eight (of 256s) is one segment; what is left is the last.
    """
    first, size = 0, BASE
    while size * RADIX <= count:
        size *= RADIX
    while size >= BASE:
        held = (count - first) // size * size
        if held:
            yield first, held
        first, size = first + held, size // RADIX
    if first < count:
        yield first, count - first
