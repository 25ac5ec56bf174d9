"""The fit of figures and chart types: whether a chart can show them, and which way round.

The check warns of a chart that does not fit, and the page leaves it out.
"""

from __future__ import annotations

from generator.kinds.statistics.chart_spec import NONE, ChartSpec
from generator.kinds.statistics.selection import Selection
from generator.output.charts.svg import ROLES


def unfit_reason(spec: ChartSpec, selection: Selection) -> str:
    """Why a chart cannot show the selected figures, as a message's detail; "" if it can."""
    if spec.type == NONE:
        return ""
    values = [cell.figure.value for row in selection.cells for cell in row]
    whole = spec.type in ("stacked", "shares")
    faults = {
        "empty": not any(value is not None for value in values),
        "units": spec.type != "bars" and len(selection.units) > 1,
        "negative": whole and any(value is not None and value < 0 for value in values),
        "missing": spec.type == "shares" and None in values,
        "columns": spec.type == "shares" and len(selection.columns) > 1,
        "many": _series(spec, selection) > ROLES,
    }
    return next((name for name, applies in faults.items() if applies), "")


def _series(spec: ChartSpec, selection: Selection) -> int:
    """The number of fills or lines that readers have to tell apart."""
    if spec.type == "shares":
        return len(selection.rows)
    return 0 if spec.type == "multiples" else len(series_in_columns(spec, selection).columns)


def series_in_columns(spec: ChartSpec, selection: Selection) -> Selection:
    """The selection turned so that the chart's series are its columns.

    By default the rows are the series of lines and multiples, unless they are times.
    """
    across = (
        spec.type in ("lines", "multiples") and len(selection.columns) > 1 and not selection.timed
    )
    return (
        selection.turned()
        if (spec.series or ("rows" if across else "columns")) == "rows"
        else selection
    )
