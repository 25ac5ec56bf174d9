"""JSON Schemas say what `check` says, as far as a schema can; editors' programs use them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from sample_sites import SITES

from generator.commands._cli import main
from generator.commands._console import CLEAN
from generator.content.field_types import FieldType, Reading, Schema
from generator.content.model import MappingNode, Node, Origin, Problem, ScalarNode, SequenceNode
from generator.content.record import read_group
from generator.content.settings import Settings, read_settings
from generator.content.value_types import Day, PartialDay
from generator.content.yaml_reader import read_front_matter, read_tree
from generator.output.plugins import all_kinds
from generator.site.json_schema import kind_schema, schemas, site_schema
from generator.site.kind import Kind

PROJECT = Path(__file__).resolve().parents[2]
MUTATIONS = 300
SAMPLES = (SITES / "full", SITES / "minimal", SITES / "unicode", PROJECT / "content")
KINDS = {kind.name: kind for kind in all_kinds()}
CHOICES = {
    root: _settings.choices for root in SAMPLES if (_settings := read_settings(root).settings)
}
ONLY_CHECK = {
    *("file-name-invalid", "text-control", "outline-orphan", "date-invalid/day"),
    *("date-invalid/year", "not-stated-given", "not-stated-unknown", "list-repeated"),
    "text-short",
}
"""What a schema cannot say: days of a month, names of files, what fields say of each other, what
stands below a front matter."""

_CORE = (
    (re.compile("~|null|Null|NULL|"), lambda text: None),
    (re.compile("true|True|TRUE"), lambda text: True),
    (re.compile("false|False|FALSE"), lambda text: False),
    (re.compile("[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)


def as_editors_see(node: Node, *, typed_numbers: bool = False) -> Any:
    """A tree with its plain scalars resolved by YAML 1.2's core schema.

    With `typed_numbers` a number stays the text that was typed: editors' programs lose it.
    """
    if isinstance(node, SequenceNode):
        return [as_editors_see(inner, typed_numbers=typed_numbers) for inner in node.nodes]
    if isinstance(node, MappingNode):
        pairs = ((key.text, inner) for key, inner in node.pairs)
        return {key: as_editors_see(i, typed_numbers=typed_numbers) for key, i in pairs}
    fitting = (make for form, make in _CORE if node.plain and form.fullmatch(node.text))
    make = next(fitting, str)
    return node.text if typed_numbers and make in (int, float) else make(node.text)


def samples(root: Path) -> Iterator[tuple[Kind, Path]]:
    """Every file of a sample site with its kind."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        for kind in KINDS.values():
            if kind.pattern.fullmatch(name):
                yield kind, path


def trees(kind: Kind, content: bytes) -> list[Node] | None:
    """The records of a file, or None where it is no YAML."""
    tree = (read_front_matter if kind.front_matter else read_tree)(content, "x")
    if isinstance(tree, Problem):
        return None
    if not kind.authority:
        return [tree]
    return list(tree.nodes) if isinstance(tree, SequenceNode) else None


def codes_of(kind: Kind, node: Node, root: Path) -> set[str]:
    """The codes of the errors that reading a record reports."""
    reading = Reading([], CHOICES[root])
    read_group(kind.record_type, node, reading)
    stopping = [problem for problem in reading.problems if problem.stops]
    return {p.code + (f"/{p.detail}" if p.code == "date-invalid" else "") for p in stopping}


def errors_of(kind: Kind, node: Node, root: Path, *, typed_numbers: bool = False) -> list[str]:
    """What the schema's validator says of a record."""
    schema: Schema = kind_schema(kind, CHOICES[root])
    value = as_editors_see(node, typed_numbers=typed_numbers)
    if kind.front_matter:
        value = {name: inner for name, inner in value.items() if name != "markdown"}
    errors = Draft7Validator(schema.get("items", schema)).iter_errors(value)
    return [error.message for error in errors]


@pytest.mark.parametrize("root", SAMPLES, ids=lambda root: root.name)
def test_schemas_accept_every_sample(root: Path) -> None:
    """What `check` accepts, the schema accepts."""
    judgements = 0
    for kind, path in samples(root):
        for node in trees(kind, path.read_bytes()) or []:
            assert codes_of(kind, node, root) == set(), path
            assert errors_of(kind, node, root) == [], path
            judgements += 1
    assert judgements > 2
    tree = read_tree((root / "site.yaml").read_bytes(), "site.yaml")
    assert not isinstance(tree, Problem)
    assert not list(Draft7Validator(site_schema()).iter_errors(as_editors_see(tree)))
    assert read_group(Settings, tree, Reading([], {})) is not None


VALUES = (
    *("", "~", "null", "true", "no", "12", "010", "+3", "1e3", "1_000", "-1", "0.5", "105-01-04"),
    *(
        "105-13-04",
        "2016-02-30",
        "2016/01/04",
        "20160104",
        "1050104",
        "1051304",
        "105年1月4日",
        "105年13月4日",
        "民國元年1月1日",
        "民國元年",
        "一○五年一月四日",
        "2016-1-4",
        "105",
        "JP",
        "rule",
        "order",
        "city",
        "x",
        "[]",
        "[a, a]",
        "{a: b}",
    ),
    *(
        "[1, 2]",
        '"x\\ny"',
        "' '",
        "https://example.org/",
        "www.x",
        "甲" * 700,
        "檔案",
        "not_stated",
    ),
)


def mutated(text: str, chance: random.Random) -> str:
    """A file's text with a line gone, doubled or renamed, or with another value."""
    lines = text.split("\n")
    place = chance.randrange(len(lines))
    way = chance.randrange(4)
    if way == 0:
        del lines[place]
    elif way == 1:
        lines.insert(place, lines[chance.randrange(len(lines))])
    elif way == 2:
        lines[place] = re.sub(
            r"[a-z_]+:", chance.choice(("titel:", "note:", "from:")), lines[place]
        )
    else:
        name, colon, _ = lines[place].partition(": ")
        lines[place] = f"{name}{colon}{chance.choice(VALUES)}" if colon else chance.choice(VALUES)
    return "\n".join(lines)


def test_schemas_agree_with_check_on_mutations() -> None:
    """Of 300 damaged records the schema and `check` accept and refuse the same ones."""
    files = [(root, kind, path) for root in SAMPLES for kind, path in samples(root)]
    chance, compared, refused = random.Random(20160506), 0, 0
    disagreeing: list[tuple[str, set[str], list[str]]] = []
    while compared < MUTATIONS:
        root, kind, path = chance.choice(files)
        text = mutated(path.read_text(encoding="utf-8"), chance)
        for node in trees(kind, text.encode()) or []:
            codes = codes_of(kind, node, root)
            if codes and codes <= ONLY_CHECK:
                continue
            errors = errors_of(kind, node, root, typed_numbers=True)
            lost = [] if codes else errors_of(kind, node, root)
            compared, refused = compared + 1, refused + bool(codes)
            if bool(codes) != bool(errors) or lost:
                disagreeing.append((text, codes, [*errors, *lost]))
    assert disagreeing == []
    assert refused > MUTATIONS / 4


DAYS = (
    *("2016-01-04", "2016/01/04", "2016.01.04", "105-1-4", "20160104", "1050104", "0980104"),
    *("105年1月4日", "2016 年 1 月 4 日", "民國元年1月1日", "民國前1年十月十日"),
    *("一○五年一月四日", "一百零五年十二月卅一日", "西元2016年1月4日", "16-01-04"),
)
NO_DAYS = (
    *("", "105", "2016-1-4", "2016-01/04", "105.13.4", "1051304", "20161304", "980104"),
    *("105年13月4日", "一○五年十三月四日", "民國元年", "元年1月1日", "一月四日", "今天"),
)


@pytest.mark.parametrize("field", [Day(), PartialDay()], ids=["day", "partial"])
def test_dates_of_every_form_are_judged_alike(field: FieldType) -> None:
    """A schema accepts the forms of a date that `check` reads, and refuses those that it refuses.

    Digits alone are a number to YAML editors.
    """
    schema = Draft7Validator(field.schema({}))
    for typed in (*DAYS, *NO_DAYS):
        reading = Reading([], {})
        node = ScalarNode(text=typed, origin=Origin(path="x"))
        read = field.read(node, reading) is not None
        assert schema.is_valid(as_editors_see(node, typed_numbers=True)) == read, typed
        assert not read or schema.is_valid(as_editors_see(node)), typed
        assert read or typed not in DAYS


def test_schemas_are_in_plain_reach_of_editors() -> None:
    """No schema begins with a choice of shapes, which editors' programs explain badly."""
    for name, _, schema in schemas(all_kinds(), {}):
        Draft7Validator.check_schema(schema)
        assert not {"oneOf", "anyOf"} & set(schema), name
        top = schema.get("items", schema)
        for field, inner in top["properties"].items():
            assert re.search("[一-鿿]", inner["title"]), (name, field)
            assert inner["description"].startswith(inner["title"]), (name, field)


def test_the_command_prints_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """`gongbao schema KIND` prints the kind's schema with the site's own words."""
    assert main(["schema", "gazette", "--content", str(SITES / "full")]) == CLEAN
    schema = json.loads(capsys.readouterr().out)
    assert schema == kind_schema(KINDS["gazette"], CHOICES[SITES / "full"])
    assert "draft" in schema["properties"]["category"]["enum"]
