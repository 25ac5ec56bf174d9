"""Resolves the references of prose to figures.

The prose of a `Narrative` cites cells of `Tabulated` records and, with the name of a kind, typed
fields of any record; neither side knows the other's content type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from generator.content.field_types import BoundProse, Many, Pattern, Text, near
from generator.content.figure import Figure
from generator.content.model import Ref
from generator.content.record import Group, Record, described, group, label_of, leaves
from generator.site.figures.cells import Cell, NoCell, Tabulated, cell_at
from generator.site.figures.citable import Citable, FormMisfit, figure_words
from generator.site.kind import Site
from generator.text.figure_references import Binding


@group
class Excuse:
    """A number that cites nothing, and the reason why it need not."""

    text: str = described(Text(maximum=200), "文字", "內文中含該數字的一段文字", required=True)
    reason: str = described(Text(maximum=300), "理由", required=True)


@group
class NamedList:
    """A list of things in a text, which can be counted."""

    id: str = described(Pattern(), "代碼", required=True)
    title: str = described(Text(maximum=120), "標題", required=True)
    items: tuple[str, ...] = described(Many(Text(maximum=300)), "項目", required=True)


@group
class Narrative(Record):
    """The base class of records whose prose cites figures."""

    markdown: str = described(BoundProse(), "內容", required=True)
    lists: tuple[NamedList, ...] = described(
        Many(Group(NamedList), key="id"), "清單", "內文以 {{ 清單：代碼 }} 放在自成一行的位置"
    )
    uncited: tuple[Excuse, ...] = described(
        Many(Group(Excuse), key="text"), "不引用統計的數字", "內文中不引用統計的數字與理由"
    )


class Cited(Struct, frozen=True, kw_only=True):
    """A reference to a figure, and the words that replace it."""

    binding: Binding
    record: Record
    citable: Citable
    words: str


class Placed(Struct, frozen=True, kw_only=True):
    """A reference that places a table or a chart of a record, or a list of the text's own."""

    binding: Binding
    what: Tabulated | NamedList


class Misfit(Struct, frozen=True, kw_only=True):
    """A reference that leads nowhere: a problem's code, its detail and values.

    The code is "" for a reference to a broken record, which has its own problems.
    """

    binding: Binding
    code: str
    detail: str = ""
    values: Mapping[str, str] = {}


def cite(
    binding: Binding, site: Site, lists: Mapping[str, NamedList] | None = None
) -> Cited | Placed | Misfit:
    """The target of a reference; `lists` are those of the text around it, by id."""
    if not binding.record:
        return _misfit(binding, "binding-form")
    if binding.placed == "list":
        return _list(binding, lists or {})
    record = _record(binding, site)
    if isinstance(record, Misfit):
        return record
    if not binding.placed:
        return _cited(binding, record)
    charts = site.kind(record).figures.charts
    if isinstance(record, Tabulated) and (binding.placed == "table" or charts(record, site)):
        return Placed(binding=binding, what=record)
    return _misfit(binding, "binding-unknown", "placed")


def _cited(binding: Binding, record: Record) -> Cited | Misfit:
    citable = _citable(binding, record)
    if isinstance(citable, Misfit):
        return citable
    try:
        words = figure_words(citable, binding.formats)
    except FormMisfit as misfit:
        values = {"form": misfit.form, "shown": citable.machine, "unit": citable.unit}
        return _misfit(binding, "binding-form", misfit.detail, **values)
    return Cited(binding=binding, record=record, citable=citable, words=words)


def _misfit(binding: Binding, code: str, detail: str = "", **values: str) -> Misfit:
    return Misfit(
        binding=binding, code=code, detail=detail, values={"value": binding.typed, **values}
    )


_GUESSED = 100
"""The most lists of a text that are compared with a misspelt name."""


def _list(binding: Binding, lists: Mapping[str, NamedList]) -> Placed | Misfit:
    if binding.record in lists:
        return Placed(binding=binding, what=lists[binding.record])
    guess = near(binding.record, tuple(lists)[:_GUESSED])
    detail = "near" if guess else "list"
    return _misfit(binding, "binding-unknown", detail, near=guess, typed=binding.record)


def _record(binding: Binding, site: Site) -> Record | Misfit:
    """The record of a reference: by its id, else by its title."""
    kind_name = binding.kind
    kinds = [k for k in site.kinds if k.name == kind_name or not kind_name]
    kinds = [k for k in kinds if kind_name or issubclass(k.record_type, Tabulated)]
    refs = [Ref(kind.name, binding.record) for kind in kinds]
    matches = [record for ref in refs if (record := site.archive.find(ref))]
    candidates = () if matches else tuple(r for kind in kinds for r in site.records(kind))
    matches = matches or [r for r in candidates if site.title(r) == binding.record]
    if len(matches) == 1:
        return matches[0]
    if matches:
        listed = "、".join(str(record.ref) for record in matches)
        return _misfit(binding, "binding-unknown", "several", choices=listed)
    if refs and not all(map(site.missing, refs)):
        return _misfit(binding, "")
    guess = near(binding.record, tuple(n for r in candidates for n in (r.id, site.title(r))))
    detail = "near" if guess else ""
    return _misfit(binding, "binding-unknown", detail, near=guess, typed=binding.record)


def _citable(binding: Binding, record: Record) -> Citable | Misfit:
    """The cell or the typed field of a record that a reference names."""
    cell = _cell(binding, record) if isinstance(record, Tabulated) else None
    if isinstance(cell, Cell):
        return citable_cell(cell)
    by_name = {
        name: figure for figure in typed_figures(record) for name in (figure.title, figure.name)
    }
    if binding.cell in by_name:
        return by_name[binding.cell]
    if cell and cell.ambiguous:
        listed = "、".join(f"{binding.record}.{choice}" for choice in cell.choices)
        return _misfit(binding, "binding-unknown", "several", choices=listed)
    guess = (cell.near if cell else "") or near(binding.cell, tuple(by_name))
    detail = "cell-near" if guess else "cell"
    values = {"cell": binding.cell, "near": guess, "typed": binding.cell}
    return _misfit(binding, "binding-unknown", detail, **values)


def _cell(binding: Binding, record: Tabulated) -> Cell | NoCell:
    """The cell that a reference names; without a name, the record's only cell."""
    cells = record.cells()
    if not binding.cell:
        return cells[0] if len(cells) == 1 else NoCell(name="", choices=tuple(c.key for c in cells))
    return cell_at(record, binding.cell)


def citable_cell(cell: Cell) -> Citable:
    """A cell of a table or a series as a figure that prose may cite."""
    titles = (cell.row.title, cell.column.title) if cell.row and cell.column else ()
    return Citable(
        ref=cell.statistic.ref,
        name=cell.key,
        title=cell.title,
        figure=cell.figure,
        unit=cell.unit,
        title_en=cell.title_en,
        unit_en=cell.unit_en,
        anchor=cell.anchor,
        path=cell.path,
        at=cell.at,
        series=(cell.statistic.title, *titles),
    )


def typed_figures(record: Record) -> Iterator[Citable]:
    """The figures and days in fields of their own, as a visit's `members`."""
    for leaf in leaves(record):
        figure = leaf.value if isinstance(leaf.value, Figure) else None
        day = leaf.value if isinstance(leaf.value, date) else None
        if "." not in leaf.path and (figure or day):
            yield Citable(
                ref=record.ref,
                name=leaf.path,
                title=label_of(record, leaf.path),
                figure=figure,
                day=day,
                path=leaf.path,
                series=(record.id, leaf.path),
            )
