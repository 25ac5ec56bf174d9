"""Directives of all meetings: the list by agency, the lists by year, the table, the counts.

Open ones stand in the order of their days, so that the overdue ones come first on every day; only
the words about them depend on the reader's day, and `states.js` says those.  The counts are those
of the site's day and are computed with each build: they are no figures of a statistic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from generator.content.model import Breadcrumb, Calendar, Dataset, Page, Ref
from generator.content.record import Record
from generator.kinds.meetings.directive import STATES, Directive
from generator.kinds.meetings.meeting import Meeting
from generator.kinds.meetings.pages import KIND, body_title, directive_address
from generator.site.calendars import links_to
from generator.site.kind import HomeBlock, Site
from generator.text.dates import iso
from generator.text.urls import absolute

DIRECTIVES = "directives/"
TITLE = "裁示事項"
_DAY = dt.timedelta(days=1)
_COLUMNS = (
    ("meeting", "會議代碼"),
    ("id", "代碼"),
    ("body", "會議別"),
    ("meeting_date", "會議日期"),
    ("text", "裁示事項"),
    ("owner", "主辦機關"),
    ("helpers", "協辦機關"),
    ("due", "原訂期限"),
    ("extensions", "展延次數"),
    ("due_now", "現行期限"),
    ("state", "辦理狀態"),
    ("closed_on", "辦結日期"),
    ("in_time", "如期完成"),
    ("last_report", "最近辦理情形"),
    ("last_report_on", "最近填報日期"),
    ("url", "網址"),
)


class PlacedDirective(NamedTuple):
    """A directive, by its meeting and its place there.

    It does not hold the directive itself: the key of a page then has the digest of the meeting,
    and not every field of thousands of directives.
    """

    meeting: Meeting
    place: int

    @property
    def directive(self) -> Directive:
        """What is to be done."""
        return self.meeting.directives[self.place]

    @property
    def order(self) -> tuple[dt.date, str, str]:
        """By the day on which it is due now; without one at the end."""
        return self.directive.due_now or dt.date.max, self.meeting.id, self.directive.id

    @property
    def address(self) -> str:
        """Its place on the meeting's page."""
        return directive_address(self.directive, self.meeting)


class Counts(Struct, frozen=True, kw_only=True):
    """The counts of directives on a day; `passed` are the first days on which each is overdue."""

    all: int
    pending: int
    overdue: int
    extended: int
    done: int
    dropped: int
    timely: int
    measured: int
    passed: tuple[dt.date, ...]

    @property
    def rate(self) -> str:
        """The share of those done in time among those done that had a day; "" if there are none."""
        if not self.measured:
            return ""
        tenths = (2000 * self.timely + self.measured) // (2 * self.measured)  # half up
        return f"{tenths // 10}.{tenths % 10}"


def directives_of(meetings: Iterable[Meeting]) -> tuple[PlacedDirective, ...]:
    """The directives of meetings, in the order of meetings."""
    return tuple(
        PlacedDirective(meeting, place)
        for meeting in meetings
        for place in range(len(meeting.directives))
    )


def counts(directives: Iterable[PlacedDirective], day: dt.date) -> Counts:
    """The counts of directives on a day."""
    own = [placed.directive for placed in directives]
    still = [directive for directive in own if not directive.closed]
    timely = [directive.in_time for directive in own if directive.in_time is not None]
    return Counts(
        all=len(own),
        pending=len(still),
        overdue=sum(directive.overdue(day) for directive in still),
        extended=sum(directive.status == "extended" for directive in still),
        done=sum(directive.state == "done" for directive in own),
        dropped=sum(directive.state == "dropped" for directive in own),
        timely=sum(timely),
        measured=len(timely),
        passed=tuple(sorted(due + _DAY for directive in still if (due := directive.due_now))),
    )


def directive_lists(site: Site, whole: Calendar) -> Iterator[Page]:
    """The open directives by agency, and all directives of each year."""
    directives = directives_of(site.archive.of(Meeting))
    if not directives:
        return
    years: dict[int, list[PlacedDirective]] = {}
    for placed in directives:
        years.setdefault(placed.meeting.year, []).append(placed)
    updated = site.latest_day(dict.fromkeys(placed.meeting for placed in directives))
    yield Page(
        address=DIRECTIVES,
        template="directives.html",
        title=TITLE,
        description="各機關列管中的裁示事項、辦理期限與如期完成的比率",
        updated=updated,
        breadcrumbs=(site.crumb(KIND),),
        feeds=(KIND,),
        context={
            "day": site.as_of,
            "calendars": links_to(whole),
            "counts": counts(directives, site.as_of),
            "groups": tuple(_groups(directives, site)),
            "years": tuple(
                (f"{year}年", f"{DIRECTIVES}{year}/", len(own))
                for year, own in sorted(years.items(), reverse=True)
            ),
        },
    )
    for year, own in sorted(years.items()):
        yield _year_page(year, own, site)


def _groups(
    directives: Iterable[PlacedDirective], site: Site
) -> Iterator[tuple[Record, tuple[PlacedDirective, ...], Counts]]:
    """The agencies with open directives, in the order of the authority file."""
    by_owner: dict[Ref, list[PlacedDirective]] = {}
    for placed in directives:
        by_owner.setdefault(placed.directive.owner, []).append(placed)
    agencies = filter(None, map(site.linked, by_owner))
    for agency in sorted(agencies, key=lambda agency: (agency.origin.line, agency.id)):
        own = by_owner[agency.ref]
        still = sorted((p for p in own if not p.directive.closed), key=lambda placed: placed.order)
        if still:
            yield agency, tuple(still), counts(own, site.as_of)


def _year_page(year: int, directives: Iterable[PlacedDirective], site: Site) -> Page:
    ordered = sorted(directives, key=lambda p: (p.meeting.date, p.meeting.id, p.directive.id))
    title = f"{TITLE}：{year}年"
    return Page(
        address=f"{DIRECTIVES}{year}/",
        template="directives-year.html",
        title=title,
        description=f"{year}年各項會議的裁示事項，共 {len(ordered)} 項",
        updated=site.latest_day(dict.fromkeys(placed.meeting for placed in ordered)),
        breadcrumbs=(site.crumb(KIND), Breadcrumb(title=TITLE, address=DIRECTIVES)),
        context={"rows": tuple(reversed(ordered))},
    )


def block_of(record: Record, site: Site) -> HomeBlock | None:
    """The open directives of an agency, or all that follow from a visit, for the record's page."""
    own, following = list[PlacedDirective](), list[PlacedDirective]()
    for meeting in site.archive.referring_to(record, Meeting):
        for place, directive in enumerate(meeting.directives):
            if directive.owner == record.ref:
                own.append(PlacedDirective(meeting, place))
            elif directive.follows == record.ref:
                following.append(PlacedDirective(meeting, place))
    if following:
        return HomeBlock(template="directives-following.html", context={"rows": tuple(following)})
    still = tuple(
        sorted((p for p in own if not p.directive.closed), key=lambda placed: placed.order)
    )
    if not still:
        return None
    context = {"rows": still, "counts": counts(own, site.as_of), "index": DIRECTIVES}
    return HomeBlock(template="directives-of-agency.html", context=context)


def directive_table(site: Site) -> Iterator[Dataset]:
    """The table with a row for each directive, and the counts of the day in its description."""
    directives = directives_of(site.archive.of(Meeting))
    if not directives:
        return
    day, all_ = site.as_of, counts(directives, site.as_of)
    meetings = [placed.meeting for placed in directives]
    yield Dataset(
        address="data/directives",
        title=TITLE,
        columns=_COLUMNS,
        rows=tuple(_table_row(placed, site) for placed in directives),
        about={
            "title": TITLE,
            "publisher": site.settings.publisher.name,
            "as_of": iso(day),
            "open": str(all_.pending),
            "overdue": str(all_.overdue),
            "done": str(all_.done),
            "dropped": str(all_.dropped),
            "in_time_percent": all_.rate,
        },
        issued=iso(min(map(site.published, meetings))),
        updated=iso(max(map(site.updated, meetings))),
    )


def _table_row(placed: PlacedDirective, site: Site) -> tuple[str, ...]:
    directive, meeting = placed.directive, placed.meeting
    last = directive.reports[-1] if directive.reports else None
    return (
        meeting.id,
        directive.id,
        body_title(meeting, site),
        iso(meeting.date),
        directive.text,
        site.title_on(directive.owner, meeting.date),
        "、".join(site.title_on(ref, meeting.date) for ref in directive.helpers),
        iso(directive.due),
        str(len(directive.extensions)),
        iso(directive.due_now),
        STATES[directive.status],
        iso(directive.closed_on),
        {None: "", True: "是", False: "否"}[directive.in_time],
        last.text if last else "",
        iso(last.date) if last else "",
        absolute(site.settings.base_url, placed.address),
    )
