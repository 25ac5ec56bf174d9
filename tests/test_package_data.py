"""An installed program has all its files: templates, words, messages and tables beside the code."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from generator.output.fingerprint import program_files

ROOT = Path(__file__).resolve().parents[1]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
PATTERNS: dict[str, list[str]] = SETUPTOOLS["package-data"]
FIND: dict[str, list[str]] = SETUPTOOLS["packages"]["find"]


def _files() -> set[Path]:
    """What lies in the program's folder, without the code and what Python makes of it."""
    return {path for path in program_files() if path.suffix != ".py"}


def _matched(package: str, pattern: str) -> set[Path]:
    return set((ROOT / package.replace(".", "/")).glob(pattern))


def test_every_file_of_the_program_is_installed() -> None:
    """A file that no pattern names is in the repository alone; a new kind needs no new pattern."""
    named = [_matched(package, p) for package, patterns in PATTERNS.items() for p in patterns]
    assert sorted(str(path.relative_to(ROOT)) for path in _files() - set().union(*named)) == []


def test_every_pattern_names_a_file() -> None:
    """A pattern that names none is left from before its files moved."""
    idle = [(k, p) for k, ps in PATTERNS.items() for p in ps if not _matched(k, p) & _files()]
    assert idle == []


def test_every_folder_of_modules_is_a_package() -> None:
    """Only a folder with an `__init__.py` is installed."""
    folders = {path.parent for path in (ROOT / "generator").rglob("*.py")}
    assert sorted(str(f) for f in folders if not (f / "__init__.py").is_file()) == []


def test_no_test_is_installed() -> None:
    """Every package of tests is left out, and no other; no test lies beside a kind's modules."""
    code = [path.parent for path in program_files() if path.suffix == ".py"]
    tests = [path.parent for path in (ROOT / "generator").rglob("test_*.py")]
    assert tests
    assert [folder for folder in tests if not _left_out(folder)] == []
    assert [folder for folder in code if _left_out(folder)] == []
    names = {path.name for path in program_files()}
    assert [name for name in names if name.startswith(("test_", "conftest"))] == []


def _left_out(folder: Path) -> bool:
    """Whether setuptools leaves a package out: it compares names as `fnmatch` does."""
    name = folder.relative_to(ROOT).as_posix().replace("/", ".")
    return any(fnmatchcase(name, pattern) for pattern in FIND["exclude"])
