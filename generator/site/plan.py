"""Plans which pages, feeds, data files and documents exist, before any is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from msgspec import Struct, structs

from generator.content.model import (
    Calendar,
    Copy,
    Dataset,
    Document,
    Entrance,
    Feed,
    Mapped,
    Page,
    Ref,
    Scaling,
)
from generator.content.record import Record
from generator.site.english import english_page, english_section
from generator.site.kind import Expired, Kind, Site, View, export_address, folder_of, own_files
from generator.site.pictures import scalings
from generator.site.redirects import leading_pages
from generator.text.dates import iso
from generator.text.translations import words_of
from generator.text.urls import counterpart, language_of


class Plan(Struct, frozen=True, kw_only=True):
    """Everything that the site will have, by sort."""

    pages: tuple[Page, ...]
    feeds: tuple[Feed, ...]
    calendars: tuple[Calendar, ...]
    datasets: tuple[Dataset, ...]
    documents: tuple[Document, ...]
    copies: tuple[Copy, ...]
    scalings: tuple[Scaling, ...]
    navigation: tuple[Entrance, ...]


class Lists(Struct, frozen=True, kw_only=True):
    """The parts of a plan that concern all records at once."""

    feeds: tuple[Feed, ...]
    calendars: tuple[Calendar, ...]
    datasets: tuple[Dataset, ...]
    navigation: tuple[Entrance, ...]


def plan(site: Site, views: tuple[View, ...]) -> Plan:
    """The plan of the whole site."""
    lists = plan_lists(site, views)
    parts = [record_plan(record, site) for record in site.archive]
    of_records = (page for part in parts for page in part.pages)
    return Plan(
        pages=(*plan_pages(lists, site, views), *of_records),
        feeds=lists.feeds,
        calendars=lists.calendars,
        datasets=lists.datasets,
        documents=tuple(document for part in parts for document in part.documents),
        copies=tuple(copy for part in parts for copy in part.copies),
        scalings=tuple(scaling for part in parts for scaling in part.scalings),
        navigation=lists.navigation,
    )


def plan_lists(site: Site, views: tuple[View, ...]) -> Lists:
    """The plan of feeds, calendars, tables and the navigation."""
    return Lists(
        feeds=tuple(_feeds(site, views)),
        calendars=tuple(_calendars(site, views)),
        datasets=tuple(_datasets(site)),
        navigation=navigation((kind for kind, _ in site.sections()), views),
    )


def plan_pages(lists: Lists, site: Site, views: tuple[View, ...]) -> tuple[Page, ...]:
    """The pages of no single record; some need the list of all feeds and tables."""
    closing = (
        page
        for view in views
        for page in view.closing(site, lists.feeds, lists.calendars, lists.datasets)
    )
    pages = (*list_pages(site, views), *closing)
    return _finished(_dated(pages, site), site)


def _dated(pages: Iterable[Page], site: Site) -> Iterator[Page]:
    """The pages; a public one without a day of its own is as new as the newest record."""
    for page in pages:
        if page.updated or page.private:
            yield page
        else:
            yield structs.replace(page, updated=site.latest_day(site.archive))


class RecordPlan(Struct, frozen=True, kw_only=True):
    """The plan of one record: its pages, its documents, its files."""

    pages: tuple[Page, ...]
    documents: tuple[Document, ...]
    copies: tuple[Copy, ...]
    scalings: tuple[Scaling, ...]


def record_plan(record: Record, site: Site) -> RecordPlan:
    """The plan of one record."""
    kind = site.kind(record)
    return RecordPlan(
        pages=_finished(_record_pages(record, site), site),
        documents=(
            *kind.documents(record, site),
            *_proofs(record, site),
            *leading_pages(record, site),
        ),
        copies=tuple(_copies(record, site)),
        scalings=tuple(scalings(record, site)),
    )


def _proofs(record: Record, site: Site) -> Iterator[Document]:
    """The files beside a sealed record by which anybody can verify it alone."""
    seal = site.seal(record) if site.kind(record).sealed else None
    for name, content in seal.files.items() if seal else ():
        yield Document(address=site.address(record) + name, make=partial(bytes, content))


def _record_pages(record: Record, site: Site) -> Iterator[Page]:
    """The page of a record, and its page in English."""
    make = site.kind(record).page
    if make:
        page, draft = make(record, site), site.withholds(record)
        for version in (page, *english_page(page, record, site)):
            yield structs.replace(version, draft=draft, private=draft or record.personal_data)


def withheld(site: Site) -> Iterator[Ref]:
    """The records that the site does not show on its day."""
    return (record.ref for record in site.archive if site.withholds(record))


def shown(site: Site, *, draft: bool) -> Site:
    """The site without what it does not show on its day; with `draft`, all records.

    A draft shows what will be public one day, and never what will not.
    """
    if draft:
        return replace(site, archive=site.archive.with_(_public(site, date.max)))
    archive = site.archive.without(withheld(site))
    return replace(
        site,
        archive=archive.with_(_public(replace(site, archive=archive), site.as_of)),
        expired=tuple(_expired(site)),
    )


def _public(site: Site, day: date) -> Iterator[Record]:
    """The records that are shown without a part of themselves, as they are shown."""
    for kind in site.kinds:
        if kind.public:
            pairs = ((record, kind.public(record, day)) for record in site.records(kind))
            yield from (public for record, public in pairs if public is not record)


def _expired(site: Site) -> Iterator[Expired]:
    """The expired records whose kinds have pages, in the order of kinds and records."""
    for kind in site.kinds:
        for record in site.records(kind) if kind.page else ():
            day, last = site.publication_day(record), record.expires_on
            if day and last and day <= last < site.as_of:
                yield Expired(
                    ref=record.ref,
                    label=kind.label,
                    label_en=kind.label_en,
                    address=kind.address(record),
                    published=day,
                    last=last,
                    title_en=site.settings.english and bool(kind.english.title(record)),
                )


def list_pages(site: Site, views: Iterable[View]) -> Iterator[Page]:
    """The pages of no single record that do not need the plan."""
    for view in views:
        yield from view.pages(site)
    for kind in site.kinds:
        for page in _kind_lists(kind, site):
            # a site without such records keeps the addresses, and leads nobody there
            yield page if site.records(kind) else structs.replace(page, private=True)


def _kind_lists(kind: Kind, site: Site) -> Iterator[Page]:
    yield from kind.listings(site)
    if kind.section and site.settings.english:
        yield from english_section(kind, kind.section, site)


def _finished(pages: Iterable[Page], site: Site) -> tuple[Page, ...]:
    """The pages, each with a description and with `paired` set if its counterpart is among them."""
    pages = tuple(pages)
    addresses = {page.address for page in pages} if site.settings.english else ()
    return tuple(
        structs.replace(
            page,
            description=_description(page, site),
            paired=counterpart(page.address) in addresses,
        )
        for page in pages
    )


def _description(page: Page, site: Site) -> str:
    """A page's description, or a generic one: search engines and the host's theme expect one."""
    language = language_of(page.address)
    name = site.settings.title_in(language)
    form: str = words_of(language)["page"]["described"]
    return page.description or form.format(title=page.title, site=name)


def _feeds(site: Site, views: Iterable[View]) -> Iterator[Feed]:
    """The feeds with items, and those published before, which keep their addresses."""
    for thing in _ranked(site.kinds, views):
        yield from (f for f in thing.feeds(site) if f.items or f.name in site.memory.feeds)


def _calendars(site: Site, views: Iterable[View]) -> Iterator[Calendar]:
    """The calendars with events."""
    for thing in _ranked(site.kinds, views):
        yield from (calendar for calendar in thing.calendars(site) if calendar.events)


def _datasets(site: Site) -> Iterator[Dataset]:
    for kind in site.kinds:
        if kind.columns:
            yield _export(kind, site)
        yield from kind.datasets(site)


def _export(kind: Kind, site: Site) -> Dataset:
    # records of authority lists have no days: their table is as old and as new as the site
    dated = [record for record in site.records(kind) if site.publication_day(record)]
    days = [site.published(record) for record in dated or site.newest(site.archive)]
    revised = (site.updated(record) for record in dated if record.revisions)
    return Dataset(
        address=export_address(kind),
        title=kind.label,
        columns=tuple((column.name, column.title) for column in kind.columns),
        rows=Mapped(partial(export_row, kind=kind, site=site), site.records(kind)),
        about={"title": kind.label, "publisher": site.settings.publisher.name},
        issued=iso(min(days, default=None)),
        updated=iso(max((*days, *revised), default=None)),
        covers=(iso(min(days, default=None)), iso(max(days, default=None))),
    )


def export_row(record: Record, kind: Kind, site: Site) -> tuple[str, ...]:
    """A record's row in the table of its kind."""
    return tuple(column.value(record, site) for column in kind.columns)


def _copies(record: Record, site: Site) -> Iterator[Copy]:
    folder = folder_of(record)
    for name in dict.fromkeys(own_files(record)):
        source = f"{folder}/{name}"
        if source in site.files:
            address = site.address(record) + name
            yield Copy(address=address, source=source, digest=site.digests[source])


def navigation(kinds: Iterable[Kind], views: Iterable[View]) -> tuple[Entrance, ...]:
    """The sections of kinds and views, as menus list them."""
    return tuple(
        Entrance(label=thing.label, label_en=thing.label_en, address=thing.section.address)
        for thing in _ranked(kinds, views)
        if thing.section
    )


def _ranked(kinds: Iterable[Kind], views: Iterable[View]) -> list[Kind | View]:
    """Kinds and views: those with a section in the order of the navigation, then others by name."""
    things: list[Kind | View] = [*kinds, *views]
    return sorted(things, key=lambda t: (t.section.rank if t.section else 1000, t.name))


def refuse_clashes(addresses: Iterable[str]) -> None:
    """Raises `ValueError` when two things claim one address, or one claims a folder of another."""
    counts = Counter(addresses)
    folders = set[str]()
    for address in counts:
        folder = address.rpartition("/")[0]
        # the folders above one that is in the set are in it too
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    twice = sorted(address for address, count in counts.items() if count > 1 or address in folders)
    if twice:
        raise ValueError(f"claimed twice: {', '.join(twice)}")
