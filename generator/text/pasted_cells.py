"""Finds a table that was pasted into a plain text with one cell a line."""

from __future__ import annotations

import re

LEAST, FIGURES = 12, 3
"""The fewest lines of such a table, and the fewest among them that are figures alone."""
_LONGEST = 12
"""The most characters of a cell."""
_OTHER = re.compile(
    r"[ \u3000]*(?:[一二三四五六七八九十百壹貳參肆伍陸柒捌玖拾]+、|[(（]|第|[0-9０-９]+[.．、])"
    r"|.*(?:[。；：、\t]|[^ \u3000][ \u3000]+[^ \u3000])"
)
"""A point, an article, a sentence, or a signature such as `局　長　某某`."""
_FIGURE = re.compile(r"[0-9０-９][0-9０-９,，.．%％年月日]*|[-－—]")


def pasted_table(text: str) -> str:
    """The first line of the first run of cells in a text; "" if there is none.

    Lists of names are none: a table has figures.
    """
    run: list[str] = []
    for line in (*text.split("\n"), ""):
        cell = line.strip(" \u3000")
        if cell and len(cell) <= _LONGEST and not _OTHER.match(line):
            run.append(cell)
            continue
        if len(run) >= LEAST and sum(map(bool, map(_FIGURE.fullmatch, run))) >= FIGURES:
            return run[0]
        run = []
    return ""
