"""The search page: a form for browsers with scripts, and links to the sections for others."""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.content.model import (
    Artifact,
    Calendar,
    Dataset,
    Entrance,
    Feed,
    FeedGroup,
    Page,
)
from generator.kinds.agencies.kind import Agency
from generator.kinds.gazette.entry_rows import ended_rows, state_words
from generator.release.search_names import FOLDER
from generator.site.english import doors, english_words
from generator.site.kind import Site, View
from generator.text.canonical_json import Canonical, canonical_json
from generator.text.spellings import SPELLINGS
from generator.text.translations import words_of
from generator.text.urls import address_in

NAMES = f"{FOLDER}names.json"
"""Synonyms, agencies, names in English; the search page loads it with the table of the index."""
ENDED = f"{FOLDER}ended.json"
"""The end of documents by address; a file of its own, so that the search index never changes."""


def _pages(
    site: Site,
    feeds: tuple[Feed, ...],
    calendars: tuple[Calendar, ...],
    datasets: tuple[Dataset, ...],
) -> Iterator[Page]:
    del calendars, datasets
    nearest = json.dumps(_nearest(feeds, site), ensure_ascii=False)
    for language in site.settings.languages:
        words = words_of(language)["search"]
        yield Page(
            address=address_in(language, FOLDER),
            template="search.html",
            title=words["title"],
            description=words["description"].format(site=site.settings.title_in(language)),
            updated=site.latest_day(site.archive),
            context={
                "sections": doors(site, language),
                "count": sum(len(site.records(kind)) for kind in site.kinds if kind.page),
                "feeds": nearest,
                "script": json.dumps(words["script"], ensure_ascii=False),
            },
        )


def _nearest(feeds: tuple[Feed, ...], site: Site) -> dict[str, tuple[str, str]]:
    """Title and address of a feed by the word of a facet, or "" for all news.

    The words of facets are labels of kinds, titles of categories and names of agencies.
    """
    found: dict[str, tuple[str, str]] = {}
    sections = {section.address: kind.label for kind, section in site.sections()}
    for feed in feeds:
        word = sections.get(feed.page, "") if feed.group == FeedGroup.KIND else feed.title
        place = (feed.title, feed.address)
        found.setdefault(word, place)
        if feed.group == FeedGroup.SUBJECT:  # as in "Gazette：Notices"
            found.setdefault(feed.title.rpartition("：")[2], place)
    return found


def _names(site: Site) -> Canonical:
    """The words with several spellings or synonyms, and the agencies with all their names."""
    agencies: list[Canonical] = []
    for agency in site.archive.of(Agency):
        names = [agency.name, *(name.name for name in reversed(agency.names)), *agency.aliases]
        names += [name.name_en for name in agency.names if name.name_en]
        agencies.append([agency.address, *dict.fromkeys(names)])
    words: list[Canonical] = [list(group) for group in (*SPELLINGS, *site.settings.synonyms)]
    return {
        "agencies": agencies,
        "english": dict(sorted(english_words(site).items())),
        "words": words,
    }


def _artifacts(site: Site) -> Iterator[Artifact]:
    ended: dict[str, Canonical] = {
        address: {
            "days": " ".join(day.isoformat() for day in row.days),
            "words": "|".join(state_words(row.states)),
            "looks": " ".join(row.looks),
        }
        for address, row in ended_rows(site)
    }
    yield Artifact(address=NAMES, content=canonical_json(_names(site)))
    yield Artifact(address=ENDED, content=canonical_json(ended))


VIEW = View(
    name="search",
    label="搜尋",
    label_en="Search",
    closing=_pages,
    artifacts=_artifacts,
    entrances=(Entrance(label="搜尋全部內容", address=FOLDER, label_en="Search everything"),),
)
