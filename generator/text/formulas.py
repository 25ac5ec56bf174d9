"""Texts that a spreadsheet would run as formulas when it opens a CSV file.

CSV cannot say that a cell is text, as JSON and ODS do, so that such a cell gets an apostrophe.
The apostrophe is no part of the text; every page that offers or describes such a file says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_SIGNS = frozenset("-0123456789.")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a text; negative numbers are numbers."""
    return cell.startswith(_BEGINNINGS) and not set(cell) <= _NUMBER_SIGNS


def inert(cell: str) -> str:
    """A cell as written to CSV."""
    return f"'{cell}" if is_formula(cell) else cell


def has_formulas(rows: Iterable[Sequence[str]]) -> bool:
    """Whether a cell of a table gets an apostrophe in CSV."""
    return any(is_formula(cell) for row in rows for cell in row)
