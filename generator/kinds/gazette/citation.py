"""How an entry is cited: the form of Taiwan's official papers, and what programs are told.

高雄市政府105年1月4日高市府秘職第10530006500號函，《高雄市政府公報》105年第1期，and the address:
who, when, number and form as one phrase, then where it was published.
"""

from __future__ import annotations

from generator.content.model import About, Card
from generator.kinds.gazette.effect import State
from generator.kinds.gazette.entry import FORMS, GazetteEntry
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.shown import standing_row
from generator.output.formats.citations import Cited, bibtex, citation_tags, ris
from generator.site.kind import Site
from generator.site.page_metadata import Thing, organization, publisher, stated
from generator.text.dates import roc
from generator.text.urls import CHINESE, absolute

CARD = Card("gazette", "「公報」二字與一份文件的圖樣", "“Gazette” in Chinese, and a document")
NORMS = ("regulation", "rule")
"""Categories whose documents set rules, by the ids of the list that `site.yaml` begins with."""
DRAFTS = ("draft",)
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
    """The entry as an official paper cites it; what the source lacks is left out."""
    where = f"《{site.settings.gazette.name}》{issue.name}"
    parts = (_phrase(entry, site), where, _printed_pages(entry), _url(entry, site))
    return "，".join(part for part in parts if part)


def _phrase(entry: GazetteEntry, site: Site) -> str:
    """`高雄市政府105年1月4日高市府秘職第10530006500號函`; by its title without a number."""
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
    """The entry as reference managers know it; they are told the day it was published."""
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
    entry: GazetteEntry, issue: GazetteIssue, site: Site, known: Cited
) -> dict[str, str]:
    """What the page's citation box holds; `known` is what programs are told."""
    official = official_citation(entry, issue, site)
    return {"official": official, "bibtex": bibtex(known), "ris": ris(known), "url": known.url}


def about_entry(entry: GazetteEntry, issue: GazetteIssue, site: Site, known: Cited) -> About:
    """What machines are told of an entry, in tags and as a graph."""
    norm = entry.category in (*NORMS, *DRAFTS)
    thing = {**_document(entry, issue, site), **(_norm(entry, site) if norm else _paper(entry))}
    tags = tuple(citation_tags(known))
    return About(thing=thing, tags=tags, card=CARD, article=True)


def _document(entry: GazetteEntry, issue: GazetteIssue, site: Site) -> Thing:
    day, changed = site.published(issue), site.updated(entry)
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
        isPartOf=_part_of(issue, site),
        encoding={
            "@type": "MediaObject",
            "encodingFormat": "application/json",
            "contentUrl": f"{_url(entry, site)}record.json",
        },
    )


def _norm(entry: GazetteEntry, site: Site) -> Thing:
    """A legal norm and its force."""
    return stated(
        **{"@type": "Legislation"},
        legislationIdentifier=list(entry.document_numbers),
        legislationType=FORMS[entry.form],
        legislationDate=entry.dispatch_date.isoformat() if entry.dispatch_date else "",
        legislationPassedBy=[organization(name) for name in _issuers(entry, site)],
        legislationLegalForce=_force(entry, site),
    )


def _force(entry: GazetteEntry, site: Site) -> str:
    """A draft is not in force; of others, the last state that is known, once it has come.

    Before that nothing is told: machines keep what they read, and no script puts it right.
    """
    if entry.category in DRAFTS:
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


def _part_of(issue: GazetteIssue, site: Site) -> Thing:
    url = absolute(site.settings.base_url, issue.address)
    return {"@id": f"{url}#thing", **issue_thing(issue, site), "url": url}


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
    """What machines are told of an issue."""
    thing = {**issue_thing(issue, site), "publisher": publisher(site.settings)}
    return About(thing=thing, card=CARD)


def about_gazette(site: Site) -> About:
    """What machines are told of the gazette as a whole."""
    named = site.settings.gazette
    words = {"@type": "Periodical"}
    held = {"publisher": publisher(site.settings), "inLanguage": CHINESE}
    return About(
        thing=stated(**words, name=named.name, alternateName=named.name_en, **held), card=CARD
    )
