"""Whether a sort of chart can show some figures, and how they are laid out for it."""

from __future__ import annotations

from generator.kinds.statistics.selection import Selection
from generator.kinds.statistics.wishes import NONE, ChartWish
from generator.output.charts.svg import ROLES


def unfit(wish: ChartWish, held: Selection) -> str:
    """Why a sort of chart cannot show some figures: a word for the message, or ""."""
    if wish.type == NONE:
        return ""
    values = [cell.figure.value for row in held.cells for cell in row]
    whole = wish.type in ("stacked", "shares")
    faults = {
        "empty": not any(value is not None for value in values),
        "units": wish.type != "bars" and len(held.units) > 1,
        "negative": whole and any(value is not None and value < 0 for value in values),
        "missing": wish.type == "shares" and None in values,
        "columns": wish.type == "shares" and len(held.columns) > 1,
        "many": _series(wish, held) > ROLES,
    }
    return next((name for name, found in faults.items() if found), "")


def _series(wish: ChartWish, held: Selection) -> int:
    """How many fills or lines a chart would have to tell apart."""
    if wish.type == "shares":
        return len(held.rows)
    return 0 if wish.type == "multiples" else len(laid(wish, held).columns)


def laid(wish: ChartWish, held: Selection) -> Selection:
    """The selection with the series of the chart in its columns."""
    across = wish.type in ("lines", "multiples") and len(held.columns) > 1 and not held.timed
    return held.turned() if (wish.series or ("rows" if across else "columns")) == "rows" else held
