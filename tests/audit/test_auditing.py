"""The audit tells what its programs said: findings, points and their reasons, a missing program."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import lighthouse
import moda
import nu
import pytest
from hosting import header_rules, hosted
from links import audit_links
from page_types import page_types
from rows import Row, ToolMissing, table
from subjects import Subject

from generator.build.options import Options


@pytest.fixture(scope="module")
def subject(full_site: Options) -> Iterator[Subject]:
    """The full sample, served as a web server would."""
    with hosted(full_site.site) as root:
        yield Subject(
            name="full",
            folder=full_site.site,
            root=root,
            official=False,
            types=page_types(full_site),
        )


def test_every_template_has_a_page(subject: Subject) -> None:
    """The pages that stand for types are found in the site; those that are measured are there."""
    assert len(subject.types) > 15
    assert {*lighthouse.PAGES.values()} <= {*subject.types}
    assert "404.html" in subject.pages


def test_pages_come_compressed_and_with_headers(subject: Subject) -> None:
    """As the handbook asks of web servers: gzip, the policy, how long what may be kept."""
    for address, kept in (("", ""), ("assets/site.css", "public, max-age=600")):
        with urlopen(subject.root + address) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers.get("Cache-Control", "").startswith(kept)
            assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
            assert len(gzip.decompress(answer.read())) > 1000


def test_headers_are_read_as_they_are_written() -> None:
    """A star stands for anything, a name after a colon for one step."""
    rules = header_rules("/*\n  A: 1\n  B: x: y\n\n/search/:segment/*\n  A: 2\n")
    assert [held for _, held in rules] == [{"A": "1", "B": "x: y"}, {"A": "2"}]
    assert rules[1][0].fullmatch("/search/0f/p1.bin")
    assert not rules[1][0].fullmatch("/search/names.json")


def test_links_that_lead_nowhere_are_found(subject: Subject, tmp_path: Path) -> None:
    """A whole site has none; a dead link and a dead anchor are named with their page."""
    assert audit_links([subject]).passed
    (tmp_path / "index.html").write_text('<a href="gone/"></a><a href="#gone"></a>', "utf-8")
    planted = Subject(name="planted", folder=tmp_path, root="", official=False, types={})
    row = audit_links([planted])
    assert (row.passed, row.found) == (False, "2 lead nowhere")
    assert row.findings == ("planted: index.html: #gone", "planted: index.html: gone/")


def test_the_validators_errors_are_findings() -> None:
    """Errors fail, warnings are counted, a run without pages of its own adds up."""
    error = {
        "type": "error",
        "url": "file:/a.html",
        "lastLine": 3,
        "message": "Bad.",
        "extract": "<x>",
    }
    warning = {"type": "info", "subType": "warning", "message": "Hm."}
    row = nu.row_of(
        [{"version": "1 (f)", "messages": [error, warning]}, {"version": "1 (f)", "messages": []}],
        9,
    )
    assert (row.auditor, row.found, row.passed) == ("Nu validator 1", "1 errors, 1 warnings", False)
    assert row.findings == ("file:/a.html:3: Bad. <x>",)
    assert nu.row_of([{"version": "1", "messages": [warning]}], 9).passed


def test_each_version_of_the_rules_has_its_findings() -> None:
    """An issue of one version alone is no finding of the other; advice never is."""
    said = {"url": "u", "rule": "CS1", "message": "m", "snippet": "s"}
    told = [
        {"version": "0.6", "issues": [{**said, "versions": ["115.11"], "fails": True}]},
        {"version": "0.6", "issues": [{**said, "versions": ["110.07", "115.11"], "fails": False}]},
    ]
    old, new = (moda.row_of(told, 2, rules) for rules in moda.VERSIONS)
    assert (old.found, old.passed) == ("0 findings, 1 remarks", True)
    assert (new.found, new.passed) == ("1 findings, 1 remarks", False)
    assert new.findings == ("u: CS1: m s",)


def _report(seo: float, check: str, performance: float = 1) -> dict[str, Any]:
    held = {name: {"score": 1, "auditRefs": []} for name in lighthouse.CATEGORIES}
    lost = {"score": seo, "auditRefs": [{"id": check, "weight": 4}]}
    fast = {"score": performance, "auditRefs": []}
    audits = {check: {"score": 0, "title": "Blocked", "displayValue": "2 s"}}
    categories = {**held, "seo": lost, "performance": fast}
    told = {"lighthouseVersion": "12", "runWarnings": []}
    return {**told, "categories": categories, "audits": audits}


def test_points_are_told_with_what_cost_them() -> None:
    """A demonstration may be hidden from search engines and nothing else; an official site not."""
    hidden = lighthouse.row_of("home", _report(0.63, lighthouse.HIDDEN), official=False)
    assert (hidden.found, hidden.passed) == ("100, 100, 100, 63", True)
    assert hidden.why == "seo: Blocked 2 s (a demonstration is not for search engines)"
    assert not lighthouse.row_of("home", _report(0.63, lighthouse.HIDDEN), official=True).passed
    other = lighthouse.row_of("home", _report(0.9, "meta-description"), official=False)
    assert (other.passed, other.findings) == (False, ("home: seo: 90",))


def test_points_without_a_cause_do_not_pass() -> None:
    """A score that is low, or missing, with no check to blame fails."""
    slow = _report(1, lighthouse.HIDDEN, performance=0.9)
    slow["runWarnings"] = ["The device is slow. See elsewhere."]
    row = lighthouse.row_of("home", slow, official=False)
    assert (row.passed, row.why.partition("; ")[2]) == (False, "The device is slow")
    assert lighthouse.middle([slow, _report(1, "x", 0.5), _report(1, "x")]) is slow


def test_a_missing_program_is_named(subject: Subject, tmp_path: Path) -> None:
    """An empty environment says what is missing and what to do; nothing is taken for clean."""
    with pytest.raises(ToolMissing, match=r"Nu validator .* make audit"):
        nu.audit_html([subject], tmp_path)
    with pytest.raises(ToolMissing, match=r"a11y-moda .* make audit"):
        moda.audit_rules([subject], tmp_path)
    with pytest.raises(ToolMissing, match=r"Lighthouse .* make audit"):
        list(lighthouse.audit_phones([subject], tmp_path, runs=1))


def test_the_table_has_a_line_a_row() -> None:
    """What was found stands beside what was wanted."""
    row = Row(auditor="a", subject="b|c", found="1", wanted="0", passed=False, why="so")
    assert table([row]).splitlines() == [
        "| auditor | of | found | wanted |  | why |",
        "| --- | --- | --- | --- | --- | --- |",
        "| a | b/c | 1 | 0 | **no** | so |",
    ]
