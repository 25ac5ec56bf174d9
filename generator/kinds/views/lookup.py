"""The look-up of a document by its number, or by year, issue and page of the printed gazette.

`d/<number>/` is the permanent address of a document number, in any spelling.  It has no page of
its own: ten years of a city would need twenty thousand, and each release a link to every one.  A
web server redirects it to `d/?n=<number>` (the handbook says how); on other hosts the page for
unknown addresses does.  The numbers are in the search index.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.content.model import Beside, Entrance, Page
from generator.kinds.gazette.issue import (
    ADDRESS,
    EDITIONS,
    SEASONS,
    SERIES_EN,
    GazetteIssue,
    year_spelling,
)
from generator.site.kind import Site, View
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, address_in

INDEX = "d/"
SERIES = {**SEASONS, **EDITIONS}


def _pages(site: Site) -> Iterator[Page]:
    """The page in each language, for a site that has a gazette."""
    gazette = site.settings.gazette
    if not site.settings.has_gazette:
        return
    spellings = (year_spelling(issue.id) for issue in site.archive.of(GazetteIssue))
    year_width = next((len(year) for year in spellings if year), 1)
    for language in site.settings.languages:
        words = words_of(language)["look_up"]
        english = language == ENGLISH
        name = (gazette.name_en if english else "") or gazette.name
        yield Page(
            address=address_in(language, INDEX),
            template="numbers.html",
            title=words["title"],
            description=words["description"].format(gazette=name),
            updated=site.latest_day(site.archive),
            context={
                "issue": {
                    "address": ADDRESS,
                    "printed": Beside.PRINTED_PAGES,
                    "width": gazette.number_width,
                    "year-width": year_width,
                },
                "series": tuple((SERIES_EN if english else SERIES).items()),
                "script": json.dumps(words["script"], ensure_ascii=False),
            },
        )


VIEW = View(
    name="numbers",
    label="查閱字號",
    label_en="Look-up",
    pages=_pages,
    has=lambda settings: settings.has_gazette,
    entrances=(
        Entrance(label="依字號或頁次查閱", address=INDEX, label_en="Find by number or page"),
    ),
)
