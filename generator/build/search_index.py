"""The search index of a site: segments that stand, and those that are made anew.

They are made by processes that know the archive, beside other stages: a small one as a whole, a
large one in parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from msgspec import Struct

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
    """The search index that is being made: its words, all segments, the new ones with alphabets.

    The `answers` are of the tasks for new segments, in their order: the files of a segment that
    has no alphabet, else its parts.
    """

    words: SearchWords
    planned: tuple[PlannedSegment, ...]
    new: Mapping[PlannedSegment, str | None]
    answers: Iterator[bytes]


def begin_search(build: Build) -> Indexing:
    """Segments that are known already are kept, and those that are new are begun."""
    records = found_records(build.site)
    made = [kept.bundle for kept in build.bundles.kept.values()]
    facts_by_ref = {ref: facts for bundle in made for ref, facts in bundle.found.items()}
    facts = [facts_by_ref[record.ref] for record in records]
    words = words_of(facts)
    planned = plan_segments(facts, words)
    stale = [s for s in planned if not build.bundles.reuse(_name(s), s.key.encode())]
    new = {segment: _alphabet(build.site, segment, records) for segment in stale}
    payloads = (
        _index_run(build, records[at : min(at + PART, end)], at - segment.first, words, alphabet)
        for segment, alphabet in new.items()
        for end in (segment.first + segment.documents,)
        for at in range(segment.first, end, PART)
    )
    shared, tuning = shared_desk(build.desk), {"turns": SEARCH_TURNS, "ahead": SEARCH_AHEAD}
    answers = build.run.options.workers.map(index_task, shared, payloads, **tuning)
    return Indexing(words=words, planned=planned, new=new, answers=answers)


def _index_run(
    build: Build, records: Sequence[Record], first: int, words: SearchWords, alphabet: str | None
) -> bytes:
    """A run of a segment as a task gets it, with the texts that it cannot have elsewhere."""
    folders = (
        () if build.run.options.workers.inherits else {record.folder: None for record in records}
    )
    late = {folder: build.desk.texts.packed(folder) for folder in folders}
    refs = tuple(record.ref for record in records)
    return INDEX_RUN.packed((refs, first, words, alphabet, late))


def search_bundles(build: Build, indexing: Indexing) -> Iterator[PlannedBundle]:
    """The new segments, the table of folding, and last the table of all segments."""
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
    """The files of a segment, once its tasks have been done."""
    alphabet = indexing.new[segment]
    if alphabet is None:
        files = SEGMENT.unpacked(next(indexing.answers))
    else:
        from generator.output.search.segments import joined, unpacked_part  # noqa: PLC0415 -- loads numpy

        answers = islice(indexing.answers, -(-segment.documents // PART))
        parts = [unpacked_part(PACKED_PART.unpacked(answer)) for answer in answers]
        workers = build.run.options.workers.over(segment.documents, JOIN_ALONE)
        files = joined(alphabet, parts, spread_of(workers))[1]
    for address, content in files.items():
        yield Artifact(address=address, content=content)


def _table(build: Build, indexing: Indexing) -> Iterator[Artifact]:
    """What the search page loads first; the bundles of all segments have been made."""
    made = [(s.first, s.documents, _made_segment(build, s)) for s in indexing.planned]
    (folds,) = build.bundles.kept[FOLDS].bundle.files
    yield table_artifact(made, indexing.words, folds)
    yield description(build.site)


def _alphabet(site: Site, segment: PlannedSegment, records: Sequence[Record]) -> str | None:
    """The alphabet of a segment in parts; one that a single task makes finds its own."""
    if segment.documents <= PART:
        return None
    from generator.output.search.segments import alphabet_of, sampled  # noqa: PLC0415 -- loads numpy

    places = (segment.first + place for place in sampled(segment.documents))
    return alphabet_of([document(records[place], site) for place in places])


def _made_segment(build: Build, segment: PlannedSegment) -> MadeSegment:
    names = build.bundles.kept[_name(segment)].bundle.files
    folder = next(iter(names)).rpartition("/")[0]
    shards = sum(name.startswith(f"{folder}/p") for name in names)
    return MadeSegment(folder=f"{folder}/", shards=shards)


def _name(segment: PlannedSegment) -> str:
    return f"segment:{segment.key}"
