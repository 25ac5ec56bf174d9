"""Workbooks read back: their files, and the cells of their sheets."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree as ET

OFFICE, TABLE, TEXT, NUMBER = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{space}:1.0}}"
    for space in ("office", "table", "text", "datastyle")
)


def parts(content: bytes) -> dict[str, bytes]:
    """The files of a workbook, in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read(content: bytes) -> dict[str, list[list[str | Decimal]]]:
    """The cells of every sheet: numbers as numbers, texts with their lines."""
    body = ET.fromstring(parts(content)["content.xml"])
    return {
        table.attrib[f"{TABLE}name"]: [
            [_cell(cell) for cell in row.iter(f"{TABLE}table-cell")]
            for row in table.iter(f"{TABLE}table-row")
        ]
        for table in body.iter(f"{TABLE}table")
    }


def _cell(cell: ET.Element) -> str | Decimal:
    if cell.get(f"{OFFICE}value-type") == "float":
        return Decimal(cell.attrib[f"{OFFICE}value"])
    return "\n".join("".join(_signs(line)) for line in cell.iter(f"{TEXT}p"))


def _signs(line: ET.Element) -> list[str]:
    spaces = (f"{' ' * int(s.attrib[f'{TEXT}c'])}{s.tail or ''}" for s in line.iter(f"{TEXT}s"))
    return [line.text or "", *spaces]
