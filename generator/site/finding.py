"""The finding of a chart: what its figures say, as one sentence.

The sentence names printed values alone: the highest of several, or the first and the last over
time.  Where no value stands out, there is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.site.chart import Bars, Chart, Lines, Shares, Stacked, Value
from generator.text.translations import words_of
from generator.text.urls import CHINESE

LEAST = 2
"""The fewest values that can be compared."""


def finding(chart: Chart) -> str:
    """The finding of a chart with Chinese labels; "" if there is none."""
    if isinstance(chart, Lines):
        return _over_time(chart)
    if isinstance(chart, (Bars, Shares)):
        return _highest(chart.title, [(row.label, v) for row in chart.rows for v in row.values[:1]])
    if isinstance(chart, Stacked):
        return _highest_part(chart)
    return ""


def _over_time(chart: Lines) -> str:
    """The first and the last value of a line; of several lines none stands for the others."""
    if len(chart.rows) != 1:
        return ""
    pairs = zip(chart.times, chart.rows[0].values, strict=True)
    known = [(time.shown, value) for time, value in pairs if value.number is not None]
    if len(known) < LEAST:
        return ""
    (since, first), (until, last) = known[0], known[-1]
    before, after = first.number or 0, last.number or 0
    sentence = "rises" if after > before else "falls" if after < before else "stays"
    return _said(
        sentence, title=chart.title, since=since, first=first.text, until=until, last=last.text
    )


def _highest(title: str, values: Sequence[tuple[str, Value]]) -> str:
    """The highest of several values, unless two are the same."""
    known = [(value.number, label, value) for label, value in values if value.number is not None]
    highest = max((number for number, _, _ in known), default=None)
    best = [(label, value) for number, label, value in known if number == highest]
    if len(known) < LEAST or len(best) > 1:
        return ""
    label, value = best[0]
    return _said("highest", title=title, label=label, value=value.text)


def _highest_part(chart: Stacked) -> str:
    """The highest part among all bars, by the names of its bar and of its series."""
    values = [
        (f"{row.label}{_said('part')}{series}", value)
        for row in chart.rows
        for series, value in zip(chart.series, row.values, strict=True)
    ]
    return _highest(chart.title, values)


def _said(name: str, **values: str) -> str:
    sentence: str = words_of(CHINESE)["finding"][name]
    return sentence.format(**values)
