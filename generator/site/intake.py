"""The functions by which a kind imports rows of another system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from generator.content.model import Problem

Row = Mapping[str, Any]
"""A row of another system: texts, lists of texts or None by field name."""
Categories = Mapping[str, str]
"""The ids of the site's categories by their names."""


class Intake(Struct, frozen=True, kw_only=True):
    """How a kind imports rows: a row's fields, the faults of a row, the files of all rows."""

    fields: Callable[[Row, Categories], Mapping[str, Any]]
    faults: Callable[[Row], Iterable[Problem]]
    arrange: Callable[[Sequence[tuple[Row, Mapping[str, Any]]]], Mapping[str, Any]]
