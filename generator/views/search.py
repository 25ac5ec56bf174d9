"""The search page: a form that works in the browser, and a way on where it does not."""

from __future__ import annotations

from collections.abc import Iterator

from generator.kind import Site, View
from generator.model import Entrance, Page
from generator.search.indexed import FOLDER


def _pages(site: Site) -> Iterator[Page]:
    sections = [kind for kind in site.kinds if kind.section]
    yield Page(
        address=FOLDER,
        template="search.html",
        title="搜尋",
        description=f"搜尋{site.settings.title}的全部內容",
        updated=site.latest_day(site.archive),
        context={
            "sections": sorted(sections, key=lambda k: k.section.rank if k.section else 0),
            "count": sum(len(site.records(kind)) for kind in site.kinds if kind.page),
        },
    )


VIEW = View(
    name="search",
    label="搜尋",
    label_en="Search",
    pages=_pages,
    entrances=(Entrance(label="搜尋全部內容", address=FOLDER),),
)
