"""What an auditor found: a row of the table, with all that it said below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class ToolMissing(Exception):  # noqa: N818 -- the machine's lack, told to whoever runs the audit
    """A program cannot be run; the message says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Of what an auditor found what, whether that will do, and each finding in a line."""

    auditor: str
    subject: str
    found: str
    wanted: str
    passed: bool
    why: str = ""
    findings: tuple[str, ...] = ()


HEADS = ("auditor", "of", "found", "wanted", "", "why")


def table(rows: Iterable[Row]) -> str:
    """A Markdown table of all rows."""
    lines = [_line(HEADS), _line(["---"] * len(HEADS))]
    lines += [
        _line((r.auditor, r.subject, r.found, r.wanted, "ok" if r.passed else "**no**", r.why))
        for r in rows
    ]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
