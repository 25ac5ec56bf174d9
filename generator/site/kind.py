"""The contract a content type fulfils, and the site that its functions look at.

A kind is data and plain functions.  Everything outside `kinds/` and `views/` asks these and
never names a kind, so a new kind is one new folder: navigation, home, feeds, exports, search
facets, sitemap and verification follow from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any

from msgspec import Struct

from generator.content.archive import Archive, SortKey
from generator.content.field_types import Prose
from generator.content.model import (
    Artifact,
    Breadcrumb,
    Dataset,
    Document,
    Entrance,
    Feed,
    FeedItem,
    Inside,
    Page,
    Picture,
    Problem,
    Ref,
    Sheet,
)
from generator.content.published_memory import Memory
from generator.content.record import Record, leaves_of
from generator.content.settings import Settings
from generator.content.value_types import FileName, PictureName
from generator.site.chart import Chart
from generator.site.facts import Fact
from generator.site.figures.cells import Proof
from generator.site.intake import Intake
from generator.site.link_report import LinkReport
from generator.site.seal_lookup import NothingSealed, RecordSeal, SealLookup
from generator.site.unsealing import Unsealing
from generator.text.dates import iso
from generator.text.markdown import read_prose
from generator.text.urls import counterpart


class Column(Struct, frozen=True, kw_only=True):
    """A column of a kind's export: a stable name, a title, and how a record fills it."""

    name: str
    title: str
    value: Callable[[Any, Site], str]


def attribute(name: str, title: str) -> Column:
    """A column of one of the record's own texts."""
    return Column(name=name, title=title, value=lambda record, _: str(getattr(record, name)))


def days(name: str, title: str) -> Column:
    """A column of one of the record's own days, in ISO form."""
    return Column(name=name, title=title, value=lambda record, _: iso(getattr(record, name)))


class HomeBlock(Struct, frozen=True, kw_only=True):
    """A kind's part of the home page."""

    template: str
    context: Mapping[str, object]


def _title_en(record: Any) -> str:
    return str(getattr(record, "title_en", ""))


class English(Struct, frozen=True, kw_only=True):
    """What visitors are told of a kind's records: a record with a title has a page in English.

    `facts` stand on it beside the record's own summary; `day`, `marks` and `ended` in lists, beside
    the title.  What has had several names has the one of a day in `title_on`.
    """

    title: Callable[[Any], str] = _title_en
    title_on: Callable[[Any, date | None], str] = lambda record, day: _title_en(record)
    facts: Callable[[Any, Site], Iterable[Fact]] = lambda record, site: ()
    day: Callable[[Any, Site], date | None] = lambda record, site: site.known(record)
    marks: Callable[[Any, Site], tuple[str, ...]] = lambda record, site: ()
    ended: Callable[[Any, Site], object] = lambda record, site: None


class FigureFunctions(Struct, frozen=True, kw_only=True):
    """What a kind of figures makes of a record: proofs of its figures, charts, a workbook's sheet.

    `proofs` are the record's declarations, computed again; `charts` are those of its page, in
    order.
    """

    proofs: Callable[[Any, Site], Iterable[Proof]] = lambda record, site: ()
    charts: Callable[[Any, Site], tuple[Chart, ...]] = lambda record, site: ()
    sheet: Callable[[Any], Sheet | None] = lambda record: None


class Section(Struct, frozen=True, kw_only=True):
    """A kind's place in the navigation: its index page and its rank there."""

    address: str
    rank: int
    intro: str
    intro_en: str


class Found(Struct, frozen=True, kw_only=True):
    """What search knows of a record beside its fields: what it is counted by, its numbers.

    `texts` are words that its page shows and that no field of its own holds.
    """

    category: str = ""
    texts: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


class Start(Struct, frozen=True, kw_only=True):
    """Where a new record's file goes, and the fields that are known before it is written."""

    path: str
    known: Mapping[str, str]


class StartRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """A new record cannot be begun; the first argument says what is wanted, `choices` which."""

    def __init__(self, wanted: str, choices: Iterable[str] = ()) -> None:
        super().__init__(wanted)
        self.wanted, self.choices = wanted, tuple(choices)


def named_start(name: str, folder: str, ending: str, known: Mapping[str, str]) -> Start:
    """The start of a record whose file an editor names; raises `StartRefused` for a bad name."""
    if not FILE_NAME.fullmatch(name):
        raise StartRefused("name")
    return Start(path=f"{folder}/{name}.{ending}", known=known)


FILE_NAME = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


class Kind(Struct, frozen=True, kw_only=True):
    """A content type.

    `pattern` matches a file's path below the content folder (`glob` says nearly the same to
    editors' programs, and begins with the same folder), `identify` turns the match into the
    record's id; with `authority` the one file holds a list, each with an `id` of its own.
    `title_on` names a record on a day and `named_on` says whether it had a name then;
    `day_of_names` is the day on which a record names others.  `order` ends in the id, so that
    nothing ties.  `published` may ask the archive (an entry is published with its issue); only a
    kind that is not `dated` may give none.  `start` begins a new record, `free` is the path of a
    record's file under the next free number ("" where files have none), `correction` gives the
    fields of one that corrects another.  `noted` is what a release keeps of a record, by name;
    `silent` says what of that a later content changed without a word.  `sealed` is the document
    whose bytes a seal covers, None for a record that cannot have it yet; `unsealing` reads it
    back.  `own_names` are the names that files beside its page have after the record: no file of
    an editor may be called so.
    """

    name: str
    label: str
    label_en: str
    record_type: type[Record]
    pattern: re.Pattern[str]
    glob: str
    address: Callable[[Any], str]
    title: Callable[[Any], str] = lambda record: str(record.title)
    order: Callable[[Any], SortKey] = lambda record: (record.id,)
    published: Callable[[Any, Archive], date | None] = lambda record, _: record.published_on
    title_on: Callable[[Any, date | None], str] | None = None
    named_on: Callable[[Any, date], bool] = lambda record, day: True
    day_of_names: Callable[[Any], date | None] = lambda record: None
    identify: Callable[[re.Match[str]], str] = lambda match: match["id"]
    authority: bool = False
    dated: bool = True
    section: Section | None = None
    rules: tuple[Callable[[Any, Site], Iterable[Problem]], ...] = ()
    site_rules: tuple[Callable[[Site], Iterable[Problem]], ...] = ()
    page: Callable[[Any, Site], Page] | None = None
    listings: Callable[[Site], Iterable[Page]] = lambda site: ()
    feed_item: Callable[[Any, Site], FeedItem] | None = None
    feeds: Callable[[Site], Iterable[Feed]] = lambda site: ()
    datasets: Callable[[Site], Iterable[Dataset]] = lambda site: ()
    documents: Callable[[Any, Site], Iterable[Document]] = lambda record, site: ()
    own_names: Callable[[Any], Iterable[str]] = lambda record: ()
    sealed: Callable[[Any, Site], Document | None] | None = None
    unsealing: Unsealing | None = None
    columns: tuple[Column, ...] = ()
    intake: Intake | None = None
    start: Callable[[Site, str], Start] | None = None
    free: Callable[[Site, str], str] = lambda site, path: ""
    correction: Callable[[Site, str], Mapping[str, str]] | None = None
    categories: Callable[[Any, Site], tuple[str, ...]] = lambda record, site: ()
    found: Callable[[Any, Site], Found] = lambda record, site: Found()
    home: Callable[[Site, str], HomeBlock | None] = lambda site, language: None
    english: English = English()
    figures: FigureFunctions = FigureFunctions()
    noted: Callable[[Any], Mapping[str, str]] = lambda record: {}
    silent: Callable[[Any, Mapping[str, str]], Iterable[Problem]] = lambda record, before: ()

    @property
    def front_matter(self) -> bool:
        """Whether its files are Markdown with a header."""
        return self.glob.endswith(".md")


class View(Struct, frozen=True, kw_only=True):
    """Pages that join several kinds: the home page, the agencies, the list of feeds.

    `closing` makes pages that speak of what has been planned: all feeds, all datasets;
    `artifacts` are files for machines.
    `entrances` lead to pages of it that stand in no section; editors may link to them, where a
    site `has` them.
    """

    name: str
    label: str
    label_en: str
    pages: Callable[[Site], Iterable[Page]] = lambda site: ()
    closing: Callable[[Site, tuple[Feed, ...], tuple[Dataset, ...]], Iterable[Page]] = (
        lambda site, feeds, datasets: ()
    )
    section: Section | None = None
    feeds: Callable[[Site], Iterable[Feed]] = lambda site: ()
    artifacts: Callable[[Site], Iterable[Artifact]] = lambda site: ()
    entrances: tuple[Entrance, ...] = ()
    has: Callable[[Settings], bool] = lambda settings: True


class Expired(Struct, frozen=True, kw_only=True):
    """A record that the site no longer shows: what may still be said at its address.

    One that had an English title had an address below `en/` too.
    """

    ref: Ref
    label: str
    label_en: str
    address: str
    published: date
    last: date
    title_en: bool


Rank = tuple[date, str, int]
"""What records are ordered by: the day one came out, its kind, its place in the kind's order."""


@dataclass(frozen=True)
class Site:
    """What the site speaks of, and for which day: the argument of every kind's functions."""

    settings: Settings
    archive: Archive
    kinds: tuple[Kind, ...]
    as_of: date
    files: Mapping[str, int] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    insides: Mapping[str, Inside] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    broken: frozenset[Ref] = frozenset()
    views: tuple[View, ...] = ()
    seals: SealLookup = field(default_factory=NothingSealed)
    memory: Memory = field(default_factory=Memory)
    expired: tuple[Expired, ...] = ()
    findings: tuple[Problem, ...] = ()
    outgoing: LinkReport | None = None

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return {kind.name: kind for kind in self.kinds}

    def kind(self, record: Record) -> Kind:
        """The kind of a record."""
        return self._kinds[record.kind]

    def title(self, record: Record) -> str:
        """What a record is called in lists and links."""
        return self.kind(record).title(record)

    def title_on(self, ref: Ref, day: date | None) -> str:
        """What the record behind a reference was called on a day; its id where it is unknown."""
        record = self.archive.find(ref)
        if record is None:
            return ref.id
        named = self.kind(record).title_on
        return named(record, day) if named else self.title(record)

    def address(self, record: Record) -> str:
        """Where a record's page stands, relative to the site's root."""
        return self.kind(record).address(record)

    def published(self, record: Record) -> date:
        """The day a record came out; raises `LookupError` for one that `check` let pass undated."""
        day = self.known(record)
        if day is None:
            raise LookupError(f"no date of publication: {record.ref}")
        return day

    def updated(self, record: Record) -> date:
        """The day a record came out or was last revised."""
        return max([self.published(record), *(revision.date for revision in record.revisions)])

    def withholds(self, record: Record) -> bool:
        """Whether the site does not show a record on its day: not yet published, or expired."""
        day, end = self.known(record), record.expires_on
        return bool((day and day > self.as_of) or (end and end < self.as_of))

    def phase(self, first: date, last: date | None = None) -> int:
        """Whether the site's day lies before a time (0), in it (1) or after it (2)."""
        if self.as_of < first:
            return 0
        return 2 if last and last < self.as_of else 1

    def known(self, record: Record) -> date | None:
        """The day a record came out, or None where its kind dates nothing."""
        rank = self.rank(record)
        return rank[0] if rank else None

    def rank(self, record: Record) -> Rank | None:
        """What a record is ordered by among others, or None where its kind dates nothing."""
        known = self._ranks.get(id(record))
        if known is not None:
            return known
        day = self.kind(record).published(record, self.archive)
        if day is None:
            return None
        rank = (day, record.kind, self.archive.place(record))
        if rank[-1] >= 0:  # records of the archive alone are sure to live as long as the site
            self._ranks[id(record)] = rank
        return rank

    @cached_property
    def _ranks(self) -> dict[int, Rank]:
        """Ranks by the records' identity: each is asked for a dozen times."""
        return {}

    def _dated(self, records: Iterable[Record]) -> list[tuple[Rank, Record]]:
        """Records that have a day, each with its rank."""
        rank = self.rank
        return [(found, r) for r in records if (found := rank(r))]

    @cached_property
    def made(self) -> dict[int, tuple[Record, bytes]]:
        """What a kind made of records, by their identity, where it is wanted more than once.

        Each stands beside its record, whose identity so comes to no other.
        A site that is watched forgets it with all that it was asked for.
        """
        return {}

    def seal(self, record: Record) -> RecordSeal | None:
        """A record's place in the log, where it is sealed."""
        return self.seals.of(str(record.ref))

    def sealed_leaf(self, record: Record) -> bytes:
        """The digest under which a record was sealed; b"" where it was not."""
        return self.seals.leaf(str(record.ref))

    def crumb(self, name: str) -> Breadcrumb:
        """The step that a kind's index page is."""
        kind = self._kinds[name]
        return Breadcrumb(title=kind.label, address=kind.section.address if kind.section else "")

    def records(self, kind: Kind) -> tuple[Record, ...]:
        """All records of a kind, in the kind's order."""
        return self.archive.of(kind.record_type)

    def newest(self, records: Iterable[Record]) -> tuple[Record, ...]:
        """Records by their day of publication, newest first; ties in reverse kind order."""
        ranked = sorted(self._dated(records), key=itemgetter(0), reverse=True)
        return tuple(record for _, record in ranked)

    def latest_day(self, records: Iterable[Record]) -> date | None:
        """The newest day of publication among records, or None."""
        return max((rank[0] for rank, _ in self._dated(records)), default=None)

    def missing(self, ref: Ref) -> bool:
        """Whether a reference leads nowhere, and not merely to a record set aside as broken.

        A broken record without an id may be any of its kind.
        """
        excused = ref in self.broken or Ref(ref.kind, "") in self.broken
        return self.archive.find(ref) is None and not excused

    def lacks(self, path: str) -> bool:
        """Whether a file is not below the content folder, and nothing was said of it before.

        What stands in its place, or in the place of a folder above it, may be unreadable.
        """
        steps = path.split("/")
        ways = ("/".join(steps[:depth]) for depth in range(1, len(steps) + 1))
        return path not in self.files and self.unreadable.isdisjoint(ways)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The pages that stand at fixed addresses, and that editors may link to: `/feeds/`."""
        things: list[Kind | View] = [*self.kinds, *self.views]
        had = (view for view in self.views if view.has(self.settings))
        named = [entrance for view in had for entrance in view.entrances]
        sections = [thing.section.address for thing in things if thing.section]
        paired = (*sections, *(entrance.address for entrance in named if entrance.label_en))
        visited = map(counterpart, paired) if self.settings.english else ()
        return frozenset((*sections, *visited, *(entrance.address for entrance in named)))

    def linked(self, ref: Ref) -> Record | None:
        """The record behind a reference, where it is part of the site."""
        return self.archive.find(ref)


def folder_of(record: Record) -> str:
    """Where a record's own files stand below the content folder: a folder of its file's name."""
    return record.origin.path.rsplit(".", 1)[0]


def shown_pictures(record: Record) -> Iterator[str]:
    """The files in its folder that a record shows as pictures: in fields, and within its prose."""
    for leaf in leaves_of(record, PictureName, Prose):
        if isinstance(leaf.type, PictureName):
            yield leaf.value
        else:
            yield from read_prose(leaf.value).images


URL = Column(
    name="url",
    title="網址",
    value=lambda record, site: site.settings.base_url + site.address(record),
)
"""The column of every export that leads to the record's page."""


def own_files(record: Record) -> Iterator[str]:
    """The files in its folder that a record names: in fields, and as links of its prose."""
    for leaf in leaves_of(record, FileName, Prose):
        if isinstance(leaf.type, FileName):
            yield leaf.value
        else:
            yield from read_prose(leaf.value).targets


def export_address(kind: Kind) -> str:
    """Where the table of all records of a kind stands, without ending."""
    return f"data/{kind.name}"
