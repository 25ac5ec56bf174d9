"""Words problems: for editors in Traditional Chinese or English, for machines as JSON.

The wordings are in `messages/`, one code a line: code, what is wrong, what to do.  Codes that only
one kind's rules raise are in that kind's folder: `messages.<language>.tsv` and `examples.tsv`.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

from generator import PROGRAM
from generator.content.model import Problem, Severity
from generator.text.characters import code_points, latin_width, visible
from generator.text.dates import parse_date
from generator.text.likeness import difference

LANGUAGES = ("zh-TW", "en")
CODES_PAGE = "handbook/codes/"
"""The address of the page that explains every code, below the site's."""
BEFORE, AFTER = 40, 60
"""The characters of a line that an excerpt shows before and after a place."""
LineOf = Callable[[str, int], str]
"""Gives a line of a content file, "" if there is none."""


class Wording(Struct, frozen=True):
    """A message: what is wrong, and what to do."""

    sentence: str
    remedy: str


@cache
def messages(language: str, program: Path = PROGRAM) -> Mapping[str, Wording]:
    """All wordings of a language, by code or `code/detail`: the shared ones, then each kind's.

    Raises `ValueError` for a code that stands in two rows.
    """
    wordings: dict[str, Wording] = {}
    for path, line, (code, sentence, remedy) in _rows(language, 3, program):
        if code in wordings:
            raise ValueError(f"{path}:{line}: {code} has a message already")
        wordings[code] = Wording(sentence, remedy)
    return wordings


class Example(Struct, frozen=True):
    """A mistake and its correction: an extract of a file of the kind `where`, or words."""

    code: str
    where: str
    wrong: str
    right: str


@cache
def examples(program: Path = PROGRAM) -> tuple[Example, ...]:
    """One example for each code: the shared ones, then each kind's, in the order of their files.

    Raises `ValueError` for a code that stands in two rows.
    """
    by_code: dict[str, Example] = {}
    for path, line, (code, *texts) in _rows("examples", 4, program):
        if code in by_code:
            raise ValueError(f"{path}:{line}: {code} has an example already")
        by_code[code] = Example(code, *(text.replace("⏎", "\n") for text in texts))
    return tuple(by_code.values())


def message_file(folder: Path, name: str) -> Path:
    """The file in a kind's folder with the messages of a language, or with the `examples`."""
    return folder / ("examples.tsv" if name == "examples" else f"messages.{name}.tsv")


def _rows(name: str, width: int, program: Path) -> Iterator[tuple[Path, int, list[str]]]:
    """The rows of the shared file and of the kinds', each with its file and line.

    It lists the folders instead of importing kinds, which are in a higher layer.
    """
    kinds = sorted(path for path in (program / "kinds").iterdir() if path.is_dir())
    files = (program / "content/messages" / f"{name}.tsv", *(message_file(k, name) for k in kinds))
    for path in (path for path in files if path.is_file()):
        # not splitlines(): examples contain other characters that it takes for line ends
        lines = path.read_text("utf-8").removesuffix("\n").split("\n")
        for number, line in enumerate(lines, start=1):
            row = line.split("\t")
            if len(row) != width:
                raise ValueError(f"{path}:{number}: {len(row)} texts in a row of {width}")
            yield path, number, row


class Named(str):
    """A value in Chinese typography, which a format specification turns into Latin typography.

    `{known:list}` is a list, `names` a list of ids with titles in brackets, `ids` such a list
    without the titles, and `date` a day of the ROC calendar.
    """

    __slots__ = ()

    def __format__(self, form: str) -> str:
        """The value in a format; unchanged without one."""
        text = str(self)
        if form == "date":
            return parse_date(text).isoformat()
        if form == "ids":
            text = _TITLE.sub("", text)
        for sign, latin in _SIGNS[form]:
            text = text.replace(sign, latin)
        return text


_LIST = (("\u3001", ", "), ("\uff1f", "?"))
_BRACKETS = (("\uff08", " ("), ("\uff09", ")"))
_SIGNS = {"": (), "list": _LIST, "ids": _LIST, "names": (*_LIST, *_BRACKETS)}
_TITLE = re.compile("\uff08.*?\uff09(?=\u3001|\u2026|$)")


def worded(problem: Problem, language: str) -> Wording:
    """A problem's wording with its values filled in; a generic one if its code has no message."""
    wordings = messages(language)
    exact = f"{problem.code}/{problem.detail}"
    wording = wordings[exact] if exact in wordings else wordings.get(problem.code)
    if wording is None:
        return _unworded(problem, language)
    texts = {"line": str(problem.origin.line), **problem.values}
    values = {name: Named(value) for name, value in texts.items()}
    remedy = wording.remedy.format_map(values)
    if problem.detail.endswith("near") or problem.code == "file-name-clash":
        typed = values.get("typed", values.get("value", ""))
        remedy += _differing(typed, values.get("near", ""), language)
    return Wording(wording.sentence.format_map(values), remedy)


def _unworded(problem: Problem, language: str) -> Wording:
    """The message of a code without one: the code, its values, and the file to edit."""
    values = {"detail": problem.detail, **problem.values} if problem.detail else problem.values
    file = f"messages.{language}.tsv"
    if language == "en":
        listed = ", ".join(f"{name}: {value}" for name, value in sorted(values.items())) or "none"
        sentence = f"“{problem.code}” was found; the program has no words for it. Values: {listed}."
        return Wording(sentence, f"Whoever keeps the program adds a row to {file} of the kind.")
    listed = "、".join(f"{name}：{value}" for name, value in sorted(values.items())) or "無"
    sentence = f"發現「{problem.code}」這種問題，但程式還沒有它的說明。相關的值：{listed}。"
    return Wording(sentence, f"請維護程式的人在這種內容的 {file} 補上說明。")


def _differing(typed: str, near: str, language: str) -> str:
    """How two words that look alike differ: the suggestion alone would look like the mistake."""
    contrast = difference(typed, near)
    if contrast is None:
        return ""
    words = _DIFFERS[language]
    places = contrast.places[:_PLACES]
    form = words["seen" if contrast.what == "case" else "pointed"]
    letters = [
        [
            form.format(visible(part), Named(code_points(part))) if part else words["none"]
            for part in pair
        ]
        for pair in places
    ]
    pairs = words["between"].join(" ≠ ".join(pair) for pair in letters)
    return f"{words[contrast.what]}{pairs}{words['stop']}"


_PLACES = 3
"""The most differences between two words that a message names."""
_DIFFERS: Mapping[str, Mapping[str, str]] = {
    "zh-TW": {
        "case": "兩者只差在大小寫：",
        "form": "兩者看起來相同，字元的組合方式（Unicode 形式）不同：",
        "width": "兩者只差在全形、半形或相容字元：",
        "letters": "兩者看起來相似，字元不同：",
        "none": "（沒有字元）",
        "seen": "「{}」",
        "pointed": "「{}」（{}）",
        "between": "；",
        "stop": "。",
    },
    "en": {
        "case": " They differ in case alone: ",
        "form": " They look the same and differ in Unicode form: ",
        "width": " They differ in full-width or compatibility characters: ",
        "letters": " They look alike and differ in characters: ",
        "none": "nothing",
        "seen": "“{}”",
        "pointed": "“{}” ({:list})",
        "between": "; ",
        "stop": ".",
    },
}


def as_text(problem: Problem, folder: str, line_of: LineOf, language: str) -> str:
    """A problem for people: place, sentence and code; the line with a mark below; the remedy."""
    wording = worded(problem, language)
    label = _LABELS[language][problem.severity]
    lines = [f"{_place(problem, folder)}: {label}{wording.sentence}[{problem.code}]"]
    typed = line_of(problem.origin.path, problem.origin.line) if problem.origin.line else ""
    if typed and not typed.isspace():
        lines += _excerpt(typed, problem)
    return "\n".join((*lines, f"{_LABELS[language]['remedy']}{wording.remedy}"))


_LABELS: Mapping[str, Mapping[str, str]] = {
    "zh-TW": {Severity.ERROR: "", Severity.WARNING: "（提醒）", "remedy": "提示："},
    "en": {Severity.ERROR: "", Severity.WARNING: "(warning) ", "remedy": "Hint: "},
}


def _place(problem: Problem, folder: str) -> str:
    origin = problem.origin
    path = visible(_path(problem, folder))
    return f"{path}:{origin.line}:{origin.column}" if origin.line else path


def _path(problem: Problem, folder: str) -> str:
    """The path of a problem's file; the ledger is outside the content folder."""
    path = f"{folder}/{problem.origin.path}" if folder else problem.origin.path
    return posixpath.normpath(path) if problem.origin.path.startswith("../") else path


def _excerpt(typed: str, problem: Problem) -> list[str]:
    """The part of the line around the place, and marks below it: a line may be a page long."""
    column = problem.origin.column - 1
    start = max(0, column - BEFORE) if len(typed) > BEFORE + AFTER else 0
    end = max(column, BEFORE) + AFTER
    left, right = "…" if start else "", "…" if len(typed) > end else ""
    before = visible(left + typed[start:column])
    marked = visible(typed[column:end][: problem.origin.length])
    excerpt = visible(f"{left}{typed[start:end].rstrip()}{right}")
    return [
        f"{problem.origin.line:>4} | {excerpt}",
        f"     | {' ' * latin_width(before)}{'^' * max(1, latin_width(marked.rstrip()))}",
    ]


def as_json(placed: Sequence[tuple[Problem, str]], language: str) -> str:
    """Problems, each with its content folder, as a JSON list of places, values and wordings."""
    return json.dumps(
        [_json(problem, folder, language) for problem, folder in placed],
        ensure_ascii=False,
        indent=1,
    )


def _json(problem: Problem, folder: str, language: str) -> dict[str, object]:
    wording = worded(problem, language)
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": _path(problem, folder),
        "line": problem.origin.line,
        "column": problem.origin.column,
        "field": problem.origin.field,
        "message": wording.sentence,
        "remedy": wording.remedy,
        "values": dict(sorted(problem.values.items())),
    }


def as_github(problem: Problem, folder: str, language: str) -> str:
    """A problem as a workflow command, which GitHub shows as an annotation of a pull request."""
    wording = worded(problem, language)
    origin = problem.origin
    path = _escaped(_path(problem, folder)).replace(":", "%3A").replace(",", "%2C")
    place = f"file={path}"
    if origin.line:
        place += f",line={origin.line},col={origin.column}"
    text = f"{wording.sentence} {wording.remedy} [{problem.code}]"
    return f"::{problem.severity.value} {place}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
