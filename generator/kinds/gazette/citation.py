"""Citations of an entry: the form that Taiwan's official papers use, and metadata for programs.

An official citation has issuer, day, number and form as one phrase, then issue and address:
測試市政府105年1月4日測市秘字第1050000001號函，《測試市政府公報》105年第1期，https://…
"""

from __future__ import annotations

from generator.content.model import About, Card
from generator.content.settings import DRAFT, NORM
from generator.kinds.gazette.effect import State
from generator.kinds.gazette.entry import FORMS, GazetteEntry
from generator.kinds.gazette.entry_rows import standing_row
from generator.kinds.gazette.issue import GazetteIssue
from generator.output.formats.citations import Cited, bibtex, citation_tags, ris
from generator.site.kind import Site
from generator.site.page_metadata import Thing, organization, publisher, stated
from generator.text.dates import roc
from generator.text.urls import CHINESE, absolute

CARD = Card("gazette", "「公報」二字與一份文件的圖樣", "“Gazette” in Chinese, and a document")
_NOT_IN_FORCE = "https://schema.org/NotInForce"
_FORCE: dict[str, str] = {
    State.PARTLY: "https://schema.org/PartiallyInForce",
    State.IN_FORCE: "https://schema.org/InForce",
    State.AMENDED: "https://schema.org/InForce",
    State.EXPIRED: _NOT_IN_FORCE,
    State.WITHDRAWN: _NOT_IN_FORCE,
    State.REPEALED: _NOT_IN_FORCE,
    State.REPLACED: _NOT_IN_FORCE,
}


def official_citation(entry: GazetteEntry, issue: GazetteIssue, site: Site) -> str:
    """The entry as an official paper cites it, without the parts that the source lacks."""
    where = f"《{site.settings.gazette.name}》{issue.name}"
    parts = (_phrase(entry, site), where, _printed_pages(entry), _url(entry, site))
    return "，".join(part for part in parts if part)


def _phrase(entry: GazetteEntry, site: Site) -> str:
    """`測試市政府105年1月4日測市秘字第1050000001號函`; the title replaces a missing number."""
    issuers = "、".join(_issuers(entry, site))
    day = roc(entry.dispatch_date) if entry.dispatch_date else ""
    form = "" if entry.form == "other" else FORMS[entry.form]
    title = "" if entry.document_numbers else f"「{entry.title}」"
    return f"{issuers}{day}{'、'.join(entry.document_numbers)}{form}{title}"


def _printed_pages(entry: GazetteEntry) -> str:
    if entry.pages is None:
        return ""
    first, last = entry.pages.first, entry.pages.last or entry.pages.first
    return f"頁{first}" if first == last else f"頁{first}-{last}"


def _issuers(entry: GazetteEntry, site: Site) -> tuple[str, ...]:
    return tuple(site.title_on(ref, entry.dispatch_date) for ref in entry.issuers)


def _url(entry: GazetteEntry, site: Site) -> str:
    return absolute(site.settings.base_url, entry.address)


def cited(entry: GazetteEntry, issue: GazetteIssue, site: Site) -> Cited:
    """The entry for reference managers; its day is the day of publication."""
    pages = entry.pages
    return Cited(
        key=f"{site.settings.publisher.id}-{entry.id}",
        title=entry.title,
        authors=_issuers(entry, site),
        journal=site.settings.gazette.name,
        volume=str(issue.volume),
        number=f"{issue.series}{issue.number}",
        document_number="、".join(entry.document_numbers),
        day=site.published(issue),
        pages=(pages.first, pages.last or pages.first) if pages else None,
        publisher=site.settings.publisher.name,
        url=_url(entry, site),
    )


def citation_box(
    entry: GazetteEntry, issue: GazetteIssue, site: Site, reference: Cited
) -> dict[str, str]:
    """The context of the page's citation box; `reference` is the entry for reference managers."""
    return {
        "official": official_citation(entry, issue, site),
        "bibtex": bibtex(reference),
        "ris": ris(reference),
        "url": reference.url,
    }


def about_entry(entry: GazetteEntry, issue: GazetteIssue, site: Site, reference: Cited) -> About:
    """The metadata of an entry's page: citation tags and a schema.org graph."""
    norm = site.settings.gazette.category(entry.category).nature in (NORM, DRAFT)
    thing = {**_document(entry, issue, site), **(_norm(entry, site) if norm else _paper(entry))}
    tags = tuple(citation_tags(reference))
    return About(thing=thing, tags=tags, card=CARD, article=True)


def _document(entry: GazetteEntry, issue: GazetteIssue, site: Site) -> Thing:
    day, changed = site.published(issue), site.updated(entry)
    url = absolute(site.settings.base_url, issue.address)
    return stated(
        name=entry.title,
        alternateName=entry.title_en,
        inLanguage=CHINESE,
        datePublished=day.isoformat(),
        dateModified=changed.isoformat() if changed != day else "",
        author=[organization(name) for name in _issuers(entry, site)],
        publisher=publisher(site.settings),
        keywords=list(entry.keywords),
        isAccessibleForFree=True,
        isPartOf={"@id": f"{url}#thing", **issue_thing(issue, site), "url": url},
        encoding={
            "@type": "MediaObject",
            "encodingFormat": "application/json",
            "contentUrl": f"{_url(entry, site)}record.json",
        },
    )


def _norm(entry: GazetteEntry, site: Site) -> Thing:
    """The properties of a legal norm, with its force."""
    return stated(
        **{"@type": "Legislation"},
        legislationIdentifier=list(entry.document_numbers),
        legislationType=FORMS[entry.form],
        legislationDate=entry.dispatch_date.isoformat() if entry.dispatch_date else "",
        legislationPassedBy=[organization(name) for name in _issuers(entry, site)],
        legislationLegalForce=_force(entry, site),
    )


def _force(entry: GazetteEntry, site: Site) -> str:
    """The schema.org force of a norm: a draft has none, any other that of its last known state.

    "" as long as a later day changes the state: search engines store what they read, and no script
    of the page corrects it on that day.
    """
    if site.settings.gazette.category(entry.category).nature == DRAFT:
        return _NOT_IN_FORCE
    row = standing_row(entry, site)
    return _FORCE.get(row.states[row.place], "") if row and not row.changing else ""


def _paper(entry: GazetteEntry) -> Thing:
    return stated(
        **{"@type": "DigitalDocument"},
        identifier=list(entry.document_numbers),
        genre=FORMS[entry.form],
        dateCreated=entry.dispatch_date.isoformat() if entry.dispatch_date else "",
    )


def issue_thing(issue: GazetteIssue, site: Site) -> Thing:
    """An issue: one number of a volume of a periodical."""
    periodical = {"@type": "Periodical", "name": site.settings.gazette.name}
    volume = {"@type": "PublicationVolume", "volumeNumber": str(issue.volume)}
    return stated(
        **{"@type": "PublicationIssue"},
        name=f"{site.settings.gazette.name}{issue.name}",
        issueNumber=f"{issue.series}{issue.number}",
        datePublished=issue.publication_date.isoformat() if issue.publication_date else "",
        isPartOf={**volume, "isPartOf": periodical},
    )


def about_issue(issue: GazetteIssue, site: Site) -> About:
    """The metadata of an issue's page."""
    thing = {**issue_thing(issue, site), "publisher": publisher(site.settings)}
    return About(thing=thing, card=CARD)


def about_gazette(site: Site) -> About:
    """The metadata of the gazette's index page."""
    thing = stated(
        **{"@type": "Periodical"},
        name=site.settings.gazette.name,
        alternateName=site.settings.gazette.name_en,
        publisher=publisher(site.settings),
        inLanguage=CHINESE,
    )
    return About(thing=thing, card=CARD)
