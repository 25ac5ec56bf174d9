"""The contract of a content type, and the site that its functions receive.

A kind is data and plain functions.  Code outside `kinds/` uses only these and never names a kind,
so that a new kind is one new folder: navigation, home, feeds, exports, search facets, sitemap and
verification follow from its data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from msgspec import Struct

from generator.content.archive import Archive, RecordT, SortKey
from generator.content.field_types import Prose
from generator.content.model import (
    Artifact,
    Breadcrumb,
    Calendar,
    CalendarEvent,
    Dataset,
    Document,
    Entrance,
    Feed,
    FeedItem,
    Inside,
    Letter,
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
from generator.site.connections import Names, SharedKey, Sharing, nearby
from generator.site.facts import Fact
from generator.site.figures.cells import Proof
from generator.site.intake import Intake
from generator.site.link_report import LinkReport
from generator.site.seal_lookup import NothingSealed, RecordSeal, SealLookup
from generator.site.unsealing import Unsealing
from generator.text.dates import iso
from generator.text.markdown import read_prose
from generator.text.urls import CHINESE, counterpart


class Column(Struct, frozen=True, kw_only=True):
    """A column of a kind's export: a stable name, a title, and the function of its values."""

    name: str
    title: str
    value: Callable[[Any, Site], str]


def attribute(name: str, title: str) -> Column:
    """A column with one of the record's own texts."""
    return Column(name=name, title=title, value=lambda record, _: str(getattr(record, name)))


def days(name: str, title: str) -> Column:
    """A column with one of the record's own days, in ISO form."""
    return Column(name=name, title=title, value=lambda record, _: iso(getattr(record, name)))


class Scope(Struct, frozen=True, kw_only=True):
    """What a front page is about, in a language: all records, or those of an agency or a topic.

    `records` are these, or None for all.  `shown` are records that stand on the page already.
    """

    language: str = CHINESE
    records: tuple[Record, ...] | None = None
    shown: frozenset[Ref] = frozenset()

    def of(self, record_type: type[RecordT], site: Site) -> tuple[RecordT, ...]:
        """The records of a type that the page is about, in their kind's order."""
        if self.records is None:
            return site.archive.of(record_type)
        own = (record for record in self.records if isinstance(record, record_type))
        return tuple(sorted(own, key=site.archive.place))


class Part(IntEnum):
    """The place of a block on a front page; blocks of one place are in the order of the menu."""

    LATEST = 1
    DEADLINES = 2
    COVER = 3
    MORE = 4


class HomeBlock(Struct, frozen=True, kw_only=True):
    """A kind's part of a front page, or of the page of another record.

    `shows` are the records in its lines; `covers` are also those that are new and to which it
    leads.  No other block shows them again.
    """

    template: str
    context: Mapping[str, object]
    part: Part = Part.MORE
    shows: frozenset[Ref] = frozenset()
    covers: frozenset[Ref] = frozenset()


def _title_en(record: Any) -> str:
    return str(getattr(record, "title_en", ""))


class English(Struct, frozen=True, kw_only=True):
    """A kind's functions for pages in English; a record with a title has such a page.

    `facts` are for that page, beside the record's own summary; `day`, `marks` and `ended` are for
    lists, beside the title.  `title_on` gives the name on a day, for records that change names.
    `body` is the template of what the page shows below the facts, and its values; `words` are
    names by which search counts records, each with its English name if it has one.
    """

    title: Callable[[Any], str] = _title_en
    title_on: Callable[[Any, date | None], str] = lambda record, day: _title_en(record)
    facts: Callable[[Any, Site], Iterable[Fact]] = lambda record, site: ()
    day: Callable[[Any, Site], date | None] = lambda record, site: site.publication_day(record)
    marks: Callable[[Any, Site], tuple[str, ...]] = lambda record, site: ()
    ended: Callable[[Any, Site], object] = lambda record, site: None
    body: Callable[[Any, Site], tuple[str, Mapping[str, object]]] = lambda record, site: ("", {})
    words: Callable[[Site], Iterable[tuple[str, str]]] = lambda site: ()


class FigureFunctions(Struct, frozen=True, kw_only=True):
    """The functions of a kind with figures: proofs, charts, a workbook's sheet.

    `proofs` are the record's declarations with their results; `charts` are those of its page, in
    order; `chosen` are the paths of the figures that editors chose for front pages.
    """

    proofs: Callable[[Any, Site], Iterable[Proof]] = lambda record, site: ()
    charts: Callable[[Any, Site], tuple[Chart, ...]] = lambda record, site: ()
    sheet: Callable[[Any], Sheet | None] = lambda record: None
    chosen: Callable[[Any], Iterable[str]] = lambda record: ()


class Section(Struct, frozen=True, kw_only=True):
    """A kind's place in the navigation: its index page and its rank there.

    Menus lead to the section of a kind if it has records; to a `standing` one always, since its
    index page has other rows.
    """

    address: str
    rank: int
    intro: str
    intro_en: str
    standing: bool = False


class SearchFields(Struct, frozen=True, kw_only=True):
    """Facts for the search index beside a record's fields: facets, and document numbers.

    `texts` are words that its page shows and that are not in its own fields.  `days` are days by
    which readers know it.  `cells` are its figures: the id of the cell, label, number with unit.
    """

    category: str = ""
    texts: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    cells: tuple[tuple[str, str, str], ...] = ()


class Start(Struct, frozen=True, kw_only=True):
    """The path of a new record's file, and the values of fields that the program fills in."""

    path: str
    values: Mapping[str, str]


class StartRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """A new record cannot be started without `wanted`; `choices` are its possible values.

    `day` is the day that is the reason, if one is.
    """

    def __init__(self, wanted: str, choices: Iterable[str] = (), day: date | None = None) -> None:
        super().__init__(wanted)
        self.wanted, self.choices, self.day = wanted, tuple(choices), day


def named_start(name: str, folder: str, ending: str, values: Mapping[str, str]) -> Start:
    """The start of a record with an editor's file name; raises `StartRefused` for a bad name."""
    if not FILE_NAME.fullmatch(name):
        raise StartRefused("name")
    return Start(path=f"{folder}/{name}.{ending}", values=values)


FILE_NAME = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


def _publication_day(record: Record, site: Site) -> date | None:
    return site.publication_day(record)


TOPICS = "topics/"
"""The address of the list of topics, below which each has its page."""


class Related(NamedTuple):
    """A record that is related to another one: the sort of the reason, its words, and the link."""

    reason: str
    words: str
    title: str
    address: str


class Kind(Struct, frozen=True, kw_only=True):
    """A content type.

    `pattern` matches a file's path below the content folder (`glob` is nearly the same for YAML
    editors, and begins with the same folder), `identify` turns the match into the record's id;
    with `authority`, one file has a list of records, each with its own `id`.  `title_on` gives a
    record's name on a day and `named_on` whether it had one; `day_of_names` is the day for which
    a record names others.  `order` ends in the id, so that no two records tie.  `public` gives a
    record as the site may show it on a day, without what is public later or never.  `published`
    may use the archive (an entry is published with its issue); only a kind that is not `dated`
    may give None.  `when` is the day of a record in lists, or a period in words; None if its
    source gives neither.  `home` gives the kind's blocks of a front page; without it, a
    subject's page lists the newest records.  `start` starts a new record
    (`example` is a name that an editor may give it), `free` gives the path
    of a record's file under the next free number ("" if files have no numbers), `correction`
    the fields of a record that corrects another.  `block_of` is the kind's part of the page of
    another record; `mentions` are the records on whose pages one of this kind stands, all that
    it names unless given.  `noted` gives the published values of a record, by name; `silent`
    reports published values that were changed without a revision note, and `breaches` those
    that no note excuses; `additions` are the days of the parts that are added to a published
    record, such as minutes, and that need no note.  `sealed` is the document whose bytes a seal
    covers, None for a record that cannot have it yet; `unsealing` reads it back.  `own_names` are
    names of files beside the record's page that contain its id: editors' files may not have them.
    `folders` are the addresses of `listings` outside the section.  `names` are those by which
    texts refer to a record, beside its title.  `related` finds records of the kind by the
    `shared_keys` that they share.
    """

    name: str
    label: str
    label_en: str
    record_type: type[Record]
    pattern: re.Pattern[str]
    glob: str
    address: Callable[[Any], str] = lambda record: str(record.address)
    title: Callable[[Any], str] = lambda record: str(record.title)
    order: Callable[[Any], SortKey] = lambda record: (record.id,)
    published: Callable[[Any, Archive], date | None] = lambda record, _: record.published_on
    public: Callable[[Any, date], Any] | None = None
    title_on: Callable[[Any, date | None], str] | None = None
    when: Callable[[Any, Site], date | str | None] = _publication_day
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
    folders: tuple[str, ...] = ()
    feed_item: Callable[[Any, Site], FeedItem] | None = None
    feeds: Callable[[Site], Iterable[Feed]] = lambda site: ()
    events: Callable[[Any, Site], Iterable[CalendarEvent]] | None = None
    calendars: Callable[[Site], Iterable[Calendar]] = lambda site: ()
    datasets: Callable[[Site], Iterable[Dataset]] = lambda site: ()
    documents: Callable[[Any, Site], Iterable[Document]] = lambda record, site: ()
    own_names: Callable[[Any], Iterable[str]] = lambda record: ()
    sealed: Callable[[Any, Site], Document | None] | None = None
    unsealing: Unsealing | None = None
    columns: tuple[Column, ...] = ()
    intake: Intake | None = None
    start: Callable[[Site, str], Start] | None = None
    example: str = "annual-figures"
    free: Callable[[Site, str], str] = lambda site, path: ""
    correction: Callable[[Site, str], Mapping[str, str]] | None = None
    categories: Callable[[Any, Site], tuple[str, ...]] = lambda record, site: ()
    search_fields: Callable[[Any, Site], SearchFields] = lambda record, site: SearchFields()
    home: Callable[[Site, Scope], Iterable[HomeBlock]] | None = None
    block_of: Callable[[Record, Site], HomeBlock | None] = lambda record, site: None
    mentions: Callable[[Any], Iterable[Ref]] | None = None
    english: English = English()
    figures: FigureFunctions = FigureFunctions()
    noted: Callable[[Any], Mapping[str, str]] = lambda record: {}
    silent: Callable[[Any, Mapping[str, str]], Iterable[Problem]] = lambda record, before: ()
    breaches: Callable[[Any, Mapping[str, str]], Iterable[Problem]] = lambda record, before: ()
    additions: Callable[[Any], tuple[date, ...]] | None = None
    names: Callable[[Any], Iterable[str]] = lambda record: ()
    shared_keys: Callable[[Any], Iterable[SharedKey]] = lambda record: ()
    related: Callable[[Any, Site], tuple[Related, ...]] = lambda record, site: ()

    @property
    def front_matter(self) -> bool:
        """Whether the kind's files are Markdown with front matter."""
        return self.glob.endswith(".md")


class View(Struct, frozen=True, kw_only=True):
    """Pages about several kinds: the home page, the agencies, the list of feeds.

    `closing` makes pages that need the plan: all feeds, calendars, datasets.  `artifacts` are files
    for machines.  `letter` is the mail to subscribers of an id, None if there is none on the site's
    day.  `entrances` lead to its pages outside sections; editors may link to them if the
    site `has` them.  The index of hand-written pages lists them unless the view is `unlisted`; the
    foot of every page does if it is a `foot` one.
    """

    name: str
    label: str
    label_en: str
    pages: Callable[[Site], Iterable[Page]] = lambda site: ()
    closing: Callable[
        [Site, tuple[Feed, ...], tuple[Calendar, ...], tuple[Dataset, ...]], Iterable[Page]
    ] = lambda site, feeds, calendars, datasets: ()
    section: Section | None = None
    feeds: Callable[[Site], Iterable[Feed]] = lambda site: ()
    calendars: Callable[[Site], Iterable[Calendar]] = lambda site: ()
    artifacts: Callable[[Site], Iterable[Artifact]] = lambda site: ()
    letter: Callable[[Site, str], Letter | None] = lambda site, id_: None
    entrances: tuple[Entrance, ...] = ()
    has: Callable[[Settings], bool] = lambda settings: True
    unlisted: bool = False
    foot: bool = False


class Expired(Struct, frozen=True, kw_only=True):
    """A record that the site no longer shows: the facts that its address may still give.

    A record with an English title had an address below `en/` too.
    """

    ref: Ref
    label: str
    label_en: str
    address: str
    published: date
    last: date
    title_en: bool


Rank = tuple[date, str, int]
"""The sort key of records: day of publication, kind, place in the kind's order."""


@dataclass(frozen=True)
class Site:
    """The site's records, settings and day: the argument of every kind's functions."""

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
        """A record's title in lists and links."""
        return self.kind(record).title(record)

    def title_on(self, ref: Ref, day: date | None) -> str:
        """The title on a day of the record behind a reference; the id if there is no record."""
        record = self.archive.find(ref)
        if record is None:
            return ref.id
        title_on = self.kind(record).title_on
        return title_on(record, day) if title_on else self.title(record)

    def address(self, record: Record) -> str:
        """The address of a record's page, relative to the site's root."""
        return self.kind(record).address(record)

    def published(self, record: Record) -> date:
        """The day of a record's publication; raises `LookupError` if it has none."""
        day = self.publication_day(record)
        if day is None:
            raise LookupError(f"no date of publication: {record.ref}")
        return day

    def updated(self, record: Record) -> date:
        """The day of a record's publication or last change."""
        return max([self.published(record), *self.changes(record)])

    def changes(self, record: Record) -> tuple[date, ...]:
        """The days on which readers saw a record change: its revisions, the parts added to it.

        A draft has parts of later days too, which are no change yet.
        """
        revised = tuple([revision.date for revision in record.revisions])
        additions = self.kind(record).additions
        if additions is None:
            return revised
        return (*revised, *(day for day in additions(record) if self.phase(day)))

    def withholds(self, record: Record) -> bool:
        """Whether the site hides a record on its day: not published yet, or expired."""
        day, end = self.publication_day(record), record.expires_on
        return bool((day and day > self.as_of) or (end and end < self.as_of))

    def phase(self, first: date, last: date | None = None) -> int:
        """Whether the site's day is before a period (0), in it (1) or after it (2)."""
        if self.as_of < first:
            return 0
        return 2 if last and last < self.as_of else 1

    def publication_day(self, record: Record) -> date | None:
        """The day of a record's publication, or None if its kind gives none."""
        rank = self.rank(record)
        return rank[0] if rank else None

    def rank(self, record: Record) -> Rank | None:
        """What a record is ordered by among others, or None where its kind dates nothing."""
        cached = self._ranks.get(id(record))
        if cached is not None:
            return cached
        day = self.kind(record).published(record, self.archive)
        if day is None:
            return None
        rank = (day, record.kind, self.archive.place(record))
        if rank[-1] >= 0:  # records of the archive alone are sure to live as long as the site
            self._ranks[id(record)] = rank
        return rank

    @cached_property
    def _ranks(self) -> dict[int, Rank]:
        """Ranks by the records' `id()`, which is a safe key as the records live as long as this."""
        return {}

    def events(self, record: Record) -> tuple[CalendarEvent, ...]:
        """The events of a record in calendars; none with personal data, as calendars are copied."""
        make = self.kind(record).events
        if make is None or record.personal_data:
            return ()
        cached = self._events.get(id(record))
        if cached is None:
            # as with ranks, the record lives as long as the site
            cached = self._events[id(record)] = tuple(make(record, self))
        return cached

    @cached_property
    def _events(self) -> dict[int, tuple[CalendarEvent, ...]]:
        """Events by the records' `id()`: several calendars have each."""
        return {}

    def _dated(self, records: Iterable[Record]) -> list[tuple[Rank, Record]]:
        """Records that have a day, each with its rank; a build calls this a dozen times for all."""
        rank_of = self.rank
        return [(rank, record) for record in records if (rank := rank_of(record))]

    @cached_property
    def sealed_documents(self) -> dict[int, tuple[Record, bytes]]:
        """A cache of sealed documents by their records' `id()`, as several stages need them.

        Each entry also has its record, which keeps the `id()` from being reused.
        """
        return {}

    def seal(self, record: Record) -> RecordSeal | None:
        """A record's place in the log, or None if it is not sealed."""
        return self.seals.of(str(record.ref))

    def sealed_leaf(self, record: Record) -> bytes:
        """The digest under which a record was sealed; b"" if it was not."""
        return self.seals.leaf(str(record.ref))

    def crumb(self, name: str) -> Breadcrumb:
        """The breadcrumb of a kind's index page."""
        kind = self._kinds[name]
        return Breadcrumb(title=kind.label, address=kind.section.address if kind.section else "")

    def topics(self, ids: Container[str]) -> tuple[Breadcrumb, ...]:
        """The pages of a record's topics, in the site's order."""
        words = (word for word in self.settings.topics if word.id in ids)
        return tuple(Breadcrumb(title=w.title, address=f"{TOPICS}{w.id}/") for w in words)

    def records(self, kind: Kind) -> tuple[Record, ...]:
        """All records of a kind, in the kind's order."""
        return self.archive.of(kind.record_type)

    def sections(self) -> list[tuple[Kind, Section]]:
        """The kinds with the sections that menus lead to, in the order of the navigation.

        Kinds whose files lie in one top folder, as issues and entries do, share a section.
        """
        ways = [
            (kind, kind.section)
            for kind in self.kinds
            if kind.section and (kind.section.standing or self._fills(_top(kind)))
        ]
        return sorted(ways, key=lambda way: (way[1].rank, way[0].name))

    def _fills(self, top: str) -> bool:
        return any(self.records(kind) for kind in self.kinds if _top(kind) == top)

    def newest(self, records: Iterable[Record]) -> tuple[Record, ...]:
        """Records by their day of publication, newest first; ties in reverse kind order."""
        ranked = sorted(self._dated(records), key=itemgetter(0), reverse=True)
        return tuple(record for _, record in ranked)

    def latest_day(self, records: Iterable[Record]) -> date | None:
        """The newest day on which one of the records was published or changed, or None."""
        dated = self._dated(records)
        changes = (day for _, record in dated for day in self.changes(record))
        return max(chain((rank[0] for rank, _ in dated), changes), default=None)

    def missing(self, ref: Ref) -> bool:
        """Whether a reference leads nowhere, not even to a broken record.

        A broken record without an id may be any record of its kind.
        """
        excused = ref in self.broken or Ref(ref.kind, "") in self.broken
        return self.archive.find(ref) is None and not excused

    def lacks(self, path: str) -> bool:
        """Whether a file is missing below the content folder and no problem explains it.

        The file or a folder above it may be unreadable, which is reported by itself.
        """
        steps = path.split("/")
        ways = ("/".join(steps[:depth]) for depth in range(1, len(steps) + 1))
        return path not in self.files and self.unreadable.isdisjoint(ways)

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """The fixed addresses of pages to which editors may link, as `feeds/`, with their names."""
        things: list[Kind | View] = [*self.kinds, *self.views]
        views = (view for view in self.views if view.has(self.settings))
        entrances = [entrance for view in views for entrance in view.entrances]
        sections = [
            Entrance(label=thing.label, label_en=thing.label_en, address=thing.section.address)
            for thing in things
            if thing.section
        ]
        named = {entrance.address: entrance.label for entrance in (*sections, *entrances)}
        if self.settings.english:
            paired = (entrance for entrance in (*sections, *entrances) if entrance.label_en)
            named |= {counterpart(entrance.address): entrance.label_en for entrance in paired}
        return named

    def named(self, name: str, by: Record) -> str:
        """The address of the record that the text of `by` calls by a name; "" if there is none."""
        meant = self._names.meant(name, by, self.publication_day(by))
        return self.address(meant) if meant else ""

    @cached_property
    def _names(self) -> Names:
        return Names(
            (name, self.publication_day(record), record)
            for kind in self.kinds
            for record in self.records(kind)
            for name in kind.names(record)
        )

    def near(self, record: Record) -> Sequence[Sharing]:
        """The other records that share a key with one and stand near it, by key."""
        return self._near.get(id(record), ())

    @cached_property
    def _near(self) -> Mapping[int, Sequence[Sharing]]:
        """By the records' `id()`, as with ranks."""
        own = ((kind, record) for kind in self.kinds for record in self.records(kind))
        return nearby((record, kind.shared_keys(record)) for kind, record in own)

    def related(self, record: Record) -> tuple[Related, ...]:
        """The records that are related to one, the most related first."""
        return self.kind(record).related(record, self)

    def linked(self, ref: Ref) -> Record | None:
        """The record that a reference names; a site restored from a copy has its own."""
        return self.archive.find(ref)


def _top(kind: Kind) -> str:
    return kind.glob.partition("/")[0]


def folder_of(record: Record) -> str:
    """The folder of a record's own files below the content folder, named as its file."""
    return record.origin.path.rsplit(".", 1)[0]


def shown_pictures(record: Record) -> Iterator[str]:
    """The files in its folder that a record shows as pictures, in fields and in its prose."""
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
"""The column of every export with the address of the record's page."""


def own_files(record: Record) -> Iterator[str]:
    """The files in its folder that a record names, in fields and as links of its prose."""
    for leaf in leaves_of(record, FileName, Prose):
        if isinstance(leaf.type, FileName):
            yield leaf.value
        else:
            yield from read_prose(leaf.value).targets


def export_address(kind: Kind) -> str:
    """The address of the table of all records of a kind, without ending."""
    return f"data/{kind.name}"
