"""The pages that a government's site must have, as hand-written pages with fixed addresses.

A new site gets a text for each to begin with, in `sample/`; what only the office knows is marked
there (`text/sample_texts.py`), and must be filled in before the site is an official one.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.findings import rule_problem
from generator.content.model import Entrance, Origin, Problem, Ref
from generator.site.kind import Site

OFFICIAL_PAGES = (
    Entrance(label="政府資訊公開", address="pages/disclosure/"),
    Entrance(label="政府網站資料開放宣告", address="pages/open-data/"),
    Entrance(label="隱私權保護政策", address="pages/privacy/"),
    Entrance(label="資訊安全政策", address="pages/security/"),
    Entrance(label="無障礙說明", address="pages/accessibility/"),
)
"""In the order of the foot."""


def official_page_problems(site: Site) -> Iterator[Problem]:
    """Each page that an official site lacks."""
    for entrance in OFFICIAL_PAGES if site.settings.official else ():
        name = entrance.address.split("/")[1]
        ref = Ref("pages", name)
        record = site.archive.find(ref)
        values = {"value": name, "title": entrance.label}
        if record and site.withholds(record):
            yield rule_problem("official-page", record, "published_on", "hidden", **values)
        elif site.missing(ref):
            place = Origin(path=f"pages/{name}.md")
            yield Problem(code="official-page", origin=place, values=values)
