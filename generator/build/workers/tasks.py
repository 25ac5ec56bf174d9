"""The work that is done folder by folder, as tasks that take and return bytes.

They read, check and make; what a folder's result depends on is in the bytes that a task gets,
or in the desk that all tasks of a run share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from generator.build.bundles.bundle import Made, Press, make_bundle, make_sources
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
"""What is always in memory of a folder's records; broken ones; problems."""
READ_PART: Form[ReadPart] = Form(ReadPart)
ReadBytes = tuple[bytes, bytes]
"""A `ReadPart` and the late part of the same records, as the cache keeps them."""
Checked = tuple[tuple[Problem, ...], Leaves, tuple[Query, ...]]
"""A folder's problems; digests that seals cover; all that the archive was asked for both."""
FileOf = tuple[str, str, bytes]
"""A file's path, its kind, its bytes."""
Texted = tuple[str, bytes]
"""A folder with its late part."""
Wanting = tuple[str, bytes, tuple[Ref, ...]]
"""A folder with its late part and the records wanted in feeds."""
Sources = tuple[Artifact, ...]
"""The Markdown of a folder's pages."""
IndexRun = tuple[tuple[Ref, ...], int, SearchWords, str | None, Mapping[str, bytes]]
"""Records, the place of the first, words, alphabet; late parts by folder where they must travel.

Without an alphabet they are a whole segment.
"""
INDEX_RUN: Form[IndexRun] = Form(IndexRun)
PACKED_PART: Form[PackedPart] = Form(PackedPart)
SEGMENT: Form[dict[str, bytes]] = Form(dict[str, bytes])
"""The files of a segment by their address."""


class Batched(Struct, Generic[AskT, AnswerT], frozen=True):
    """Work that is done one by one; as a task it takes and gives lists, in these forms.

    A task has about `limit` records or files.
    """

    name: str
    limit: int
    work: Callable[[Any, AskT], AnswerT]
    asks: Form[list[AskT]]
    answers: Form[list[AnswerT | None]]


class Contract(Struct, frozen=True):
    """What reading depends on beside a file's bytes."""

    kinds: Mapping[str, Kind]
    choices: Choices


class Desk(Struct):
    """What checking and making depend on beside a folder's own records.

    With a `store`, which only processes of this machine can have, a bundle is sealed where it
    is made, and its bytes need not travel.
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
        """The site as those see it who are watched."""
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
        """A folder's records with their texts at hand; without those the site does not show."""
        self.texts.lend({folder: late})
        found = map(self.site.archive.find, self.folders[folder])
        return [record for record in found if record is not None]


def read(contract: Contract, files: list[FileOf]) -> ReadBytes:
    """The records in a folder's files."""
    kinds = {path: (content, contract.kinds[kind]) for path, kind, content in files}
    found = parse(kinds, contract.choices)
    early, late = split(found.records)
    return READ_PART.packed((early, found.broken, found.problems)), late


def look(_: None, attachment: tuple[str, bytes]) -> Inside:
    """What an attachment (path, bytes) holds of persons."""
    from generator.content.attachment_texts import inside  # noqa: PLC0415 -- loads readers that most runs lack

    return inside(*attachment)


def checked(desk: Desk, texted: Texted) -> Checked:
    """The problems and the leaves of one folder, with all that the archive was asked."""
    site, records = desk.traced, desk.records(*texted)
    problems = tuple(check_folder(records, desk.beside.get(texted[0], ()), site))
    leaves = leaves_of_folder(records, site)
    return problems, leaves, site.queries


def index_task(desk: Desk, payload: bytes) -> bytes:
    """Records, a run of a segment, to the part of it that they are: see `segments`.

    To a `SEGMENT`, where they are all of it.  `late` brings the texts of their folders where these
    are not at hand.
    """
    from generator.output.search.segments import (  # noqa: PLC0415 -- loads numpy
        PartTask,
        make_part,
        packed_part,
        segment_files,
    )

    refs, first, words, alphabet, late = INDEX_RUN.unpacked(payload)
    desk.texts.lend(late)
    found = [record for ref in refs if (record := desk.site.archive.find(ref))]
    documents = [document(record, desk.site) for record in found]
    if alphabet is None:
        return SEGMENT.packed(segment_files(documents, words)[1])
    part = PartTask(documents=documents, first=first, words=words, alphabet=alphabet)
    return PACKED_PART.packed(packed_part(make_part(part)))


def make(desk: Desk, wanting: Wanting) -> Made:
    """The bundle of one folder."""
    folder, late, wanted = wanting
    made = make_bundle(desk.records(folder, late), wanted, desk.press_ready)
    return desk.store.seal(made) if desk.store else made


def sources(desk: Desk, texted: Texted) -> Sources:
    """The Markdown of one folder's pages."""
    return make_sources(desk.records(*texted), desk.press_ready)


READ = Batched("read", READ_BATCH, read, Form(list[list[FileOf]]), Form(list[ReadBytes | None]))
LOOK = Batched("look", LOOK_BATCH, look, Form(list[tuple[str, bytes]]), Form(list[Inside | None]))
CHECK = Batched("check", CHECK_BATCH, checked, Form(list[Texted]), Form(list[Checked | None]))
MAKE = Batched("make", MAKE_BATCH, make, Form(list[Wanting]), Form(list[Made | None]))
SOURCES = Batched("sources", MAKE_BATCH, sources, Form(list[Texted]), Form(list[Sources | None]))
BATCHED: Mapping[str, Batched[Any, Any]] = {
    batched.name: batched for batched in (READ, LOOK, CHECK, MAKE, SOURCES)
}


def batch_task(name: str, shared: Any, payload: bytes) -> bytes:
    """A list to what comes of each; None of one that needs a text or a frame not at hand here."""
    batched, answers = BATCHED[name], []
    for ask in batched.asks.unpacked(payload):
        try:
            answers.append(batched.work(shared, ask))
        except (FrameMissing, TextsMissing):
            answers.append(None)
    return batched.answers.packed(answers)
