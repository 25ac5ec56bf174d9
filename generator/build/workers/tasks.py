"""Defines the work per folder as tasks that take and return bytes: read, look, check, make.

A folder's result depends only on the task's bytes and on the value that all tasks of a run share
(`Contract`, `Desk`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from generator.build.bundles.bundle import NewBundle, Press, make_bundle, make_sources
from generator.build.bundles.lazy_texts import Texts, TextsMissing
from generator.build.bundles.record_storage import Early, split
from generator.build.bundles.store import BundleStore
from generator.build.cache.serialize import Form
from generator.build.cache.trace import Query, TracedSite
from generator.build.workers.tuning import CHECK_BATCH, LOOK_BATCH, MAKE_BATCH, READ_BATCH
from generator.content.field_types import Choices
from generator.content.model import Artifact, Inside, Problem, Ref
from generator.content.record import Record
from generator.ledger.leaf_digests import Leaves, leaves_of_folder
from generator.output.mkdocs.page_frame import FrameMissing
from generator.output.search.documents import PackedPart, SearchWords
from generator.output.search.index import document
from generator.site.checks import check_folder
from generator.site.kind import Kind, Site
from generator.site.parse import parse

AskT = TypeVar("AskT")
AnswerT = TypeVar("AnswerT")
ReadPart = tuple[tuple[Early, ...], frozenset[Ref], tuple[Problem, ...]]
"""The early part of a folder's records; the names of broken ones; problems."""
READ_PART: Form[ReadPart] = Form(ReadPart)
ReadBytes = tuple[bytes, bytes]
"""An encoded `ReadPart`, and the late part of the same records."""
Checked = tuple[tuple[Problem, ...], Leaves, tuple[Query, ...]]
"""A folder's problems; digests that seals cover; the queries for both."""
FileOf = tuple[str, str, bytes]
"""A file's path, its kind, its bytes."""
Texted = tuple[str, bytes]
"""A folder with its late part."""
MakeOrder = tuple[str, bytes, tuple[Ref, ...]]
"""A folder with its late part, and its records in feeds."""
Sources = tuple[Artifact, ...]
"""The Markdown of a folder's pages."""
IndexRun = tuple[tuple[Ref, ...], int, SearchWords, str | None, Mapping[str, bytes]]
"""Records, the place of the first, words, alphabet; late parts by folder if they must be sent.

Without an alphabet the records are a whole segment.
"""
INDEX_RUN: Form[IndexRun] = Form(IndexRun)
PACKED_PART: Form[PackedPart] = Form(PackedPart)
SEGMENT: Form[dict[str, bytes]] = Form(dict[str, bytes])
"""The files of a segment by their address."""


class Batched(Struct, Generic[AskT, AnswerT], frozen=True):
    """A function that a task applies to a list; `asks` and `answers` encode both lists.

    A task has about `limit` records or files.
    """

    name: str
    limit: int
    work: Callable[[Any, AskT], AnswerT]
    asks: Form[list[AskT]]
    answers: Form[list[AnswerT | None]]


class Contract(Struct, frozen=True):
    """The shared value for reading: everything it depends on beside a file's bytes."""

    kinds: Mapping[str, Kind]
    choices: Choices


class Desk(Struct):
    """The shared value for checking and making.

    With a `store`, which only processes of this machine can have, the task itself writes a bundle
    to disk, and its bytes need not be sent.
    """

    site: Site
    texts: Texts
    folders: Mapping[str, tuple[Ref, ...]]
    beside: Mapping[str, tuple[str, ...]]
    press: Press | None = None
    store: BundleStore | None = None
    _traced: TracedSite | None = None

    @property
    def traced(self) -> TracedSite:
        """The site with a new recording of queries."""
        if self._traced is None:
            self._traced = TracedSite(self.site)
        self._traced.begin()
        return self._traced

    @property
    def press_ready(self) -> Press:
        """The press; raises `LookupError` before everything has been checked."""
        if self.press is None:
            raise LookupError("no press: nothing can be made before everything is checked")
        return self.press

    def records(self, folder: str, late: bytes) -> list[Record]:
        """The records of a folder that the site shows, with their texts in memory."""
        self.texts.lend({folder: late})
        records = map(self.site.archive.find, self.folders[folder])
        return [record for record in records if record is not None]


def read(contract: Contract, files: list[FileOf]) -> ReadBytes:
    """The records in a folder's files."""
    kinds = {path: (content, contract.kinds[kind]) for path, kind, content in files}
    parsed = parse(kinds, contract.choices)
    early, late = split(parsed.records)
    return READ_PART.packed((early, parsed.broken, parsed.problems)), late


def look(_: None, attachment: tuple[str, bytes]) -> Inside:
    """The personal data inside an attachment (path, bytes)."""
    from generator.content.attachment_texts import inside  # noqa: PLC0415 -- loads readers that most runs lack

    return inside(*attachment)


def checked(desk: Desk, texted: Texted) -> Checked:
    """The problems and the leaves of one folder, with the queries for both."""
    site, records = desk.traced, desk.records(*texted)
    problems = tuple(check_folder(records, desk.beside.get(texted[0], ()), site))
    leaves = leaves_of_folder(records, site)
    return problems, leaves, site.queries


def index_task(desk: Desk, payload: bytes) -> bytes:
    """The part of a search segment for a run of records, see `segments`; encodes a `PACKED_PART`.

    For a whole segment the result is a `SEGMENT`.
    """
    from generator.output.search.segments import (  # noqa: PLC0415 -- loads numpy
        PartTask,
        make_part,
        packed_part,
        segment_files,
    )

    refs, first, words, alphabet, late = INDEX_RUN.unpacked(payload)
    desk.texts.lend(late)
    records = [record for ref in refs if (record := desk.site.archive.find(ref))]
    documents = [document(record, desk.site) for record in records]
    if alphabet is None:
        return SEGMENT.packed(segment_files(documents, words)[1])
    part = PartTask(documents=documents, first=first, words=words, alphabet=alphabet)
    return PACKED_PART.packed(packed_part(make_part(part)))


def make(desk: Desk, order: MakeOrder) -> NewBundle:
    """The bundle of one folder."""
    folder, late, whole = order
    new = make_bundle(desk.records(folder, late), whole, desk.press_ready)
    return desk.store.write(new) if desk.store else new


def sources(desk: Desk, texted: Texted) -> Sources:
    """The Markdown of one folder's pages."""
    return make_sources(desk.records(*texted), desk.press_ready)


READ = Batched("read", READ_BATCH, read, Form(list[list[FileOf]]), Form(list[ReadBytes | None]))
LOOK = Batched("look", LOOK_BATCH, look, Form(list[tuple[str, bytes]]), Form(list[Inside | None]))
CHECK = Batched("check", CHECK_BATCH, checked, Form(list[Texted]), Form(list[Checked | None]))
MAKE = Batched("make", MAKE_BATCH, make, Form(list[MakeOrder]), Form(list[NewBundle | None]))
SOURCES = Batched("sources", MAKE_BATCH, sources, Form(list[Texted]), Form(list[Sources | None]))
BATCHED: Mapping[str, Batched[Any, Any]] = {
    batched.name: batched for batched in (READ, LOOK, CHECK, MAKE, SOURCES)
}


def batch_task(name: str, shared: Any, payload: bytes) -> bytes:
    """Applies a `Batched` to a list; None for an element that needs a text or frame not here."""
    batched, answers = BATCHED[name], []
    for ask in batched.asks.unpacked(payload):
        try:
            answers.append(batched.work(shared, ask))
        except (FrameMissing, TextsMissing):
            answers.append(None)
    return batched.answers.packed(answers)
