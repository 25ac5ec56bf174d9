"""Problems in words: for editors in Traditional Chinese or English, for machines as JSON.

Wording lives in `messages/`, one code a line: code, what is wrong, what to do.  The codes that only
one kind's rules raise stand in that kind's folder: `messages.<language>.tsv` and `examples.tsv`.
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
BEFORE, AFTER = 40, 60
"""Characters of a line that are shown on either side of a place."""
LineOf = Callable[[str, int], str]
"""Gives a content file's line, "" where there is none."""


class Wording(Struct, frozen=True):
    """What is wrong, and what to do."""

    sentence: str
    remedy: str


@cache
def messages(language: str, program: Path = PROGRAM) -> Mapping[str, Wording]:
    """All wordings of a language, by code or `code/detail`: the shared ones, then each kind's.

    Raises `ValueError` for a code that stands in two rows.
    """
    found: dict[str, Wording] = {}
    for path, line, (code, sentence, remedy) in _rows(language, 3, program):
        if code in found:
            raise ValueError(f"{path}:{line}: {code} has a message already")
        found[code] = Wording(sentence, remedy)
    return found


class Example(Struct, frozen=True):
    """A mistake and how it is mended: a piece of a file of the kind `where`, or words."""

    code: str
    where: str
    wrong: str
    right: str


@cache
def examples(program: Path = PROGRAM) -> tuple[Example, ...]:
    """One example a code: the shared ones, then each kind's, in the order of their files.

    Raises `ValueError` for a code that stands in two rows.
    """
    found: dict[str, Example] = {}
    for path, line, (code, *texts) in _rows("examples", 4, program):
        if code in found:
            raise ValueError(f"{path}:{line}: {code} has an example already")
        found[code] = Example(code, *(text.replace("⏎", "\n") for text in texts))
    return tuple(found.values())


def message_file(folder: Path, name: str) -> Path:
    """A file of rows in a kind's folder: of a language, or that of `examples`."""
    return folder / ("examples.tsv" if name == "examples" else f"messages.{name}.tsv")


def _rows(name: str, width: int, program: Path) -> Iterator[tuple[Path, int, list[str]]]:
    """The rows of the shared file and of the kinds', each with its file and line.

    The folders are listed, and no kind is imported: kinds stand above this module.
    """
    kinds = sorted(path for path in (program / "kinds").iterdir() if path.is_dir())
    files = (program / "content/messages" / f"{name}.tsv", *(message_file(k, name) for k in kinds))
    for path in (path for path in files if path.is_file()):
        # a line ends in a line feed alone: examples hold other characters that end one
        lines = path.read_text("utf-8").removesuffix("\n").split("\n")
        for number, line in enumerate(lines, start=1):
            row = line.split("\t")
            if len(row) != width:
                raise ValueError(f"{path}:{number}: {len(row)} texts in a row of {width}")
            yield path, number, row


class Named(str):
    """A value as Chinese text has it, which a form puts as Latin text has it.

    `{known:list}` is a list, `names` one of ids with titles in brackets, `ids` the same without
    the titles, and `date` a day of the ROC calendar.
    """

    __slots__ = ()

    def __format__(self, form: str) -> str:
        """The value in a form; as it is without one."""
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
    """A problem's wording with its values filled in; a plain one where its code has no message."""
    known = messages(language)
    exact = f"{problem.code}/{problem.detail}"
    wording = known[exact] if exact in known else known.get(problem.code)
    if wording is None:
        return _unworded(problem, language)
    given = {"line": str(problem.origin.line), **problem.values}
    values = {name: Named(value) for name, value in given.items()}
    remedy = wording.remedy.format_map(values)
    if problem.detail.endswith("near") or problem.code == "file-name-clash":
        typed = values.get("typed", values.get("value", ""))
        remedy += _differing(typed, values.get("near", ""), language)
    return Wording(wording.sentence.format_map(values), remedy)


def _unworded(problem: Problem, language: str) -> Wording:
    """What is said of a code without a message: the code, its values, and the file to edit."""
    values = {"detail": problem.detail, **problem.values} if problem.detail else problem.values
    file = f"messages.{language}.tsv"
    if language == "en":
        given = ", ".join(f"{name}: {value}" for name, value in sorted(values.items())) or "none"
        sentence = f"“{problem.code}” was found; the program has no words for it. Values: {given}."
        return Wording(sentence, f"Whoever keeps the program adds a row to {file} of the kind.")
    given = "、".join(f"{name}：{value}" for name, value in sorted(values.items())) or "無"
    sentence = f"發現「{problem.code}」這種問題，但程式還沒有它的說明。相關的值：{given}。"
    return Wording(sentence, f"請維護程式的人在這種內容的 {file} 補上說明。")


def _differing(typed: str, meant: str, language: str) -> str:
    """What tells two words apart that look alike: a suggestion alone would repeat the mistake."""
    found = difference(typed, meant)
    if found is None:
        return ""
    words = _DIFFERS[language]
    places = found.places[:_PLACES]
    form = words["seen" if found.what == "case" else "pointed"]
    shown = [
        [
            form.format(visible(part), Named(code_points(part))) if part else words["none"]
            for part in pair
        ]
        for pair in places
    ]
    pairs = words["between"].join(" ≠ ".join(pair) for pair in shown)
    return f"{words[found.what]}{pairs}{words['stop']}"


_PLACES = 3
"""Places at which two words differ that a message names."""
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
    """Place, finding and code; the line with a mark below; what to do."""
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
    """The way to a problem's file; that of the ledger leads out of the content."""
    path = f"{folder}/{problem.origin.path}" if folder else problem.origin.path
    return posixpath.normpath(path) if problem.origin.path.startswith("../") else path


def _excerpt(typed: str, problem: Problem) -> list[str]:
    """The line around the place, and marks below it; a line of law may be a page long."""
    column = problem.origin.column - 1
    start = max(0, column - BEFORE) if len(typed) > BEFORE + AFTER else 0
    end = max(column, BEFORE) + AFTER
    left, right = "…" if start else "", "…" if len(typed) > end else ""
    before = visible(left + typed[start:column])
    marked = visible(typed[column:end][: problem.origin.length])
    shown = visible(f"{left}{typed[start:end].rstrip()}{right}")
    return [
        f"{problem.origin.line:>4} | {shown}",
        f"     | {' ' * latin_width(before)}{'^' * max(1, latin_width(marked.rstrip()))}",
    ]


def as_json(placed: Sequence[tuple[Problem, str]], language: str) -> str:
    """Problems, each with the folder it is in, as one JSON list of places, values and wording."""
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
    """A problem as an annotation of a pull request."""
    wording = worded(problem, language)
    origin = problem.origin
    place = f"file={_property(_path(problem, folder))}"
    if origin.line:
        place += f",line={origin.line},col={origin.column}"
    text = f"{wording.sentence} {wording.remedy} [{problem.code}]"
    return f"::{problem.severity.value} {place}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
