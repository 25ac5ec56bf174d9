"""Which pages, feeds, data files and documents exist: decided before any is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.kind import Kind, Site, View, export_address, folder_of, own_files
from generator.model import Copy, Dataset, Document, Entrance, Feed, Page, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that the site will hold, by what it is made from."""

    pages: tuple[Page, ...]
    feeds: tuple[Feed, ...]
    datasets: tuple[Dataset, ...]
    documents: tuple[Document, ...]
    copies: tuple[Copy, ...]
    navigation: tuple[Entrance, ...]


def plan(site: Site, views: tuple[View, ...]) -> Plan:
    """The site as it will be; raises `ValueError` when two things claim one address."""
    feeds, datasets = tuple(_feeds(site, views)), tuple(_datasets(site))
    closing = (page for view in views for page in view.closing(site, feeds, datasets))
    pages = (_described(page, site) for page in (*_pages(site, views), *closing))
    planned = Plan(
        pages=tuple(pages),
        feeds=feeds,
        datasets=datasets,
        documents=tuple(_documents(site)),
        copies=tuple(_copies(site)),
        navigation=_navigation(site.kinds, views),
    )
    _refuse_clashes(planned)
    return planned


def withheld(site: Site) -> Iterator[Ref]:
    """Records that the site does not show on its day: not yet published, or expired."""
    for record in site.archive:
        day = site.known(record)
        if (day and day > site.as_of) or (record.expires_on and record.expires_on < site.as_of):
            yield record.ref


def _pages(site: Site, views: Iterable[View]) -> Iterator[Page]:
    drafts = set(withheld(site))
    for view in views:
        yield from view.pages(site)
    for kind in site.kinds:
        yield from kind.listings(site)
        if kind.page:
            for record in site.records(kind):
                page = kind.page(record, site)
                draft = record.ref in drafts
                private = draft or record.personal_data
                yield replace(page, draft=draft, private=private)


def _described(page: Page, site: Site) -> Page:
    """A page with a description: search engines and the host's theme expect one."""
    return replace(page, description=page.description or f"{page.title}，{site.settings.title}")


def _feeds(site: Site, views: Iterable[View]) -> Iterator[Feed]:
    for thing in _ranked(site.kinds, views):
        yield from thing.feeds(site)


def _datasets(site: Site) -> Iterator[Dataset]:
    for kind in site.kinds:
        if kind.columns:
            yield _export(kind, site)
        yield from kind.datasets(site)


def _export(kind: Kind, site: Site) -> Dataset:
    rows = (
        tuple(column.value(record, site) for column in kind.columns)
        for record in site.records(kind)
    )
    return Dataset(
        address=export_address(kind),
        title=kind.label,
        columns=tuple((column.name, column.title) for column in kind.columns),
        rows=tuple(rows),
        about={"title": kind.label, "publisher": site.settings.publisher.name},
    )


def _documents(site: Site) -> Iterator[Document]:
    for kind in site.kinds:
        for record in site.records(kind):
            yield from kind.documents(record, site)


def _copies(site: Site) -> Iterator[Copy]:
    for record in site.archive:
        folder = folder_of(record)
        for name in dict.fromkeys(own_files(record)):
            source = f"{folder}/{name}"
            if source in site.files:
                address = site.address(record) + name
                yield Copy(address=address, source=source, digest=site.digests[source])


def _navigation(kinds: Iterable[Kind], views: Iterable[View]) -> tuple[Entrance, ...]:
    return tuple(
        Entrance(label=thing.label, address=thing.section.address)
        for thing in _ranked(kinds, views)
        if thing.section
    )


def _ranked(kinds: Iterable[Kind], views: Iterable[View]) -> list[Kind | View]:
    """What has a section in the order of the navigation, then the rest by name."""
    things: list[Kind | View] = [*kinds, *views]
    return sorted(things, key=lambda t: (t.section.rank if t.section else 1000, t.name))


def _refuse_clashes(planned: Plan) -> None:
    addresses = [
        *(page.html_path for page in planned.pages),
        *(feed.address for feed in planned.feeds),
        *(f"{dataset.address}.csv" for dataset in planned.datasets),
        *(f"{dataset.address}.json" for dataset in planned.datasets),
        *(document.address for document in planned.documents),
        *(copy.address for copy in planned.copies),
    ]
    twice = sorted(address for address, count in Counter(addresses).items() if count > 1)
    if twice:
        raise ValueError(f"claimed twice: {', '.join(twice)}")
