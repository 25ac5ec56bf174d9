"""Tables to download: CSV that spreadsheets read, JSON that says what it holds, a workbook.

A row is made by itself, so that a table of a hundred thousand rows is joined from rows that
were made before.
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
"""A row as it stands in both files: CSV and JSON, in UTF-8."""


def dataset_artifacts(dataset: Dataset, lines: Iterable[Line]) -> Iterator[Artifact]:
    """A table as `.csv` and `.json`, from the lines of its rows; as `.ods` where it has sheets."""
    held = tuple(lines)
    yield Artifact(address=f"{dataset.address}.csv", content=csv_bytes(dataset, held))
    yield Artifact(address=f"{dataset.address}.json", content=json_bytes(dataset, held))
    if dataset.sheets:
        content = workbook(dataset.title, dataset.sheets)
        yield Artifact(address=f"{dataset.address}.ods", content=content)


def lines_of(dataset: Dataset) -> Iterator[Line]:
    """The lines of a table's rows."""
    return (row_line(dataset.columns, row) for row in dataset.rows)


def csv_bytes(dataset: Dataset, lines: Iterable[Line] | None = None) -> bytes:
    """RFC 4180 with titles as head, in UTF-8 with the mark that spreadsheets look for."""
    head = _csv_line([title for _, title in dataset.columns])
    held = lines_of(dataset) if lines is None else lines
    return b"".join((head.encode("utf-8-sig"), *(line for line, _ in held)))


def row_line(columns: Columns, row: Sequence[str]) -> Line:
    """A row for CSV, with its end of line, and for JSON, empty cells left out.

    Text that a spreadsheet would run as a formula is `inert` in CSV.
    """
    names = [name for name, _ in columns]
    held = {name: cell for name, cell in zip(names, row, strict=True) if cell}
    text = json.dumps(held, ensure_ascii=False, indent=1).replace("\n", "\n  ")
    return _csv_line([inert(cell) for cell in row]).encode(), text.encode()


def _csv_line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def json_bytes(dataset: Dataset, lines: Iterable[Line] | None = None) -> bytes:
    """The table with its description, its columns and its rows as objects of text."""
    held = lines_of(dataset) if lines is None else lines
    columns = [
        {"name": name, "title": title, "type": "number" if name in dataset.numbers else "string"}
        for name, title in dataset.columns
    ]
    head = {**dataset.about, "columns": columns, "rows": []}
    text = json.dumps(head, ensure_ascii=False, indent=1).encode()
    rows = [part for _, line in held for part in (b",\n  ", line)]
    if not rows:
        return text + b"\n"
    before = text.removesuffix(b"[]\n}")
    return b"".join((before, b"[\n  ", *rows[1:], b"\n ]\n}\n"))
