"""The command: words and exit codes, in every style; bad content never ends in a traceback.

`GONGBAO_DAMAGES` is the number of damaged contents, 30 if unset.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from io import UnsupportedOperation
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound
from sample_sites import MINIMAL, SITES, ScratchSite

from generator.build import examine
from generator.build.options import Examined, Options
from generator.commands import check as check_command
from generator.commands._cli import all_commands, main
from generator.commands._console import CLEAN, CONTENT, FAULT, USAGE
from generator.output.mkdocs import host_settings

PROJECT = Path(__file__).resolve().parents[2]
ENTRY = "gazette/105/105-001/01.yaml"
WITH_HANDBOOK = {"site.yaml": MINIMAL["site.yaml"].replace("handbook: false", "handbook: true")}
BAD_DATE = {ENTRY: MINIMAL[ENTRY].replace("105-01-04", "105-13-04")}
DAMAGES = int(os.environ.get("GONGBAO_DAMAGES", "30"))

Captured = pytest.CaptureFixture[str]


def check(content: Path, *more: str) -> int:
    """The exit code of `gongbao check`."""
    return main(["check", "--content", str(content), "--as-of", "2016-06-01", *more])


def build_arguments(content: Path, root: Path, *more: str) -> list[str]:
    """The command line of a build below `root`."""
    folders = ("--work", str(root / "build"), "--site", str(root / "site"))
    return ["build", "--content", str(content), *folders, "--as-of", "2016-06-01", *more]


def usage_code(arguments: Sequence[str]) -> int | str | None:
    """The exit code of a command line that is refused."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def test_good_content_ends_with_0(scratch_site: ScratchSite, capsys: Captured) -> None:
    """Clean content is counted on standard error, and nothing is printed."""
    assert check(scratch_site({})) == CLEAN
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "已讀取 3 筆資料：0 個錯誤、0 個提醒。\n"


def test_what_waits_for_its_day_is_counted(
    scratch_site: ScratchSite, tmp_path: Path, capsys: Captured
) -> None:
    """Check and build say how many records are not out yet, and when the first will be."""
    content = scratch_site({"gazette/105/105-001/issue.yaml": "publication_date: 105-07-15\n"})
    assert check(content) == CLEAN
    assert "2 筆資料尚未到發布日，最早的一筆在105年7月15日。\n" in capsys.readouterr().err
    for _ in range(2):  # a build without change says it too
        assert main(build_arguments(content, tmp_path, "--lang", "en")) == CLEAN
        said = "2 records wait for their day, the earliest for 2016-07-15.\n"
        assert said in capsys.readouterr().err
    assert check(content, "--as-of", "2016-07-15") == CLEAN
    assert "發布日" not in capsys.readouterr().err


def test_warnings_end_with_0_and_strictly_with_1(capsys: Captured) -> None:
    """A warning is printed either way; `--strict` makes it count."""
    assert check(SITES / "full") == CLEAN
    assert "[not-stated]" in capsys.readouterr().out
    assert check(SITES / "full", "--strict") == CONTENT
    assert re.search("0 個錯誤、[1-9] 個提醒", capsys.readouterr().err)


def test_a_content_problem_ends_with_1_and_its_place(
    scratch_site: ScratchSite, capsys: Captured
) -> None:
    """Text output names file, line and column, quotes the line and says what to do."""
    content = scratch_site({**BAD_DATE, **WITH_HANDBOOK})
    assert check(content) == CONTENT
    printed = capsys.readouterr()
    assert printed.out == (
        f"{content}/{ENTRY}:6:16: 發文日期「105-13-04」不是有效日期，月份應為 1 到 12。"
        "[date-invalid]\n"
        "   6 | dispatch_date: 105-13-04\n"
        "     |                ^^^^^^^^^\n"
        "提示：若月、日寫反了，請寫 105-04-13。\n\n"
    )
    assert printed.err == (
        "已讀取 2 筆資料：1 個錯誤、0 個提醒。\n"
        "每個代碼的說明與範例：https://example.org/handbook/codes/\n"
    )


def test_problems_in_english(scratch_site: ScratchSite, capsys: Captured) -> None:
    """`--lang en` words problem, remedy and count in English."""
    assert check(scratch_site({**BAD_DATE, **WITH_HANDBOOK}), "--lang", "en") == CONTENT
    printed = capsys.readouterr()
    assert "[date-invalid]" in printed.out
    assert "\nHint: " in printed.out
    assert printed.err == (
        "2 records read: 1 error, 0 warnings.\n"
        "Each code is explained, with an example (in Chinese): "
        "https://example.org/handbook/codes/\n"
    )


def test_problems_as_json(scratch_site: ScratchSite, capsys: Captured) -> None:
    """`--format json` prints one list with place, code, severity and values."""
    content = scratch_site(BAD_DATE)
    assert check(content, "--format", "json") == CONTENT
    (problem,) = json.loads(capsys.readouterr().out)
    wanted = {
        "code": "date-invalid",
        "severity": "error",
        "path": f"{content}/{ENTRY}",
        "line": 6,
        "column": 16,
        "field": "dispatch_date",
    }
    assert wanted.items() <= problem.items()
    assert problem["values"]["value"] == "105-13-04"
    assert problem["message"].endswith("月份應為 1 到 12。")
    assert problem["remedy"]


def test_no_problems_as_json(scratch_site: ScratchSite, capsys: Captured) -> None:
    """Without problems `--format json` prints an empty list."""
    assert check(scratch_site({}), "--format", "json") == CLEAN
    assert json.loads(capsys.readouterr().out) == []


def test_problems_as_annotations(scratch_site: ScratchSite, capsys: Captured) -> None:
    """`--format github` prints one line a problem, with file, line and column."""
    content = scratch_site(BAD_DATE)
    assert check(content, "--format", "github") == CONTENT
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"::error file={content}/{ENTRY},line=6,col=16::發文日期")
    assert line.endswith("[date-invalid]")
    assert check(SITES / "full", "--format", "github") == CLEAN
    assert capsys.readouterr().out.startswith("::warning file=")


@pytest.mark.parametrize("style", ["json", "github", "text"])
def test_a_failed_build_speaks_in_the_chosen_style(
    style: str, scratch_site: ScratchSite, tmp_path: Path, capsys: Captured
) -> None:
    """A build that content stops prints on standard output what a check prints."""
    content = scratch_site(BAD_DATE)
    assert check(content, "--format", style) == CONTENT
    checked = capsys.readouterr().out
    assert main(build_arguments(content, tmp_path, "--format", style)) == CONTENT
    assert capsys.readouterr().out == checked


def test_refused_settings_of_mkdocs_leave_standard_output_empty(
    scratch_site: ScratchSite, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where MkDocs refuses `mkdocs.yml` the message stands on standard error; the code is 2."""
    (tmp_path / "mkdocs.yml").write_text("theme: [\n", "utf-8")
    monkeypatch.setattr(host_settings, "SETTINGS", tmp_path / "mkdocs.yml")
    content = scratch_site({})
    assert main(build_arguments(content, tmp_path, "--format", "json")) == USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "MkDocs 無法採用這裡的設定，網站未變動。" in printed.err


def test_a_strict_build_with_warnings_publishes_nothing(tmp_path: Path, capsys: Captured) -> None:
    """Where `--strict` makes a warning count, the build ends with 1 and no site appears."""
    assert main(build_arguments(SITES / "full", tmp_path, "--strict")) == CONTENT
    capsys.readouterr()
    assert not os.path.lexists(tmp_path / "site")


@pytest.mark.parametrize("typed", ["2016-01-04", "105-01-04", "105/1/4", "民國105年1月4日"])
def test_as_of_in_either_calendar(typed: str, capsys: Captured) -> None:
    """`--as-of` takes what a date field takes."""
    assert main(["check", "--content", str(SITES / "full"), "--as-of", typed]) == CLEAN
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "command"),
        (["publish"], "publish"),
        (["check", "--as-of", "105-13-04"], "不是日期：105-13-04"),
        (["check", "--as-of", ""], "不是日期"),
        (["check", "--format", "xml"], "xml"),
        (["check", "--lang", "ja"], "ja"),
        (["check", "--no-such-option"], "--no-such-option"),
        (["serve", "--port", "http"], "http"),
        (["sources"], "file"),
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str], named: str, capsys: Captured) -> None:
    """What cannot be understood is named on standard error."""
    assert usage_code(arguments) == USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert named in printed.err


def test_verify_without_a_site_ends_with_2(tmp_path: Path, capsys: Captured) -> None:
    """`verify` says that there is no site, and how to make one."""
    assert main(["verify", "--site", str(tmp_path / "site")]) == USAGE
    assert "請先執行 gongbao build" in capsys.readouterr().err


def test_verify_with_broken_content_ends_with_1(
    full_site: Options, scratch_site: ScratchSite, capsys: Captured
) -> None:
    """`verify` names the content's problems where nothing can be compared."""
    broken = ["--content", str(scratch_site(BAD_DATE)), "--site", str(full_site.site)]
    assert main(["verify", *broken, "--as-of", "2016-06-01"]) == CONTENT
    assert "[date-invalid]" in capsys.readouterr().out


def test_sources_with_no_such_file_ends_with_2(tmp_path: Path, capsys: Captured) -> None:
    """`sources` says which file cannot be read."""
    missing = tmp_path / "source.txt"
    arguments = ["sources", "--content", str(SITES / "full"), "--as-of", "2016-06-01"]
    assert main([*arguments, str(missing)]) == USAGE
    assert f"無法讀取「{missing}」" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["taken", "99999", "-1"])
def test_a_port_that_cannot_be_had_ends_with_2(
    port: str, full_site: Options, capsys: Captured
) -> None:
    """`serve` at a port in use, or at none, is wrong use and not the program's fault."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        number = str(held.getsockname()[1]) if port == "taken" else port
        try:
            code = main(["serve", "--built", "--site", str(full_site.site), f"--port={number}"])
        except SystemExit as ended:
            code = int(ended.code or 0)
    assert code == USAGE
    assert "Traceback" not in capsys.readouterr().err


def test_our_own_fault_ends_with_3(
    scratch_site: ScratchSite, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the program shows its trace to the maintainer and clears the editor."""

    def fail(*_: object) -> Examined:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(check_command, "examine", fail)
    assert check(scratch_site({})) == FAULT
    printed = capsys.readouterr()
    assert "ZeroDivisionError: planted" in printed.err
    assert printed.err.endswith(
        "程式發生未預期的錯誤，這不是內容的問題；請把以上訊息回報給維護者。\n"
    )


@pytest.mark.parametrize(
    "fault", [TemplateNotFound("entry.html"), UnsupportedOperation("seek"), shutil.Error("planted")]
)
def test_a_fault_that_no_system_reports_is_our_own(
    fault: OSError,
    scratch_site: ScratchSite,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An `OSError` without a number ends a build as any error of the program does."""

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(examine, "examine_session", fail)
    assert main(build_arguments(scratch_site({}), tmp_path)) == FAULT
    printed = capsys.readouterr()
    assert type(fault).__name__ in printed.err
    assert "無法寫入" not in printed.err
    assert printed.err.endswith("請把以上訊息回報給維護者。\n")


@pytest.mark.parametrize("command", ["check", "build", "serve"])
@pytest.mark.parametrize("name", ["nowhere", "file.txt", "empty", "other"])
def test_a_folder_without_content_is_a_content_problem(
    command: str, name: str, tmp_path: Path, capsys: Captured
) -> None:
    """A folder that is missing, empty or a file is named as having no site.yaml: 1.

    So is one with other files.
    """
    (tmp_path / "file.txt").write_text("x", "utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/notes.txt").write_text("x", "utf-8")
    (tmp_path / "empty").mkdir()
    folders = ["--work", str(tmp_path / "build"), "--site", str(tmp_path / "site")]
    assert main([command, "--content", str(tmp_path / name), *folders]) == CONTENT
    printed = capsys.readouterr()
    assert f"{tmp_path / name}/site.yaml: 找不到 site.yaml。[site-missing]\n" in printed.out
    assert "Traceback" not in printed.err
    assert not (tmp_path / "build").exists()


def _listing(root: Path) -> list[tuple[str, int, int]]:
    paths = sorted((root, *root.rglob("*")))
    return [(str(path), path.lstat().st_mtime_ns, path.lstat().st_ino) for path in paths]


def test_check_writes_nothing(
    scratch_site: ScratchSite, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` leaves the content, the work folder and the current folder as they are."""
    content = scratch_site(BAD_DATE)
    monkeypatch.chdir(tmp_path)
    before = _listing(tmp_path)
    for style in ("text", "json", "github"):
        assert check(content, "--format", style) == CONTENT
    capsys.readouterr()
    assert _listing(tmp_path) == before


def test_build_leaves_the_content_alone(tmp_path: Path, capsys: Captured) -> None:
    """`build` writes nothing into the editors' folder."""
    content = tmp_path / "content"
    shutil.copytree(SITES / "minimal", content)
    before = _listing(content)
    assert main(build_arguments(content, tmp_path)) == CLEAN
    capsys.readouterr()
    assert _listing(content) == before


def test_the_module_is_the_command() -> None:
    """`python -m generator` is `gongbao`: same words, same exit code, whatever the locale."""
    done = subprocess.run(
        [sys.executable, "-m", "generator", "check", "--content", str(SITES / "full"), "--strict"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == CONTENT
    assert "來源未載明" in done.stdout.decode("utf-8")
    assert re.search("0 個錯誤、[1-9] 個提醒", done.stderr.decode("utf-8"))


@pytest.mark.parametrize("command", [command.name for command in all_commands()])
def test_every_command_explains_itself(command: str, capsys: Captured) -> None:
    """`--help` of each command ends with 0 and names the shared options."""
    assert usage_code([command, "--help"]) == CLEAN
    printed = capsys.readouterr().out
    assert all(flag in printed for flag in ("--content", "--work", "--site", "--as-of"))


NAMES = {
    "own page": "index.html",
    "own record": "record.json",
    "own Markdown": "index.md",
    "Markdown": "notes.md",
    "Markdown by another name": "notes.markdown",
    "the host's other index": "README.md",
    "anchor sign": "a#1.txt",
    "question mark": "a?1.txt",
    "percent": "100%.txt",
    "space": "a b.txt",
    "quotes": "a\"'.txt",
    "combining accent": "e\u0301.txt",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_attachments_name_is_the_programs_fault(
    name: str, scratch_site: ScratchSite, tmp_path: Path, capsys: Captured
) -> None:
    """Whatever an attachment is called, it is published as it is or refused with its place."""
    typed = json.dumps(name, ensure_ascii=False)
    entry = f"{MINIMAL[ENTRY]}attachments: [{{path: {typed}, title: 附件}}]\n"
    content = scratch_site({ENTRY: entry, f"gazette/105/105-001/01/{name}": "# 附件\n"})
    code = main(build_arguments(content, tmp_path))
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    if code == CLEAN:
        published = tmp_path / "site/gazette/105/105-001/01" / name
        assert published.read_text("utf-8") == "# 附件\n"
    else:
        assert code == CONTENT
        assert f"{content}/{ENTRY}:8:" in printed.out


def test_words_that_share_an_address_are_a_content_problem(
    scratch_site: ScratchSite, tmp_path: Path, capsys: Captured
) -> None:
    """Categories whose pages would stand at one address are refused with their place."""
    twins = MINIMAL["site.yaml"].replace("{id: draft, ", "{id: a-b, title: 甲}\n    - {id: a-b, ")
    content = scratch_site({"site.yaml": twins})
    assert main(build_arguments(content, tmp_path)) == CONTENT
    printed = capsys.readouterr()
    assert f"{content}/site.yaml:" in printed.out
    assert "Traceback" not in printed.err


PIECES = (
    *("\t", "\n", "  ", ":", "- ", "[", "]", "{", "}", "'", '"', "#", "&a ", "*a", "!!int ", "|"),
    *("---\n", "...\n", "%YAML 1.1\n", "? ", "<<: ", "\x00", "\u2028", "\ufeff", "\x85", "\ud7ff"),
    *(
        "~",
        "null",
        "true",
        "0",
        "-1",
        "1e999",
        "9" * 400,
        "105-02-30",
        "\U0001f600",
        "臺",
        "e\u0301",
    ),
    *("<b>", "](gazette:x)", "](javascript:x)", "](//x)", "](http://[)", "**", "`", "../", "%"),
)


def _mutated(text: str, chance: random.Random) -> str:
    """A text with a few pieces put in, lines doubled or parts taken out."""
    for _ in range(chance.randrange(1, 4)):
        place, other = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        way = chance.randrange(4)
        if way == 0:
            text = text[:place] + chance.choice(PIECES) + text[place:]
        elif way == 1:
            text = text[:place] + text[min(other, place + 12) :]
        elif way == 2:
            text = text[:place] + chance.choice(PIECES) + text[min(other, place + 6) :]
        else:
            text = text[:other] + text[place:other] + text[other:]
    return text


def test_no_content_is_the_programs_fault(tmp_path: Path, capsys: Captured) -> None:
    """Of many damaged contents none ends a check with 3: all are clean or have problems."""
    content = tmp_path / "content"
    shutil.copytree(SITES / "full", content)
    texts = [path for path in sorted(content.rglob("*")) if path.suffix in (".yaml", ".md")]
    chance, wrong = random.Random(20160106), list[tuple[str, str]]()
    codes = set[int]()
    for _ in range(DAMAGES):
        path = chance.choice(texts)
        held = path.read_bytes()
        damaged = _mutated(held.decode(), chance)
        path.write_bytes(damaged.encode(errors="surrogatepass"))
        code = check(content, "--format", "json")
        path.write_bytes(held)
        codes.add(code)
        json.loads(capsys.readouterr().out or "[]")
        if code not in (CLEAN, CONTENT):
            wrong.append((path.name, damaged))
    assert wrong == []
    assert codes == {CLEAN, CONTENT}
