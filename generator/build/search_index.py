"""Makes the search index of a site: reuses stored segments and makes new ones.

Worker processes make them while other stages run: a small segment in one task, a large one in
parts.  The cache has the parts of large segments, so that an edited record makes one part anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec import Struct

from generator.build.cache.store import combined_key
from generator.build.plan import Build
from generator.build.site_bundles import PlannedBundle
from generator.build.workers.batches import spread_of
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import (
    INDEX_RUN,
    PACKED_PART,
    SEGMENT,
    index_task,
)
from generator.build.workers.tuning import JOIN_ALONE, SEARCH_AHEAD, SEARCH_TURNS
from generator.content.model import Artifact
from generator.content.record import Record
from generator.output.fingerprint import worker_key
from generator.output.search.documents import (
    PART,
    MadeSegment,
    PlannedSegment,
    SearchWords,
    plan_segments,
    words_of,
)
from generator.output.search.index import (
    description,
    document,
    folds_artifact,
    found_records,
    table_artifact,
)

FOLDS = "folds"
PARTS = "parts"


class NewSegment(NamedTuple):
    """A segment in the making: its alphabet, and those of its parts that the cache has.

    Without an alphabet one task makes the whole segment.
    """

    alphabet: str | None
    stored: dict[int, bytes]


class Indexing(Struct, frozen=True, kw_only=True):
    """An index in the making: its words, all segments, the new ones.

    `answers` are those of the tasks for new segments, in order: the files of a segment without an
    alphabet, else the parts that the cache does not have.
    """

    words: SearchWords
    planned: tuple[PlannedSegment, ...]
    new: Mapping[PlannedSegment, NewSegment]
    answers: Iterator[bytes]


def begin_search(build: Build) -> Indexing:
    """Plans the index, reuses stored segments, and begins the tasks for the new ones."""
    records = found_records(build.site)
    bundles = [stored.bundle for stored in build.bundles.stored.values()]
    facts_by_ref = {ref: facts for b in bundles for ref, facts in b.search_facts.items()}
    facts = [facts_by_ref[record.ref] for record in records]
    words = words_of(facts)
    planned = plan_segments(facts, words)
    large = (segment for segment in planned if len(segment.parts) > 1)
    names = {_part_name(segment, at) for segment in large for at in range(len(segment.parts))}
    build.run.cache.keep_only(PARTS, names)
    stale = [s for s in planned if not build.bundles.reuse(_name(s), s.key.encode())]
    new = {segment: _new_segment(build, segment, records) for segment in stale}
    missing = [
        (segment, alphabet, number * PART)
        for segment, (alphabet, stored) in new.items()
        for number in range(len(segment.parts))
        if number not in stored
    ]
    payloads = (
        _index_run(build, records[at : min(at + PART, end)], place, words, alphabet)
        for segment, alphabet, place in missing
        for at, end in ((segment.first + place, segment.first + segment.documents),)
    )
    shared, tuning = shared_desk(build.desk), {"turns": SEARCH_TURNS, "ahead": SEARCH_AHEAD}
    answers = build.run.options.workers.map(index_task, shared, payloads, **tuning)
    return Indexing(words=words, planned=planned, new=new, answers=answers)


def _index_run(
    build: Build, records: Sequence[Record], first: int, words: SearchWords, alphabet: str | None
) -> bytes:
    """The payload for a run of records of a segment; with their texts if workers lack the cache."""
    folders = (
        () if build.run.options.workers.inherits else {record.folder: None for record in records}
    )
    late = {folder: build.desk.texts.packed(folder) for folder in folders}
    refs = tuple(record.ref for record in records)
    return INDEX_RUN.packed((refs, first, words, alphabet, late))


def search_bundles(build: Build, indexing: Indexing) -> Iterator[PlannedBundle]:
    """The new segments, the table of character folding, and last the table of all segments."""
    build.run.progress.stage("search", len(indexing.new))
    for segment in indexing.new:
        yield PlannedBundle(
            group="search",
            name=_name(segment),
            key=segment.key.encode,
            make=partial(_segment_files, build, segment, indexing),
        )
    yield PlannedBundle(group="search", name=FOLDS, key=bytes, make=lambda: (folds_artifact(),))
    yield PlannedBundle(group="search", name="search", make=partial(_table, build, indexing))


def _segment_files(build: Build, segment: PlannedSegment, indexing: Indexing) -> Iterator[Artifact]:
    """The files of a segment; waits for its tasks."""
    alphabet = indexing.new[segment].alphabet
    if alphabet is None:
        files = SEGMENT.unpacked(next(indexing.answers))
    else:
        from generator.output.search.segments import joined, unpacked_part  # noqa: PLC0415 -- loads numpy

        packed_parts = _packed_parts(build, segment, indexing, alphabet)
        parts = [unpacked_part(PACKED_PART.unpacked(packed)) for packed in packed_parts]
        workers = build.run.options.workers.over(segment.documents, JOIN_ALONE)
        files = joined(alphabet, parts, spread_of(workers))[1]
    for address, content in files.items():
        yield Artifact(address=address, content=content)


def _packed_parts(
    build: Build, segment: PlannedSegment, indexing: Indexing, alphabet: str
) -> Iterator[bytes]:
    """The parts of a segment in order, from the cache, or from tasks and then put there."""
    stored = indexing.new[segment].stored
    for number, key in enumerate(segment.parts):
        packed = stored.pop(number, None)  # each is dropped once it is unpacked
        if packed is None:
            packed, name = next(indexing.answers), _part_name(segment, number)
            build.run.cache.put(PARTS, name, _part_key(key, alphabet), packed)
        yield packed


def _table(build: Build, indexing: Indexing) -> Iterator[Artifact]:
    """The files that the search page loads first; all segments must be in the store."""
    segments = [(s.first, s.documents, _made_segment(build, s)) for s in indexing.planned]
    (folds,) = build.bundles.stored[FOLDS].bundle.files
    yield table_artifact(segments, indexing.words, folds)
    yield description(build.site)


def _new_segment(build: Build, segment: PlannedSegment, records: Sequence[Record]) -> NewSegment:
    """A new segment; it has an alphabet if it has several parts."""
    if len(segment.parts) == 1:
        return NewSegment(None, {})
    from generator.output.search.segments import alphabet_of, sampled  # noqa: PLC0415 -- loads numpy

    places = (segment.first + place for place in sampled(segment.documents))
    alphabet = alphabet_of([document(records[place], build.site) for place in places])
    stored = {
        number: packed
        for number, key in enumerate(segment.parts)
        for packed in (
            build.run.cache.get(PARTS, _part_name(segment, number), _part_key(key, alphabet)),
        )
        if packed is not None
    }
    return NewSegment(alphabet, stored)


def _part_name(segment: PlannedSegment, number: int) -> str:
    return str(segment.first + number * PART)


def _part_key(key: str, alphabet: str) -> bytes:
    return combined_key(worker_key(), key.encode(), alphabet.encode())


def _made_segment(build: Build, segment: PlannedSegment) -> MadeSegment:
    names = build.bundles.stored[_name(segment)].bundle.files
    folder = next(iter(names)).rpartition("/")[0]
    shards = sum(name.startswith(f"{folder}/p") for name in names)
    return MadeSegment(folder=f"{folder}/", shards=shards)


def _name(segment: PlannedSegment) -> str:
    return f"segment:{segment.key}"
