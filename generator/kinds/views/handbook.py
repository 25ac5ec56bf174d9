"""The handbook for editors: all fields of all kinds, all messages with examples of their faults."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from generator.content.field_types import FieldType, Many
from generator.content.files import SITE_FILE
from generator.content.messages import Example, examples, messages
from generator.content.model import Breadcrumb, Entrance, Page
from generator.content.record import FieldSpec, Group, Record, specs
from generator.content.settings import Settings
from generator.site.json_schema import SITE
from generator.site.kind import Kind, Site, View
from generator.site.starter import hint

FIELDS, CODES = "handbook/fields/", "handbook/codes/"
_EDITORS = Breadcrumb(title="關於", address="pages/")


class FieldRow(Struct, frozen=True, kw_only=True):
    """A field in a table; those of a group follow it with a higher `depth`."""

    name: str
    title: str
    required: bool
    hint: str
    depth: int


class FieldTable(Struct, frozen=True, kw_only=True):
    """The fields of a kind of file."""

    anchor: str
    title: str
    files: str
    rows: tuple[FieldRow, ...]


class CodeRow(Struct, frozen=True, kw_only=True):
    """A problem code with its messages, and an example of the mistake."""

    code: str
    wordings: tuple[tuple[str, str], ...]
    example: Example


def _pages(site: Site) -> Iterator[Page]:
    """Two pages; their context depends on program and settings alone, so rendering computes it."""
    yield Page(
        address=FIELDS,
        template="handbook-fields.html",
        title="欄位說明",
        description="每一種內容檔案的欄位、寫法與是否必填",
        updated=site.latest_day(site.archive),
        breadcrumbs=(_EDITORS,),
        context={"tables": partial(_tables, site), "shared": partial(_rows, Record, site)},
    )
    yield Page(
        address=CODES,
        template="handbook-codes.html",
        title="檢查訊息一覽",
        description="每一種檢查訊息的意思、錯誤寫法與正確寫法",
        updated=site.latest_day(site.archive),
        breadcrumbs=(_EDITORS,),
        context={"rows": _codes},
    )


def _tables(site: Site) -> tuple[FieldTable, ...]:
    settings = FieldTable(
        anchor=SITE, title="網站設定", files=SITE_FILE, rows=tuple(_rows(Settings, site))
    )
    kinds = (
        FieldTable(
            anchor=kind.name, title=kind.label, files=kind.glob, rows=tuple(_own(kind, site))
        )
        for kind in site.kinds
    )
    return (settings, *kinds)


def _own(kind: Kind, site: Site) -> Iterator[FieldRow]:
    """The fields of a kind, without those of all kinds unless this one requires them."""
    shared = {spec.name for spec in specs(Record)}
    needed = {spec.name for spec in specs(kind.record_type) if spec.required}
    for row in _rows(kind.record_type, site):
        if row.depth or row.name not in shared or row.name in needed:
            yield row


def _rows(cls: type, site: Site, depth: int = 0) -> list[FieldRow]:
    rows: list[FieldRow] = []
    for spec in specs(cls):
        rows.append(_row(spec, site, depth))
        inner = _group_of(spec.type)
        if inner and not (depth == 0 and spec.name == "revisions" and cls is not Record):
            rows += _rows(inner, site, depth + 1)
    return rows


def _row(spec: FieldSpec, site: Site, depth: int) -> FieldRow:
    return FieldRow(
        name=spec.name,
        title=spec.title,
        required=spec.required,
        hint=hint(spec, site.settings.choices),
        depth=depth,
    )


def _group_of(type_: FieldType) -> type | None:
    inner = type_.inner if isinstance(type_, Many) else type_
    return inner.cls if isinstance(inner, Group) else None


def _codes() -> Iterator[CodeRow]:
    wordings_by_code = messages("zh-TW")
    for example in examples():
        wordings = tuple(
            (_general(wording.sentence), _general(wording.remedy))
            for code, wording in wordings_by_code.items()
            if code.partition("/")[0] == example.code
        )
        yield CodeRow(code=example.code, wordings=wordings, example=example)


def _general(words: str) -> str:
    """A message with … in place of a problem's values."""
    return words.format_map(defaultdict(lambda: "…"))


VIEW = View(
    name="handbook",
    label="編輯手冊",
    label_en="Handbook for editors",
    pages=_pages,
    entrances=(
        Entrance(label="欄位說明", address=FIELDS),
        Entrance(label="檢查訊息一覽", address=CODES),
    ),
)
