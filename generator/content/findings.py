"""Problems that rules find in records, placed where the field was typed."""

from __future__ import annotations

from msgspec import structs

from generator.content.field_types import field_name
from generator.content.model import Problem, Severity
from generator.content.record import Record, label_of


def rule_problem(code: str, record: Record, path: str, detail: str = "", **values: str) -> Problem:
    """An error about a field of a record, placed where that field was typed."""
    all_values = {"field": field_name(path), "label": label_of(record, path), **values}
    return Problem(code=code, origin=record.place(path), detail=detail, values=all_values)


def rule_warning(code: str, record: Record, path: str, detail: str = "", **values: str) -> Problem:
    """A warning about a field of a record, placed where that field was typed."""
    problem = rule_problem(code, record, path, detail, **values)
    return structs.replace(problem, severity=Severity.WARNING)
