"""The search index of a site: segments that stand, and those that are made anew.

They are made by processes that know the archive, beside other stages: a small one as a whole, a
large one in parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from generator.build.bundles.reuse import plain
from generator.build.folders import Making
from generator.build.site_files import Files, join_made
from generator.build.workers.batches import spread_of
from generator.build.workers.memory import give_back
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import (
    INDEX_RUN,
    PACKED_PART,
    SEGMENT,
    index_task,
)
from generator.build.workers.tuning import JOIN_ALONE, SEARCH_AHEAD, SEARCH_TURNS
from generator.content.record import Record
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
from generator.site.kind import Site

FOLDS = "folds"


class Indexing(Struct, frozen=True, kw_only=True):
    """The search index that is being made: its words, its segments, what waits for new ones."""

    words: SearchWords
    planned: tuple[PlannedSegment, ...]
    begun: tuple[BegunSegment, ...]


class BegunSegment(Struct, frozen=True, kw_only=True):
    """A new segment: what its tasks give, of one alone the files, of several the parts.

    The answers are those of all new segments, to be taken in their order.
    """

    planned: PlannedSegment
    alphabet: str | None
    answers: Iterator[bytes]


def begin_search(making: Making) -> Indexing:
    """Segments that are known already are kept, and those that are new are begun."""
    printing, records = making.printing, found_records(making.site)
    bundles = [kept.bundle for kept in printing.kept.values()]
    known = {ref: facts for bundle in bundles for ref, facts in bundle.found.items()}
    facts = [known[record.ref] for record in records]
    words = words_of(facts)
    planned = plan_segments(facts, words)
    stale = [s for s in planned if not printing.reuse(_name(s), s.key.encode())]
    alphabets = [_alphabet(making.site, segment, records) for segment in stale]
    runs = (
        (held, at - segment.first, words, alphabet)
        for segment, alphabet in zip(stale, alphabets, strict=True)
        for at, held in _runs(segment, records)
    )
    # goes on beside what follows
    answers = making.workers.map(
        index_task,
        shared_desk(making.desk),
        (_index_run(making, *run) for run in runs),
        turns=SEARCH_TURNS,
        ahead=SEARCH_AHEAD,
    )
    begun = tuple(
        BegunSegment(planned=segment, alphabet=alphabet, answers=answers)
        for segment, alphabet in zip(stale, alphabets, strict=True)
    )
    return Indexing(words=words, planned=planned, begun=begun)


def _index_run(
    making: Making, records: Sequence[Record], first: int, words: SearchWords, alphabet: str | None
) -> bytes:
    """A run of a segment as a task gets it, with the texts that it cannot have elsewhere."""
    folders = () if making.workers.inherits else {record.folder: None for record in records}
    late = {folder: making.desk.texts.packed(folder) for folder in folders}
    refs = tuple(record.ref for record in records)
    return INDEX_RUN.packed((refs, first, words, alphabet, late))


def _files(making: Making, begun: BegunSegment) -> Files:
    """The files of a segment, once its tasks have been done."""
    if begun.alphabet is None:
        return SEGMENT.unpacked(next(begun.answers))
    from generator.output.search.segments import joined, unpacked_part  # noqa: PLC0415 -- loads numpy

    count = -(-begun.planned.documents // PART)
    answers = islice(begun.answers, count)
    parts = [unpacked_part(PACKED_PART.unpacked(answer)) for answer in answers]
    workers = making.workers.over(begun.planned.documents, JOIN_ALONE)
    return joined(begun.alphabet, parts, spread_of(workers))[1]


def _alphabet(site: Site, segment: PlannedSegment, records: Sequence[Record]) -> str | None:
    """The alphabet of a segment in parts; one that a single task makes finds its own."""
    if segment.documents <= PART:
        return None
    from generator.output.search.segments import alphabet_of, sampled  # noqa: PLC0415 -- loads numpy

    places = (segment.first + place for place in sampled(segment.documents))
    return alphabet_of([document(records[place], site) for place in places])


def _runs(
    segment: PlannedSegment, records: Sequence[Record]
) -> Iterator[tuple[int, Sequence[Record]]]:
    end = segment.first + segment.documents
    for at in range(segment.first, end, PART):
        yield at, records[at : min(at + PART, end)]


def join_search(making: Making, indexing: Indexing) -> None:
    """The search index: segments that are known already, and those that are new."""
    making.progress.stage("search", sum(one.planned.documents for one in indexing.begun))
    printing = making.printing
    for one in indexing.begun:
        bundle = plain(_files(making, one))
        printing.keep(_name(one.planned), one.planned.key.encode(), bundle)
        del bundle  # with its parts a hundred megabytes, before as much again is made
        give_back()
        making.progress.step(one.planned.documents)
    made = [(s.first, s.documents, _made_segment(making, s)) for s in indexing.planned]
    table = table_artifact(made, indexing.words, _folds(making))
    artifacts = (table, description(making.site))
    join_made(making, "search", artifacts)


def _folds(making: Making) -> str:
    """The address of the table of folding; it depends on the program alone."""
    printing = making.printing
    if not printing.reuse(FOLDS, b""):
        made = folds_artifact()
        printing.keep(FOLDS, b"", plain({made.address: made.content}))
    (address,) = printing.kept[FOLDS].bundle.files
    return address


def _made_segment(making: Making, segment: PlannedSegment) -> MadeSegment:
    names = making.printing.kept[_name(segment)].bundle.files
    folder = next(iter(names)).rpartition("/")[0]
    shards = sum(name.startswith(f"{folder}/p") for name in names)
    return MadeSegment(folder=f"{folder}/", shards=shards)


def _name(segment: PlannedSegment) -> str:
    return f"segment:{segment.key}"
