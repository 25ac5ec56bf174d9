"""The documentation is complete and runs."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sample_sites import SITES

from generator import PROGRAM
from generator.commands._cli import all_commands
from generator.kinds.views.handbook import CLERKS, OPERATORS
from generator.output.fingerprint import program_files

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
GUIDE = (PROJECT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
CHAPTERS = {
    chapter.name: (PROGRAM / "kinds/views/templates" / chapter.template).read_text("utf-8")
    for chapter in OPERATORS
}
"""The handbook's chapters for operators, as templates."""
SERVING = ("gongbao serve", "make serve")
NOT_HERE = (
    *("python3 -m venv ", ".venv/bin/python ", "make ", "rclone ", "dask "),
    *("gongbao serve", "gongbao build --executor ", "gongbao mail ", "gongbao ping", "sendmail "),
    *("export GONGBAO_SMTP_", "read -rs "),
)
"""Beginnings of lines that need an installation, another machine, or never end."""
ASKING = "gongbao init"
"""The line that asks questions of whoever sits at the terminal."""


def _command_lines() -> list[str]:
    blocks = (line.strip() for line in README.splitlines() if line.startswith("    "))
    return [line for line in blocks if line.startswith(("gongbao ", "make ", "mkdocs "))]


def _makefile_targets() -> set[str]:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.M))


def _public_definitions() -> Iterator[tuple[str, ast.AST]]:
    for path in (path for path in program_files() if path.suffix == ".py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield f"{path.name}", tree
        for node in (*tree.body, *_members(tree)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield f"{path.name}:{node.name}", node


def _members(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from node.body


def test_readme_opens_with_the_two_commands() -> None:
    """A newcomer finds `make site` and `make test` before any other command."""
    assert _command_lines()[:2] == ["make site", "make test"]


def test_readme_is_short() -> None:
    """A stranger reads it in five minutes; the rest stands in the handbook and the guide."""
    assert len(README.splitlines()) <= 250


def test_readme_leads_to_every_chapter() -> None:
    """Whoever reads the repository finds each chapter of the handbook from the README."""
    folder = "generator/kinds/views/templates/handbook"
    linked = set(re.findall(rf"\]\({folder}/([a-z-]+)\.md\)", README))
    # dates are written as the starter files say
    assert linked == {c.name for c in (*CLERKS, *OPERATORS)} - {"dates"}


def test_readme_names_every_command() -> None:
    """Each command of the program stands in the README's table."""
    assert set(re.findall(r"^\| `gongbao ([a-z]+)`", README, re.M)) == {
        command.name for command in all_commands()
    }


@pytest.mark.parametrize("text", [README, GUIDE], ids=["README", "guide"])
def test_every_path_that_is_named_exists(text: str) -> None:
    """Whoever follows a path from the README or the guide finds a file there."""
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py|(?:generator|tests|theme)/[\w./-]+)`", text)
    named += re.findall(r"\]\((?!#|https:)([^)]+)\)", text)
    missing = {path for path in named if not _exists(path)}
    assert missing <= {"log/verify.py"}  # a file of the published site
    assert len(named) > 5


def test_scripts_name_modules_that_exist() -> None:
    """A script says which module it must agree with: that module is there."""
    scripts = [path.read_text("utf-8") for path in sorted((PROJECT / "theme").rglob("*.js"))]
    named = {path for text in scripts for path in re.findall(r"generator/[\w/]+\.py", text)}
    assert named
    assert [path for path in sorted(named) if not _exists(path)] == []


def _exists(path: str) -> bool:
    """Whether there is such a file; modules may be named from `generator/` on."""
    return (PROJECT / path).exists() or (PROJECT / "generator" / path).exists()


def test_every_package_is_described() -> None:
    """The guide's listing and its table have each package, and no other."""
    folders = (PROJECT / "generator").glob("*/__init__.py")
    packages = {path.parent.name for path in folders}
    assert set(re.findall(r"^      ([a-z]+)/ ", GUIDE, re.M)) == packages
    assert set(re.findall(r"^\| `([a-z]+)` \|", GUIDE, re.M)) == packages


def _chapter_lines(name: str) -> list[str]:
    """The lines of a chapter's blocks of commands, as they stand there."""
    blocks = re.findall(r"^```([a-z]*)\n(.*?)^```$", CHAPTERS[name], re.S | re.M)
    return [line for language, text in blocks if not language for line in text.splitlines()]


def _make_lines() -> list[str]:
    """The `make` lines of README, guide and handbook."""
    indented = [line.strip() for line in GUIDE.splitlines() if line.startswith("    make ")]
    chapters = [line for name in CHAPTERS for line in _chapter_lines(name)]
    lines = (*_command_lines(), *indented, *chapters)
    return sorted({line for line in lines if line.startswith("make ")})


@pytest.mark.parametrize("line", _make_lines())
def test_make_lines_are_targets(line: str) -> None:
    """A `make` line names a target, and make knows how to reach it."""
    targets = [word for word in shlex.split(line)[1:] if "=" not in word]
    assert set(targets) <= _makefile_targets()
    dry = subprocess.run(
        ["make", "--dry-run", *shlex.split(line)[1:]], cwd=PROJECT, capture_output=True, check=False
    )
    assert dry.returncode == 0, dry.stderr


def _runnable(line: str) -> bool:
    return line.startswith(("gongbao", "mkdocs")) and line not in SERVING


def test_command_lines_of_the_readme_run(tmp_path: Path) -> None:
    """Every `gongbao` and `mkdocs` line of the README succeeds, in the order written."""
    for name in ("content", ".record", "tests", "theme", "generator", "mkdocs.yml"):
        (tmp_path / name).symlink_to(PROJECT / name)
    for line in filter(_runnable, _command_lines()):
        module, *arguments = shlex.split(line)
        program = "generator" if module == "gongbao" else module
        done = subprocess.run(
            [sys.executable, "-m", program, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"},
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("name", CHAPTERS)
def test_command_lines_of_operators_run(name: str, tmp_path: Path) -> None:
    """The lines of a chapter for operators succeed, in the order written, as a shell runs them."""
    run = _shell(tmp_path)
    _begin(tmp_path, run)
    lines = [line for line in _chapter_lines(name) if not line.startswith(NOT_HERE)]
    for line in lines:
        if "--against kept/" in line:
            shutil.copytree(tmp_path / ".record", tmp_path / "kept")
        done = run(line) if line != ASKING else None
        if line.startswith("gongbao key new ") and done:
            (key,) = re.findall(r"example\.org/[a-z]+\+\S+", done)
            _list_key(tmp_path / "content/site.yaml", key)
    assert lines or name in ("newsletter", "security")


def _list_key(settings: Path, key: str) -> None:
    """Lists a public key in the settings, as a chapter says; that of releases has them signed."""
    head, _, before = settings.read_text("utf-8").partition("  keys:\n")
    release = "/release+" in key
    head += "  releases: on\n" if release else ""
    row = f"    - {{key: {key}{', use: release' if release else ''}}}\n"
    settings.write_text(f"{head}  keys:\n{before}{row}", "utf-8")


def _begin(folder: Path, run: Callable[[str], str]) -> None:
    """A site with a seal and with a release of an earlier day, and what an import reads."""
    shutil.copytree(SITES / "minimal", folder / "content")
    settings = folder / "content/site.yaml"
    sealing = "record: on\nsealing:\n  origin: example.org/clerk\n  branch: main\n"
    settings.write_text(f"{settings.read_text('utf-8')}{sealing}", "utf-8")
    run("git init --quiet --initial-branch main && git add content && git commit --quiet -m 1")
    run("gongbao build --quiet --as-of 2016-06-01")
    row = {"title": "訂定「參觀須知」", "body": "參觀須知全文。", "date": "105-01-05"}
    (folder / "old.jsonl").write_text(json.dumps(row), "utf-8")
    (mapping,) = re.findall(r"```yaml\n(.*?)```", CHAPTERS["import"], re.S)
    (folder / "columns.yaml").write_text(mapping, "utf-8")
    columns = [line.partition(": ")[2] for line in mapping.splitlines()]
    values = [*row.values(), "範秘字第1號", "範例市政府", "行政規則"]
    (folder / "old.csv").write_text(f"{','.join(columns)}\n{','.join(values)}\n", "utf-8")


def _shell(folder: Path) -> Callable[[str], str]:
    """Runs a line in a folder, with this program as `gongbao`; gives what it printed."""
    program = folder / "bin/gongbao"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m generator "$@"\n', "utf-8")
    program.chmod(0o755)
    person = {"NAME": "Clerk", "EMAIL": "clerk@example.org"}
    who = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in person.items()}

    def run(line: str) -> str:
        done = subprocess.run(
            ["sh", "-e", "-c", line],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env={
                "PATH": f"{folder}/bin:/usr/bin:/bin",
                "HOME": str(folder),
                "PYTHONUTF8": "1",
                "PYTHONPATH": str(PROJECT),
                **who,
            },
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


def test_pictures_are_there_small_and_told_in_words() -> None:
    """Each picture of the README has words in its place, and `make pictures` makes no other."""
    shown = dict(re.findall(r'<img src="([^"]+)"[^>]* alt="([^"]+)"', README))
    made = {path.relative_to(PROJECT).as_posix() for path in PROJECT.glob(".github/images/*")}
    assert set(shown) == made
    assert all(len(words) > 20 for words in shown.values())
    assert all((PROJECT / name).stat().st_size <= 100_000 for name in shown)


def test_every_public_name_is_documented() -> None:
    """Modules, classes and functions without a leading underscore say what they are."""
    silent = [
        name
        for name, node in _public_definitions()
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_pin_is_the_installed_version() -> None:
    """The direct dependencies are pinned, and the pins of `.ci/constraints.txt` agree."""
    project = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    direct = set(re.findall(r'"([a-z0-9-]+==[^"]+)"', project)) - {"setuptools==84.2.1"}
    pins = (PROJECT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert direct <= {pin.lower() for pin in pins}


def test_no_module_is_long() -> None:
    """A module stays near 200 lines, a function below 60: longer ones lack a noun."""
    long = [
        name
        for name, node in _public_definitions()
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 60
    ]
    assert long == []
