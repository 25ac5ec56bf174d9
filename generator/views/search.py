"""The search page: a form that works in the browser, and a way on where it does not."""

from __future__ import annotations

from collections.abc import Iterator

from generator.formats.canonical import Canonical, canonical_json
from generator.kind import Site, View
from generator.kinds.gazette.shown import ended_rows, state_words
from generator.model import Artifact, Entrance, Page
from generator.search.indexed import FOLDER

ENDED = f"{FOLDER}ended.json"
"""By address how documents have ended or will: results say so, and the index never changes."""


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


def _artifacts(site: Site) -> Iterator[Artifact]:
    told: dict[str, Canonical] = {
        address: {
            "days": " ".join(day.isoformat() for day in row.days),
            "words": "|".join(state_words(row.states)),
            "looks": " ".join(row.looks),
        }
        for address, row in ended_rows(site)
    }
    yield Artifact(address=ENDED, content=canonical_json(told))


VIEW = View(
    name="search",
    label="搜尋",
    label_en="Search",
    pages=_pages,
    artifacts=_artifacts,
    entrances=(Entrance(label="搜尋全部內容", address=FOLDER),),
)
