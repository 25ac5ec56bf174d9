"""Benchmarks work on what they say: rows as long as real ones, content without mistakes."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from build import ratios, rows_with_issue, table
from costs import Cost, Job, cost_of, median
from documents import ENTRIES_A_DAY, issues_of, rows_of
from ours import ADDED, CONTENT, STEPS, Workshop, write_content
from peers import write_peers
from search_answers import Question
from search_questions import addressed, entries_by_number

from generator.commands._cli import main
from generator.commands._console import CLEAN

FIVE = [
    {
        "title": f"訂定第{number}號要點",
        "title_en": None,
        "agency": "測試市政府",
        "category": "法規",
        "doc_no": f"測字第{number}號",
        "keywords": None,
        "body": f"第{number}條\n" + "甲" * (number * 10),
    }
    for number in range(5)
]


def test_invented_texts_are_as_long_as_real_ones() -> None:
    """Half of them stay below 600 characters, nine tenths below 4,000; all fit the bounds."""
    lengths = sorted(len(row["body"]) for row in rows_of(5000))
    assert lengths[2500] == pytest.approx(600, rel=0.1)
    assert lengths[4500] == pytest.approx(4000, rel=0.1)
    assert (lengths[0], lengths[-1]) == (60, 20_000)


def test_the_same_call_gives_the_same_rows() -> None:
    """Neither the clock nor an earlier call changes what is measured; a longer list begins so."""
    assert rows_of(40) == rows_of(40) == rows_of(60)[:40]


def test_a_corpus_comes_first_and_then_halves_of_its_rows(tmp_path: Path) -> None:
    """Plain or compressed: its rows as they are but for the dates, then two halves each."""
    text = "".join(f"{json.dumps(row)}\n" for row in FIVE)
    (tmp_path / "rows.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    rows = rows_of(9, tmp_path / "rows.jsonl")
    assert rows == rows_of(9, tmp_path / "rows.jsonl.gz")
    assert [row["body"] for row in rows[:5]] == [row["body"] for row in FIVE]
    starts = {str(row["body"])[: len(str(row["body"])) // 2] for row in FIVE}
    assert all(any(row["body"].startswith(start) for start in starts) for row in rows[5:])


def test_issues_have_eighteen_entries_and_working_days() -> None:
    """Monday to Friday, then Monday; numbers begin anew each year."""
    issues = list(issues_of(rows_of(18 * 6)))
    assert {len(issue.rows) for issue in issues} == {18}
    days = [issue.day.isoformat() for issue in issues]
    assert days == [f"1994-01-{day:02d}" for day in (3, 4, 5, 6, 7, 10)]
    assert [issue.name for issue in issues][:2] == ["83/83-001", "83/83-002"]


def test_content_passes_the_check_at_every_step(tmp_path: Path) -> None:
    """Before and after the edit and the new issue there is nothing to find fault with."""
    write_content(rows_with_issue(40, None), tmp_path / "ours")
    added = [path.name for path in (tmp_path / "ours" / ADDED).rglob("*.yaml")]
    assert len(added) == ENTRIES_A_DAY + len(["issue.yaml"])
    assert len([*(tmp_path / "ours" / CONTENT).rglob("[0-9]*.yaml")]) == 40
    workshop = Workshop(root=tmp_path / "run", inputs=tmp_path / "ours")
    workshop.set_up()
    before = (tmp_path / "run" / "theme" / "main.html").read_text(encoding="utf-8")
    for happen in STEPS.values():
        happen(workshop)
        folders = ["--content", str(workshop.content), "--work", str(tmp_path / "build")]
        assert main(["check", "--strict", *folders, "--as-of", workshop.as_of]) == CLEAN
    assert (tmp_path / "run" / "theme" / "main.html").read_text(encoding="utf-8") != before


def test_peers_get_every_entry(tmp_path: Path) -> None:
    """Hugo and MkDocs have a document for each row, and pages for the issues."""
    write_peers(rows_of(40), tmp_path)
    assert len([*(tmp_path / "hugo" / "content").rglob("[0-9]*.md")]) == 40
    docs = tmp_path / "markdown" / "docs"
    assert len([*docs.glob("gazette/83/*/[0-9]*.md")]) == 40
    assert len([*docs.glob("gazette/83/*/index.md")]) == 3


def test_questions_get_the_addresses_of_their_entries(tmp_path: Path) -> None:
    """A document number stands for its entry's address; one that no entry bears stops the run."""
    rows = [
        {"document_numbers": "測字第1號", "url": "https://example.org/g/gazette/105/105-001/01/"},
        {"url": "https://example.org/g/gazette/105/105-001/02/"},
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "gazette.json").write_text(json.dumps({"rows": rows}), encoding="utf-8")
    entries = entries_by_number(tmp_path)
    (question,) = addressed([Question(kind="law", query="x", expected=("測字第1號",))], entries)
    assert question.expected == ("gazette/105/105-001/01/",)
    with pytest.raises(SystemExit, match="測字第2號"):
        addressed([Question(kind="law", query="x", expected=("測字第2號",))], entries)


def cost_of_python(program: str, folder: Path, limit: float = 60) -> Cost:
    """What a Python program costs that writes into `folder / "out"`."""
    command = (sys.executable, "-c", program)
    job = Job(command=command, folder=folder, environment={}, written=(folder / "out",))
    return cost_of(job, limit)


def test_costs_are_those_of_all_processes(tmp_path: Path) -> None:
    """Memory and processor time of a child count; only changed files do."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("old", encoding="utf-8")
    child = "import time; held = b'x' * 200_000_000; time.sleep(1); sum(range(10_000_000))"
    program = f"""
import pathlib, subprocess, sys
subprocess.run([sys.executable, "-c", {child!r}], check=True)
pathlib.Path("out/new").write_text("four")
pathlib.Path("out/link").hardlink_to("out/new")
"""
    cost = cost_of_python(program, tmp_path)
    assert (cost.fault, cost.files, cost.size) == ("", 1, 4)
    assert cost.memory > 200_000_000
    assert cost.processor > 0.01


def test_a_failure_is_told(tmp_path: Path) -> None:
    """An exit code with its last words, or the time that was allowed."""
    assert cost_of_python("raise SystemExit('no')", tmp_path).fault == "exit code 1: no"
    endless = cost_of_python("import time; time.sleep(60)", tmp_path, limit=0.5)
    assert endless.fault == "not finished after 0.5 s"


def cost(seconds: float, fault: str = "") -> Cost:
    """A cost that took so long."""
    return Cost(seconds=seconds, processor=2, memory=2**20, files=1000, size=1_500_000, fault=fault)


def test_tables_show_figures_ratios_and_failures() -> None:
    """A line a build; a failed one says why and has no ratio."""
    costs: Mapping[str, Cost] = {
        "gongbao: cold": median([cost(3), cost(1), cost(2)]),
        "Hugo, pages alone": cost(4),
        "Hugo + Pagefind": cost(1, "exit code 1: a|b") + cost(1),
    }
    assert table(1000, costs).splitlines() == [
        "| 1,000 entries | s | CPU s | peak MiB | files | MB written |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| gongbao: cold | 2.00 | 2.00 | 1 | 1,000 | 1.5 |",
        "| Hugo, pages alone | 4.00 | 2.00 | 1 | 1,000 | 1.5 |",
        "| Hugo + Pagefind: exit code 1: a b |  |  |  |  |  |",
    ]
    assert ratios(costs).splitlines()[2:] == ["| cold / Hugo, pages alone | 0.50 |"]
