"""Meetings: what is public on which day, what may not change, and the directives' lists."""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from sample_meeting import FILE, SETTINGS
from sample_meeting import MEETING as ONE_DIRECTIVE
from sample_sites import (
    SITES,
    ScratchSite,
    build_site,
    examine_folder,
    files_below,
    options,
    sample_site,
)
from whole_program import Options, declare, examine, seal_site

from generator.content.model import Problem, Ref
from generator.kinds.meetings.directive import Directive, Extension, Progress
from generator.kinds.meetings.directive_pages import counts, directives_of
from generator.kinds.meetings.growth import broken_promises, silent_changes
from generator.kinds.meetings.meeting import Meeting, directive_on, public_part

MEETING = f'{ONE_DIRECTIVE}  - {{id: "02", text: 清查水表。, owner: city, due: 105-03-01}}\n'
LEAK = "勿外流"
"""Every confidential text of the full sample has this word."""


@cache
def full_meetings() -> dict[str, Meeting]:
    """The meetings of the full sample as typed, by id."""
    site = sample_site("full")
    return {meeting.id: meeting for meeting in site.archive.of(Meeting)}


@cache
def full_pages(day: date) -> dict[str, str]:
    """The HTML blocks of the full sample's pages on a day, and the texts of its files."""
    chosen = options(SITES / "full", SITES, day)
    site = examine(chosen).site
    assert site is not None
    declared = declare(site, chosen.loader)
    files = {a.address: a.content.decode(errors="ignore") for a in declared.artifacts}
    return {**files, **{page.address: block for page, block in declared.pages}}


@pytest.mark.parametrize(
    ("day", "parts"),
    [
        (date(2016, 6, 6), (False, False, 0, "")),
        (date(2016, 6, 7), (True, False, 0, "")),
        (date(2016, 6, 13), (True, False, 0, "")),
        (date(2016, 6, 14), (True, True, 1, "洽悉。")),
    ],
)
def test_each_part_is_public_on_its_day(day: date, parts: tuple[bool, bool, int, str]) -> None:
    """The agenda on the day of the meeting, decisions and directives with the minutes."""
    meeting = public_part(full_meetings()["council-210"], day)
    decision = meeting.items[0].decision if meeting.items else ""
    agenda, minutes = meeting.agenda is not None, meeting.minutes is not None
    assert (agenda, minutes, len(meeting.directives), decision) == parts


def test_the_summary_in_english_waits_for_the_minutes(scratch_site: ScratchSite) -> None:
    """It may tell what was decided; the title announces the meeting before."""
    english = "title_en: The 236th meeting\nsummary_en: New lamps were ordered.\n"
    content = scratch_site({"site.yaml": SETTINGS, FILE: f"{MEETING}{english}"})
    site = examine_folder(content).site
    assert site is not None
    (meeting,) = site.archive.of(Meeting)
    public = {day: public_part(meeting, date(2016, 1, day)) for day in (11, 12)}
    assert (public[11].title_en, public[11].summary_en) == ("The 236th meeting", "")
    assert public[12].summary_en == "New lamps were ordered."


def test_a_meeting_that_is_public_whole_stays_the_same_record() -> None:
    """Only a record that lacks something is made anew, with a digest of its own."""
    whole = full_meetings()["council-206"]
    assert public_part(whole, date(2016, 6, 1)) is whole
    secret = full_meetings()["council-201"]
    assert public_part(secret, date.max).digest != secret.digest
    assert len(public_part(secret, date.max).items) == 3


def test_a_meeting_is_announced_and_grows(full_site: Options) -> None:
    """Before, between and after its days a page has the hour, the items, the decisions."""
    address = "meetings/105/council-210/"
    assert address not in full_pages(date(2016, 5, 23))
    announced = (full_site.site / address / "index.html").read_text("utf-8")
    assert "第210次市政會議" in announced
    assert "汛期" not in announced
    assert "汛期" in full_pages(date(2016, 6, 7))[address]
    assert "抽水" not in full_pages(date(2016, 6, 7))[address]
    assert "抽水" in full_pages(date(2016, 6, 14))[address]


def test_nothing_confidential_is_anywhere(full_site: Options) -> None:
    """No page, table, feed, index or attachment has a word of it, a draft neither."""
    files = files_below(full_site.site)
    texts = {name: path.read_bytes() for name, path in files.items()}
    assert "meetings/104/council-201/agenda.txt" in texts
    assert [name for name, text in texts.items() if LEAK.encode() in text] == []
    assert [name for name in texts if "secret.txt" in name] == []
    site = examine(options(SITES / "full", SITES)).site
    assert site is not None
    drafted = declare(site, options(SITES / "full", SITES).loader, draft=True)
    assert [page.address for page, block in drafted.pages if LEAK in block] == []
    assert [a.address for a in drafted.artifacts if LEAK.encode() in a.content] == []
    assert [copy.address for copy in drafted.copies if "secret" in copy.address] == []
    assert any("抽水" in block for _, block in drafted.pages)


def test_a_day_that_comes_changes_what_is_built(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """An incremental build of a later day shows what became public, although no file changed."""
    content = scratch_site({"site.yaml": SETTINGS, FILE: f"published_on: 105-01-04\n{MEETING}"})
    page, lists = tmp_path / "site" / "meetings/105/council-236/index.html", "directives/index.html"
    build_site(content, tmp_path, date(2016, 1, 11))
    assert "更換燈具" not in page.read_text("utf-8")
    assert not (tmp_path / "site" / lists).exists()
    build_site(content, tmp_path, date(2016, 1, 12))
    assert "更換燈具" in page.read_text("utf-8")
    assert "更換燈具" in (tmp_path / "site" / lists).read_text("utf-8")
    assert "更換燈具" in (tmp_path / "site/feeds/meetings-council.xml").read_text("utf-8")


def directive(state: str = "", **days: tuple[tuple[int, int], ...]) -> Directive:
    """A directive of January 2016, due on the last day of February; days are months and days."""
    return Directive(
        id="01",
        text="更換燈具。",
        owner=Ref("agencies", "city"),
        due=date(2016, 2, 29),
        helpers=(),
        follows=None,
        confidential=False,
        state=state,
        reports=tuple(
            Progress(date=date(2016, *day), text="辦理") for day in days.get("reports", ())
        ),
        extensions=tuple(
            Extension(date=date(2016, *day), to=date(2016, day[0] + 1, 28), reason="缺料")
            for day in days.get("extensions", ())
        ),
    )


def test_a_directive_stands_as_it_stood_on_the_day() -> None:
    """Each extension and the last report count from their own day on."""
    made = directive("done", reports=((2, 3), (5, 10)), extensions=((2, 20), (3, 20)))
    states = {
        day: (at.status, at.due_now, at.closed_on)
        for day in ((2, 19), (2, 20), (3, 20), (5, 9), (5, 10))
        for at in [directive_on(made, date(2016, *day))]
    }
    assert states == {
        (2, 19): ("open", date(2016, 2, 29), None),
        (2, 20): ("extended", date(2016, 3, 28), None),
        (3, 20): ("extended", date(2016, 4, 28), None),
        (5, 9): ("extended", date(2016, 4, 28), None),
        (5, 10): ("done", date(2016, 4, 28), date(2016, 5, 10)),
    }


@pytest.mark.parametrize(
    ("made", "in_time"),
    [
        (directive("done", reports=((2, 29),)), True),
        (directive("done", reports=((3, 1),)), False),
        (directive("done", reports=((3, 28),), extensions=((2, 20),)), True),
        (directive("dropped", reports=((2, 1),)), None),
        (directive(), None),
    ],
)
def test_whether_it_was_done_in_time(made: Directive, in_time: bool | None) -> None:
    """By the day that the last extension set; only what was done is measured."""
    assert made.in_time is in_time


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2015, 10, 31), (3, 2, 0, 1)),
        (date(2015, 11, 1), (3, 2, 1, 1)),
        (date(2015, 11, 20), (4, 2, 0, 2)),
        (date(2016, 3, 31), (7, 3, 0, 3)),
        (date(2016, 5, 16), (9, 5, 1, 3)),
        (date(2016, 7, 1), (10, 6, 4, 3)),
    ],
)
def test_counts_are_those_of_the_day(day: date, expected: tuple[int, ...]) -> None:
    """All, open, overdue, done: on days before, between and after those of the full sample."""
    meetings = [m for m in full_meetings().values() if m.first_day <= day]
    told = counts(directives_of(public_part(meeting, day) for meeting in meetings), day)
    assert (told.all, told.pending, told.overdue, told.done) == expected
    assert told.pending == told.all - told.done - told.dropped


def test_pages_table_and_counts_agree(full_site: Options) -> None:
    """Each row of the table stands on its meeting's page; open ones in the list by agency."""
    site = full_site.site
    rows = list(csv.reader((site / "data/directives.csv").read_text("utf-8-sig").splitlines()))[1:]
    index = (site / "directives/index.html").read_text("utf-8")
    assert len(rows) == 9
    for row in rows:
        address = row[15].removeprefix("https://example.org/gongbao/")
        page, _, anchor = address.partition("#")
        text = (site / page / "index.html").read_text("utf-8")
        assert f'id="{anchor}"' in text
        assert row[4] in text
        assert (f'{address}"' in index) is (row[10] not in ("已完成", "停止列管")), row
    states = [row[10] for row in rows]
    listed = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="gb-cell">(\d+)</td>', index))
    assert listed == {
        "列管中": str(states.count("辦理中") + states.count("已展延")),
        "其中已展延": str(states.count("已展延")),
        "其中逾期": "1",
        "已完成": str(states.count("已完成")),
        "停止列管": str(states.count("停止列管")),
        "合計": str(len(rows)),
    }
    assert "如期完成率 66.7%" in index
    years = [(site / f"directives/{year}/index.html").read_text("utf-8") for year in (104, 105)]
    assert sum(text.count('<li class="gb-row">') for text in years) == len(rows)


def test_open_ones_stand_by_their_days(full_site: Options) -> None:
    """The overdue ones of an agency come first on any day, as the earliest day does."""
    index = (full_site.site / "directives/index.html").read_text("utf-8")
    places = [index.index(text) for text in ("用水改善計畫", "更換庫房燈具", "巡檢行政中心")]
    assert places == sorted(places)
    agency = (full_site.site / "agencies/culture/index.html").read_text("utf-8")
    assert "列管中 2 項" in agency
    assert agency.index("檢討展覽場地租金") < agency.index("辦理夏日音樂會")


def test_each_body_has_a_list_and_a_feed(full_site: Options) -> None:
    """Its own meetings and no others."""
    site = full_site.site
    committee = (site / "meetings/body/committee/index.html").read_text("utf-8")
    assert committee.count('<li class="gb-row">') == 2
    assert "取消" in committee
    feed = (site / "feeds/meetings-committee.xml").read_text("utf-8")
    assert feed.count("<item>") == 2
    assert (site / "feeds/meetings.xml").read_text("utf-8").count("<item>") == 12


def changed_after_a_seal(
    scratch_site: ScratchSite, old: str, new: str, *, typed: str = MEETING, more: str = ""
) -> list[Problem]:
    """The problems of a meeting that is changed after it was published."""
    content = scratch_site({"site.yaml": SETTINGS, FILE: typed})
    done = seal_site(options(content, content.parent, date(2016, 5, 31)), "")
    assert done.remembered, done.examined.problems
    (content / FILE).write_text(typed.replace(old, new) + more, encoding="utf-8")
    return list(examine(options(content, content.parent, date(2016, 6, 1))).problems)


def test_only_what_readers_saw_is_remembered(scratch_site: ScratchSite) -> None:
    """Before the minutes a due day is corrected freely; from then on a seal keeps it."""
    announced = f"published_on: 105-01-04\n{MEETING}"
    content = scratch_site({"site.yaml": SETTINGS, FILE: announced})
    memory = content.parent / ".record/published/meetings/105.jsonl"
    before, after = date(2016, 1, 11), date(2016, 1, 12)
    seal_site(options(content, content.parent, before), "")
    assert "2016-03-01" not in memory.read_text("utf-8")
    (content / FILE).write_text(announced.replace("105-03-01", "105-03-31"), encoding="utf-8")
    for day, unsealed in ((before, ()), (after, ("meetings:council-236",))):
        examined = examine(options(content, content.parent, day))
        assert (examined.problems, examined.unsealed) == ((), unsealed)
    done = seal_site(options(content, content.parent, after), "")
    assert done.remembered == ("meetings:council-236",)
    assert "2016-03-31" in memory.read_text("utf-8")
    assert seal_site(options(content, content.parent, after), "").memory == ()
    (content / FILE).write_text(announced, encoding="utf-8")
    for day in (before, after):
        problems = examine(options(content, content.parent, day)).problems
        assert {problem.code for problem in problems} == {"directive-moved"}


def test_a_published_directive_does_not_go(scratch_site: ScratchSite) -> None:
    """Nothing disappears: the build stops and names it."""
    line = '  - {id: "02", text: 清查水表。, owner: city, due: 105-03-01}\n'
    (found,) = changed_after_a_seal(scratch_site, line, "")
    assert (found.code, found.values["value"], found.stops) == ("directive-gone", "02", True)


def test_a_note_excuses_no_directive_that_goes(scratch_site: ScratchSite) -> None:
    """The note may be about anything else: a directive and a first day stay, whatever it says."""
    lines = MEETING.splitlines(keepends=True)
    tail = "".join(lines[-2:])
    note = "revisions: [{date: 105-06-01, note: 更正會議室名稱}]\n"
    found = changed_after_a_seal(scratch_site, tail, lines[-2].replace("03-01", "04-30") + note)
    assert sorted(problem.code for problem in found) == ["directive-gone", "directive-moved"]


@pytest.mark.parametrize("new", ["due: 105-04-30", "due: "])
def test_the_first_due_day_stays(scratch_site: ScratchSite, new: str) -> None:
    """A day that was published is moved by an extension, never in its place."""
    whole = '"02", text: 清查水表。, owner: city, '
    (found,) = changed_after_a_seal(scratch_site, f"{whole}due: 105-03-01", whole + new)
    assert (found.code, found.values["before"], found.stops) == (
        "directive-moved",
        "2016-03-01",
        True,
    )


NOTE = "revisions: [{date: 105-06-01, note: 更正}]\n"
EXTENSION = "{date: 105-02-20, to: 105-04-30, reason: 缺料。}"
REPORT = "{date: 105-02-01, text: 已洽廠商。}"
RUNNING = f"""\
{MEETING}  - id: "03"
    text: 檢修水塔。
    owner: city
    due: 105-03-01
    extensions: [{EXTENSION}]
    reports: [{REPORT}]
"""


@pytest.mark.parametrize("note", ["", NOTE])
@pytest.mark.parametrize(("part", "field"), [(EXTENSION, "extensions"), (REPORT, "reports")])
def test_no_extension_or_report_goes(
    part: str, field: str, note: str, scratch_site: ScratchSite
) -> None:
    """With a note or without: the build stops, and counts both."""
    (found,) = changed_after_a_seal(
        scratch_site, f"    {field}: [{part}]\n", "", typed=RUNNING, more=note
    )
    assert (found.code, found.detail, found.stops) == ("directive-gone", "part", True)
    assert [found.values[name] for name in ("field", "name", "before", "value")] == [
        *(field, "03"),
        *("1", "0"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("to: 105-04-30", "to: 105-05-31", ("directive-moved", "part", True)),
        ("date: 105-02-20", "date: 105-02-25", ("directive-moved", "part", True)),
        ("date: 105-02-01", "date: 105-02-02", ("directive-moved", "part", True)),
        (
            "[{date: 105-02-01",
            f"[{REPORT.replace('02-01', '01-20')}, {{date: 105-02-01",
            ("directive-moved", "part", True),
        ),
        ("檢修水塔", "檢查水塔", ("revision-missing", "", False)),
        ("\ndate: 105-01-05", "\ndate: 105-01-06", ("revision-missing", "", False)),
    ],
)
def test_a_published_day_or_text_changes_with_a_note_only(
    old: str, new: str, told: tuple[str, str, bool], scratch_site: ScratchSite
) -> None:
    """Days of extensions and reports, words, the meeting's own day: a note excuses them."""
    (found,) = changed_after_a_seal(scratch_site, old, new, typed=RUNNING)
    assert (found.code, found.detail, found.stops) == told
    content = scratch_site({"site.yaml": SETTINGS, FILE: RUNNING.replace(old, new) + NOTE})
    assert examine(options(content, content.parent, date(2016, 6, 1))).problems == ()


def test_what_becomes_confidential_is_gone(scratch_site: ScratchSite) -> None:
    """Hiding a published directive takes it from readers as deleting it does."""
    found = changed_after_a_seal(
        scratch_site, "105-03-01}\n  -", "105-03-01, confidential: true}\n  -"
    )
    assert [p.code for p in found if p.stops] == ["directive-gone"]


def test_a_memory_of_first_days_alone_is_read() -> None:
    """As earlier programs wrote it: the first days are compared, and nothing else."""
    meeting = full_meetings()["council-203"]
    before = {d.id: d.due.isoformat() if d.due else "" for d in meeting.directives}
    assert list(broken_promises(meeting, before)) == list(silent_changes(meeting, before)) == []
    moved = dict.fromkeys(before, "2015-01-01")
    assert {p.code for p in broken_promises(meeting, moved)} == {"directive-moved"}


@pytest.mark.parametrize(
    "more",
    [
        ", reports: [{date: 105-02-01, text: 已洽廠商。}]",
        ", extensions: [{date: 105-02-20, to: 105-04-30, reason: 缺料。}]",
        ", state: dropped, reports: [{date: 105-02-01, text: 已有他案。}]",
    ],
)
def test_what_is_added_with_a_day_needs_no_note(scratch_site: ScratchSite, more: str) -> None:
    """A report, an extension and a closing are published for months after the meeting."""
    assert changed_after_a_seal(scratch_site, "105-03-01}\n  -", f"105-03-01{more}}}\n  -") == []


@pytest.mark.parametrize(
    ("typed", "codes"),
    [("09:00", []), ("9:00", ["text-form"]), ("24:00", ["text-form"]), ("09:60", ["text-form"])],
)
def test_a_time_of_day_has_one_form(
    typed: str, codes: list[str], scratch_site: ScratchSite
) -> None:
    """Two digits each, of 24 hours."""
    content = scratch_site({"site.yaml": SETTINGS, FILE: f'{MEETING}starts: "{typed}"\n'})
    problems = examine_folder(content).problems
    assert [problem.code for problem in problems] == codes
    assert [problem.detail for problem in problems] == ["clock"] * len(codes)


def numbered(*numbers: tuple[int, str, str]) -> dict[str, str]:
    """Meetings of the council: number, date, more lines."""
    head, _, rest = MEETING.partition("minutes")
    del rest
    return {
        f"meetings/{day[:3]}/m-{place}.yaml": head.replace("236", str(number)).replace(
            "105-01-05", day
        )
        + more
        for place, (number, day, more) in enumerate(numbers)
    }


EXTRA = "session: extraordinary\n"


@pytest.mark.parametrize(
    ("numbering", "meetings", "codes"),
    [
        ("continuous", ((1, "104-12-29", ""), (2, "105-01-05", "")), []),
        ("continuous", ((1, "104-12-29", ""), (1, "105-01-05", "")), ["meeting-number-repeated"]),
        ("yearly", ((1, "104-12-29", ""), (1, "105-01-05", "")), []),
        ("yearly", ((1, "105-01-05", ""), (3, "105-01-12", "")), ["meeting-gap"]),
        ("continuous", ((1, "105-01-05", ""), (1, "105-01-06", EXTRA)), []),
        ("continuous", ((7, "105-01-05", ""), (8, "105-01-12", "")), []),
    ],
)
def test_numbers_follow_the_bodys_way(
    numbering: str,
    meetings: tuple[tuple[int, str, str], ...],
    codes: list[str],
    scratch_site: ScratchSite,
) -> None:
    """Throughout or anew each year; extraordinary meetings by themselves; any number may begin."""
    settings = SETTINGS.replace("title: 市政會議", f"title: 市政會議, numbering: {numbering}")
    content = scratch_site({"site.yaml": settings, **numbered(*meetings)})
    assert [problem.code for problem in examine_folder(content).problems] == codes


def test_reports_and_extensions_stand_by_day() -> None:
    """Together, the oldest first; an extension says from which day to which."""
    made = directive("done", reports=((2, 3), (3, 2)), extensions=((2, 20),))
    assert made.history == (
        (date(2016, 2, 3), "辦理"),
        (date(2016, 2, 20), "期限由105年2月29日展延至105年3月28日：缺料"),
        (date(2016, 3, 2), "辦理"),
    )
