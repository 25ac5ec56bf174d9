"""Tables to download: CSV for spreadsheets, self-describing JSON, and a workbook.

Each row is rendered by itself, so that a table of a hundred thousand rows can be joined from
cached rows.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from generator.content.model import Artifact, Dataset
from generator.output.formats.ods import workbook
from generator.text.formulas import inert

Columns = Sequence[tuple[str, str]]
Line = tuple[bytes, bytes]
"""A row in both files, CSV and JSON, in UTF-8."""


def dataset_artifacts(dataset: Dataset, lines: Iterable[Line]) -> Iterator[Artifact]:
    """A table as `.csv` and `.json`, from the lines of its rows, and as `.ods` if it has sheets."""
    rows = tuple(lines)
    yield Artifact(address=f"{dataset.address}.csv", content=csv_bytes(dataset, rows))
    yield Artifact(address=f"{dataset.address}.json", content=json_bytes(dataset, rows))
    if dataset.sheets:
        content = workbook(dataset.title, dataset.sheets)
        yield Artifact(address=f"{dataset.address}.ods", content=content)


def lines_of(dataset: Dataset) -> Iterator[Line]:
    """The lines of a table's rows."""
    return (row_line(dataset.columns, row) for row in dataset.rows)


def csv_bytes(dataset: Dataset, lines: Iterable[Line] | None = None) -> bytes:
    """CSV (RFC 4180) with titles in the first row, in UTF-8 with the BOM that spreadsheets need."""
    head = _csv_line([title for _, title in dataset.columns])
    rows = lines_of(dataset) if lines is None else lines
    return b"".join((head.encode("utf-8-sig"), *(line for line, _ in rows)))


def row_line(columns: Columns, row: Sequence[str]) -> Line:
    """A row for CSV, with its line end, and for JSON, without its empty cells.

    In CSV, text that a spreadsheet would run as a formula is made `inert`.
    """
    names = [name for name, _ in columns]
    fields = {name: cell for name, cell in zip(names, row, strict=True) if cell}
    text = json.dumps(fields, ensure_ascii=False, indent=1).replace("\n", "\n  ")
    return _csv_line([inert(cell) for cell in row]).encode(), text.encode()


def _csv_line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def json_bytes(dataset: Dataset, lines: Iterable[Line] | None = None) -> bytes:
    """The table with its description, its columns and its rows as objects of text."""
    rows = lines_of(dataset) if lines is None else lines
    columns = [
        {"name": name, "title": title, "type": "number" if name in dataset.numbers else "string"}
        for name, title in dataset.columns
    ]
    head = {**dataset.about, "columns": columns, "rows": []}
    text = json.dumps(head, ensure_ascii=False, indent=1).encode()
    parts = [part for _, line in rows for part in (b",\n  ", line)]
    if not parts:
        return text + b"\n"
    before = text.removesuffix(b"[]\n}")
    return b"".join((before, b"[\n  ", *parts[1:], b"\n ]\n}\n"))
