"""`gongbao new`: a starter file that reads at once, in the right place, never over another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder

from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.output.plugins import all_kinds

Captured = pytest.CaptureFixture[str]
REPORT = """\
title: 業務報告
presented_on: 105-05-06
presenter: {name: 王小明}
period: {from: 104-09-01, to: 105-02-29}
"""


def new(content: Path, *arguments: str) -> int:
    """The exit code of `gongbao new`."""
    return main(["new", *arguments, "--content", str(content), "--as-of", "2016-06-01"])


def begin(content: Path, kind: str) -> None:
    """Begins a record, with a name where the kind wants one."""
    if new(content, kind) != CLEAN:
        assert new(content, kind, "a-new-one") == CLEAN


@pytest.mark.parametrize("kind", [kind.name for kind in all_kinds() if kind.start])
def test_a_starter_asks_for_what_is_required_alone(
    kind: str, scratch_site: ScratchSite, capsys: Captured
) -> None:
    """The new file's only problems are required fields left empty, each at its own line."""
    content = scratch_site({"reports/2016-05/report.yaml": REPORT} if kind == "sections" else {})
    begin(content, kind)
    path = Path(capsys.readouterr().out.strip())
    assert path.is_file()
    problems = examine_folder(content).problems
    lines = path.read_text(encoding="utf-8").splitlines()
    for problem in problems:
        assert content / problem.origin.path == path
        assert problem.code == "field-required"
        assert lines[problem.origin.line - 1].startswith(f"{problem.values['field']}:")
    assert problems or kind == "issues"


def test_every_field_is_explained(scratch_site: ScratchSite) -> None:
    """Each field of a starter stands below a line with its Chinese name; choices are listed."""
    content = scratch_site({})
    new(content, "gazette")
    text = (content / "gazette/105/105-001/02.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()[1:]
    for about, line in zip(lines[::2], lines[1::2], strict=True):
        assert re.match(r"## .*[一-鿿]", about), about
        assert re.fullmatch(r"(?:# )?[a-z_]+:(?: \S+)?", line), line
    choices = "## 類別（必填）。可用：rule（行政規則）、draft（草案預告）、other（其他）"
    assert f"{choices}\ncategory:\n" in text
    assert "## 發文日期（必填）" in text
    assert "\ndispatch_date: 105-01-05\n" in text


@pytest.mark.parametrize("kind", ["gazette", "visits", "partners", "pages"])
def test_a_text_typed_into_a_starter_is_whole(
    kind: str, scratch_site: ScratchSite, capsys: Captured
) -> None:
    """Text behind any field of a starter meets no comment that would end it."""
    content = scratch_site({})
    begin(content, kind)
    path = Path(capsys.readouterr().out.strip())
    text = path.read_text(encoding="utf-8")
    filled = re.sub(r"^(?:# )?([a-z_]+):.*$", r"\1: 甲乙", text, flags=re.M)
    path.write_text(filled, encoding="utf-8")
    assert "text-comment" not in {problem.code for problem in examine_folder(content).problems}


def test_numbers_go_on(scratch_site: ScratchSite, capsys: Captured) -> None:
    """The next entry of the latest issue, of a named one, the next issue of the year."""
    content = scratch_site({"gazette/105/105-002/issue.yaml": "publication_date: 105-01-12\n"})
    for arguments, path in (
        (("gazette",), "gazette/105/105-002/01.yaml"),
        (("gazette",), "gazette/105/105-002/02.yaml"),
        (("gazette", "105-001"), "gazette/105/105-001/02.yaml"),
        (("issues",), "gazette/105/105-003/issue.yaml"),
        (("visits", "2016-02-19-lantern"), "visits/105/2016-02-19-lantern.yaml"),
        (("visits", "2015-11-07-tour"), "visits/104/2015-11-07-tour.yaml"),
        (("visits", "1915-02-03-tour"), "visits/04/1915-02-03-tour.yaml"),
        (("visits", "1911-02-03-tour"), "visits/105/1911-02-03-tour.yaml"),
        (("issues", "105-extra-001"), "gazette/105/105-extra-001/issue.yaml"),
    ):
        assert new(content, *arguments) == CLEAN
        assert capsys.readouterr().out.strip() == str(content / path)


def test_a_nonce_is_new_each_time(scratch_site: ScratchSite) -> None:
    """`--personal-data` sets the flag and a fresh nonce of 128 bits."""
    content = scratch_site({})
    for _ in range(2):
        assert new(content, "gazette", "--personal-data") == CLEAN
    folder = content / "gazette/105/105-001"
    texts = [(folder / f"{n:02d}.yaml").read_text(encoding="utf-8") for n in (2, 3)]
    nonces = [re.search(r"^nonce: ([0-9a-f]{32})$", text, re.M) for text in texts]
    assert all("personal_data: true" in text for text in texts)
    assert nonces[0] is not None
    assert nonces[1] is not None
    assert nonces[0][1] != nonces[1][1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("visits",), "請給檔名"),
        (("visits", "八王子"), "請給檔名"),
        (("visits", "../evil"), "請給檔名"),
        (("issues", "105"), "期別代碼寫法不符"),
        (("issues", "105-2"), "期別代碼寫法不符"),
        (("gazette", "105-009"), "找不到這一期；請先用 gongbao new issues 建立"),
    ],
)
def test_what_cannot_be_begun_says_what_is_wanted(
    arguments: tuple[str, ...], words: str, scratch_site: ScratchSite, capsys: Captured
) -> None:
    """A bad name or an unknown issue is wrong use, and nothing is written."""
    content = scratch_site({})
    before = sorted(content.rglob("*"))
    assert new(content, *arguments) == USAGE
    assert words in capsys.readouterr().err
    assert sorted(content.rglob("*")) == before


def test_an_editors_file_is_never_overwritten(scratch_site: ScratchSite, capsys: Captured) -> None:
    """Where the file stands, it stays as it is."""
    page = "---\ntitle: 關於\npublished_on: 105-01-01\n---\n我的內容。\n"
    content = scratch_site({"pages/about.md": page})
    assert new(content, "pages", "about") == USAGE
    assert "已存在，未更動" in capsys.readouterr().err
    assert (content / "pages/about.md").read_text(encoding="utf-8") == page


def test_broken_content_does_not_hinder(scratch_site: ScratchSite, capsys: Captured) -> None:
    """A record with mistakes keeps its number; without site.yaml nothing can be begun."""
    content = scratch_site({"gazette/105/105-001/02.yaml": "title: 半\n"})
    assert new(content, "gazette") == CLEAN
    assert capsys.readouterr().out.strip().endswith("105-001/03.yaml")
    (content / "site.yaml").write_text(MINIMAL["site.yaml"].replace("title:", "titel:"), "utf-8")
    assert new(content, "gazette") == CONTENT


def test_sections_go_on_in_a_report(scratch_site: ScratchSite, capsys: Captured) -> None:
    """A new section takes the next number of the only report, or of the one that is named."""
    content = scratch_site({})
    assert new(content, "sections", "venues") == USAGE
    assert "還沒有報告" in capsys.readouterr().err
    later = REPORT.replace("105-05-06", "105-11-06")
    for name, text in (("2016-05", REPORT), ("2016-11", later)):
        path = content / f"reports/{name}/report.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    first = content / "reports/2016-11/03-overview.md"
    first.write_text("---\ntitle: 概況\n---\n內文。\n", encoding="utf-8")
    assert new(content, "sections", "venues") == USAGE
    assert "gongbao new sections 2016-05/venues、2016-11/venues" in capsys.readouterr().err
    assert new(content, "sections", "2016-11/venues") == CLEAN
    assert capsys.readouterr().out.strip().endswith("reports/2016-11/04-venues.md")
    assert new(content, "sections", "2016-12/venues") == USAGE
    shutil.rmtree(content / "reports/2016-05")
    assert new(content, "sections", "halls") == CLEAN
    assert capsys.readouterr().out.strip().endswith("reports/2016-11/05-halls.md")


@pytest.mark.parametrize(
    "typed",
    [
        ("gazette", "--personal-data", "105-001"),
        ("gazette", "105-001", "--personal-data"),
        ("--personal-data", "gazette", "105-001"),
    ],
)
def test_options_stand_in_any_order(
    typed: tuple[str, ...], scratch_site: ScratchSite, capsys: Captured
) -> None:
    """An option between the kind and the issue ends neither."""
    content = scratch_site({})
    assert new(content, *typed) == CLEAN
    path = Path(capsys.readouterr().out.strip())
    assert path == content / "gazette/105/105-001/02.yaml"
    assert "personal_data: true" in path.read_text(encoding="utf-8")


def test_a_correction_knows_what_it_corrects(scratch_site: ScratchSite, capsys: Captured) -> None:
    """The relation is there with the digest of what is corrected; the words are asked for."""
    site = MINIMAL["site.yaml"] + "record: on\n"
    content = scratch_site({"site.yaml": site})
    assert new(content, "gazette", "--corrects", "105-001-09") == USAGE
    assert new(content, "visits", "a-visit", "--corrects", "105-001-01") == USAGE
    capsys.readouterr()
    assert new(content, "gazette", "--corrects", "105-001-01") == CLEAN
    path = Path(capsys.readouterr().out.strip())
    problems = examine_folder(content).problems
    assert "correction-digest" not in {problem.code for problem in problems}
    text = path.read_text(encoding="utf-8")
    assert re.search(r"^relations:\n  - type: corrects\n    target: 105-001-01\n", text, re.M)
    path.write_text(text.replace("digest: ", "digest: 0"), encoding="utf-8")
    assert "text-form" in {problem.code for problem in examine_folder(content).problems}


@pytest.mark.parametrize(
    "name", ["privacy", "security", "open-data", "disclosure", "accessibility"]
)
def test_a_page_that_every_government_has_begins_with_a_text(
    name: str, scratch_site: ScratchSite
) -> None:
    """Whoever lacks one of them gets what a new site has, for this publisher and day."""
    content = scratch_site({})
    assert new(content, "pages", name) == CLEAN
    text = (content / f"pages/{name}.md").read_text("utf-8")
    assert "【請填" in text
    assert "<<" not in text
    assert examine_folder(content).problems == ()
