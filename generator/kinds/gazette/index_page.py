"""The gazette's own front page: the newest issue, the deadlines, then years and categories."""

from __future__ import annotations

from collections import Counter
from functools import partial

from generator.content.model import Mapped, Page
from generator.kinds.gazette.citation import about_gazette
from generator.kinds.gazette.entry import ENTRY_KIND, GazetteEntry
from generator.kinds.gazette.front_blocks import front_blocks
from generator.kinds.gazette.gazette_dates import gazette_calendar
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.pages import INDEX, by_category, category_address, issue_row
from generator.site.calendars import links_to
from generator.site.kind import Scope, Site

EARLIER = 10
"""The most issues before those of the calendar that the page lists."""


def index_page(site: Site) -> Page:
    """The page of the gazette; categories without an entry stand in no list."""
    issues = site.archive.of(GazetteIssue)
    years, groups = Counter(issue.volume for issue in issues), by_category(site)
    blocks = tuple(front_blocks(site, Scope()))
    covered = frozenset(ref for block in blocks for ref in block.covers)
    earlier = [issue for issue in reversed(issues) if issue.ref not in covered][:EARLIER]
    return Page(
        address=INDEX,
        template="gazette-index.html",
        title=site.settings.gazette.name,
        description=f"{site.settings.gazette.name}：依年度、期別與類別查閱",
        updated=site.latest_day(issues),
        feeds=(ENTRY_KIND,),
        about=about_gazette(site),
        context={
            "blocks": blocks,
            "years": sorted(years.items(), reverse=True),
            "categories": [
                (word, len(groups[word.id]), category_address(word.id))
                for word in site.settings.gazette.categories
                if groups[word.id]
            ],
            "calendars": links_to(gazette_calendar(site.archive.of(GazetteEntry), site, INDEX)),
            "earlier": Mapped(partial(issue_row, site=site), earlier),
        },
    )
