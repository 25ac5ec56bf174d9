"""`gongbao init`: a site of one's own that builds at once, for whatever city."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from sample_sites import MINIMAL, files_below

from generator.commands import _cli as cli
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.commands._starter_site import sample_folders, ways_to_publish
from generator.output.plugins import all_kinds
from generator.release.releases import UNSIGNED

Captured = pytest.CaptureFixture[str]
GIVEN = {
    "name": "小市公開資訊",
    "base-url": "https://open.example.org/small",
    "publisher": "小市政府",
    "agency": "secretariat:小市政府秘書處",
    "kinds": "all",
    "official": "--no-official",
}
SECTIONS = {kind.section.address: kind.label for kind in all_kinds() if kind.section}
DIGEST = "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"
"""SHA-256 of `aaa`."""
NOTE = "這不是正式網站"


def typed(folder: Path, **changed: str) -> list[str]:
    """The command with its options; a changed option replaces the usual one, "" leaves it out."""
    words = ["init", str(folder), "--as-of", "2026-11-30"]
    for name, value in {**GIVEN, **{n.replace("_", "-"): v for n, v in changed.items()}}.items():
        if value:
            words += [value] if name == "official" else [f"--{name}", value]
    return words


def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a build, as the new site's README has it, warnings counted as errors."""
    monkeypatch.chdir(folder)
    return main(["build", "--as-of", "2026-11-30", "--strict", "--strict-figures"])


def read(path: Path) -> str:
    """The text of a file."""
    return path.read_text("utf-8")


def links(page: Path) -> list[str]:
    """What a page's links say."""
    return re.findall(r"<a [^>]*>(?:<strong>)?([^<]+)<", page.read_text("utf-8"))


def test_a_new_site_with_every_kind_builds_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """It has no error and no warning, an example of each kind, and says that it is no official."""
    folder = tmp_path / "site of ours"
    assert main(typed(folder)) == CLEAN
    assert built(folder, monkeypatch) == CLEAN
    assert capsys.readouterr().err.count(NOTE) == 1
    home = links(folder / "site/index.html")
    assert {*SECTIONS.values()} <= {*home}
    assert "（範例）調整假日服務時間" in (folder / "site/index.html").read_text("utf-8")
    assert main(["build", "--as-of", "2026-11-30"]) == CLEAN
    assert capsys.readouterr().err.count(NOTE) == 1  # a build that changes nothing says so too


def test_three_kinds_are_three_sections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither menu, home page, search nor lost page leads to a kind that the city does not have."""
    assert main(typed(tmp_path / "new", kinds="reports,pages,statistics")) == CLEAN
    assert built(tmp_path / "new", monkeypatch) == CLEAN
    names = sorted(path.name for path in (tmp_path / "new/content").iterdir())
    assert names == ["agencies.yaml", "pages", "reports", "site.yaml", "statistics"]
    for page in ("index.html", "search/index.html", "404.html", "statistics/example/index.html"):
        said = {*links(tmp_path / "new/site" / page)}
        assert {"統計", "報告", "關於"} <= said, page
        assert said.isdisjoint({"公報", "國際交流", "夥伴城市"}), page


def test_a_site_without_a_gazette_has_no_settings_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does any page lead to the look-up of document numbers, which it does not have."""
    assert main(typed(tmp_path / "new", kinds="pages,visits")) == CLEAN
    settings = yaml.safe_load((tmp_path / "new/content/site.yaml").read_text("utf-8"))
    assert "gazette" not in settings
    assert built(tmp_path / "new", monkeypatch) == CLEAN
    site = tmp_path / "new/site"
    assert not (site / "d").exists()
    assert "/d/" not in (site / "_redirects").read_text("utf-8")
    pages = [
        path.read_text("utf-8") for path in files_below(site).values() if path.suffix == ".html"
    ]
    assert len(pages) > 20
    assert [page for page in pages if re.search(r'href="(?:[./]*|[^"]*/small/)d/"', page)] == []


@pytest.mark.parametrize("folder", [*sample_folders(all_kinds())])
def test_an_example_stands_alone(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sample is right without those of other kinds."""
    kinds = "pages" if folder == "agencies" else folder
    assert main(typed(tmp_path / "new", kinds=kinds)) == CLEAN
    monkeypatch.chdir(tmp_path / "new")
    assert main(["check", "--as-of", "2026-11-30", "--strict"]) == CLEAN


def test_every_kind_with_a_section_has_a_sample() -> None:
    """Whoever begins a site can choose it."""
    chosen = {kind.name for kinds in sample_folders(all_kinds()).values() for kind in kinds}
    assert {kind.name for kind in all_kinds() if kind.section} <= chosen


@pytest.mark.parametrize("day", ["2026-01-01", "2028-02-29", "2026-12-31"])
def test_a_site_may_begin_on_any_day(
    day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its examples are of that day, and the same day gives the same bytes."""
    for name in ("one", "two"):
        assert main([*typed(tmp_path / name), "--as-of", day]) == CLEAN
    monkeypatch.chdir(tmp_path / "one")
    assert main(["check", "--as-of", day, "--strict"]) == CLEAN
    assert _files(tmp_path / "one") == _files(tmp_path / "two")


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    own = (path for path in paths if ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in own}


@pytest.mark.parametrize(
    "name",
    ["小市：公報 #1", "# 公報", "true", "105", "公報 & <b>", '"公報"', "- 甲, {乙}", "甲: 乙"],
)
def test_any_name_is_kept_to_the_letter(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """What YAML would take for something else is written so that it reads back unchanged."""
    new = typed(tmp_path / "new", name=name, publisher=f"city:{name}", agency=f"city:{name}")
    assert main(new) == CLEAN
    monkeypatch.chdir(tmp_path / "new")
    assert main(["check", "--as-of", "2026-11-30"]) == CLEAN, capsys.readouterr().out
    settings = yaml.safe_load((tmp_path / "new/content/site.yaml").read_text("utf-8"))
    assert (settings["title"], settings["publisher"]["name"]) == (name, name)
    host = yaml.safe_load((tmp_path / "new/mkdocs.yml").read_text("utf-8"))
    assert host["site_name"] == name


def test_official_is_what_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """An official site is told what the office must fill in, and is no demonstration then."""
    assert main(typed(tmp_path / "new", official="--official")) == CLEAN
    monkeypatch.chdir(tmp_path / "new")
    capsys.readouterr()
    assert main(["check", "--as-of", "2026-11-30", "--format", "json"]) == CONTENT
    told = {(p["code"], p["path"]) for p in json.loads(capsys.readouterr().out)}
    codes = {"official-needs", "open-data-missing", "page-unfilled"}
    assert {code for code, _ in told} == codes
    files = sorted(path for path in Path("content").rglob("*.*") if path.name != "site.yaml")
    sample = {p for p in files if re.search("【請填|^(title|name): （範例）", read(p), re.M)}
    assert {path.as_posix() for path in sample} == {p for c, p in told if c == "page-unfilled"}
    settings = read(Path("content/site.yaml"))
    begin, end = settings.index("# contact:"), settings.index("# 機關標誌")
    filled = re.sub("(?m)^# (?=[a-z]|  )", "", settings[begin:end])
    filled = filled.replace("【請填寫電子信箱】", "gazette@city.example")
    Path("content/site.yaml").write_text(settings[:begin] + filled + settings[end:], "utf-8")
    capsys.readouterr()
    assert main(["check", "--as-of", "2026-11-30", "--format", "json"]) == CONTENT
    places = [p for p in json.loads(capsys.readouterr().out) if p["path"] == "content/site.yaml"]
    fields = ["contact.unit", "contact.address", "contact.telephone", "contact.hours"]
    unfilled = [p["field"] for p in places if p["code"] == "page-unfilled"]
    assert unfilled == fields
    head = settings[:begin].replace("#  oid: 【請填寫機關 OID】", "  oid: 2.16.886.101.1")
    text = re.sub("【請填[^】]*】", "秘書處", head + filled + settings[end:])
    Path("content/site.yaml").write_text(text, "utf-8")
    for path in sample:
        text = re.sub("【請填[^】]*】", "秘書處", read(path))
        path.write_text(re.sub("(?m)^(title|name): （範例）", r"\1: ", text), "utf-8")
    assert main(["build", "--as-of", "2026-11-30", "--strict", "--strict-figures"]) == CLEAN
    assert NOTE not in capsys.readouterr().err
    assert "示範網站" not in (tmp_path / "new/site/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("left_out", "named"),
    [
        ((), ""),
        (("name",), "--name"),
        (("official",), "--official"),
        (("publisher", "agency", "kinds"), "--publisher、--agency、--kinds"),
    ],
)
def test_without_a_terminal_what_is_missing_is_named(
    left_out: tuple[str, ...], named: str, tmp_path: Path, capsys: Captured
) -> None:
    """The options that would answer are in the message, and nothing is written."""
    code = main(typed(tmp_path / "new", **dict.fromkeys(left_out, "")))
    told = capsys.readouterr().err
    if not left_out:
        assert code == CLEAN
        return
    assert code == USAGE
    assert f"請用選項寫明：{named}。" in told
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("base_url", "open.example.org", "網址"),
        ("publisher", "小市:小市政府", "只能用小寫英文字母"),
        ("kinds", "gazette,weather", "不認得「weather」"),
        ("ci", "github,jenkins", "不認得「jenkins」；可用：docker, github, gitlab, netlify"),
        ("engine", "gongbao", "不是公報程式的來源"),
        ("engine", "git+https://example.org/gongbao.git", "不是公報程式的來源"),
        ("engine", "https://example.org/gongbao-1.0.0-py3-none-any.whl", "不是公報程式的來源"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    option: str, value: str, words: str, tmp_path: Path, capsys: Captured
) -> None:
    """The message says what is wrong with it, and nothing is written."""
    assert main(typed(tmp_path / "new", **{option: value})) == USAGE
    assert words in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_on_a_terminal_everything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """In order; a wrong answer is asked for again, and what may be left open may be empty."""
    site = ("", "小市公報", "example", "https://example.org", "小市政府", "office:秘書處")
    replies = iter((*site, "", "", "maybe", "否", "github docker", ""))
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(replies)

    _on_a_terminal(monkeypatch, ask)
    assert main(["init", str(tmp_path / "new"), "--as-of", "2026-11-30"]) == CLEAN
    assert next(replies, "all were read") == "all were read"
    assert [p[:4] for p in asked[:4]] == ["網站名稱", "網站名稱", "網站的網", "網站的網"]
    told = capsys.readouterr().err
    assert "這一題不能空白。" in told
    assert "網址「example/」無法使用。請寫完整網址" in told
    assert "請答 y（是）或 n（否）。" in told
    assert {path.name for path in (tmp_path / "new/content").iterdir()} >= {"gazette", "visits"}
    assert (tmp_path / "new/Dockerfile").is_file()
    assert not (tmp_path / "new/netlify.toml").exists()


def test_whoever_ends_the_questions_finds_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of input is like Ctrl-C."""

    def ask(_: str) -> str:
        raise EOFError

    _on_a_terminal(monkeypatch, ask)
    assert main(["init", str(tmp_path / "new")]) == USAGE
    assert not (tmp_path / "new").exists()


def _on_a_terminal(monkeypatch: pytest.MonkeyPatch, ask: Callable[[str], str]) -> None:
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(getattr(sys, stream), "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", ask)


def test_a_folder_with_content_is_left_alone(tmp_path: Path, capsys: Captured) -> None:
    """It is named, and no file in it changes."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/site.yaml").write_text(MINIMAL["site.yaml"], "utf-8")
    assert main(typed(tmp_path)) == USAGE
    assert f"「{tmp_path / 'content'}」已有內容" in capsys.readouterr().err
    assert _files(tmp_path) == {"content/site.yaml": MINIMAL["site.yaml"].encode()}


@pytest.mark.parametrize("engine", ["", "git+https://example.org/g.git@v1.2.0"])
def test_a_way_to_publish_is_added_later(engine: str, tmp_path: Path, capsys: Captured) -> None:
    """The same files come as if they had been chosen at first; what is there stays."""
    assert main(typed(tmp_path / "at-once", ci="docker,github,gitlab", engine=engine)) == CLEAN
    assert main(typed(tmp_path / "later", engine=engine)) == CLEAN
    (tmp_path / "later/nginx.conf").write_text("# our own\n", "utf-8")
    before = _files(tmp_path / "later")
    capsys.readouterr()
    assert main(["init", str(tmp_path / "later"), "--ci", "github,docker,gitlab"]) == CLEAN
    told = capsys.readouterr().err
    assert "已加上：Dockerfile、.dockerignore、.github/workflows/site.yml、.gitlab-ci.yml。" in told
    assert "原有的檔案未更動：nginx.conf。" in told
    now, chosen = _files(tmp_path / "later"), _files(tmp_path / "at-once")
    assert {path: now[path] for path in before} == before
    added = {path: now[path] for path in now if path not in before}
    assert added == {path: chosen[path] for path in added}
    assert {*now} == {*chosen}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--ci", "jenkins"), "不認得「jenkins」"),
        (("--ci", "github", "--name", "甲"), "已有內容"),
        ((), "gongbao init --ci github"),
    ],
)
def test_a_site_is_not_begun_twice(
    more: tuple[str, ...], words: str, tmp_path: Path, capsys: Captured
) -> None:
    """An unknown way, or an answer that only a new site takes, changes nothing."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/site.yaml").write_text(MINIMAL["site.yaml"], "utf-8")
    assert main(["init", str(tmp_path), *more]) == USAGE
    assert words in capsys.readouterr().err
    assert {*_files(tmp_path)} == {"content/site.yaml"}


def test_gitlab_builds_for_readers_and_reviewers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Merge requests build without the key, the default branch publishes all of the site."""
    assert main(typed(tmp_path / "new", ci="gitlab", kinds="pages")) == CLEAN
    jobs = yaml.safe_load((tmp_path / "new/.gitlab-ci.yml").read_text("utf-8"))
    assert jobs["preview"]["script"][0] == "GONGBAO_CACHE_KEY= gongbao build"
    assert "$GONGBAO_RELEASE_KEY" not in str(jobs["preview"])
    rules = [rule["if"] for name in ("preview", "pages") for rule in jobs[name]["rules"]]
    assert rules == [rule["if"] for rule in jobs["workflow"]["rules"]]
    monkeypatch.chdir(tmp_path)
    for name in ("site/.gongbao", "site/.well-known/security.txt", "site/index.html"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("x", "utf-8")
    for name, line in (("preview", -1), ("pages", -1)):
        subprocess.run(["/bin/sh", "-c", jobs[name]["script"][line]], check=True)
    published = {path.relative_to("public").as_posix() for path in Path("public").rglob("*.*")}
    assert published == {".well-known", ".well-known/security.txt", "index.html"}
    assert Path("preview/index.html").is_file()


def test_files_that_were_there_stay(tmp_path: Path, capsys: Captured) -> None:
    """A repository that its host began with a README keeps it, and the message names it."""
    (tmp_path / "README.md").write_text("our own\n", "utf-8")
    assert main(typed(tmp_path)) == CLEAN
    assert "原有的檔案未更動：README.md。" in capsys.readouterr().err
    assert (tmp_path / "README.md").read_text("utf-8") == "our own\n"


def test_the_folder_is_a_repository(tmp_path: Path) -> None:
    """Its branch is main; within a repository no other one is made."""
    assert shutil.which("git")
    assert main(typed(tmp_path / "new")) == CLEAN
    assert (tmp_path / "new/.git/HEAD").read_text("utf-8") == "ref: refs/heads/main\n"
    assert main(typed(tmp_path / "new/inner")) == CLEAN
    assert not (tmp_path / "new/inner/.git").exists()


def test_without_git_the_files_are_there_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """That there is no repository is told and no error."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(typed(tmp_path / "new")) == CLEAN
    assert "這台電腦沒有 git" in capsys.readouterr().err
    assert (tmp_path / "new/content/site.yaml").is_file()


@pytest.mark.parametrize(
    ("engine", "line"),
    [
        ("", ""),
        ("git+https://example.org/g.git@v1.2.0", "gongbao @ git+https://example.org/g.git@v1.2.0"),
        (
            f"https://example.org/gongbao-1.2.0.tar.gz#sha256={'ab' * 32}",
            f"gongbao @ https://example.org/gongbao-1.2.0.tar.gz#sha256={'ab' * 32}",
        ),
        (
            "gongbao-1.2.0-py3-none-any.whl",
            f"file:./engine/gongbao-1.2.0-py3-none-any.whl#sha256={DIGEST}",
        ),
    ],
)
def test_the_program_is_named_by_an_address(
    engine: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release file is kept with the site, by its digest; without an answer no line is in force.

    A bare name would be looked for where anybody may have put something of that name.
    """
    monkeypatch.chdir(tmp_path)
    Path("gongbao-1.2.0-py3-none-any.whl").write_bytes(b"aaa")
    assert main(typed(tmp_path / "new", engine=engine)) == CLEAN
    text = (tmp_path / "new/requirements.txt").read_text("utf-8")
    lines = [row for row in text.splitlines() if row and not row.startswith("#")]
    assert lines == ([line] if line else [])
    kept = tmp_path / "new/engine/gongbao-1.2.0-py3-none-any.whl"
    assert kept.is_file() == line.startswith("file:")


def test_the_editor_has_a_schema_for_every_file(tmp_path: Path) -> None:
    """What the settings name is there, and is that of this site."""
    assert main(typed(tmp_path / "new")) == CLEAN
    folder = tmp_path / "new"
    settings = json.loads((folder / ".vscode/settings.json").read_text("utf-8"))
    named: Mapping[str, str] = settings["yaml.schemas"]
    assert "content/gazette/*/*/[0-9]*.yaml" in named.values()
    for schema in named:
        assert json.loads((folder / schema).read_text("utf-8"))["title"]
    json.loads((folder / ".vscode/extensions.json").read_text("utf-8"))


def test_the_readme_fits_what_was_chosen(tmp_path: Path) -> None:
    """It has ten things that clerks do, commands that exist, and only the chosen hosts."""
    assert main(typed(tmp_path / "new", kinds="visits", ci="netlify")) == CLEAN
    readme = (tmp_path / "new/README.md").read_text("utf-8")
    assert re.findall(r"^### (\d+)\. ", readme, re.M) == [str(n) for n in range(1, 11)]
    assert "`gongbao new visits 檔名`" in readme
    assert "gongbao new gazette" not in readme
    assert "### Netlify" in readme
    assert "### Docker" not in readme
    commands = {command.name for command in cli.all_commands()}
    assert {*re.findall(r"gongbao ([a-z]+)\b", readme)} <= commands
    named = re.findall(r"`(\.?[a-z]+(?:/[a-z.]*)*\.(?:toml|yml|txt|md))`", readme)
    assert named
    assert [name for name in named if not (tmp_path / "new" / name).exists()] == []


def workflow(folder: Path) -> Mapping[str, Any]:
    """The workflow that a new site has."""
    assert main(typed(folder, ci="github")) == CLEAN
    text = (folder / ".github/workflows/site.yml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # `on` is no text elsewhere
    return found


def test_the_workflow_builds_each_day_and_commits_nothing(tmp_path: Path) -> None:
    """After midnight in Taipei; it may read the content and write nothing but the pages."""
    found = workflow(tmp_path / "new")
    assert [*found["on"]] == ["pull_request", "push", "schedule", "workflow_dispatch"]
    minute, hour, *days = found["on"]["schedule"][0]["cron"].split()
    assert (int(hour) + 8) % 24 == 0
    assert 0 < int(minute) < 60
    assert days == ["*", "*", "*"]
    assert found["permissions"] == {}
    assert {name: job["permissions"] for name, job in found["jobs"].items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert found["jobs"]["deploy"]["needs"] == "build"


def test_every_step_has_a_name_and_every_action_a_commit(tmp_path: Path) -> None:
    """Nothing runs that a tag could move, and none of the engine's tests."""
    jobs = workflow(tmp_path / "new")["jobs"].values()
    steps = [step for job in jobs for step in job["steps"]]
    assert [step for step in steps if not step.get("name")] == []
    used = [step["uses"] for step in steps if "uses" in step]
    assert len(used) >= 5
    assert [one for one in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", one)] == []
    run = [step["run"] for step in steps if "run" in step]
    assert "gongbao build --format github" in run
    assert [line for line in run if "pytest" in line or "git " in line] == []


def test_the_cache_is_trusted_on_reviewed_branches_alone(tmp_path: Path) -> None:
    """`build/` and `site/` are kept; a pull request does not get the key from the secrets."""
    steps = workflow(tmp_path / "new")["jobs"]["build"]["steps"]
    (kept,) = (step["with"] for step in steps if "actions/cache@" in step.get("uses", ""))
    assert kept["path"].split() == ["build", "site"]
    assert any(step.get("with", {}).get("cache") == "pip" for step in steps)
    building, signing = (step for step in steps if "env" in step)
    key = building["env"]["GONGBAO_CACHE_KEY"]
    assert "github.event_name != 'pull_request' && secrets.GONGBAO_CACHE_KEY" in key
    assert "github.event_name != 'pull_request'" in signing["if"]


def test_the_release_key_is_used_where_a_release_waits_for_it(tmp_path: Path) -> None:
    """A site that signs no releases never comes to the step that has the key."""
    steps = workflow(tmp_path / "new")["jobs"]["build"]["steps"]
    (signing,) = (step for step in steps if "GONGBAO_RELEASE_KEY" in str(step))
    waiting = f"hashFiles('build/releases/{UNSIGNED}.note') != ''"
    assert signing["if"] == f"github.event_name != 'pull_request' && {waiting}"
    assert signing["env"]["RELEASE_KEY"] == "${{ secrets.GONGBAO_RELEASE_KEY }}"
    assert (
        'gongbao build --format github --release-key "$RUNNER_TEMP/release.pem"' in signing["run"]
    )
    (preview,) = (step for step in steps if step["name"] == "Keep the preview")
    assert waiting in preview["with"]["path"]


def test_a_fork_without_the_key_builds_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret that a CI does not have is empty there, which is as if it were not set."""
    assert main(typed(tmp_path / "new", kinds="pages")) == CLEAN
    monkeypatch.setenv("GONGBAO_CACHE_KEY", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert built(tmp_path / "new", monkeypatch) == CLEAN


def test_every_way_to_publish_is_there(tmp_path: Path) -> None:
    """All at once, each with its files; no mark of a template is left in any file."""
    assert main(typed(tmp_path / "new", ci=",".join(ways_to_publish()))) == CLEAN
    files = _files(tmp_path / "new")
    expected = {
        ".github/workflows/site.yml",
        ".gitlab-ci.yml",
        "netlify.toml",
        "Dockerfile",
        "nginx.conf",
    }
    assert {*expected, ".dockerignore", ".gitignore", ".gitattributes"} <= {*files}
    assert [name for name, text in files.items() if re.search(rb"<<|>>|<%|%>", text)] == []
