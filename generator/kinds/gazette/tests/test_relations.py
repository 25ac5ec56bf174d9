"""Relations hold: each rule names one place, and every page tells how its entry stands."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from browsing import serving
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from sample_sites import MINIMAL, ScratchSite, build_site, examine_folder
from whole_program import Options

from generator.content.model import Problem, Ref
from generator.kinds.gazette.effect import Act, Deed, Span, State, standing
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.status import effect_day

ISSUES = {
    f"gazette/105/105-{n:03d}/issue.yaml": f"publication_date: 105-{n:02d}-05\n"
    for n in range(1, 9)
}
LATE = date(2016, 12, 1)


def entry(number: int, relations: str = "", *, category: str = "rule", more: str = "") -> str:
    """An order of the third of its month; its issue comes out on the fifth."""
    text = (
        f"title: 第{number}號命令\ncategory: {category}\nform: order\nissuers: [city]\n"
        f"document_numbers: [小市秘字第10500001{number:02d}號]\n"
        f"dispatch_date: 105-{number:02d}-03\nbody: 命令全文，第{number}號。\n{more}"
    )
    return text + (f"relations: [{relations}]\n" if relations else "")


def files(**entries: str) -> dict[str, str]:
    """Entries by month: `e3` is the only one of the third issue."""
    held = {f"gazette/105/105-{int(key[1:]):03d}/01.yaml": text for key, text in entries.items()}
    return {**ISSUES, **held}


def problems(content: Path) -> list[Problem]:
    """What is wrong in content; that issues without entries are there is not."""
    found = examine_folder(content, LATE).problems
    return [problem for problem in found if problem.code not in ("issue-empty", "issue-gap")]


UNTIL = "effective: [{date: 105-03-03, until: 105-12-31}]\n"
RETROACTIVE = "effective: [{date: 104-12-01, note: 溯及既往}]\n"
PERIOD = "comment_period: {starts_on: 105-05-04, ends_on: 105-08-04}\n"
AT_ONE = "target: 105-001-01"
RULES: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    ("relation-target", "", "{type: amends}", "relations.0", {}),
    ("relation-self", "", "{type: amends, target: 105-005-01}", "target", {}),
    ("relation-later", "", "{type: amends, target: 105-006-01}", "target", {}),
    (
        "relation-draft",
        "",
        f"{{type: enacts, {AT_ONE}}}",
        "type",
        {"category": "draft", "more": PERIOD},
    ),
    ("relation-draft", "other", f"{{type: draft_of, {AT_ONE}}}", "type", {}),
    ("relation-early", "", f"{{type: repeals, {AT_ONE}}}", "relations.0", {"more": RETROACTIVE}),
    ("relation-early", "", f"{{type: withdraws, {AT_ONE}}}", "relations.0", {"more": RETROACTIVE}),
    ("relation-until", "", "{type: extends, target: 105-003-01}", "relations.0", {}),
    ("relation-until", "type", f"{{type: amends, {AT_ONE}, until: 106-01-01}}", "until", {}),
    ("relation-until", "none", f"{{type: extends, {AT_ONE}, until: 106-01-01}}", "target", {}),
    (
        "relation-until",
        "order",
        "{type: extends, target: 105-003-01, until: 105-12-31}",
        "until",
        {},
    ),
    ("correction-empty", "", f"{{type: corrects, {AT_ONE}, wrong: 檔案}}", "relations.0", {}),
    ("correction-wrong", "", f"{{type: corrects, {AT_ONE}, wrong: 沒有, right: 有}}", "wrong", {}),
    (
        "correction-wrong",
        "spaces",
        f"{{type: corrects, {AT_ONE}, wrong: 管理 檔案, right: 有}}",
        "wrong",
        {},
    ),
)


@pytest.mark.parametrize(("code", "detail", "relation", "place", "other"), RULES)
def test_a_broken_relation_is_one_problem_with_its_place(
    scratch_site: ScratchSite,
    code: str,
    detail: str,
    relation: str,
    place: str,
    other: dict[str, str],
) -> None:
    """One mistake, one problem, at the field that is wrong."""
    text = entry(5, relation, **other)
    content = scratch_site(files(e3=entry(3, more=UNTIL), e6=entry(6), e5=text))
    (problem,) = problems(content)
    assert (problem.code, problem.detail) == (code, detail)
    assert problem.origin.path == "gazette/105/105-005/01.yaml"
    assert problem.origin.line == text[: text.index("relations:")].count("\n") + 1
    typed = text.splitlines()[problem.origin.line - 1][problem.origin.column - 1 :]
    assert typed.startswith("{") or f"{place}: {typed}" in f"{relation}]"
    assert typed.startswith("{") == (place == "relations.0")


@pytest.mark.parametrize(("digest", "detail"), [("", "missing"), ("0" * 64, "")])
def test_where_records_are_sealed_a_correction_names_its_target_by_digest(
    scratch_site: ScratchSite, digest: str, detail: str
) -> None:
    """The remedy says which digest is meant; with it nothing is wrong."""
    site = {"site.yaml": MINIMAL["site.yaml"] + "record: on\n"}
    given = f", digest: {digest}" if digest else ""
    text = f"{{type: corrects, {AT_ONE}, note: 版面{given}}}"
    (problem,) = problems(scratch_site({**site, **files(e2=entry(2, text))}))
    assert (problem.code, problem.detail) == ("correction-digest", detail)
    assert problem.origin.path == "gazette/105/105-002/01.yaml"
    text = f"{{type: corrects, {AT_ONE}, note: 版面, digest: {problem.values['expected']}}}"
    assert problems(scratch_site({**site, **files(e2=entry(2, text))})) == []


def test_what_ended_is_not_acted_upon_unseen(scratch_site: ScratchSite) -> None:
    """An amendment of what was repealed before is pointed out, and only that."""
    amends = entry(3, f"{{type: amends, {AT_ONE}}}")
    content = scratch_site(files(e2=entry(2, f"{{type: repeals, {AT_ONE}}}"), e3=amends))
    (problem,) = problems(content)
    assert (problem.code, problem.origin.path) == ("relation-ended", "gazette/105/105-003/01.yaml")


@pytest.mark.parametrize(
    ("more", "codes"),
    [("", ["correction-conflict"]), (", {type: replaces, target: 105-002-01}", [])],
)
def test_corrections_of_the_same_words_need_an_order(
    scratch_site: ScratchSite, more: str, codes: list[str]
) -> None:
    """Two corrections of one text contradict each other, unless the later names the earlier."""
    first = entry(2, f"{{type: corrects, {AT_ONE}, wrong: 檔案, right: 檔卷}}")
    later = entry(3, f"{{type: corrects, {AT_ONE}, wrong: 檔案, right: 卷宗}}{more}")
    content = scratch_site(files(e2=first, e3=later))
    assert [problem.code for problem in problems(content)] == codes


def test_a_correction_of_a_correction_is_lawful(scratch_site: ScratchSite) -> None:
    """What an earlier correction put there may be wrong in turn."""
    first = entry(2, f"{{type: corrects, {AT_ONE}, wrong: 檔案, right: 檔卷}}")
    later = entry(3, f"{{type: corrects, {AT_ONE}, wrong: 檔卷, right: 卷宗}}")
    content = scratch_site(files(e2=first, e3=later))
    assert problems(content) == []


def test_what_a_later_correction_puts_there_excuses_no_earlier_one(
    scratch_site: ScratchSite,
) -> None:
    """Nobody can correct what was not yet written: it is the day of publication that counts."""
    wrong = "{type: corrects, target: 105-001-01, wrong: 檔卷, right: 卷宗}"
    right = "{type: corrects, target: 105-001-01, wrong: 檔案, right: 檔卷}"
    early, late = "gazette/105/105-003/01.yaml", "gazette/105/105-extra-001/01.yaml"
    extra = {"gazette/105/105-extra-001/issue.yaml": "publication_date: 105-04-01\n"}
    content = scratch_site({**files(e3=entry(3, wrong)), **extra, late: entry(2, right)})
    (problem,) = problems(content)
    assert (problem.code, problem.origin.path) == ("correction-wrong", early)
    # the extra issue came out before: it is listed later all the same
    scratch_site({"gazette/105/105-extra-001/issue.yaml": "publication_date: 105-03-01\n"})
    assert [problem.code for problem in problems(content)] == []


def test_what_was_corrected_leads_to_its_correction(full_site: Options) -> None:
    """The wrong words are set off in the text that was published, which stays as sealed."""
    folder = full_site.site / "gazette/105/105-001/01"
    page = (folder / "index.html").read_bytes()
    wrong = '<a class="gb-wrong" href="#corrected" title="經更正">1_000 元</a>'
    assert page.count(wrong.encode()) == page.count(b'id="corrected"') == 1
    text = page.decode().partition('<div class="gb-text">')[2].partition("</div>")[0]
    shown = unescape(re.sub("<[^>]*>", "", text)).strip()
    assert shown == json.loads((folder / "record.json").read_bytes())["body"]


CHAIN = files(
    e1=entry(1, more="effective: [{from: promulgation}]\n"),
    **{
        f"e{n}": entry(n, f"{{type: amends, {AT_ONE}}}", more="effective: [{from: promulgation}]\n")
        for n in range(2, 7)
    },
    e7=entry(7, f"{{type: repeals, {AT_ONE}}}", more="effective: [{date: 105-08-01}]\n"),
)
"""A rule, five amendments and a repeal, each from the third day of its month's third."""
DAYS = (
    ("2016-01-05", "現行有效"),
    ("2016-02-04", "現行有效"),
    ("2016-02-05", "現行有效，內容經修正"),
    ("2016-06-30", "現行有效，內容經修正"),
    ("2016-07-31", "現行有效，內容經修正"),
    ("2016-08-01", "已廢止"),
    ("2016-12-01", "已廢止"),
)
STATE = re.compile(r'<span class="gb-state"[^>]*data-days[^>]*>(?:截至[^：]*：)?([^<]*)</span>')


def _told(page: Path) -> str:
    match = STATE.search(page.read_text("utf-8"))
    assert match, page
    return match[1]


@pytest.mark.parametrize(("day", "words"), DAYS)
def test_a_chain_stands_right_in_the_text_of_every_day(
    scratch_site: ScratchSite, tmp_path: Path, day: str, words: str
) -> None:
    """Before, between and after five amendments and a repeal, in the built page."""
    built = build_site(scratch_site(CHAIN), tmp_path, date.fromisoformat(day))
    site = tmp_path / "site"
    assert built.pages
    assert _told(site / "gazette/105/105-001/01/index.html") == words
    for month in range(2, 8):
        page = site / f"gazette/105/105-{month:03d}/01/index.html"
        assert page.exists() == (day >= f"2016-{month:02d}-05")
        if page.exists():
            assert _told(page) == _own(month, day)
    _check_lists(site, day, words)


def _check_lists(site: Path, day: str, words: str) -> None:
    """Lists say what has ended, and nothing else; tables say all, and the day of the end."""
    known = day >= "2016-07-05"  # the repeal is out
    listed = (site / "gazette/category/rule/index.html").read_text("utf-8")
    told = STATE.findall(listed)
    assert told == ([_ended(words)] if known else [])
    rows = list(csv.DictReader((site / "data/gazette.csv").read_text("utf-8-sig").splitlines()))
    (row,) = (row for row in rows if row["代碼"] == "105-001-01")
    assert (row["效力"], row["失效日期"]) == (words, "2016-08-01" if known else "")
    ends = json.loads((site / "search/ended.json").read_text("utf-8"))
    assert list(ends) == (["gazette/105/105-001/01/"] if known else [])


def _ended(words: str) -> str:
    """The word in a list: that of an end."""
    return words if words == "已廢止" else ""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The chain's site of its last day, served."""
    root = tmp_path_factory.mktemp("chain")
    content = root / "content"
    for name, text in {**MINIMAL, **CHAIN}.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    build_site(content, root, LATE)
    with serving(root / "site", "/") as address:
        yield address


def _own(month: int, day: str) -> str:
    """How an amendment, or the repeal, stands: nobody acts on it, so its own first day decides."""
    first = "2016-08-01" if month == 7 else f"2016-{month:02d}-05"
    return "尚未生效" if day < first else "現行有效"


@pytest.mark.parametrize(("day", "words"), [("2016-01-04", "尚未生效"), *DAYS])
def test_a_chain_stands_right_on_the_readers_day(
    browser: Browser, chain: str, day: str, words: str
) -> None:
    """The same on all seven pages in Chromium, the clock moved and the site left as it is."""
    context = browser.new_context(timezone_id="Asia/Taipei")
    page = context.new_page()
    page.clock.set_fixed_time(datetime.fromisoformat(f"{day}T12:00+08:00"))
    for month in range(1, 8):
        page.goto(f"{chain}gazette/105/105-{month:03d}/01/")
        told = words if month == 1 else _own(month, day)
        expect(page.locator("[data-days]")).to_have_text(told)
    page.goto(f"{chain}gazette/category/rule/")
    expect(page.locator("[data-days]")).to_have_text(_ended(words))
    page.goto(f"{chain}search/?q=第1號命令")
    expect(page.locator(".gb-hit [data-days]")).to_have_text(_ended(words))
    context.close()


@pytest.mark.parametrize(
    ("day", "force"),
    [("2016-07-31", ""), ("2016-08-01", "NotInForce"), ("2016-12-01", "NotInForce")],
)
def test_machines_are_told_of_a_force_that_no_known_day_changes(
    scratch_site: ScratchSite, tmp_path: Path, day: str, force: str
) -> None:
    """A repeal that is still to come makes no page promise what a later day breaks."""
    build_site(scratch_site(CHAIN), tmp_path, date.fromisoformat(day))
    page = (tmp_path / "site/gazette/105/105-001/01/index.html").read_text("utf-8")
    found = re.search(r'"legislationLegalForce": ?"https://schema.org/(\w+)"', page)
    assert (found[1] if found else "") == force


JANUARY = Span(date(2016, 1, 1), date(2016, 1, 31))
SPRING = Span(date(2016, 3, 1), date(2016, 5, 31))
FROM_MARCH, FROM_UNKNOWN = Span(date(2016, 3, 1)), Span(None)


@pytest.mark.parametrize(
    ("spans", "day", "state"),
    [
        ([JANUARY, FROM_MARCH], date(2016, 1, 10), State.PARTLY),
        ([JANUARY, FROM_MARCH], date(2016, 2, 10), State.PENDING),
        ([JANUARY, FROM_MARCH], date(2016, 3, 10), State.IN_FORCE),
        ([JANUARY, SPRING], date(2016, 2, 10), State.PENDING),
        ([JANUARY, SPRING], date(2016, 6, 1), State.EXPIRED),
        ([JANUARY, FROM_UNKNOWN], date(2016, 1, 10), State.PARTLY),
        ([JANUARY, FROM_UNKNOWN], date(2016, 2, 10), State.UNKNOWN),
    ],
)
def test_a_part_that_is_over_binds_no_more(spans: list[Span], day: date, state: State) -> None:
    """Between the end of one part and the start of the next nothing is in force."""
    assert standing(spans, ()).on(day) is state


@pytest.mark.parametrize(
    ("words", "field", "day"),
    [
        ("修正第三條", "", date(2016, 3, 5)),
        ("修正第三條，自即日生效", "", date(2016, 3, 3)),
        ("廢止本要點，自即日起停止適用", "", date(2016, 3, 3)),
        ("修正第三條，自中華民國105年7月1日施行", "", date(2016, 7, 1)),
        ("修正第三條，自105年7月1日起生效", "effective: [{date: 105-08-01}]\n", date(2016, 8, 1)),
        ("自行車道修正案，自105年13月1日生效", "", date(2016, 3, 5)),
    ],
)
def test_an_order_takes_effect_as_its_fields_or_words_say(
    words: str, field: str, day: date, scratch_site: ScratchSite
) -> None:
    """The fields first, then the day that the title names, else the third day."""
    typed = entry(3, more=field).replace("第3號命令", words, 1)
    site = examine_folder(scratch_site(files(e1=entry(1), e3=typed)), LATE).site
    assert site is not None
    made = site.archive.get(GazetteEntry, Ref("gazette", "105-003-01"))
    assert made is not None
    assert effect_day(made, site) == day


@pytest.mark.parametrize(
    ("relation", "told"),
    [("amends", True), ("cites", True), ("corrects", False), ("replaces", False)],
)
def test_a_number_is_repeated_by_what_stands_for_the_other(
    relation: str, told: bool, scratch_site: ScratchSite
) -> None:
    """An amendment that was copied with its target's number is told."""
    words = ", wrong: 命令全文, right: 命令" if relation == "corrects" else ""
    again = entry(3, f"{{type: {relation}, {AT_ONE}{words}}}").replace(
        "第1050000103號", "第1050000101號"
    )
    found = problems(scratch_site(files(e1=entry(1), e3=again)))
    assert [p.code for p in found] == (["document-number-duplicate"] if told else [])


ANY_DAY = st.dates(date(2016, 1, 1), date(2016, 12, 31))
SPANS = st.lists(st.builds(Span, st.none() | ANY_DAY, st.none() | ANY_DAY), max_size=3)
ACTS = st.lists(
    st.builds(
        lambda deed, day, known, until: Act(deed=deed, day=day, published=known, until=until),
        st.sampled_from(Deed), st.none() | ANY_DAY, ANY_DAY, st.none() | ANY_DAY,
    ),
    max_size=4,
)  # fmt: skip


@given(SPANS, ACTS, ANY_DAY)
def test_only_the_days_told_change_a_standing(
    spans: list[Span], acts: list[Act], day: date
) -> None:
    """Between two changes nothing changes, whatever order the acts come in; the end is final."""
    found = standing(spans, acts)
    assert found == standing(list(reversed(spans)), list(reversed(acts)))
    days = [change.day for change in found.changes]
    assert days == sorted(set(days))
    states = [found.first, *(change.state for change in found.changes)]
    assert all(one is not other for one, other in pairwise(states))
    if day not in days:
        assert found.on(day) is found.on(day - timedelta(days=1))


@given(SPANS, ACTS, ANY_DAY)
def test_what_is_withdrawn_repealed_or_replaced_stays_so(
    spans: list[Span], acts: list[Act], day: date
) -> None:
    """Nothing comes back to force by itself."""
    ended = (State.WITHDRAWN, State.REPEALED, State.REPLACED)
    found = standing(spans, acts)
    if found.on(day) in ended:
        assert found.on(date(2017, 6, 1)) is found.on(day)
    ends = [a.day for a in acts if a.deed in (Deed.END, Deed.REPLACE, Deed.WITHDRAW) and a.day]
    if ends and day >= min(ends):
        assert found.on(day) in ended
