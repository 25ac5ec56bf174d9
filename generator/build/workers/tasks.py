"""The work that is done folder by folder, as tasks that take and return bytes.

They read, check and make; what a folder's result depends on is in the bytes that a task gets,
or in the desk that all tasks of a run share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from generator.build.bundles.bundle import Made, Press, make_bundle, make_sources
from generator.build.bundles.lazy_texts import Texts, TextsMissing
from generator.build.bundles.record_storage import Early, split
from generator.build.bundles.store import BundleStore
from generator.build.cache.serialize import Form
from generator.build.cache.trace import Query, TracedSite
from generator.build.workers.batches import Batched
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

ReadPart = tuple[tuple[Early, ...], frozenset[Ref], tuple[Problem, ...]]
"""What is always in memory of a folder's records; broken ones; problems."""
READ_PART: Form[ReadPart] = Form(ReadPart)
Checked = tuple[tuple[Problem, ...], Leaves, tuple[Query, ...]]
"""A folder's problems; digests that seals cover; all that the archive was asked for both."""
FileOf = tuple[str, str, bytes]
"""A file's path, its kind, its bytes."""
Texted = tuple[str, bytes]
"""A folder with its late part."""
Wanting = tuple[str, bytes, tuple[Ref, ...]]
"""A folder with its late part and the records wanted in feeds."""
IndexRun = tuple[tuple[Ref, ...], int, SearchWords, str, Mapping[str, bytes]]
"""Records, the place of the first, words, alphabet; late parts by folder where they must travel."""
INDEX_RUN: Form[IndexRun] = Form(IndexRun)
PACKED_PART: Form[PackedPart] = Form(PackedPart)


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


def read_task(contract: Contract, payload: bytes) -> bytes:
    """Folders of files (path, kind, bytes) to records: for each a `ReadPart` and its late part."""
    answers: list[tuple[bytes, bytes]] = []
    for files in READ.asks.unpacked(payload):
        kinds = {path: (content, contract.kinds[kind]) for path, kind, content in files}
        found = parse(kinds, contract.choices)
        early, late = split(found.records)
        answers.append((READ_PART.packed((early, found.broken, found.problems)), late))
    return READ.answers.packed(answers)


READ: Batched[list[FileOf], tuple[bytes, bytes]] = Batched(
    read_task, Form(list[list[FileOf]]), Form(list[tuple[bytes, bytes]])
)


def look_task(_: None, payload: bytes) -> bytes:
    """Attachments (path, bytes) to what they hold of persons."""
    from generator.content.attachment_texts import inside  # noqa: PLC0415 -- loads readers that most runs lack

    return LOOK.answers.packed([inside(path, held) for path, held in LOOK.asks.unpacked(payload)])


LOOK: Batched[tuple[str, bytes], Inside] = Batched(
    look_task, Form(list[tuple[str, bytes]]), Form(list[Inside])
)


def check_task(desk: Desk, payload: bytes) -> bytes:
    """Folders with their late parts to problems, with all that the archive was asked.

    None stands for one that needs a text which is not at hand here.
    """
    answers: list[Checked | None] = []
    for folder, late in CHECK.asks.unpacked(payload):
        try:
            answers.append(checked(desk, folder, late))
        except TextsMissing:
            answers.append(None)
    return CHECK.answers.packed(answers)


CHECK: Batched[Texted, Checked | None] = Batched(
    check_task, Form(list[Texted]), Form(list[Checked | None])
)


def checked(desk: Desk, folder: str, late: bytes) -> Checked:
    """The problems and the leaves of one folder, with all that the archive was asked."""
    site, records = desk.traced, desk.records(folder, late)
    problems = tuple(check_folder(records, desk.beside.get(folder, ()), site))
    leaves = leaves_of_folder(records, site)
    return problems, leaves, site.queries


def index_task(desk: Desk, payload: bytes) -> bytes:
    """Records, a run of a segment, to the part of it that they are: see `segments`.

    `late` brings the texts of their folders where these are not at hand.
    """
    from generator.output.search.segments import PartTask, make_part, packed_part  # noqa: PLC0415 -- loads numpy

    refs, first, words, alphabet, late = INDEX_RUN.unpacked(payload)
    desk.texts.lend(late)
    found = [record for ref in refs if (record := desk.site.archive.find(ref))]
    documents = [document(record, desk.site) for record in found]
    part = PartTask(documents=documents, first=first, words=words, alphabet=alphabet)
    return PACKED_PART.packed(packed_part(make_part(part)))


def make_task(desk: Desk, payload: bytes) -> bytes:
    """Folders with their late parts and the records wanted in feeds, to bundles.

    None stands for one that needs a frame or a text which is not at hand here.
    """
    answers: list[Made | None] = []
    for folder, late, wanted in MAKE.asks.unpacked(payload):
        try:
            answers.append(make(desk, folder, late, wanted))
        except (FrameMissing, TextsMissing):
            answers.append(None)
    return MAKE.answers.packed(answers)


MAKE: Batched[Wanting, Made | None] = Batched(
    make_task, Form(list[Wanting]), Form(list[Made | None])
)


def make(desk: Desk, folder: str, late: bytes, wanted: Iterable[Ref]) -> Made:
    """The bundle of one folder."""
    made = make_bundle(desk.records(folder, late), wanted, desk.press_ready)
    return desk.store.seal(made) if desk.store else made


def source_task(desk: Desk, payload: bytes) -> bytes:
    """Folders with their late parts to the Markdown of their pages.

    None stands for one that needs a text which is not at hand here.
    """
    answers: list[tuple[Artifact, ...] | None] = []
    for folder, late in SOURCES.asks.unpacked(payload):
        try:
            answers.append(sources(desk, folder, late))
        except TextsMissing:
            answers.append(None)
    return SOURCES.answers.packed(answers)


SOURCES: Batched[Texted, tuple[Artifact, ...] | None] = Batched(
    source_task, Form(list[Texted]), Form(list[tuple[Artifact, ...] | None])
)


def sources(desk: Desk, folder: str, late: bytes) -> tuple[Artifact, ...]:
    """The Markdown of one folder's pages."""
    return make_sources(desk.records(folder, late), desk.press_ready)
