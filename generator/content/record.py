"""Records: typed, frozen, each field described once.

`described` puts a field's type, zh-TW title and description beside its annotation; reading,
messages and documentation all use them.  `read_group` turns a YAML mapping into such a class, and
reports everything that does not fit.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
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

    A keyword of Python gets an underscore as `attribute` (`from` is `from_`).
    """

    name: str
    attribute: str
    type: FieldType
    title: str
    description: str
    required: bool


def described(
    type_: FieldType,
    title: str,
    description: str = "",
    *,
    required: bool = False,
) -> Any:
    """A dataclass field with its description; its default is its type's blank."""
    spec = FieldSpec("", "", type_, title, description, required)
    return dataclasses.field(default=type_.blank, metadata={_KEY: spec})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(described,))
def group(cls: type[GroupT]) -> type[GroupT]:
    """Makes a class of described fields frozen, slotted and keyword-only."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(described,))
def mixin(cls: type[GroupT]) -> type[GroupT]:
    """Makes a class of described fields that groups inherit beside another base.

    It has no slots, since a class cannot have two bases with slots.
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
    blank: Any = None

    def read(self, node: Node, reading: Reading) -> Any:
        """An instance of the class, or None where a field could not be read."""
        return read_group(self.cls, node, reading)

    def leaves(self, value: Any, path: str) -> Iterator[Leaf]:
        """The single values of every field of the group."""
        yield from leaves(value, path)

    def types(self) -> Iterator[type[FieldType]]:
        """The types of every field of the group."""
        for spec in specs(self.cls):
            yield from spec.type.types()

    def schema(self, choices: Choices) -> Schema:
        """An object of the class's fields."""
        return group_schema(self.cls, choices)


def group_schema(cls: type, choices: Choices) -> Schema:
    """The JSON Schema of a group: its fields and no others; `not_stated` excuses required ones."""
    fields = specs(cls)
    excusable = any(spec.name == "not_stated" for spec in fields)
    needed = [_needed(spec) for spec in fields if spec.required]
    schema: Schema = {
        "type": "object",
        "properties": {spec.name: _field_schema(spec, choices) for spec in fields},
        "additionalProperties": False,
    }
    if not needed:
        return schema
    if excusable:
        needed = [_unless_excused(rule) for rule in needed]
    return {**schema, "allOf": needed}


def _field_schema(spec: FieldSpec, choices: Choices) -> Schema:
    """A field's schema with its title and description; an empty field counts as absent."""
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
    """The schema rule that a field is present and not empty."""
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
    """The base class of records: the fields that all kinds share.

    `ref` is the name by which others refer to the record, `digest` that of the record as typed.
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
        """The content folder of the record's file; the files of a folder are read together."""
        return self.origin.path.rpartition("/")[0]

    @property
    def parts_of(self) -> tuple[Ref, ...]:
        """The records that this one belongs to by its path, not by a field."""
        return ()

    def place(self, name: str) -> Origin:
        """The place of a field (a dotted path), else of the field around it, else of the record."""
        while name and name not in self.places:
            name = name.rpartition(".")[0]
        return self.places.get(name, self.origin)

    def lacks(self, name: str) -> bool:
        """Whether the editor says that the source does not give this field."""
        return name in self.not_stated


RecordT = TypeVar("RecordT", bound=Record)


_CHANGED = " "
"""Between the digest of a record and that of the values that were changed."""


def changed(record: RecordT, **values: Any) -> RecordT:
    """A record with some other values, and a digest that differs with them."""
    cls = record.record_type
    kept = {f.name: getattr(record, f.name) for f in dataclasses.fields(cls) if f.init}
    mark = hashlib.blake2b(repr(sorted(values.items())).encode(), digest_size=20).hexdigest()
    return cls(**{**kept, **values, "digest": f"{record.digest}{_CHANGED}{mark}"})


def is_changed(record: Record) -> bool:
    """Whether a record was made by `changed`, so that no file and no cache has its values."""
    return _CHANGED in record.digest


def leaves(value: Any, path: str = "") -> Iterator[Leaf]:
    """The single values of a group's non-blank fields."""
    for spec in specs(type(value)):
        field_value, blank = getattr(value, spec.attribute), spec.type.blank
        # nearly every absent field is the blank object itself: identity is the faster test
        if field_value is not None and field_value is not blank and field_value != blank:
            yield from spec.type.leaves(field_value, f"{path}.{spec.name}" if path else spec.name)


def leaves_of(record: Any, *types: type[FieldType]) -> Iterator[Leaf]:
    """The single values of some types in a record; fields without such types are skipped."""
    cls: Any = type(record)
    for spec in _holding(cls, types):
        value, blank = getattr(record, spec.attribute), spec.type.blank
        if value is not None and value is not blank and value != blank:
            field_leaves = spec.type.leaves(value, spec.name)
            yield from (leaf for leaf in field_leaves if isinstance(leaf.type, types))


@cache
def _holding(cls: Any, types: tuple[type[FieldType], ...]) -> tuple[FieldSpec, ...]:
    return tuple(
        spec for spec in specs(cls) if any(issubclass(t, types) for t in spec.type.types())
    )


def label_of(record: Any, path: str) -> str:
    """The zh-TW title of the field of a record that a dotted path begins with."""
    first = path.partition(".")[0]
    return next((spec.title for spec in specs(type(record)) if spec.name == first), first)


def references(record: Record) -> Iterator[Ref]:
    """The records that a record belongs to, and those its fields name, in the order typed."""
    yield from record.parts_of
    for leaf in leaves_of(record, Reference):
        yield leaf.value


def read_group(cls: type[GroupT], node: Node, reading: Reading, **preset: Any) -> GroupT | None:
    """An instance of `cls` from a mapping, or None after reports of everything that does not fit.

    `preset` are attributes that the mapping does not give.
    """
    if not isinstance(node, MappingNode):
        reading.report("field-shape", node.origin, "mapping")
        return None
    class_: Any = cls
    fields = _by_name(class_)
    before = len(reading.problems)
    values = _read_values(node, fields, reading)
    _report_missing(node, fields, values, reading)
    attributes = {fields[name].attribute: value for name, value in values.items()}
    # only the new problems count: the list also has those of other groups
    failed = any(problem.severity == "error" for problem in reading.problems[before:])
    return None if failed else cls(**attributes, **preset)


@cache
def _by_name(cls: Any) -> Mapping[str, FieldSpec]:
    return {spec.name: spec for spec in specs(cls)}


def _read_values(
    node: MappingNode, fields: Mapping[str, FieldSpec], reading: Reading
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.pairs:
        spec = fields.get(key.text)
        if spec is None:
            _report_unknown(key, value, fields, reading)
            continue
        inner = reading.inside(spec.name, value.origin, spec.title)
        if not (isinstance(value, ScalarNode) and value.is_null):
            values[spec.name] = spec.type.read(value, inner)
        elif value.comment and (spec.type.text or spec.type.fits(value.comment.strip())):
            # `subject: #3 opens` looks like a text, but to YAML it is a comment, as is a colour
            report_comment(value, inner)
            values[spec.name] = None
    return values


def _report_unknown(
    key: ScalarNode, value: Node, fields: Mapping[str, FieldSpec], reading: Reading
) -> None:
    titles = {name: spec.title for name, spec in fields.items()}
    guess = by_name(key.text, titles) or near(key.text, tuple(fields))
    severed = isinstance(value, ScalarNode) and value.origin.line == key.origin.line
    comma = severed and isinstance(value, ScalarNode) and value.plain and not value.text
    detail = "near" if guess else "comma" if comma else ""
    shared = {spec.name for spec in specs(Record)}
    listed = "、".join(sorted(fields, key=lambda name: name in shared))
    reading.report("field-unknown", key.origin, detail, value=key.text, near=guess, known=listed)


def _report_missing(
    node: MappingNode, fields: Mapping[str, FieldSpec], values: dict[str, Any], reading: Reading
) -> None:
    excused = _excused(node) if "not_stated" in fields else {}
    empty = {key.text: key.origin for key, _ in node.pairs}
    for spec in fields.values():
        if spec.required and spec.name not in values and spec.name not in excused:
            place = empty.get(spec.name, node.origin)
            detail = "" if "not_stated" in fields else "inner"
            reading.inside(spec.name, place, spec.title).report("field-required", place, detail)
    for name, place in excused.items():
        if not SLUG.fullmatch(name):
            continue  # the reader of the list itself reports it
        if name in _NAMING:
            reading.report("not-stated-unknown", place, "naming", value=name)
        elif name not in fields:
            guess = near(name, tuple(fields))
            detail = "near" if guess else ""
            reading.report("not-stated-unknown", place, detail, value=name, near=guess)
        elif name in values:
            reading.inside(name, place, fields[name].title).report("not-stated-given", place)
        else:
            reading.inside(name, place, fields[name].title).warn("not-stated", place)


_NAMING = ("id", "name", "names", "title")
"""Fields that name a record; `not_stated` cannot excuse them."""


def _excused(node: MappingNode) -> dict[str, Origin]:
    names = node.get("not_stated")
    listed = names.nodes if isinstance(names, SequenceNode) else ()
    return {name.text: name.origin for name in listed if isinstance(name, ScalarNode)}
