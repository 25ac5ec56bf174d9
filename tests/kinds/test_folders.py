"""A kind's folder holds its messages, words and templates; a missing one is named with its file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import PROGRAM
from generator.content.messages import LANGUAGES, message_file, messages, worded
from generator.content.model import Origin, Problem
from generator.output.fingerprint import program_files
from generator.text.translations import Words, words_of
from generator.text.urls import CHINESE, ENGLISH

FOLDERS = sorted(path.parent for path in (PROGRAM / "kinds").glob("*/kind.py"))
MAKERS = ("rule_problem", "rule_warning", "Problem")
WORD = re.compile(r"\bwords((?:\.[a-z_]+)+)")
TEMPLATE = re.compile(r"[\"']([a-z][a-z-]*\.html)[\"']")


def modules(folder: Path) -> list[Path]:
    """A kind's own modules."""
    return [p for p in program_files() if p.suffix == ".py" and p.is_relative_to(folder)]


def codes(folder: Path) -> Iterator[tuple[str, Path]]:
    """The codes of the problems that a kind's own modules make, as far as they are typed out."""
    for path in modules(folder):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MAKERS:
                named = [key.value for key in call.keywords if key.arg == "code"]
                for node in (*call.args[:1], *named):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield node.value, path


def test_the_tests_of_a_kind_are_no_part_of_the_program() -> None:
    """Whoever loads kinds and views loads no test; tests lie in the folders of some kinds."""
    load = "from generator.output.plugins import all_kinds, all_views; all_kinds(); all_views()"
    loaded = subprocess.run(
        [sys.executable, "-c", f"{load}; import sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        cwd=PROGRAM.parent,
        text=True,
    ).stdout.split()
    assert "generator.kinds.gazette.kind" in loaded
    assert [name for name in loaded if ".tests" in name] == []
    assert list(PROGRAM.glob("kinds/*/tests/test_*.py")) != []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_message(folder: Path, language: str) -> None:
    """The file to edit is named: that of the kind."""
    known = {row.partition("/")[0] for row in messages(language)}
    missing = [f"{path.name}: {code}" for code, path in codes(folder) if code not in known]
    assert missing == [], f"add rows to {message_file(folder, language)}"


def test_codes_are_seen() -> None:
    """The test above reads codes at all, in every kind that has rules of its own."""
    seen = {folder.name: len({code for code, _ in codes(folder)}) for folder in FOLDERS}
    assert seen["gazette"] > 20
    assert seen["statistics"] > 10


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
def test_every_word_of_a_template_exists(folder: Path, language: str) -> None:
    """A word that a kind's template asks for stands in its own file or in the shared one."""
    missing = [
        f"{path.name}: words{name}"
        for path in sorted((folder / "templates").glob("*.html"))
        for name in WORD.findall(path.read_text("utf-8"))
        if not _has(words_of(language), name.strip(".").split("."))
    ]
    assert missing == [], f"add them to {folder}/words.{language}.yaml"


def _has(words: Words, steps: list[str]) -> bool:
    """Whether there is such a word; what follows a word is a method of its text."""
    for step in steps:
        if isinstance(words, str):
            return step == "format"
        if step not in words:
            return False
        words = words[step]
    return True


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_template_that_a_kind_names_exists(folder: Path) -> None:
    """It stands in the kind's folder or among the shared ones."""
    there = {path.name for path in PROGRAM.rglob("templates/*.html")}
    texts = [path.read_text("utf-8") for path in modules(folder)]
    missing = {name for text in texts for name in TEMPLATE.findall(text)} - there
    assert missing == set(), f"add them to {folder}/templates/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_without_a_message_is_shown_with_its_values(language: str) -> None:
    """An editor reads what was found, and the maintainer in which file its words are missing."""
    problem = Problem(code="made-up", origin=Origin(path="a.yaml"), values={"value": "甲"})
    said = worded(problem, language)
    assert "made-up" in said.sentence
    assert "甲" in said.sentence
    assert f"messages.{language}.tsv" in said.remedy


def _copied(root: Path) -> Path:
    """The shared messages and words with one kind's, where they may be changed."""
    for name in ("content/messages/en.tsv", "text/words/en.yaml"):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_bytes((PROGRAM / name).read_bytes())
    (root / "kinds/mine").mkdir(parents=True)
    return root


def test_a_message_that_is_given_twice_is_named(tmp_path: Path) -> None:
    """Two rows of one code would say now one thing and now the other."""
    file = _copied(tmp_path) / "kinds/mine/messages.en.tsv"
    file.write_text("mine\tA.\tB.\nfile-conflict\tA.\tB.\n", "utf-8")
    with pytest.raises(ValueError, match=f"{file}:2: file-conflict has a message already"):
        messages("en", tmp_path)
    file.write_text("mine\tA.\n", "utf-8")
    with pytest.raises(ValueError, match=f"{file}:1: 2 texts in a row of 3"):
        messages("en", tmp_path)


def test_a_word_that_is_given_twice_is_named(tmp_path: Path) -> None:
    """A kind adds words to the groups; it replaces none."""
    file = _copied(tmp_path) / "kinds/mine/words.en.yaml"
    file.write_text("home:\n  mine: Mine\n", "utf-8")
    assert words_of("en", tmp_path)["home"]["mine"] == "Mine"
    file.write_text("list:\n  years: Mine\n", "utf-8")
    words_of.cache_clear()
    with pytest.raises(ValueError, match=f"{file}: another file has the word 'years'"):
        words_of("en", tmp_path)
