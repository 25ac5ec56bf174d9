"""Texts that a spreadsheet would run as formulas in CSV; JSON and ODS say what is text.

CSV marks them with an apostrophe, which is no part of the text; wherever such a file is offered
or described, readers are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_SIGNS = frozenset("-0123456789.")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a text; negative numbers are numbers."""
    return cell.startswith(_BEGINNINGS) and not set(cell) <= _NUMBER_SIGNS


def inert(cell: str) -> str:
    """A cell as it stands in CSV."""
    return f"'{cell}" if is_formula(cell) else cell


def has_formulas(rows: Iterable[Sequence[str]]) -> bool:
    """Whether a cell of a table stands in CSV with an apostrophe."""
    return any(is_formula(cell) for row in rows for cell in row)
