"""Makes the file of a new record: all fields with their hints, some with values.

It writes the file only if none exists, and never overwrites an editor's work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.content.field_types import Choices, Schema
from generator.content.record import FieldSpec, Record, specs
from generator.content.safe_open import create_below
from generator.site.kind import Kind, Start

_KINDS_OF_VALUE = {"array": "清單，每項一行，以「- 」開頭", "object": "下一行起縮排兩格寫："}
_RARE = frozenset(spec.name for spec in specs(Record)) - {"published_on", "source"}


def starter_text(kind: Kind, start: Start, choices: Choices) -> str:
    """The file's text: required fields and those with values, the others as comments."""
    lines = [f"## {kind.label}。「##」是說明；要用其他欄位，請刪去行首的「# 」。"]
    fields = [spec for spec in specs(kind.record_type) if spec.name not in _RARE - {*start.values}]
    text = "\n".join((*lines, *_fields(fields, start.values, choices))) + "\n"
    return f"---\n{text}---\n\n在這裡寫內容。\n" if kind.front_matter else text


def _fields(fields: list[FieldSpec], values: Mapping[str, str], choices: Choices) -> Iterator[str]:
    shared = {spec.name for spec in specs(Record)}
    needed = [spec for spec in fields if spec.required or spec.name in values]
    ranked = [*needed, *(spec for spec in fields if spec not in needed)]
    for spec in sorted(ranked, key=lambda spec: (spec not in needed, spec.name in shared)):
        if spec.name == "markdown" and spec.required:
            continue  # it is the text below the front matter
        value = values.get(spec.name, "")
        mark = "" if spec in needed else "# "
        typed = f"{spec.name}: {value}" if value else f"{spec.name}:"
        typed = typed.replace(": \n", ":\n")  # a list begins on the next line
        title = f"{spec.title}（必填）" if spec.required else spec.title
        about = "。".join(filter(None, (title, hint(spec, choices))))
        # on a line of its own: behind the field, `#` would cut off the text that an editor types
        yield f"## {about}"
        yield f"{mark}{typed}"


def hint(spec: FieldSpec, choices: Choices) -> str:
    """The hint for a field, on one line."""
    schema = spec.type.schema(choices)
    parts = [spec.description, schema.get("description", ""), schema.get("errorMessage", "")]
    parts.append(_shape(schema))
    return "。".join(dict.fromkeys(part.rstrip("。") for part in parts if part))


def _shape(schema: Schema) -> str:
    types = schema.get("type", ())
    kind = types if isinstance(types, str) else ""
    inner = schema.get("items", {})
    words = [_KINDS_OF_VALUE.get(kind, "")]
    if kind == "object":
        words.append("、".join(schema["properties"]))
    if kind == "array" and inner.get("type") == "object":
        words.append(f"；每項可寫：{'、'.join(inner['properties'])}")
    if kind == "array" and "description" in inner:
        words.append(f"；{inner['description']}")
    return "".join(words)


def write_new(content: Path, path: str, text: str) -> bool:
    """Writes a new file below the content folder; False if the path is taken.

    Raises `Replaced` if a folder on the way is a link, which could lead out of the content.
    """
    try:
        create_below(content, path, text.encode())
    except FileExistsError:
        return False
    return True
