"""An installed program has all its files: templates, words, messages and tables beside the code."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATTERNS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "tool"
]["setuptools"]["package-data"]


def _files() -> set[Path]:
    """What lies in the program's folder, without the code and what Python makes of it."""
    paths = (path for path in (ROOT / "generator").rglob("*") if path.is_file())
    return {path for path in paths if path.suffix != ".py" and "__pycache__" not in path.parts}


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
