"""The work that is done folder by folder, as tasks that take and return bytes.

They read, check and make; what a folder's result depends on is in the bytes that a task gets,
or in the desk that all tasks of a run share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct

from generator.check import check_folder
from generator.host.shell import ShellMissing
from generator.kind import Kind, Site
from generator.ledger.leafing import Leaves, leaves_of_folder
from generator.model import Artifact, Problem, Ref
from generator.publishing.shelf import Shelf
from generator.publishing.volume import Made, Press, make_sources, make_volume
from generator.reading.fields import Choices
from generator.reading.late import Early, late_part, put_late, split, take_late
from generator.reading.parse import parse
from generator.reading.texts import Texts, TextsMissing
from generator.record import Record
from generator.reuse.packing import packed, unpacked
from generator.reuse.watch import AskedSite, Question
from generator.search.search import document

ReadPart = tuple[Early, frozenset[Ref], tuple[Problem, ...]]
"""What is always in memory of a folder's records; broken ones; problems."""
Checked = tuple[tuple[Problem, ...], Leaves, tuple[Question, ...]]
"""A folder's problems; digests that seals cover; all that the archive was asked for both."""


class Contract(Struct, frozen=True):
    """What reading depends on beside a file's bytes."""

    kinds: Mapping[str, Kind]
    choices: Choices


class Desk(Struct):
    """What checking and making depend on beside a folder's own records.

    With a `shelf`, which only processes of this machine can have, a volume is sealed where it
    is made, and its bytes need not travel.
    """

    site: Site
    texts: Texts
    folders: Mapping[str, tuple[Ref, ...]]
    beside: Mapping[str, tuple[str, ...]]
    press: Press | None = None
    shelf: Shelf | None = None
    _asked: AskedSite | None = None

    @property
    def asked(self) -> AskedSite:
        """The site as those see it who are watched."""
        if self._asked is None:
            self._asked = AskedSite.over(self.site)
        self._asked.begin()
        return self._asked

    @property
    def press_ready(self) -> Press:
        """The press; raises `LookupError` before everything has been checked."""
        if self.press is None:
            raise LookupError("no press: nothing can be made before everything is checked")
        return self.press

    @contextmanager
    def records(self, folder: str, late: bytes) -> Iterator[list[Record]]:
        """A folder's records with their texts; without those the site does not show."""
        held = late_part(late)
        found = map(self.site.archive.find, self.folders[folder])
        records = [record for record in found if record is not None]
        for record in records:
            put_late(record, held[record.ref])
        try:
            yield records
        finally:
            for record in records:
                take_late(record)


def read_task(contract: Contract, payload: bytes) -> bytes:
    """Folders of files (path, kind, bytes) to records: for each a `ReadPart` and its late part."""
    answers = []
    for files in unpacked(payload):
        kinds = {path: (content, contract.kinds[kind]) for path, kind, content in files}
        found = parse(kinds, contract.choices)
        early, late = split(found.records)
        answers.append((packed((early, found.broken, found.problems)), late))
    return packed(answers)


def check_task(desk: Desk, payload: bytes) -> bytes:
    """Folders with their late parts to problems, with all that the archive was asked.

    None stands for one that needs a text which is not at hand here.
    """
    answers: list[Checked | None] = []
    for folder, late in unpacked(payload):
        try:
            answers.append(checked(desk, folder, late))
        except TextsMissing:
            answers.append(None)
    return packed(answers)


def checked(desk: Desk, folder: str, late: bytes) -> Checked:
    """The problems and the leaves of one folder, with all that the archive was asked."""
    asked = desk.asked
    with desk.records(folder, late) as records:
        problems = tuple(check_folder(records, desk.beside.get(folder, ()), asked))
        leaves = leaves_of_folder(records, asked)
    return problems, leaves, tuple(sorted(asked.asked))


def index_task(desk: Desk, payload: bytes) -> bytes:
    """Records, a run of a segment, to the part of it that they are: see `segments`.

    `late` brings the texts of their folders where these are not at hand.
    """
    from generator.search.segments import PartTask, make_part, packed_part  # noqa: PLC0415 -- loads numpy

    refs, first, words, alphabet, late = unpacked(payload)
    desk.texts.lend(late)
    found = [record for ref in refs if (record := desk.site.archive.find(ref))]
    documents = [document(record, desk.site) for record in found]
    part = PartTask(documents=documents, first=first, words=words, alphabet=alphabet)
    return packed(packed_part(make_part(part)))


def make_task(desk: Desk, payload: bytes) -> bytes:
    """Folders with their late parts and the records wanted in feeds, to volumes.

    None stands for one that needs a shell or a text which is not at hand here.
    """
    answers: list[Made | None] = []
    for folder, late, wanted in unpacked(payload):
        try:
            answers.append(make(desk, folder, late, wanted))
        except (ShellMissing, TextsMissing):
            answers.append(None)
    return packed(answers)


def make(desk: Desk, folder: str, late: bytes, wanted: Iterable[Ref]) -> Made:
    """The volume of one folder."""
    with desk.records(folder, late) as records:
        made = make_volume(records, wanted, desk.press_ready)
    return desk.shelf.seal(made) if desk.shelf else made


def source_task(desk: Desk, payload: bytes) -> bytes:
    """Folders with their late parts to the Markdown of their pages.

    None stands for one that needs a text which is not at hand here.
    """
    answers: list[tuple[Artifact, ...] | None] = []
    for folder, late in unpacked(payload):
        try:
            answers.append(sources(desk, folder, late))
        except TextsMissing:
            answers.append(None)
    return packed(answers)


def sources(desk: Desk, folder: str, late: bytes) -> tuple[Artifact, ...]:
    """The Markdown of one folder's pages."""
    with desk.records(folder, late) as records:
        return make_sources(records, desk.press_ready)
