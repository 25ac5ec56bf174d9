"""The documentation is complete and runs."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.commands._cli import all_commands
from generator.output.fingerprint import program_files

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
GUIDE = (PROJECT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
SERVING = ("gongbao serve", "make serve")


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


def test_readme_names_every_command() -> None:
    """Each command of the program stands in the README's table."""
    assert set(re.findall(r"^\| `gongbao ([a-z]+)`", README, re.M)) == {
        command.name for command in all_commands()
    }


@pytest.mark.parametrize("text", [README, GUIDE], ids=["README", "guide"])
def test_every_path_that_is_named_exists(text: str) -> None:
    """Whoever follows a path from the README or the guide finds a file there."""
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py|(?:generator|tests|theme)/[\w./-]+)`", text)
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
    """The README's listing and the guide's table have each package, and no other."""
    folders = (PROJECT / "generator").glob("*/__init__.py")
    packages = {path.parent.name for path in folders}
    assert set(re.findall(r"^      ([a-z]+)/ ", README, re.M)) == packages
    assert set(re.findall(r"^\| `([a-z]+)` \|", GUIDE, re.M)) == packages


@pytest.mark.parametrize("line", [line for line in _command_lines() if "make" in line])
def test_make_lines_of_the_readme_are_targets(line: str) -> None:
    """A `make` line of the README names a target, and make knows how to reach it."""
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
