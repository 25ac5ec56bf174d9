"""A site notes what it is asked: whatever answers otherwise is noticed, and nothing else is."""

from __future__ import annotations

import inspect
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from edits import copied_project
from publishing import manifest_of
from sample_sites import AS_OF, SITES, build_site, options
from sealing import KEY, NAME, edit, seal, sealable

from generator.build.cache.trace import ARCHIVE, UNTRACED, TracedSite, Tracer, members
from generator.build.examine import gather
from generator.build.ledger_runs import sign_ledger
from generator.content.archive import Archive
from generator.content.model import Inside, Origin, Picture, Problem, Ref
from generator.content.published_memory import Memory
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.issue import GazetteIssue
from generator.kinds.gazette.record_json import sealed_json
from generator.ledger.log import Leaf, Ledger
from generator.ledger.seals import Seals
from generator.release.manifest import listed
from generator.site.kind import Expired, Site
from generator.site.link_report import LinkReport

MEMBERS = {**members(Site), **{ARCHIVE + name: held for name, held in members(Archive).items()}}
FILE = "gazette/105/105-001/03/草案總說明.txt"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The full sample, as it is read."""
    found = gather(options(SITES / "full", tmp_path_factory.mktemp("trace"))).site
    assert found is not None
    return found


@pytest.fixture
def traced(site: Site) -> TracedSite:
    """The same, and it notes what it is asked."""
    traced = TracedSite(site)
    traced.begin()
    return traced


def _entry(site: Site) -> GazetteEntry:
    return site.archive.of(GazetteEntry)[0]


def _given(site: Site, name: str) -> list[Any]:
    """What a member can be asked with; fails for a parameter of a sort that cannot be noted."""
    sorts: Mapping[str, Any] = {
        "Ref": _entry(site).ref,
        "Record": _entry(site),
        "RecordT": _entry(site),
        "type[RecordT]": GazetteEntry,
        "date": AS_OF,
        "date | None": None,
        "str": FILE,
    }
    _, *parameters = inspect.signature(MEMBERS[name]).parameters.values()
    return [sorts[parameter.annotation] for parameter in parameters]


@pytest.mark.parametrize("name", sorted(MEMBERS.keys() - UNTRACED.keys()))
def test_every_other_member_is_noted_and_can_be_asked_again(
    name: str, site: Site, traced: TracedSite
) -> None:
    """By its name, with what it was given: a member added later is noted, or fails here."""
    answer = attrgetter(name)(traced)
    if inspect.isfunction(MEMBERS[name]):
        answer(*_given(site, name))
    elif isinstance(answer, Mapping):
        answer.get(FILE)
        list(answer)
    assert {query[0] for query in traced.queries} == {name}
    tracer = Tracer(site)
    assert tracer.same(tracer.trace(traced.queries))


def test_the_list_names_members_and_reasons() -> None:
    """None that is gone, none without a word; no base class brings members of its own."""
    assert UNTRACED.keys() <= MEMBERS.keys()
    assert all(reason.endswith(".") for reason in UNTRACED.values())
    assert Site.__mro__ == (Site, object)
    assert Archive.__mro__ == (Archive, object)


ASKING: Mapping[str, Callable[[Site], object]] = {
    "title_on": lambda site: site.title_on(Ref("agencies", "city"), AS_OF),
    "records": lambda site: site.records(site.kind(_entry(site))),
    "publication_day": lambda site: site.publication_day(_entry(site)),
    "published": lambda site: site.published(_entry(site)),
    "updated": lambda site: site.updated(_entry(site)),
    "newest": lambda site: site.newest(site.archive.of(GazetteEntry)),
    "latest_day": lambda site: site.latest_day(site.archive.of(GazetteEntry)),
    "archive.get": lambda site: site.archive.get(GazetteEntry, _entry(site).ref),
}


@pytest.mark.parametrize("name", ASKING)
def test_what_asks_others_has_them_noted_each_time(name: str, traced: TracedSite) -> None:
    """No answer that is remembered hides a query from what is made next."""
    noted = []
    for _ in range(2):
        traced.begin()
        ASKING[name](traced)
        noted.append({query[0] for query in traced.queries})
    assert noted[0] == noted[1]
    reason = UNTRACED[name]
    assert any(f"`{query}`" in reason for query in noted[0])


def test_what_was_made_is_forgotten_when_notes_begin(site: Site, traced: TracedSite) -> None:
    """The document of an entry asks for its files each time."""
    entry = site.archive.get(GazetteEntry, Ref("gazette", "105-001-03"))
    assert entry is not None
    (issue, *_) = site.archive.of(GazetteIssue)
    for _ in range(2):
        traced.begin()
        sealed_json(entry, issue, traced)
        sealed_json(entry, issue, traced)
        assert ("files", "text", FILE) in traced.queries
        assert ("digests", "text", FILE) in traced.queries


def test_nothing_is_noted_before_the_beginning_nor_at_rest(site: Site) -> None:
    """A plan that is made takes no memory for queries that nobody looks at."""
    traced = TracedSite(site)
    for _ in range(2):
        _entry(traced)
        assert not traced.queries
        traced.begin()
        _entry(traced)
        assert {query[0] for query in traced.queries} == {"archive.of"}
        traced.rest()


PROBLEM = Problem(code="not-stated", origin=Origin(path=FILE))
OTHERS: Mapping[str, Any] = {
    "as_of": date(2016, 6, 2),
    "unreadable": frozenset({FILE}),
    "broken": frozenset({Ref("gazette", "105-001-09")}),
    "memory": Memory(feeds=frozenset({"news"})),
    "findings": (PROBLEM,),
    "outgoing": LinkReport(day=AS_OF, checked=1, dead=()),
    "seals": Seals(Ledger(leaves=(Leaf(name="gazette:105-001-01", digest=bytes(32)),))),
    "expired": (
        Expired(
            ref=Ref("gazette", "105-001-09"),
            label="公報",
            label_en="",
            address="gazette/105/105-001/09/",
            published=AS_OF,
            last=AS_OF,
            title_en=False,
        ),
    ),
}
"""Other answers of fields that are asked as a whole."""
BY_NAME: Mapping[str, Any] = {
    "files": 17,
    "digests": "0" * 64,
    "pictures": Picture(1, 1),
    "insides": Inside(pages="1"),
}
"""Other values of fields that are asked by name."""


def test_every_field_is_asked_as_a_whole_or_by_name() -> None:
    """Those of the two tables below, but for what has a reason."""
    assert {one.name for one in fields(Site)} - UNTRACED.keys() == {*OTHERS, *BY_NAME}


@pytest.mark.parametrize("name", OTHERS)
def test_another_value_of_a_field_is_another_answer(
    name: str, site: Site, traced: TracedSite
) -> None:
    """As long as it is the same the answer is."""
    getattr(traced, name)
    trace = Tracer(site).trace(traced.queries)
    changed: Any = {name: OTHERS[name]}
    assert Tracer(replace(site)).same(trace)
    assert not Tracer(replace(site, **changed)).same(trace)


@pytest.mark.parametrize("name", BY_NAME)
def test_what_a_field_has_under_other_names_does_not_count(
    name: str, site: Site, traced: TracedSite
) -> None:
    """Unless somebody looks through all of them; what is missing may come."""
    held: Mapping[str, Any] = getattr(traced, name)
    for path in (FILE, "missing.txt"):
        traced.begin()
        assert (path in held) == (path in getattr(site, name))
        trace = Tracer(site).trace(traced.queries)
        for changed in (path, "another.txt"):
            values: Any = {name: {**getattr(site, name), changed: BY_NAME[name]}}
            assert Tracer(replace(site, **values)).same(trace) == (changed != path)
    traced.begin()
    list(held)
    trace = Tracer(site).trace(traced.queries)
    more: Any = {name: {**getattr(site, name), "another.txt": BY_NAME[name]}}
    assert not Tracer(replace(site, **more)).same(trace)


def test_words_of_a_query_may_hold_any_sign(site: Site, traced: TracedSite) -> None:
    """A tab or a line break in a path neither ends it nor begins another query."""
    path = "a\ttext\tb\nfiles\ttext\tc"
    traced.files.get(path)
    trace = Tracer(site).trace(traced.queries)
    assert Tracer(replace(site, files={"b": 1, "c": 1})).same(trace)
    assert not Tracer(replace(site, files={path: 1})).same(trace)


def test_a_record_that_is_gone_is_another_answer(site: Site, traced: TracedSite) -> None:
    """Whatever was asked about it."""
    entry = _entry(site)
    without = replace(site, archive=site.archive.without([entry.ref]))
    for ask in (traced.archive.neighbours, traced.rank, traced.withholds):
        traced.begin()
        ask(entry)
        trace = Tracer(site).trace(traced.queries)
        assert not Tracer(without).same(trace)


def test_a_seal_and_its_signature_are_other_answers(tmp_path: Path) -> None:
    """A record's page tells of its seal, and the proof beside it holds the signature."""
    chosen, traces = sealable(tmp_path), list[bytes]()
    steps = (lambda: None, lambda: seal(chosen), lambda: sign_ledger(chosen, NAME, KEY))
    for step in steps:
        step()
        found = gather(chosen).site
        assert found is not None
        traced, tracer = TracedSite(found), Tracer(found)
        traced.begin()
        assert (traced.seal(_entry(found)) is None) == (not traces)
        assert not any(map(tracer.same, traces))
        traces.append(tracer.trace(traced.queries))
        assert tracer.same(traces[-1])


def test_the_day_of_a_record_outside_the_archive_is_never_that_of_another(site: Site) -> None:
    """Two that stand at the same place of the memory, one after the other."""
    entry, issues = _entry(site), site.archive.of(GazetteIssue)
    for issue in (*issues, *issues):
        assert site.publication_day(replace(entry, id=f"{issue.id}-99")) == issue.publication_date


AGENCIES = """- id: city
  names:
    - {name: 小市公所, to: 2015-12-31}
    - {name: 小市政府, from: 2016-01-01}
"""
ENTRY = """title: 修正第{}號要點
category: rule
form: order
issuers: [city]
document_numbers: [小市秘字第10500001{:02}號]
dispatch_date: 105-01-04
body: 第一條　依據前條辦理。
"""
ATTACHED = "attachments:\n- {path: a.txt, title: 附件}\n"
FOLDER = "gazette/105/105-002"


def _renumbered(content: Path) -> None:
    for name in ("02", "02.yaml"):
        (content / FOLDER / name).rename(content / FOLDER / name.replace("02", "04"))


def _added(content: Path) -> None:
    """Before all others, so that every place is another one."""
    folder = content / "gazette/104/104-001"
    folder.mkdir(parents=True)
    (folder / "issue.yaml").write_text("publication_date: 2015-01-05\n", "utf-8")
    (folder / "01.yaml").write_text(ENTRY.format(9, 9), "utf-8")


Edit = Callable[[Path], object]
EDITS: tuple[tuple[tuple[str, ...], Edit], ...] = (
    (
        ("settings", "addresses", "crumb", "topics"),
        lambda content: edit(content / "site.yaml", "title: 小市公報\n", "title: 小市政府公報\n"),
    ),
    (("title_on",), lambda content: edit(content / "agencies.yaml", "小市政府", "小市市政府")),
    (
        ("title", "archive", "archive.get", "records"),
        lambda content: edit(content / FOLDER / "01.yaml", "第1號", "第一號"),
    ),
    (
        ("publication_day", "published", "newest", "latest_day"),
        # not the newest day, which plans of pages tell
        lambda content: edit(content / "gazette/105/105-001/issue.yaml", "105-01-05", "105-01-04"),
    ),
    (
        ("updated", "changes"),
        lambda content: (content / FOLDER / "01.yaml").write_text(
            ENTRY.format("一", 1) + "revisions: [{date: 2016-03-01, note: 更正}]\n", "utf-8"
        ),
    ),
    (
        ("sealed_documents",),
        lambda content: (content / FOLDER / "02/a.txt").write_text("乙", "utf-8"),
    ),
    (("address",), _renumbered),
    (("rank",), _added),
)
"""What changes the answers of members that are not noted, or by another value than their own."""
BY_DAY, BY_PROGRAM = {"archive.with_", "archive.without"}, {"kinds", "views", "kind"}


def test_each_member_of_the_list_is_changed_below() -> None:
    """By an edit of the content, another day, another program."""
    edited = {name for names, _ in EDITS for name in names}
    assert edited | BY_DAY | BY_PROGRAM == {*UNTRACED, "rank"}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small site of three entries, one with a file, that was built."""
    root = tmp_path / "small"
    shutil.copytree(SITES / "minimal", root / "content")
    (root / "content/agencies.yaml").write_text(AGENCIES, "utf-8")
    (root / "content" / FOLDER / "02").mkdir(parents=True)
    (root / "content" / FOLDER / "02/a.txt").write_text("甲", "utf-8")
    (root / "content" / FOLDER / "issue.yaml").write_text("publication_date: 2016-02-03\n", "utf-8")
    for number, more in ((1, ""), (2, ATTACHED)):
        text = ENTRY.format(number, number) + more
        (root / "content" / FOLDER / f"{number:02}.yaml").write_text(text, "utf-8")
    build_site(root / "content", root)
    return root


def _listing(root: Path) -> Mapping[str, str]:
    return listed(manifest_of(root / "site").read_text("utf-8"))


@pytest.mark.parametrize("step", range(len(EDITS)), ids=[",".join(names) for names, _ in EDITS])
def test_no_stale_page_is_kept_for_what_is_not_noted(
    step: int, small: Path, tmp_path: Path
) -> None:
    """A build after an edit gives what a cold one gives, and not what was there before."""
    before = _listing(small)
    EDITS[step][1](small / "content")
    build_site(small / "content", small)
    build_site(small / "content", tmp_path / "cold")
    assert _listing(small) == _listing(tmp_path / "cold") != before


def test_no_stale_page_is_kept_on_another_day(small: Path, tmp_path: Path) -> None:
    """A day on which some records are not shown yet."""
    for count, day in enumerate((date(2016, 1, 4), AS_OF)):
        build_site(small / "content", small, day)
        build_site(small / "content", tmp_path / str(count), day)
        assert _listing(small) == _listing(tmp_path / str(count))


def test_no_stale_page_is_kept_for_another_program(tmp_path: Path) -> None:
    """Another label of a kind, another name of a view."""
    project = copied_project(tmp_path / "project")
    words = {
        "gazette/kind.py": ('label="公報"', 'label="市公報"'),
        "views/agencies.py": ('LABEL = "機關"', 'LABEL = "各機關"'),
    }
    before = _built(project, tmp_path / "long")
    for name, (old, new) in words.items():
        edit(project / "generator/kinds" / name, old, new)
        after = _built(project, tmp_path / "long")
        assert after == _built(project, tmp_path / name) != before
        before = after


def _built(project: Path, root: Path) -> Mapping[str, str]:
    folders = ("--work", str(root / "build"), "--site", str(root / "site"))
    more = ("--content", str(SITES / "minimal"), "--as-of", AS_OF.isoformat(), *folders)
    subprocess.run(
        [sys.executable, "-B", "-m", "generator", "build", *more],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "NO_MKDOCS_2_WARNING": "1"},
        check=True,
        capture_output=True,
    )
    return _listing(root)
