"""Converts rows of another system (JSON Lines or mapped CSV) to content that `check` accepts.

A kind's `intake` decides what becomes of a row.  Every row ends up in the content or among the
rejects with its reasons; nothing is repaired silently.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from generator.content.field_types import Reading
from generator.content.model import MappingNode, Node, Origin, Problem, ScalarNode, SequenceNode
from generator.content.record import read_group
from generator.content.yaml_reader import read_bytes, read_tree
from generator.site.intake import Categories, Intake, Row
from generator.site.kind import Kind

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_TEXT = "tag:yaml.org,2002:str"


class IntakeRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """The input file, its mapping or the target folder is unusable; the message names it."""


class Rejected(Struct, frozen=True, kw_only=True):
    """A row that gives no valid record; `number` counts from 1."""

    number: int
    row: Mapping[str, Any]
    problems: tuple[Problem, ...]


class TakenIn(Struct, frozen=True, kw_only=True):
    """The result of an import: the content's files by path, and the rejects."""

    files: Mapping[str, str]
    imported: int
    rejected: tuple[Rejected, ...]


def take_in(rows: Sequence[Row], kind: Kind, intake: Intake, categories: Categories) -> TakenIn:
    """The content of all rows that give valid records, and the other rows."""
    accepted: list[tuple[Row, Mapping[str, Any]]] = []
    rejected: list[Rejected] = []
    for number, row in enumerate(rows, start=1):
        fields = intake.fields(row, categories)
        problems = (*intake.faults(row), *_problems(fields, kind))
        if problems:
            rejected.append(Rejected(number=number, row=row, problems=problems))
        else:
            accepted.append((row, fields))
    tree = intake.arrange(accepted)
    files = {path: yaml_text(value) for path, value in tree.items()}
    return TakenIn(files=files, imported=len(accepted), rejected=tuple(rejected))


def _problems(fields: Mapping[str, Any], kind: Kind) -> tuple[Problem, ...]:
    reading = Reading([], {})
    try:
        tree = read_tree(yaml_text(fields).encode(), "")
    except UnicodeEncodeError as fault:
        character = f"U+{ord(fault.object[fault.start]):04X}"
        reading.report("text-control", Origin(path=""), character=character)
        return tuple(reading.problems)
    if isinstance(tree, Problem):
        return (tree,)
    read_group(kind.record_type, tree, reading)
    return tuple(reading.problems)


def read_rows(file: Path, mapping: Path | None) -> tuple[Row, ...]:
    """The rows of a JSON Lines file, or of a CSV file whose columns `mapping` names.

    The mapping is a YAML file of `field: column`.  Raises `IntakeRefused`.
    """
    try:
        text = _content(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise IntakeRefused(str(file)) from None
    if file.suffix == ".csv":
        columns = _columns(mapping, file)
        records = csv.DictReader(io.StringIO(text, newline=""))
        return tuple(
            {field: record.get(column) or None for field, column in columns.items()}
            for record in records
        )
    return tuple(_json_rows(text, file))


def _content(file: Path) -> bytes:
    try:
        return read_bytes(file)
    except OSError as fault:
        raise IntakeRefused(f"{file}: {os.strerror(fault.errno or 0)}") from None


def _json_rows(text: str, file: Path) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                # numbers stay as typed, since a document number may have leading zeros
                row = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
            except ValueError as fault:
                raise IntakeRefused(f"{file}:{number}: {fault}") from None
            if not isinstance(row, dict):
                raise IntakeRefused(f"{file}:{number}: not an object")
            for name, value in row.items():
                parts = value if isinstance(value, list) else [value]
                if value is not None and not all(isinstance(part, str) for part in parts):
                    raise IntakeRefused(f"{file}:{number}: {name}: not a text or a list of texts")
            yield row


def _columns(mapping: Path | None, file: Path) -> Mapping[str, str]:
    if mapping is None:
        raise IntakeRefused(f"{file}: --mapping")
    tree = read_tree(_content(mapping), str(mapping))
    if not isinstance(tree, MappingNode):
        raise IntakeRefused(str(mapping))
    return {key.text: node.text for key, node in tree.pairs if isinstance(node, ScalarNode)}


def yaml_text(value: Any) -> str:
    """A value as YAML that reads back unchanged, with texts of several lines as blocks if exact."""
    text = ""
    for style in (_Block, _Quoted):
        text = yaml.dump(
            _styled(value, style),
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            width=10**9,
        )
        tree = read_tree(text.encode(), "")
        if not isinstance(tree, Problem) and _plain(tree) == _texts(value):
            break
    return text


class _Block(str):
    """A text of several lines that is written as a block."""

    __slots__ = ()


class _Quoted(str):
    """A text of several lines that is written in quotes: a block cannot represent every text."""

    __slots__ = ()


class _Dumper(DUMPER):  # type: ignore[misc, valid-type]  # the class is chosen at run time
    """Writes texts of several lines in the style of their class."""


_Dumper.add_representer(_Block, lambda dumper, text: dumper.represent_scalar(_TEXT, str(text), "|"))
_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar(_TEXT, str(text), '"')
)


def _styled(value: Any, style: type[str]) -> Any:
    if isinstance(value, str):
        return style(value) if "\n" in value else value
    if isinstance(value, Mapping):
        return {key: _styled(inner, style) for key, inner in value.items()}
    return [_styled(inner, style) for inner in value]


def _plain(node: Node) -> Any:
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [_plain(inner) for inner in node.nodes]
    return {key.text: _plain(inner) for key, inner in node.pairs}


def _texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _texts(inner) for key, inner in value.items()}
    return value if isinstance(value, str) else [_texts(inner) for inner in value]


def rejects_text(rejected: Iterable[Rejected], word: Callable[[Problem], str]) -> str:
    """The rejects as JSON Lines: number, reasons, and the row as it was read."""
    lines = (
        json.dumps(
            {"number": r.number, "reasons": [word(p) for p in r.problems], "row": r.row},
            ensure_ascii=False,
        )
        for r in rejected
    )
    return "".join(f"{line}\n" for line in lines)


def write_tree(folder: Path, files: Mapping[str, str], rejects: str) -> Path:
    """Writes the content into a new or empty folder and the rejects beside it.

    Returns the path of the rejects.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise IntakeRefused(str(folder))
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    beside = folder.with_name(f"{folder.name}-rejects.jsonl")
    beside.write_text(rejects, encoding="utf-8", newline="\n")
    return beside
