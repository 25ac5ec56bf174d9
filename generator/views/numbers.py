"""Looking up: a document by its number, or by year, issue and page of the printed gazette.

`d/<number>/` is the lasting address of every document number, in any spelling.  No page stands
there: ten years of a city would need twenty thousand, and each release a link to every one of
them.  Web servers that can lead such an address to `d/?n=<number>` (README); elsewhere the page
for lost addresses does.  The search index knows all numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.kind import Site, View
from generator.kinds.gazette.issue import EDITIONS, SEASONS
from generator.model import Entrance, Page

INDEX = "d/"


def _pages(site: Site) -> Iterator[Page]:
    yield Page(
        address=INDEX,
        template="numbers.html",
        title="依字號或頁次查閱",
        description=f"以發文字號，或{site.settings.gazette.name}的年度、期別與頁次，找到一則公報",
        updated=site.latest_day(site.archive),
        context={
            "width": site.settings.gazette.number_width,
            "series": (*SEASONS.items(), *EDITIONS.items()),
        },
    )


VIEW = View(
    name="numbers",
    label="查閱字號",
    label_en="Look-up",
    pages=_pages,
    entrances=(Entrance(label="依字號或頁次查閱", address=INDEX),),
)
