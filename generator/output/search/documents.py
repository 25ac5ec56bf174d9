"""Plans the search index: the documents, their facts, and how they are divided into segments.

The plan needs only a few facts of each document: its digest, and the words it is counted by.
Module `segments` needs the texts, but only those of segments that must be made.  numpy is not
imported here, so that an unchanged index is planned quickly.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from msgspec import Struct

BLOCK = 8
"""Documents per block of texts; a block is fetched to show one hit."""
CHUNK = 4096
"""Documents per block of columns, by which hits are counted and sorted."""
PART = 1024
"""Documents per part of a segment; a multiple of `BLOCK`, and a divisor of `CHUNK`."""
BASE, RADIX = 256, 8
FORMAT = 3
"""The version of the file format; a new one makes every segment anew."""
Task = TypeVar("Task")
Done = TypeVar("Done")
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


PackedPart = tuple[
    tuple[tuple[bytes, ...], ...], tuple[bytes, ...], tuple[str, ...], tuple[bytes, ...]
]
"""A part of a segment as plain bytes and texts: lists, columns, addresses, blocks of texts."""


class Spread(Protocol):
    """Works like `map`, here or in other processes: results come in the order of the tasks."""

    def __call__(  # noqa: D102 -- the class says it
        self, work: Callable[[Task], Done], tasks: Iterable[Task], /
    ) -> Iterator[Done]: ...


class SearchFacts(NamedTuple):
    """The facts of a document that the plan needs; `key` is a digest of everything it shows."""

    key: bytes
    kind: str
    category: str
    agencies: tuple[str, ...]


class SearchCell(NamedTuple):
    """A figure of a page: the id of its cell, its label, and the number with its unit."""

    anchor: str
    label: str
    value: str


class SearchDocument(Struct, frozen=True, kw_only=True):
    """A page as search shows, counts and finds it.

    `english` is the title of its page in English, "" if there is none; `days` are its own days
    beside that of publication.
    """

    address: str
    title: str
    day: date | None
    kind: str
    category: str
    agencies: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    english: str = ""
    days: tuple[date, ...] = ()
    cells: tuple[SearchCell, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The texts in which it can be found, the title first."""
        cells = (f"{cell.label} {''.join(cell.value.split())}" for cell in self.cells)
        english = (self.english,) if self.english else ()
        return (self.title, *self.numbers, *self.agencies, *self.texts, *english, *cells)

    @property
    def names(self) -> tuple[str, ...]:
        """The words that name it, or a part of it, as a whole: numbers, days, labels and values."""
        days = (day.isoformat() for day in self.days)
        cells = (name for cell in self.cells for name in (cell.label, cell.value))
        return (*self.numbers, *days, *dict.fromkeys(cells))

    @property
    def shown(self) -> list[object]:
        """Its fields as a block of texts contains them; those that few have come last, if any."""
        day = self.day.isoformat() if self.day else ""
        head = [self.address, self.title, day, self.kind, self.category]
        days = [day.isoformat() for day in self.days]
        tail = [self.english, days, self.cells] if self.english or days or self.cells else []
        return [*head, self.agencies, self.numbers, self.texts, *tail]

    @property
    def facts(self) -> SearchFacts:
        """The facts that the plan needs."""
        return SearchFacts(
            key=hashlib.sha256(written(self.shown).encode()).digest(),
            kind=self.kind,
            category=self.category,
            agencies=self.agencies,
        )


def written(value: object) -> str:
    """A value as JSON without whitespace."""
    return _WRITTEN.encode(value)


class SearchWords(Struct, frozen=True, kw_only=True):
    """The words that hits are counted by, each with its number.

    Numbers follow the first appearance of a word, so that a new agency does not renumber others
    and old segments stay.  Readers see the words sorted by count.
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
    """A run of documents that becomes one folder; the same key, the same files.

    `parts` are the keys of its parts: with the same alphabet they give the same bytes.
    """

    first: int
    documents: int
    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        """A digest of the keys of its parts."""
        return hashlib.sha256("\n".join(self.parts).encode()).hexdigest()


class MadeSegment(Struct, frozen=True, kw_only=True):
    """The folder of a segment (`search/<digest>/`), and how many of its files are shards."""

    folder: str
    shards: int


def plan_segments(facts: Sequence[SearchFacts], words: SearchWords) -> tuple[PlannedSegment, ...]:
    """The segments of these documents, in order.

    The key of a part is a digest of the format, of the part's place in its segment, and of each
    document's key and word numbers.
    """
    return tuple(
        PlannedSegment(
            first=first,
            documents=count,
            parts=tuple(
                _part_key(place, facts[first + place : first + min(place + PART, count)], words)
                for place in range(0, count, PART)
            ),
        )
        for first, count in segments(len(facts))
    )


def _part_key(place: int, facts: Sequence[SearchFacts], words: SearchWords) -> str:
    digest = hashlib.sha256(f"{FORMAT} {place}\n".encode())
    for document in facts:
        digest.update(f"{document.key.hex()} {words.row(document)}\n".encode())
    return digest.hexdigest()


def segments(count: int) -> Iterator[tuple[int, int]]:
    """The first document and the size of each segment of `count` documents, the largest first.

    Each digit of `count` in base eight, in units of 256, is one segment; the rest is the last.
    """
    first, size = 0, BASE
    while size * RADIX <= count:
        size *= RADIX
    while size >= BASE:
        covered = (count - first) // size * size
        if covered:
            yield first, covered
        first, size = first + covered, size // RADIX
    if first < count:
        yield first, count - first
