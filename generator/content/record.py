"""Records: typed, frozen, each field described once.

`described` puts a field's type, zh-TW title and description beside its annotation; reading,
messages and documentation all take them from there.  `read_group` turns a YAML mapping into
such a class, and reports everything that does not fit.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self, TypeVar, dataclass_transform

from generator.content.field_types import (
    SLUG,
    Choices,
    FieldType,
    Leaf,
    Many,
    Pattern,
    Reading,
    Schema,
    Text,
    by_name,
    near,
    report_comment,
)
from generator.content.model import MappingNode, Node, Origin, Ref, ScalarNode, SequenceNode
from generator.content.value_types import Address, Day, Flag, Reference

_KEY = "described"
GroupT = TypeVar("GroupT")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """The one description of a field; `name` is what editors type.

    Python's own words take an underscore as `attribute` (`from` is `from_`).  What is `late` is
    asked for only where a record is worked on by itself, and need not be in memory before.
    """

    name: str
    attribute: str
    type: FieldType
    title: str
    description: str
    required: bool
    late: bool


def described(
    type_: FieldType,
    title: str,
    description: str = "",
    *,
    required: bool = False,
    late: bool = False,
) -> Any:
    """A dataclass field that carries its own description; absent it is its type's blank."""
    spec = FieldSpec("", "", type_, title, description, required, late)
    return dataclasses.field(default=type_.blank, metadata={_KEY: spec})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(described,))
def group(cls: type[GroupT]) -> type[GroupT]:
    """Makes a class of described fields frozen, slotted and keyword-only."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(described,))
def mixin(cls: type[GroupT]) -> type[GroupT]:
    """Makes described fields that groups take on beside those of a base of their own.

    Without slots: two bases that have such cannot meet.
    """
    return dataclass(frozen=True, kw_only=True)(cls)


def specs(cls: type) -> tuple[FieldSpec, ...]:
    """The described fields of a group, in the order written."""
    return _specs(cls)


@cache
def _specs(cls: Any) -> tuple[FieldSpec, ...]:
    return tuple(
        dataclasses.replace(field.metadata[_KEY], name=field.name.rstrip("_"), attribute=field.name)
        for field in dataclasses.fields(cls)
        if _KEY in field.metadata
    )


@dataclass(frozen=True)
class Group(FieldType):
    """A mapping with described fields."""

    cls: type[Any]

    def read(self, node: Node, reading: Reading) -> Any:
        """An instance of the class, or None where a field could not be read."""
        return read_group(self.cls, node, reading)

    def leaves(self, value: Any, path: str) -> Iterator[Leaf]:
        """The single values of every field of the group."""
        yield from leaves(value, path)

    def types(self) -> Iterator[type[FieldType]]:
        """Those of every field of the group."""
        for spec in specs(self.cls):
            yield from spec.type.types()

    def schema(self, choices: Choices) -> Schema:
        """An object of the class's fields."""
        return group_schema(self.cls, choices)


def group_schema(cls: type, choices: Choices) -> Schema:
    """The JSON Schema of a group: its fields, no others, those required unless excused."""
    held = specs(cls)
    excusable = any(spec.name == "not_stated" for spec in held)
    needed = [_needed(spec) for spec in held if spec.required]
    schema: Schema = {
        "type": "object",
        "properties": {spec.name: _field_schema(spec, choices) for spec in held},
        "additionalProperties": False,
    }
    if not needed:
        return schema
    if excusable:
        needed = [_unless_excused(rule) for rule in needed]
    return {**schema, "allOf": needed}


def _field_schema(spec: FieldSpec, choices: Choices) -> Schema:
    """A field's schema with its words; left empty it counts as absent."""
    schema = spec.type.schema(choices)
    about = [f"{spec.title}（必填）" if spec.required else spec.title, spec.description]
    about.append(schema.pop("description", ""))
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    else:
        types = schema["type"]
        schema["type"] = [*([types] if isinstance(types, str) else types), "null"]
    return {"title": spec.title, "description": "。".join(filter(None, about)), **schema}


def _needed(spec: FieldSpec) -> Schema:
    """A field must be there, and hold something."""
    return {
        "required": [spec.name],
        "properties": {spec.name: {"not": {"type": "null"}}},
        "errorMessage": f"缺少必填欄位「{spec.name}」（{spec.title}）。",
    }


def _unless_excused(rule: Schema) -> Schema:
    (name,) = rule["required"]
    listed = {"properties": {"not_stated": {"type": "array", "contains": {"const": name}}}}
    return {"if": {**listed, "required": ["not_stated"]}, "then": True, "else": rule}


@group
class Revision:
    """A dated note on what was changed after publication."""

    date: dt.date = described(Day(), "日期", required=True)
    note: str = described(Text(lines=True), "修訂說明", required=True)


@group
class Record:
    """What every kind's records hold beside their own fields.

    `ref` is the record's name for others, `digest` is of the record as typed.
    """

    kind: str = ""
    id: str = ""
    ref: Ref = dataclasses.field(default=Ref("", ""), init=False, compare=False, repr=False)
    origin: Origin = dataclasses.field(default=Origin(path=""), compare=False)
    places: Mapping[str, Origin] = dataclasses.field(default_factory=dict, compare=False)
    digest: str = dataclasses.field(default="", compare=False)
    published_on: dt.date | None = described(Day(), "發布日期", "本筆資料對外發布的日期")
    revisions: tuple[Revision, ...] = described(Many(Group(Revision)), "修訂紀錄")
    not_stated: tuple[str, ...] = described(
        Many(Pattern(detail="field-name"), unique=True), "來源未載明的欄位"
    )
    personal_data: bool = described(Flag(), "含個人資料")
    expires_on: dt.date | None = described(Day(), "下架日期")
    legacy_urls: tuple[str, ...] = described(Many(Address(), unique=True), "舊網址")
    source: str = described(Text(lines=True), "資料來源")

    def __post_init__(self) -> None:
        object.__setattr__(self, "ref", Ref(self.kind, self.id))

    @property
    def record_type(self) -> type[Self]:
        """The class that its kind declares; one that is read back is of a class beneath that."""
        return type(self)

    @property
    def folder(self) -> str:
        """The folder of the content that its file stands in: what is read as a whole."""
        return self.origin.path.rpartition("/")[0]

    @property
    def parts_of(self) -> tuple[Ref, ...]:
        """Records that this one belongs to by its place, not by a field."""
        return ()

    def place(self, name: str) -> Origin:
        """Where a field (a dotted path) was typed, else what it is part of, else the record."""
        while name and name not in self.places:
            name = name.rpartition(".")[0]
        return self.places.get(name, self.origin)

    def lacks(self, name: str) -> bool:
        """Whether the editor says that the source does not give this field."""
        return name in self.not_stated


def leaves(value: Any, path: str = "") -> Iterator[Leaf]:
    """The single values that a group's given fields hold."""
    for spec in specs(type(value)):
        held, blank = getattr(value, spec.attribute), spec.type.blank
        # nearly every absent field holds the blank itself, which is seen without comparing
        if held is not None and held is not blank and held != blank:
            yield from spec.type.leaves(held, f"{path}.{spec.name}" if path else spec.name)


def leaves_of(record: Any, *types: type[FieldType]) -> Iterator[Leaf]:
    """The single values of some types; fields that cannot hold such are passed over."""
    cls: Any = type(record)
    for spec in _holding(cls, types):
        held, blank = getattr(record, spec.attribute), spec.type.blank
        if held is not None and held is not blank and held != blank:
            found = spec.type.leaves(held, spec.name)
            yield from (leaf for leaf in found if isinstance(leaf.type, types))


@cache
def _holding(cls: Any, types: tuple[type[FieldType], ...]) -> tuple[FieldSpec, ...]:
    held = (spec for spec in specs(cls) if any(issubclass(t, types) for t in spec.type.types()))
    return tuple(held)


def label_of(record: Any, path: str) -> str:
    """The zh-TW title of the field of a record that a dotted path begins with."""
    first = path.partition(".")[0]
    return next((spec.title for spec in specs(type(record)) if spec.name == first), first)


def references(record: Record) -> Iterator[Ref]:
    """The records that a record belongs to, and those its fields name, in the order typed."""
    yield from record.parts_of
    for leaf in leaves_of(record, Reference):
        yield leaf.value


def read_group(cls: type[GroupT], node: Node, reading: Reading, **given: Any) -> GroupT | None:
    """An instance of `cls` from a mapping, or None after every misfit has been reported."""
    if not isinstance(node, MappingNode):
        reading.report("field-shape", node.origin, "mapping")
        return None
    known = _named_specs(cls)
    before = len(reading.problems)
    values = _read_values(node, known, reading)
    _report_missing(node, known, values, reading)
    attributes = {known[name].attribute: value for name, value in values.items()}
    return cls(**attributes, **given) if not _errors(reading, before) else None


def _named_specs(cls: Any) -> Mapping[str, FieldSpec]:
    return _by_name(cls)


@cache
def _by_name(cls: Any) -> Mapping[str, FieldSpec]:
    return {spec.name: spec for spec in specs(cls)}


def _errors(reading: Reading, before: int) -> bool:
    """Whether there are new errors; of many groups each looks at its own alone."""
    return any(problem.severity == "error" for problem in reading.problems[before:])


def _read_values(
    node: MappingNode, known: Mapping[str, FieldSpec], reading: Reading
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.pairs:
        spec = known.get(key.text)
        if spec is None:
            _report_unknown(key, value, known, reading)
            continue
        inner = reading.inside(spec.name, value.origin, spec.title)
        if not (isinstance(value, ScalarNode) and value.is_null):
            values[spec.name] = spec.type.read(value, inner)
        elif value.comment and spec.type.text:
            # `subject: #3 opens` looks like a text, and YAML reads nothing
            report_comment(value, inner)
            values[spec.name] = None
    return values


def _report_unknown(
    key: ScalarNode, value: Node, known: Mapping[str, FieldSpec], reading: Reading
) -> None:
    titles = {name: spec.title for name, spec in known.items()}
    guess = by_name(key.text, titles) or near(key.text, tuple(known))
    severed = isinstance(value, ScalarNode) and value.origin.line == key.origin.line
    comma = severed and isinstance(value, ScalarNode) and value.plain and not value.text
    detail = "near" if guess else "comma" if comma else ""
    shared = {spec.name for spec in specs(Record)}
    listed = "、".join(sorted(known, key=lambda name: name in shared))
    reading.report("field-unknown", key.origin, detail, value=key.text, near=guess, known=listed)


def _report_missing(
    node: MappingNode, known: Mapping[str, FieldSpec], values: dict[str, Any], reading: Reading
) -> None:
    excused = _excused(node) if "not_stated" in known else {}
    empty = {key.text: key.origin for key, _ in node.pairs}
    for spec in known.values():
        if spec.required and spec.name not in values and spec.name not in excused:
            place = empty.get(spec.name, node.origin)
            detail = "" if "not_stated" in known else "inner"
            reading.inside(spec.name, place, spec.title).report("field-required", place, detail)
    for name, place in excused.items():
        if not SLUG.fullmatch(name):
            continue  # reported where the list itself is read
        if name in _NAMING:
            reading.report("not-stated-unknown", place, "naming", value=name)
        elif name not in known:
            guess = near(name, tuple(known))
            detail = "near" if guess else ""
            reading.report("not-stated-unknown", place, detail, value=name, near=guess)
        elif name in values:
            reading.inside(name, place, known[name].title).report("not-stated-given", place)
        else:
            reading.inside(name, place, known[name].title).warn("not-stated", place)


_NAMING = ("id", "name", "names", "title")
"""Fields that a record is called by: a page without a name helps nobody."""


def _excused(node: MappingNode) -> dict[str, Origin]:
    names = node.get("not_stated")
    listed = names.nodes if isinstance(names, SequenceNode) else ()
    return {name.text: name.origin for name in listed if isinstance(name, ScalarNode)}
