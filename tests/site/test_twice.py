"""One number given twice, as two branches do: told with the next free one."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder

from generator.commands._cli import main
from generator.commands._console import CLEAN

ISSUE = "gazette/105/105-001"
ENTRY = MINIMAL[f"{ISSUE}/01.yaml"]
REPORT = """\
title: 業務報告
presented_on: 105-05-06
presenter: {name: 王小明}
period: {from: 104-09-01, to: 105-02-29}
"""
Told = list[tuple[str, str, str, str]]


def entry(number: int) -> str:
    """Another entry than that of the minimal site."""
    return ENTRY.replace("0001號", f"000{number}號").replace("檔案", f"第{number}種檔案")


def told(content: Path) -> Told:
    """Code, wording and place of every error, and the free number that it offers."""
    found = examine_folder(content).problems
    return [(p.code, p.detail, p.origin.path, p.values.get("free", "")) for p in found if p.stops]


def git(folder: Path, *arguments: str) -> int:
    """The exit code of git, which knows nothing of who runs it."""
    person = ("-c", "user.name=clerk", "-c", "user.email=clerk@example.org")
    command = ["git", *person, "-c", "core.hooksPath=/dev/null", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


def begin(content: Path, branch: str, title: str) -> None:
    """A new entry on a branch of its own, filled in as an editor does."""
    assert git(content, "checkout", "-q", "-b", branch, "main") == 0
    assert main(["new", "gazette", "--content", str(content), "--as-of", "2016-01-05"]) == CLEAN
    path = content / ISSUE / "02.yaml"
    text = path.read_text("utf-8").replace("title:\n", f"title: {title}\n")
    text = text.replace("# document_numbers:\n", f"document_numbers: [小市{branch}字第2號]\n")
    path.write_text(text, "utf-8")
    git(content, "add", "-A")
    assert git(content, "commit", "-q", "-m", title) == 0


def test_two_branches_begin_one_number(scratch_site: ScratchSite) -> None:
    """The merged file holds both entries; the message names them and the next number."""
    content = scratch_site({})
    git(content, "init", "-q", "-b", "main")
    git(content, "add", "-A")
    assert git(content, "commit", "-q", "-m", "first") == 0
    begin(content, "a", "訂定甲要點")
    begin(content, "b", "訂定乙要點")
    assert git(content, "merge", "-q", "a") == 1
    (problem,) = examine_folder(content).problems
    assert (problem.code, problem.detail) == ("file-conflict", "number")
    assert problem.values["free"] == f"{ISSUE}/03.yaml"
    assert (problem.values["one"], problem.values["other"]) == ("訂定乙要點", "訂定甲要點")


def conflict(ours: str, theirs: str) -> str:
    """What git makes of two versions that share nothing."""
    return f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n"


CONFLICTS: Mapping[str, tuple[str, str]] = {
    "two entries": (conflict(entry(2), entry(3)), "number"),
    "two entries and what they came from": (
        conflict(f"{entry(2)}||||||| base\ntitle: 甲\n", entry(3)),
        "number",
    ),
    "one entry, another title": (
        entry(2).replace(
            "title: 訂定第2種檔案要點\n", conflict("title: 訂定甲要點\n", "title: 訂定乙要點\n")
        ),
        "",
    ),
    "one entry, another body": (entry(2) + conflict("summary: 甲。\n", "summary: 乙。\n"), ""),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_two_versions_of_an_entry_are_no_two_entries(name: str, scratch_site: ScratchSite) -> None:
    """A number is offered where both sides have a title of their own, and more."""
    text, detail = CONFLICTS[name]
    path = f"{ISSUE}/02.yaml"
    free = f"{ISSUE}/03.yaml" if detail else ""
    assert told(scratch_site({path: text})) == [("file-conflict", detail, path, free)]


def test_a_page_has_no_number(scratch_site: ScratchSite) -> None:
    """Of two pages in one file no number is offered."""
    one, other = (f"---\ntitle: {t}\npublished_on: 105-05-06\n---\n{t}\n" for t in "甲乙")
    content = scratch_site({"pages/about.md": conflict(one, other)})
    assert told(content) == [("file-conflict", "", "pages/about.md", "")]


def test_two_files_of_one_number(scratch_site: ScratchSite) -> None:
    """In another width: the numbers of entries that cannot be read are taken, too."""
    files = {"001.yaml": entry(2), "02.yaml": entry(3), "04.yaml": "title: [\n"}
    content = scratch_site({f"{ISSUE}/{name}": text for name, text in files.items()})
    found = [one for one in told(content) if one[0] != "yaml-syntax"]
    free = f"{ISSUE}/05.yaml"
    assert found == [("sequence-repeated", "", f"{ISSUE}/01.yaml", free)]


@pytest.mark.parametrize("name", ["01 (1).yaml", "01.yaml~HEAD", "01 - 複製.yaml", "01.yaml.orig"])
def test_a_second_file_beside_a_number(name: str, scratch_site: ScratchSite) -> None:
    """What merges and file managers make of a second file of one name."""
    content = scratch_site({f"{ISSUE}/{name}": entry(2)})
    assert told(content) == [("file-stray", "number", f"{ISSUE}/{name}", f"{ISSUE}/02.yaml")]


def test_a_name_that_begins_with_a_free_number_is_none_of_these(scratch_site: ScratchSite) -> None:
    """Nobody has the number."""
    content = scratch_site({f"{ISSUE}/02 草案.yaml": entry(2)})
    assert told(content) == [("file-stray", "", f"{ISSUE}/02 草案.yaml", "")]


def test_two_sections_of_one_number(scratch_site: ScratchSite) -> None:
    """Two branches name their sections apart, and no merge fails."""
    names = ("01-venues", "01-visits", "02-guests")
    sections = {
        f"reports/2016-05/{name}.md": f"---\ntitle: {name}\n---\n內文。\n" for name in names
    }
    content = scratch_site({"reports/2016-05/report.yaml": REPORT, **sections})
    path, free = (f"reports/2016-05/{name}-visits.md" for name in ("01", "03"))
    assert told(content) == [("id-repeated", "number", path, free)]


def test_two_issues_of_one_number(scratch_site: ScratchSite) -> None:
    """Regular issues and editions are counted apart."""
    day = "publication_date: 105-01-06\n"
    names = ("105-0001", "105-extra-001", "105-extra-0001")
    content = scratch_site({f"gazette/105/{name}/issue.yaml": day for name in names})
    found = {one[2]: one[3] for one in told(content) if one[0] == "issue-number-repeated"}
    assert sorted(found.values()) == [
        "gazette/105/105-002/issue.yaml",
        "gazette/105/105-extra-002/issue.yaml",
    ]
