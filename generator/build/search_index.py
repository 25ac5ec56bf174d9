"""The search index of a site: segments that stand, and those that are made anew.

A small segment is the helper's; a large one is made in parts, by processes that know the
archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from msgspec import Struct

from generator.build.bundles.reuse import plain
from generator.build.folders import Making
from generator.build.site_files import Files, join_made
from generator.build.workers.memory import give_back
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import INDEX_RUN, PACKED_PART, index_task
from generator.content.record import Record
from generator.output.search.documents import (
    PART,
    MadeSegment,
    PlannedSegment,
    SearchDocument,
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
from generator.output.search.small import small_segment
from generator.site.kind import Site

SEGMENTS = "generator.output.search.segments"
"""What the helper will be asked for: to load it takes as long as to make a segment."""
FOLDS = "folds"
ALONE = 2048
"""Documents whose lists one process joins before others could begin."""


class Indexing(Struct, frozen=True, kw_only=True):
    """The search index that is being made: its words, its segments, the parts of new ones."""

    words: SearchWords
    planned: tuple[PlannedSegment, ...]
    begun: tuple[BegunSegment, ...]


class BegunSegment(Struct, frozen=True, kw_only=True):
    """A new segment, and what waits for its files."""

    planned: PlannedSegment
    files: Callable[[], Files]


def begin_search(making: Making) -> Indexing:
    """Segments that are known already are kept, and the parts of those that are new are begun."""
    printing, records = making.printing, found_records(making.site)
    bundles = [kept.bundle for kept in printing.kept.values()]
    known = {ref: facts for bundle in bundles for ref, facts in bundle.found.items()}
    facts = [known[record.ref] for record in records]
    words = words_of(facts)
    planned = plan_segments(facts, words)
    stale = [s for s in planned if not printing.reuse(_name(s), s.key.encode())]
    begun = tuple(_begun(making, stale, records, words))
    return Indexing(words=words, planned=planned, begun=begun)


def _begun(
    making: Making,
    stale: Sequence[PlannedSegment],
    records: Sequence[Record],
    words: SearchWords,
) -> Iterator[BegunSegment]:
    """Small segments are for the helper; all parts of all others go to the same processes."""
    for segment in stale:
        if segment.documents <= PART:
            ((_, held),) = _runs(segment, records)
            documents = [document(record, making.site) for record in held]
            yield BegunSegment(planned=segment, files=_begun_whole(making, documents, words))
    large = [segment for segment in stale if segment.documents > PART]
    if large:
        yield from _begun_in_parts(making, large, records, words)


def _begun_whole(
    making: Making, documents: Sequence[SearchDocument], words: SearchWords
) -> Callable[[], Files]:
    """Beside what follows; of a large archive when it is asked for, as its lists take memory."""
    work, begin = partial(small_segment, documents, words), making.workers.helper.begin

    def when_asked() -> Files:
        return begin(work)()

    return when_asked if making.large else begin(work)


def _begun_in_parts(
    making: Making,
    stale: Sequence[PlannedSegment],
    records: Sequence[Record],
    words: SearchWords,
) -> Iterator[BegunSegment]:
    alphabets = [_alphabet(making.site, segment, records) for segment in stale]
    parts = [
        (held, at - segment.first, words, alphabet)
        for segment, alphabet in zip(stale, alphabets, strict=True)
        for at, held in _runs(segment, records)
    ]
    texts, afar = making.desk.texts, making.workers.afar

    def payload(held: Sequence[Record], first: int, words: SearchWords, alphabet: str) -> bytes:
        folders = dict.fromkeys(record.folder for record in held) if afar else ()
        late = {folder: texts.packed(folder) for folder in folders}
        refs = tuple(record.ref for record in held)
        return INDEX_RUN.packed((refs, first, words, alphabet, late))

    payloads = (payload(*part) for part in parts)
    # where a process that knows a large archive makes the lists, two more begin when it has ended
    late_start = making.large and making.little_new
    begin = making.workers.run if late_start else making.workers.begin
    made = begin(index_task, shared_desk(making.desk), payloads)
    for segment, alphabet in zip(stale, alphabets, strict=True):
        count = sum(1 for _ in _runs(segment, records))
        files = partial(_joined, making, segment, alphabet, islice(made, count))
        yield BegunSegment(planned=segment, files=files)


def _joined(
    making: Making, segment: PlannedSegment, alphabet: str, answers: Iterator[bytes]
) -> Files:
    from generator.output.search.segments import joined, unpacked_part  # noqa: PLC0415 -- loads numpy

    parts = [unpacked_part(PACKED_PART.unpacked(answer)) for answer in answers]
    spread = making.workers.over(segment.documents, ALONE).map
    return joined(alphabet, parts, spread)[1]


def _alphabet(site: Site, segment: PlannedSegment, records: Sequence[Record]) -> str:
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
        bundle = plain(one.files())
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
