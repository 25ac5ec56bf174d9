"""Published figures and targets do not change in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sample_sites import ScratchSite, options
from whole_program import examine, seal_site

from generator.content.model import Problem

STATISTIC = """\
title: 資源回收
unit: "%"
source: 測試報告
published_on: 105-01-05
observations:
  - {at: 103, value: 40}
  - {at: 104, value: 42}
targets:
  - {title: 回收率目標, target: 50, direction: up, due: 106-12-31, source: 測試計畫}
"""
FILE = "statistics/recycling.yaml"
NOTE = "revisions: [{date: 105-06-01, note: 依核定計畫調整}]\n"


def after_a_seal(scratch_site: ScratchSite, text: str | None) -> list[Problem]:
    """The problems of a content whose statistic is changed after it was published."""
    content: Path = scratch_site({FILE: STATISTIC})
    done = seal_site(options(content, content.parent, date(2016, 5, 31)), "")
    assert done.ledger is not None, done.examined.problems
    if text is None:
        (content / FILE).unlink()
    else:
        (content / FILE).write_text(text, encoding="utf-8")
    examined = examine(options(content, content.parent, date(2016, 6, 1)))
    return list(examined.problems)


def shown(problems: list[Problem]) -> list[tuple[str, str, int, str]]:
    """Code, wording, line and severity of each."""
    return [(p.code, p.detail, p.origin.line, p.severity.value) for p in problems]


def test_a_figure_that_changes_needs_a_note(scratch_site: ScratchSite) -> None:
    """A published figure that says something else stops the build at its place."""
    (found,) = after_a_seal(scratch_site, STATISTIC.replace("value: 42", "value: 43"))
    assert (found.code, found.origin.line, found.stops) == ("figure-changed", 7, True)
    assert (found.values["before"], found.values["after"]) == ("42", "43")


def test_a_qualifier_that_goes_is_a_change(scratch_site: ScratchSite) -> None:
    """約42 is not 42."""
    text = STATISTIC.replace("value: 42", "value: {value: 42, qualifier: 約}")
    assert shown(after_a_seal(scratch_site, text)) == [("figure-changed", "", 7, "error")]


def test_a_figure_that_goes_needs_a_note(scratch_site: ScratchSite) -> None:
    """So does one that is no longer there."""
    text = STATISTIC.replace("  - {at: 103, value: 40}\n", "")
    assert shown(after_a_seal(scratch_site, text)) == [("figure-changed", "gone", 1, "error")]


def test_a_target_that_goes_needs_a_note(scratch_site: ScratchSite) -> None:
    """A promise is not dropped in silence; its figure is not named a second time."""
    text = STATISTIC.partition("targets:")[0]
    assert shown(after_a_seal(scratch_site, text)) == [("target-removed", "", 1, "error")]


def test_a_softened_target_needs_a_note(scratch_site: ScratchSite) -> None:
    """Less, later, some day, or the other way: each is softer."""
    for old, new in (
        ("target: 50", "target: 45"),
        ("due: 106-12-31", "due: 107-06-30"),
        (", due: 106-12-31", ""),
        ("direction: up", "direction: down"),
    ):
        found = after_a_seal(scratch_site, STATISTIC.replace(old, new))
        assert shown(found) == [("target-softened", "", 9, "error")], new


def test_a_harder_target_is_a_changed_figure(scratch_site: ScratchSite) -> None:
    """More and sooner is no softening, but what was published has changed."""
    text = STATISTIC.replace("target: 50", "target: 55").replace("106-12-31", "106-06-30")
    assert shown(after_a_seal(scratch_site, text)) == [("figure-changed", "", 9, "error")]


def test_a_dated_note_is_enough(scratch_site: ScratchSite) -> None:
    """With a further revision everything may change."""
    text = STATISTIC.replace("value: 42", "value: 43").partition("targets:")[0]
    assert after_a_seal(scratch_site, text + NOTE) == []


def test_a_new_figure_or_word_is_no_broken_promise(scratch_site: ScratchSite) -> None:
    """What was not out cannot have changed: the general reminder remains."""
    text = STATISTIC.replace("targets:", "  - {at: 105-01, value: 44}\ntargets:")
    assert shown(after_a_seal(scratch_site, text)) == [("revision-missing", "", 1, "warning")]


def test_a_statistic_that_goes_is_pointed_out(scratch_site: ScratchSite) -> None:
    """A file that is no longer there cannot hold a note: it is named once, as a reminder."""
    (found,) = after_a_seal(scratch_site, None)
    place = "../.record/published/statistics.jsonl"
    assert (found.code, found.detail, found.origin.path) == ("record-gone", "figures", place)
    assert (found.values["value"], found.values["count"], found.stops) == ("recycling", "4", False)
