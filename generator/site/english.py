"""Pages in English, below `en/`: of each record with an English title, and of each section.

They give what there is in English and say that the rest is in Chinese.  They never have the full
text, so that nobody takes a translation for the record.
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
"""The most records without an English title that a section shows: the newest."""


def english_page(page: Page, record: Record, site: Site) -> Iterator[Page]:
    """The page in English beside the page of a record, if the record has an English title."""
    kind, section = site.kind(record), site.kind(record).section
    title = kind.english.title(record) if site.settings.english else ""
    if title:
        summary = getattr(record, "summary_en", None)
        authentic = words_of(ENGLISH)["english"]["authentic"]
        facts = tuple(kind.english.facts(record, site))
        if not facts:  # every page says at least when its record was published
            facts = (Fact(name="published", values=(Said(day=site.published(record)),)),)
        body, values = kind.english.body(record, site)
        above = counterpart(section.address) if section else ENGLISH_HOME
        yield Page(
            address=counterpart(page.address),
            template="english-record.html",
            title=title,
            description=gist(plain_text(summary or ""), 300) or f"{title}. {authentic}",
            updated=page.updated,
            breadcrumbs=(Breadcrumb(title=kind.label_en, address=above),),
            source=page.source,
            about=_about(page, title, site),
            context={
                "record": record,
                "chinese": page,
                "summary": summary,
                "facts": facts,
                "body": body,
                **values,
            },
        )


def _about(page: Page, title: str, site: Site) -> About:
    """The metadata of a page in English, which is about the same thing as the Chinese page."""
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
    """The name on a day of the record behind a reference, with the address of its page."""
    record = site.linked(ref)
    if record is None:
        return said("", site.title_on(ref, day))
    title = site.kind(record).english.title_on(record, day)
    return said(title, site.title_on(ref, day), english_address(record, site))


def english_address(record: Record, site: Site) -> str:
    """The address of a record's page in English, if it has one, else of its Chinese page."""
    kind, address = site.kind(record), site.address(record)
    paged = site.settings.english and kind.page and kind.english.title(record)
    return counterpart(address) if paged else address


def english_row(record: Record, site: Site) -> Row:
    """A record in a list in English; without an English title, its Chinese title marked as such."""
    english = site.kind(record).english
    title = english.title(record)
    untitled = () if title else (words_of(ENGLISH)["english"]["in_chinese"],)
    return Row(
        title=title or site.title(record),
        address=english_address(record, site),
        day=english.day(record, site),
        marks=(*english.marks(record, site), *untitled),
        ended=english.ended(record, site),
        chinese=not title,
    )


def english_words(site: Site) -> dict[str, str]:
    """The names of sections, categories and agencies with their English ones, where they have one.

    It is empty for a site without pages in English.
    """
    if not site.settings.english:
        return {}
    words = {kind.label: kind.label_en for kind in site.kinds}
    for kind in site.kinds:
        words.update((chinese, english) for chinese, english in kind.english.words(site) if english)
    return words


def doors(site: Site, language: str) -> list[tuple[str, str, str]]:
    """The kinds' sections in the order of the navigation: name, introduction, address."""
    return [
        (
            kind.label_en if language == ENGLISH else kind.label,
            section.intro_en if language == ENGLISH else section.intro,
            address_in(language, section.address),
        )
        for kind, section in site.sections()
    ]


def row_in(language: str, chinese: Callable[[Any, Site], Row]) -> Callable[[Any, Site], Row]:
    """The function that makes rows for lists of a language; `chinese` is the kind's own."""
    return english_row if language == ENGLISH else chinese


def newest_in(language: str, records: Iterable[RecordT], site: Site) -> Sequence[RecordT]:
    """Records by day, newest first; in English those with a title, or all if none has one."""
    newest: Sequence[Any] = site.newest(records)
    titled = [r for r in newest if site.kind(r).english.title(r)] if language == ENGLISH else []
    return titled or newest


def english_section(kind: Kind, section: Section, site: Site) -> Iterator[Page]:
    """The index of a kind in English; if it is long, also a page for each year."""
    newest = site.newest(site.records(kind))
    titled = [record for record in newest if kind.english.title(record)]
    untitled = [record for record in newest if not kind.english.title(record)]
    listing = Listing(
        address=counterpart(section.address),
        title=kind.label_en,
        crumbs=(),
        row=english_row,
        intro=section.intro_en,
    )
    first, *years = yearly_pages(listing, titled, site)
    groups: tuple[RowGroup, ...] = first.context["groups"] if titled else ()  # type: ignore[assignment]  # as `listing` makes it
    if untitled:
        rows = tuple(english_row(record, site) for record in untitled[:UNTITLED])
        heading = words_of(ENGLISH)["english"]["chinese_only"]
        groups = (*groups, RowGroup(heading=heading, rows=rows))
    long = len(titled) > RECENT
    context = {
        **first.context,
        "groups": groups,
        "years": first.context["years"] if long else (),
        "count": len(titled),
        "all": len(newest),
        "chinese": section.address,
    }
    updated = site.latest_day(newest)
    yield structs.replace(first, template="english-listing.html", updated=updated, context=context)
    yield from years if long else ()
