"""JSON Schemas of the content files, for completion and first checks while an editor types.

They come from the same descriptions of fields that `check` uses; checks that need the whole
archive are left to `check`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from generator.content.field_types import Choices, Schema
from generator.content.files import SITE_FILE
from generator.content.record import group_schema
from generator.content.settings import Settings
from generator.site.kind import Kind

DRAFT = "http://json-schema.org/draft-07/schema#"
SITE = SITE_FILE.partition(".")[0]


def kind_schema(kind: Kind, choices: Choices) -> Schema:
    """The schema of a kind's files; for an authority, the schema of its list."""
    schema = group_schema(kind.record_type, choices)
    if kind.front_matter:
        del schema["properties"]["markdown"]
        schema["allOf"] = [rule for rule in schema["allOf"] if "markdown" not in str(rule)]
    if kind.authority:
        schema = {"type": "array", "items": schema}
    return {"$schema": DRAFT, "title": kind.label, **schema}


def site_schema() -> Schema:
    """The schema of `site.yaml`."""
    return {"$schema": DRAFT, "title": "網站設定", **group_schema(Settings, {})}


def schemas(kinds: Iterable[Kind], choices: Choices) -> Iterator[tuple[str, str, Schema]]:
    """The name, file pattern below the content folder, and schema of all content files."""
    yield SITE, SITE_FILE, site_schema()
    for kind in kinds:
        yield kind.name, kind.glob, kind_schema(kind, choices)


def schema_text(schema: Schema) -> str:
    """The text of a schema's file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
