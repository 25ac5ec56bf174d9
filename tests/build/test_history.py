"""What was published is remembered beside the ledger, in git: a silent change is pointed out."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, build_site, files_below, options

from generator.build.examine import examine
from generator.build.ledger_runs import LedgerRun, seal_site
from generator.build.options import Options
from generator.commands._cli import main
from generator.content.model import Problem
from generator.pipeline import build
from generator.release.ownership import MARK, MARK_TEXT

ENTRY = "gazette/105/105-001/01.yaml"
CHANGED = MINIMAL[ENTRY].replace("管理檔案", "管理文書")
STATISTIC = "statistics/recycling.yaml"
FIGURES = """\
title: 資源回收
unit: "%"
source: 測試報告
published_on: 105-01-05
observations:
  - {at: 103, value: 40}
  - {at: 104, value: 45}
"""
DAY = date(2016, 6, 1)
ISSUE_FILE = ".record/published/gazette/105/105-001.jsonl"
STATISTICS_FILE = ".record/published/statistics.jsonl"


def seal(content: Path, as_of: date = DAY) -> LedgerRun:
    """A seal of a content; fails where it is refused."""
    done = seal_site(options(content, content.parent, as_of), "")
    assert done.ledger is not None, done.examined.problems
    return done


def problems(content: Path, as_of: date = DAY) -> list[Problem]:
    """What a check of a content finds."""
    return list(examine(options(content, content.parent, as_of)).problems)


def codes(content: Path, as_of: date = DAY) -> list[str]:
    """The codes of what a check finds."""
    return [problem.code for problem in problems(content, as_of)]


def write(content: Path, path: str, text: str) -> None:
    """Puts a text into a content."""
    (content / path).parent.mkdir(parents=True, exist_ok=True)
    (content / path).write_text(text, encoding="utf-8")


def arguments(content: Path, command: str, *more: str) -> list[str]:
    """The words of a command over a content."""
    root = content.parent
    named = ("--content", content, "--work", root / "build", "--site", root / "site")
    return [command, *map(str, named), "--as-of", DAY.isoformat(), *more]


def test_a_change_after_publication_needs_a_note(scratch_site: ScratchSite) -> None:
    """A published text that changed warns, until a revision is noted or it is sealed."""
    content = scratch_site({})
    seal(content)
    assert codes(content) == []
    write(content, ENTRY, CHANGED)
    assert codes(content) == ["revision-missing"]
    write(content, ENTRY, f"{CHANGED}revisions: [{{date: 105-06-01, note: 改正文字}}]\n")
    assert codes(content) == []
    write(content, ENTRY, CHANGED)
    seal(content)
    assert codes(content) == []


def test_a_clone_knows_what_was_published(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """Content and `.record` are enough: a figure that changed stops the build of a fresh clone."""
    content = scratch_site({STATISTIC: FIGURES})
    seal(content)
    clone = tmp_path / "clone"
    shutil.copytree(content, clone / "content")
    shutil.copytree(content.parent / ".record", clone / ".record")
    write(clone / "content", STATISTIC, FIGURES.replace("45", "43"))
    (found,) = problems(clone / "content")
    assert (found.code, found.stops) == ("figure-changed", True)
    assert (found.values["before"], found.values["after"]) == ("45", "43")


def test_the_memory_is_a_line_a_record_in_a_file_a_folder(scratch_site: ScratchSite) -> None:
    """Lines are sorted by name, in one form; a second seal changes no byte."""
    second = MINIMAL[ENTRY].replace("1050000001", "1050000002")
    content = scratch_site({STATISTIC: FIGURES, ENTRY.replace("01.yaml", "02.yaml"): second})
    assert seal(content).memory == ("feeds.txt", "gazette/105/105-001.jsonl", "statistics.jsonl")
    folder = content.parent / ".record"
    kept = {path: file.read_bytes() for path, file in files_below(folder).items()}
    lines = [json.loads(line) for line in kept["published/gazette/105/105-001.jsonl"].splitlines()]
    names = ["gazette:105-001-01", "gazette:105-001-02", "issues:105-001"]
    assert [line["id"] for line in lines] == names
    (line,) = map(json.loads, kept["published/statistics.jsonl"].splitlines())
    assert list(line) == ["id", "first", "digest", "typed", "noted"]
    assert (line["first"], line["noted"]) == (
        "2016-06-01",
        {"figure 2014": "40", "figure 2015": "45"},
    )
    assert seal(content, date(2016, 6, 9)).memory == ()
    assert {path: file.read_bytes() for path, file in files_below(folder).items()} == kept


def test_only_a_seal_writes_the_memory(scratch_site: ScratchSite) -> None:
    """A check and a build leave `.record` alone, before the first seal and after it."""
    content = scratch_site({})
    build_site(content, content.parent)
    assert codes(content) == []
    assert not (content.parent / ".record").exists()
    assert not (content.parent / "build/published.json").exists()
    seal(content)
    kept = {p: f.read_bytes() for p, f in files_below(content.parent / ".record").items()}
    write(content, ENTRY, CHANGED)
    build_site(content, content.parent)
    assert codes(content) == ["revision-missing"]
    held = {p: f.read_bytes() for p, f in files_below(content.parent / ".record").items()}
    assert held == kept


def test_no_page_depends_on_the_memory(scratch_site: ScratchSite) -> None:
    """The site is the same without it, byte for byte."""
    content = scratch_site({STATISTIC: FIGURES})
    build_site(content, content.parent)
    before = {p: f.read_bytes() for p, f in files_below(content.parent / "site").items()}
    seal(content)
    build_site(content, content.parent)
    after = {p: f.read_bytes() for p, f in files_below(content.parent / "site").items()}
    assert after == before


def test_a_build_names_what_the_memory_lacks(
    scratch_site: ScratchSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """How many, and what to run; `--strict` publishes nothing; without a memory, not a word."""
    content = scratch_site({})
    chosen = options(content, content.parent)
    assert build(chosen, lambda _: None).examined.problems == ()
    seal(content)
    assert build(chosen, lambda _: None).examined.problems == ()
    write(content, STATISTIC, FIGURES)
    for _ in range(2):  # a build that finds all as it was says it too
        (found,) = build(chosen, lambda _: None).examined.problems
        assert (found.code, found.stops, found.values["count"]) == (
            "published-unsealed",
            False,
            "1",
        )
        assert found.values["names"] == "statistics:recycling"
    assert build(replace(chosen, strict=True), lambda _: None).release is None
    assert main(arguments(content, "build", "--lang", "en")) == 0
    said = "".join(capsys.readouterr())
    assert "1 of the published records wait for a seal: statistics:recycling." in said
    assert "Run gongbao seal" in said


def test_a_check_counts_what_waits_for_a_seal(
    scratch_site: ScratchSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no problem of the content: a new entry may be checked strictly before it is sealed."""
    content = scratch_site({})
    assert main(arguments(content, "check", "--strict")) == 0
    assert "seal" not in capsys.readouterr().err
    seal(content)
    write(content, STATISTIC, FIGURES)
    assert main(arguments(content, "check", "--strict", "--lang", "en")) == 0
    assert "1 published record waits for a seal: run gongbao seal." in capsys.readouterr().err
    seal(content)
    assert main(arguments(content, "check", "--strict")) == 0
    assert "seal" not in capsys.readouterr().err


def test_a_change_with_a_note_waits_for_a_seal(scratch_site: ScratchSite) -> None:
    """Else the next change of the same figure would pass on the note of this one."""
    content = scratch_site({STATISTIC: FIGURES})
    seal(content)
    noted = FIGURES + "revisions: [{date: 105-06-01, note: 更正}]\n"
    write(content, STATISTIC, noted.replace("45", "43"))
    examined = examine(options(content, content.parent))
    assert (examined.problems, examined.unsealed) == ((), ("statistics:recycling",))
    assert seal(content).remembered == ("statistics:recycling",)
    write(content, STATISTIC, noted.replace("45", "41"))
    assert codes(content) == ["figure-changed"]


def test_an_entry_that_goes_is_named(scratch_site: ScratchSite) -> None:
    """A published entry that is no longer there is a reminder with its name; a seal accepts it."""
    second = ENTRY.replace("01.yaml", "02.yaml")
    content = scratch_site({second: MINIMAL[ENTRY].replace("1050000001", "1050000002")})
    seal(content)
    (content / second).unlink()
    (found,) = problems(content)
    assert (found.code, found.detail, found.stops) == ("record-gone", "", False)
    assert found.values["value"] == "105-001-02"
    assert (found.origin.path, found.origin.line) == (f"../{ISSUE_FILE}", 2)
    seal(content)
    assert codes(content) == []


def test_a_draft_is_not_remembered(scratch_site: ScratchSite) -> None:
    """What readers have not seen may change freely."""
    content = scratch_site({})
    seal(content, date(2015, 12, 31))
    assert not (content.parent / ISSUE_FILE).exists()
    write(content, ENTRY, CHANGED)
    assert codes(content) == []


def test_what_expired_stays_remembered(scratch_site: ScratchSite) -> None:
    """A file that readers are shown no longer is not gone, and its line stays as it was."""
    content = scratch_site({STATISTIC: FIGURES + "expires_on: 105-06-02\n"})
    seal(content)
    kept = (content.parent / STATISTICS_FILE).read_bytes()
    assert seal(content, date(2016, 7, 1)).memory == ()
    assert codes(content, date(2016, 7, 1)) == []
    assert (content.parent / STATISTICS_FILE).read_bytes() == kept


def edit_line(content: Path, old: str, new: str) -> str:
    """A line of the statistics' memory with another value."""
    line = (content.parent / STATISTICS_FILE).read_text("utf-8")
    assert old in line
    return line.replace(old, new)


def test_two_lines_of_one_record_are_told(scratch_site: ScratchSite) -> None:
    """A merge that left both: the message names the figure and what each line says."""
    content = scratch_site({STATISTIC: FIGURES})
    seal(content)
    with (content.parent / STATISTICS_FILE).open("a", encoding="utf-8") as file:
        file.write(edit_line(content, '"45"', '"43"'))
    (found,) = problems(content)
    assert (found.code, found.detail, found.origin.line) == ("published-line", "twice", 2)
    named = [found.values[name] for name in ("value", "name", "one", "other", "first")]
    assert named == ["statistics:recycling", "figure 2015", "45", "43", "statistics.jsonl:1"]
    assert found.stops


def test_marks_of_a_merge_are_told(scratch_site: ScratchSite) -> None:
    """Each with its line, whichever side is right; the same in the list of feeds."""
    content = scratch_site({STATISTIC: FIGURES})
    seal(content)
    one = edit_line(content, "recycling", "a")
    text = f"<<<<<<< HEAD\n{one}=======\n{edit_line(content, 'recycling', 'b')}>>>>>>> other\n"
    (content.parent / STATISTICS_FILE).write_text(text, "utf-8")
    (content.parent / ".record/published/feeds.txt").write_text("||||||| base\nnews\n", "utf-8")
    told = [(p.code, p.detail, p.origin.path[21:], p.origin.line) for p in problems(content)]
    marks = [("feeds.txt", 1), *(("statistics.jsonl", line) for line in (1, 3, 5))]
    assert told == [("published-line", "conflict", path, line) for path, line in marks]


@pytest.mark.parametrize(
    "line",
    [b"x", b"[]", b"{}", b"\xff\xfe", b'{"id": 1}', b"[" * 5000, b"null", b'"gazette:105-001-01"'],
)
def test_a_malformed_memory_is_named_with_its_line(line: bytes, scratch_site: ScratchSite) -> None:
    """Whatever stands in the file: a problem with its line, and no crash."""
    content = scratch_site({STATISTIC: FIGURES})
    seal(content)
    file = content.parent / STATISTICS_FILE
    file.write_bytes(file.read_bytes() + b"\r\n" + line)
    (found,) = problems(content)
    assert (found.code, found.detail, found.origin.line) == ("published-line", "", 3)
    assert main(arguments(content, "check")) == main(arguments(content, "build")) == 1
    assert main(arguments(content, "seal")) == 1
    assert file.read_bytes().endswith(line)


def test_a_malformed_list_of_feeds_is_named_with_its_line(scratch_site: ScratchSite) -> None:
    """A name is one word."""
    content = scratch_site({})
    seal(content)
    (content.parent / ".record/published/feeds.txt").write_bytes(b"news\na b\n\xff\n")
    told = [(p.code, p.origin.line) for p in problems(content)]
    assert told == [("published-line", 2), ("published-line", 3)]


def test_a_link_in_the_memory_is_told_and_not_followed(
    scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """As anywhere in the ledger's folder."""
    content = scratch_site({})
    seal(content)
    (tmp_path / "elsewhere").mkdir()
    (content.parent / ".record/published/other").symlink_to(tmp_path / "elsewhere")
    assert codes(content) == ["file-link"]


def git(root: Path, *words: str) -> None:
    """Runs git in a repository of its own; fails where git does."""
    named = ("-c", "user.name=clerk", "-c", "user.email=clerk@example.org")
    subprocess.run(("git", "-C", root, *named, *words), check=True, capture_output=True)


def sealed_on(branch: str, content: Path, files: Mapping[str, str]) -> None:
    """Publishes files on a new branch that begins at `main`."""
    git(content.parent, "checkout", "--quiet", "-b", branch, "main")
    for path, text in files.items():
        write(content, path, text)
    seal(content)
    git(content.parent, "add", "--all", "content", ".record")
    git(content.parent, "commit", "--quiet", "--message", branch)


def test_branches_meet_only_where_both_publish_one_record(scratch_site: ScratchSite) -> None:
    """Two new entries of one folder merge by themselves; one record in two forms is told."""
    content = scratch_site({STATISTIC: FIGURES})
    shutil.copy(Path(__file__).parents[2] / ".gitattributes", content.parent)
    git(content.parent, "init", "--quiet", "--initial-branch", "main")
    seal(content)
    git(content.parent, "add", "content", ".record", ".gitattributes")
    git(content.parent, "commit", "--quiet", "--message", "first")
    note = "revisions: [{date: 105-06-01, note: 更正}]\n"
    for branch, figure in (("one", "43"), ("other", "41")):
        files = {f"statistics/{branch}.yaml": FIGURES, STATISTIC: FIGURES}
        sealed_on(branch, content, files)
        sealed_on(f"{branch}-corrects", content, {STATISTIC: FIGURES.replace("45", figure) + note})
    git(content.parent, "checkout", "--quiet", "one")
    git(content.parent, "merge", "--quiet", "other")
    examined = examine(options(content, content.parent))
    assert (examined.problems, examined.unsealed) == ((), ())
    git(content.parent, "checkout", "--quiet", "one-corrects")
    git(content.parent, "merge", "--quiet", "--strategy-option", "ours", "other-corrects")
    (found,) = problems(content)
    assert (found.code, found.detail) == ("published-line", "twice")
    assert {found.values["one"], found.values["other"]} == {"43", "41"}


EARLIER = {
    "records": {
        "statistics:recycling": [
            *("0" * 64, 0, "2016-02-03", "0" * 32),
            {"figure 2014": "40", "figure 2015": "45"},
            STATISTIC,
        ],
        "agencies:city": ["0" * 64, 0, "2016-02-03", "0" * 32],
    },
    "site": "small-city https://example.org/",
}


def with_earlier_notes(scratch_site: ScratchSite, figures: str) -> Options:
    """A content whose work folder has what builds once left there."""
    chosen = options(content := scratch_site({STATISTIC: figures}), content.parent)
    chosen.work.mkdir()
    (chosen.work / MARK).write_text(MARK_TEXT, "utf-8")
    (chosen.work / "published.json").write_text(json.dumps(EARLIER), "utf-8")
    return chosen


def test_the_notes_of_earlier_builds_are_taken_over_once(
    scratch_site: ScratchSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first seal keeps the days that the work folder knows, says so, and never asks again."""
    chosen = with_earlier_notes(scratch_site, FIGURES)
    assert main(arguments(chosen.content, "seal")) == 0
    assert "已接收工作資料夾 published.json 記下的 1 筆" in capsys.readouterr().err
    line = json.loads((chosen.content.parent / STATISTICS_FILE).read_bytes())
    assert line["first"] == "2016-02-03"
    assert main(arguments(chosen.content, "seal")) == 0
    assert "published.json" not in capsys.readouterr().err


def test_a_figure_that_changed_before_the_first_seal_is_told(scratch_site: ScratchSite) -> None:
    """What the work folder remembers counts in that seal: 45 does not become 43 on the way."""
    chosen = with_earlier_notes(scratch_site, FIGURES.replace("45", "43"))
    done = seal_site(chosen, "")
    assert [p.code for p in done.examined.problems] == ["figure-changed"]
    assert done.ledger is None
    assert not chosen.ledger.exists()


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "{}", '{"site": 1}', '{"records": {}, "site": ""}']
)
def test_damaged_notes_of_earlier_builds_are_none(text: str, scratch_site: ScratchSite) -> None:
    """Whatever stands in that file, a seal goes on."""
    chosen = with_earlier_notes(scratch_site, FIGURES)
    (chosen.work / "published.json").write_text(text, "utf-8")
    assert seal(chosen.content).imported == 0


@pytest.mark.parametrize(("first", "second"), [("098", "98"), ("98", "098")])
def test_the_memory_says_how_years_are_spelled(
    first: str, second: str, scratch_site: ScratchSite
) -> None:
    """Where a site spells one year in two ways, the way that was published stays."""
    day = "publication_date: 98-12-29\n"
    content = scratch_site({f"gazette/{first}/{first}-001/issue.yaml": day})
    seal(content)
    write(content, f"gazette/{second}/{second}-002/issue.yaml", day)
    (found,) = (p for p in problems(content) if p.code == "year-spelling")
    assert found.detail == "published"
    assert (found.values["known"], found.values["expected"]) == (f"{first}-001", f"{first}-002")
