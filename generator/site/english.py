"""Pages for visitors: a record with an English title, and each section, below `en/`.

They say what there is in English, and plainly that the rest is in Chinese; the full text never
stands here, so that nobody takes a translation for the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from msgspec import structs

from generator.content.archive import RecordT
from generator.content.model import About, Breadcrumb, Page, Ref
from generator.content.record import Record
from generator.site.facts import Fact, Said, said
from generator.site.kind import Kind, Section, Site
from generator.site.listing import RECENT, Listing, Row, RowGroup, yearly_pages
from generator.site.page_metadata import stated
from generator.text.markdown import gist, plain_text
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH, ENGLISH_HOME, absolute, address_in, counterpart

UNTITLED = 10
"""Records without an English title that a section shows: the newest."""


def english_page(page: Page, record: Record, site: Site) -> Iterator[Page]:
    """The page in English beside the page of a record, where the record has an English title."""
    kind = site.kind(record)
    title = kind.english.title(record) if site.settings.english else ""
    if title:
        summary = getattr(record, "summary_en", None)
        facts = tuple(kind.english.facts(record, site))
        yield Page(
            address=counterpart(page.address),
            template="english-record.html",
            title=title,
            description=gist(plain_text(summary or ""), 300) or f"{title}. {_authentic()}",
            updated=page.updated,
            breadcrumbs=_crumbs(kind),
            source=page.source,
            about=_about(page, title, site),
            context={
                "record": record,
                "chinese": page,
                "summary": summary,
                "facts": facts or (_published(record, site),),
            },
        )


def _authentic() -> str:
    return str(words_of(ENGLISH)["english"]["authentic"])


def _published(record: Record, site: Site) -> Fact:
    return Fact(name="published", values=(Said(day=site.published(record)),))


def _crumbs(kind: Kind) -> tuple[Breadcrumb, ...]:
    section = kind.section
    address = counterpart(section.address) if section else ENGLISH_HOME
    return (Breadcrumb(title=kind.label_en, address=address),)


def _about(page: Page, title: str, site: Site) -> About:
    """A page of its own about the thing that the Chinese page is about."""
    url = absolute(site.settings.base_url, page.address)
    thing = stated(
        **{"@type": "WebPage"},
        name=title,
        inLanguage=ENGLISH,
        about={"@id": f"{url}#thing"} if page.about.thing else None,
        translationOfWork={"@type": "WebPage", "url": url, "inLanguage": CHINESE},
    )
    return structs.replace(page.about, thing=thing, tags=())


def said_of(ref: Ref, day: date | None, site: Site) -> Said:
    """What the record behind a reference was called on a day, with the way to it."""
    record = site.linked(ref)
    if record is None:
        return said("", site.title_on(ref, day))
    title = site.kind(record).english.title_on(record, day)
    return said(title, site.title_on(ref, day), english_address(record, site))


def english_address(record: Record, site: Site) -> str:
    """Where visitors best go for a record: its page in English, if it has one."""
    kind, address = site.kind(record), site.address(record)
    paged = site.settings.english and kind.page and kind.english.title(record)
    return counterpart(address) if paged else address


def english_row(record: Record, site: Site) -> Row:
    """A record in a list in English: by its Chinese title, marked as such, if it has no other."""
    told = site.kind(record).english
    title = told.title(record)
    untitled = () if title else (words_of(ENGLISH)["english"]["in_chinese"],)
    return Row(
        title=title or site.title(record),
        address=english_address(record, site),
        day=told.day(record, site),
        marks=(*told.marks(record, site), *untitled),
        ended=told.ended(record, site),
        chinese=not title,
    )


def doors(site: Site, language: str) -> list[tuple[str, str, str]]:
    """The kinds' sections in the order of the navigation: name, what it holds, address."""
    ways = [(kind, kind.section) for kind in site.kinds if kind.section]
    ways.sort(key=lambda way: (way[1].rank, way[0].name))
    return [
        (
            kind.label_en if language == ENGLISH else kind.label,
            section.intro_en if language == ENGLISH else section.intro,
            address_in(language, section.address),
        )
        for kind, section in ways
    ]


def row_in(language: str, chinese: Callable[[Any, Site], Row]) -> Callable[[Any, Site], Row]:
    """How a kind shows a record in lists of a language; in Chinese it says so itself."""
    return english_row if language == ENGLISH else chinese


def newest_in(language: str, records: Iterable[RecordT], site: Site) -> Sequence[RecordT]:
    """Records by day, newest first; in English those with a title, if there is one at all."""
    newest: Sequence[Any] = site.newest(records)
    titled = [r for r in newest if site.kind(r).english.title(r)] if language == ENGLISH else []
    return titled or newest


def english_section(kind: Kind, section: Section, site: Site) -> Iterator[Page]:
    """The index of a kind in English; beyond a screenful, a page a year of what has a title."""
    titled, others = _divided(kind, site)
    listing = Listing(
        address=counterpart(section.address),
        title=kind.label_en,
        crumbs=(),
        row=english_row,
        intro=section.intro_en,
    )
    first, *years = yearly_pages(listing, titled, site)
    long = len(titled) > RECENT
    context = {
        **first.context,
        "groups": (*_groups(first, titled), *_untitled(others, site)),
        "years": first.context["years"] if long else (),
        "count": len(titled),
        "all": len(titled) + len(others),
        "chinese": section.address,
    }
    updated = site.latest_day((*titled, *others))
    yield structs.replace(first, template="english-listing.html", updated=updated, context=context)
    yield from years if long else ()


def _divided(kind: Kind, site: Site) -> tuple[Sequence[Record], Sequence[Record]]:
    """The records of a kind that can be listed by day: those with an English title, the others."""
    known = site.newest(site.records(kind))
    titled = [record for record in known if kind.english.title(record)]
    return titled, [record for record in known if not kind.english.title(record)]


def _groups(first: Page, titled: Sequence[Record]) -> tuple[RowGroup, ...]:
    groups: tuple[RowGroup, ...] = first.context["groups"] if titled else ()  # type: ignore[assignment]  # as `listing` makes it
    return groups


def _untitled(others: Sequence[Record], site: Site) -> Iterator[RowGroup]:
    """The newest that are in Chinese only."""
    if others:
        rows = tuple(english_row(record, site) for record in others[:UNTITLED])
        yield RowGroup(heading=words_of(ENGLISH)["english"]["chinese_only"], rows=rows)
