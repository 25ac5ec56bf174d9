"""Tables to download: CSV that spreadsheets read, JSON that says what it holds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from generator.model import Artifact, Dataset

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_SIGNS = frozenset("-0123456789.")


def dataset_artifacts(dataset: Dataset) -> Iterator[Artifact]:
    """A table as `.csv` and `.json`."""
    yield Artifact(address=f"{dataset.address}.csv", content=csv_bytes(dataset))
    yield Artifact(address=f"{dataset.address}.json", content=json_bytes(dataset))


def csv_bytes(dataset: Dataset) -> bytes:
    """RFC 4180 with titles as head, in UTF-8 with the mark that spreadsheets look for.

    Text that a spreadsheet would run as a formula is marked with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([title for _, title in dataset.columns])
    writer.writerows([_inert(cell) for cell in row] for row in dataset.rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    number = set(cell) <= _NUMBER_SIGNS
    return f"'{cell}" if cell.startswith(_FORMULA) and not number else cell


def json_bytes(dataset: Dataset) -> bytes:
    """The table with its description; rows are objects of text, empty cells left out."""
    names = [name for name, _ in dataset.columns]
    rows = [
        {name: cell for name, cell in zip(names, row, strict=True) if cell} for row in dataset.rows
    ]
    columns = [{"name": name, "title": title} for name, title in dataset.columns]
    document = {**dataset.about, "columns": columns, "rows": rows}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
