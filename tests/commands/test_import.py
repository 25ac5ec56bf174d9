"""Import: every row read ends in the tree, unchanged, or among the rejects with its reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sample_sites import SITES, examine_folder

from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.commands._importer import yaml_text
from generator.content.model import MappingNode, ScalarNode
from generator.content.yaml_reader import read_tree
from generator.kinds.gazette.entry import GazetteEntry

ROW: Mapping[str, Any] = {
    "title": "訂定測試要點",
    "date": "2016-01-05",
    "date_created": "2016-01-04",
    "agency": "測試市政府",
    "category": "行政規則",
    "doc_no": "測市字第1號",
    "keywords": ["測試", "要點"],
    "title_en": "Directions",
    "body": "第一條　甲\n\n  第二條　: # *乙* \\n {{x}}\n",
}
HOSTILE_TEXTS = (
    *("", " ", "x", "no", "null", "~", "010", "1:30", "- a", "a: b", "#a", "'", '"', "{a}", "[a]"),
    *(" a", "a ", "a\n", "\na", "a\n\n", " a\n b", "a\tb", "\ta\n\tb", "|", ">", "%a", "@a", "`a"),
    *("---", "...", "a\n---\nb", "a\n...\nb", "!a", "&a", "*a", "? a", ": a", "\u3000甲\n\u3000乙"),
    *("\u00a0a", "\ufeffa", "😀\n😀", "a\n  b\n c\n", "  a\nb", "e\u0301", "\ue000\n\uf900"),
)


def import_rows(root: Path, rows: Sequence[Mapping[str, Any]], *more: str) -> int:
    """The exit code of importing rows below `root`."""
    file = root / "rows.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return main(["import", str(file), "--into", str(root / "content"), *more])


def test_a_row_becomes_an_entry_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Title, number, dates, names and text stand in the entry, character by character."""
    assert import_rows(tmp_path, [ROW]) == CLEAN
    assert "讀取 1 筆：匯入 1 筆" in capsys.readouterr().err
    site = examine_folder(tmp_path / "content").site
    assert site is not None
    (entry,) = site.archive.of(GazetteEntry)
    assert (entry.id, entry.form, entry.body) == ("105-001-01", "other", ROW["body"])
    assert (entry.title, entry.title_en) == (ROW["title"], ROW["title_en"])
    assert entry.document_numbers == ("測市字第1號",)
    assert entry.keywords == ("測試", "要點")
    assert site.title_on(entry.issuers[0], None) == "測試市政府"


def test_a_category_of_the_site_keeps_its_id(tmp_path: Path) -> None:
    """It is known by its name; another one gets an id that follows from the name alone."""
    names = ("行政規則", "其他", "訴願決定")
    rows = [{**ROW, "category": name, "doc_no": str(n)} for n, name in enumerate(names)]
    assert import_rows(tmp_path, rows, "--content", str(SITES / "minimal")) == CLEAN
    site = examine_folder(tmp_path / "content").site
    assert site is not None
    used = [entry.category for entry in site.archive.of(GazetteEntry)]
    assert used[:2] == ["rule", "other"]
    assert used[2].startswith("c-")
    titles = {word.id: word.title for word in site.settings.gazette.categories}
    assert [titles[id_] for id_ in used] == [*names]


def test_an_early_year_has_a_folder_that_is_read(tmp_path: Path) -> None:
    """Year 4 as 04; a day before the Republic is rejected; without a row the site is valid too."""
    early = {**ROW, "date": "1915-01-05", "date_created": "1915-01-04"}
    before = {**ROW, "date": "1911-12-31"}
    assert import_rows(tmp_path, [early, before]) == CONTENT
    examined = examine_folder(tmp_path / "content")
    assert examined.problems == ()
    assert (tmp_path / "content/gazette/04/04-001/01.yaml").is_file()
    (tmp_path / "none").mkdir()
    assert import_rows(tmp_path / "none", [before]) == CONTENT
    assert examine_folder(tmp_path / "none/content").problems == ()


@pytest.mark.parametrize("name", ["absent.yaml", "."])
def test_a_mapping_that_cannot_be_read_is_named(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the rows' file is: by its name and the system's words, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    Path("rows.csv").write_text("t\n甲\n", "utf-8")
    for words in (("rows.csv", "--mapping", name), ("absent.csv", "--mapping", "rows.csv")):
        assert main(["import", *words, "--into", "content"]) == USAGE
        said = capsys.readouterr().err
        assert "無法匯入" in said
        assert "Errno" not in said
    assert not Path("content").exists()


def test_one_issue_a_day_and_names_give_ids(tmp_path: Path) -> None:
    """Days are numbered within their year; an agency's id does not depend on other rows."""
    rows = [{**ROW, "date": day, "doc_no": str(n)} for n, day in enumerate(DAYS)]
    import_rows(tmp_path, rows)
    folders = sorted(path.name for path in (tmp_path / "content/gazette/105").iterdir())
    assert folders == ["105-001", "105-002"]
    assert [path.name for path in (tmp_path / "content/gazette/106").iterdir()] == ["106-001"]
    first = (tmp_path / "content/agencies.yaml").read_text("utf-8")
    (tmp_path / "more").mkdir()
    import_rows(tmp_path / "more", [{**ROW, "agency": "一個別的機關"}, *rows])
    assert first.splitlines()[0] in (tmp_path / "more/content/agencies.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("交通部;內政部", ["交通部", "內政部"]),
        ("甲局；乙局; 丙局", ["甲局", "乙局", "丙局"]),
        ("甲局;甲局;", ["甲局"]),
        (" ; ", ["來源未載明"]),
        ("教育部國民及學前教育署", ["教育部國民及學前教育署"]),
    ],
)
def test_joint_issuers_are_several_agencies(typed: str, names: list[str], tmp_path: Path) -> None:
    """A semicolon of either width parts them; each has an entry of its own in the register."""
    assert import_rows(tmp_path, [{**ROW, "agency": typed}]) == CLEAN
    site = examine_folder(tmp_path / "content").site
    assert site is not None
    (entry,) = site.archive.of(GazetteEntry)
    assert [site.title_on(ref, None) for ref in entry.issuers] == names


DAYS = ("2016-03-01", "2016-01-05", "2017-01-03", "2016-01-05")


def test_rejects_carry_their_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Imported and rejected rows add up to those read; a reject keeps its row and says why."""
    bad = [{**ROW, "date": "2016-13-05"}, {**ROW, "title": ""}, {**ROW, "body": "a\x00b"}]
    assert import_rows(tmp_path, [ROW, *bad]) == CONTENT
    assert "讀取 4 筆：匯入 1 筆" in capsys.readouterr().err
    lines = (tmp_path / "content-rejects.jsonl").read_text("utf-8").splitlines()
    rejects = [json.loads(line) for line in lines]
    assert [reject["number"] for reject in rejects] == [2, 3, 4]
    assert [reject["row"] for reject in rejects] == bad
    reasons = ["".join(reject["reasons"]) for reject in rejects]
    assert "月份應為 1 到 12" in reasons[0]
    assert "標題" in reasons[1]
    assert "U+0000" in reasons[2]


def test_csv_needs_a_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Columns of any name are taken in by a mapping; without one the command says so."""
    table = tmp_path / "rows.csv"
    table.write_text('標題,日期,內文\n訂定測試要點,105-01-05,"甲\n乙"\n', encoding="utf-8-sig")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("title: 標題\ndate: 日期\nbody: 內文\n", encoding="utf-8")
    into = ["import", str(table), "--into", str(tmp_path / "content")]
    assert main(into) == USAGE
    assert "--mapping" in capsys.readouterr().err
    assert main([*into, "--mapping", str(mapping)]) == CLEAN
    site = examine_folder(tmp_path / "content").site
    assert site is not None
    assert [entry.body for entry in site.archive.of(GazetteEntry)] == ["甲\n乙"]


@pytest.mark.parametrize(
    "text",
    [
        *("{", "[]", "1", '{"title": "x"}\nnope'),
        *('{"title": {"a": "b"}}', '{"title": true}', '{"keywords": ["a", null]}'),
    ],
)
def test_what_is_no_list_of_rows_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not JSON Lines of objects is wrong use, with its line."""
    file = tmp_path / "rows.jsonl"
    file.write_text(text, encoding="utf-8")
    assert main(["import", str(file), "--into", str(tmp_path / "content")]) == USAGE
    assert f"{file}:" in capsys.readouterr().err
    assert not (tmp_path / "content").exists()


def test_a_number_stays_as_it_was_typed(tmp_path: Path) -> None:
    """JSON's numbers are texts here: 1.50 does not become 1.5."""
    text = json.dumps({**ROW, "title": 0}, ensure_ascii=False).replace(
        '"title": 0', '"title": 1.50'
    )
    (tmp_path / "rows.jsonl").write_text(text, encoding="utf-8")
    into = ["import", str(tmp_path / "rows.jsonl"), "--into", str(tmp_path / "content")]
    assert main(into) == CLEAN
    site = examine_folder(tmp_path / "content").site
    assert site is not None
    assert [entry.title for entry in site.archive.of(GazetteEntry)] == ["1.50"]


def test_a_folder_with_files_is_never_written_into(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands in the target folder stays."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/precious.txt").write_text("precious", encoding="utf-8")
    assert import_rows(tmp_path, [ROW]) == USAGE
    capsys.readouterr()
    assert [path.name for path in (tmp_path / "content").iterdir()] == ["precious.txt"]


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_any_text_written_as_yaml_reads_back(text: str) -> None:
    """Whatever a text holds, our reader gives it back as it was."""
    tree = read_tree(yaml_text({"body": text, "list": [text]}).encode(), "x.yaml")
    assert isinstance(tree, MappingNode)
    body = tree.get("body")
    assert isinstance(body, ScalarNode)
    assert body.text == text
    assert not body.is_null or text == ""
