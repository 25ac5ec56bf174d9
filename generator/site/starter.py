"""A new record's file: its fields with what each means, filled with what is known.

Written once, where nothing stands yet; never over an editor's work.
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
    """The file's text: required and known fields to fill in, the others as comments."""
    lines = [f"## {kind.label}。「##」是說明；要用其他欄位，請刪去行首的「# 」。"]
    held = [spec for spec in specs(kind.record_type) if spec.name not in _RARE - {*start.known}]
    text = "\n".join((*lines, *_fields(held, start.known, choices))) + "\n"
    return f"---\n{text}---\n\n在這裡寫內容。\n" if kind.front_matter else text


def _fields(held: list[FieldSpec], known: Mapping[str, str], choices: Choices) -> Iterator[str]:
    shared = {spec.name for spec in specs(Record)}
    wanted = [spec for spec in held if spec.required or spec.name in known]
    ranked = [*wanted, *(spec for spec in held if spec not in wanted)]
    for spec in sorted(ranked, key=lambda spec: (spec not in wanted, spec.name in shared)):
        if spec.name == "markdown" and spec.required:
            continue  # it is the text below the header
        value = known.get(spec.name, "")
        mark = "" if spec in wanted else "# "
        typed = f"{spec.name}: {value}" if value else f"{spec.name}:"
        typed = typed.replace(": \n", ":\n")  # a list begins on the next line
        title = f"{spec.title}（必填）" if spec.required else spec.title
        about = "。".join(filter(None, (title, hint(spec, choices))))
        # on a line of its own: behind the field it would end the text that an editor types there
        yield f"## {about}"
        yield f"{mark}{typed}"


def hint(spec: FieldSpec, choices: Choices) -> str:
    """What to write in a field, on one line."""
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
    """Writes a new file below the content folder; False where something stands there.

    Raises `Replaced` where a folder on the way is a link: it would lead out of the content.
    """
    try:
        create_below(content, path, text.encode())
    except FileExistsError:
        return False
    return True
