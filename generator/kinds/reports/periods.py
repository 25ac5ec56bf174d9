"""The figures of two reports side by side, with the change computed.

Two figures are the same one of different periods if their citations share a series.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from generator.kinds.reports.report import Report, Section
from generator.site.figures.accounting import account
from generator.site.figures.cells import rounded
from generator.site.figures.citable import figure_words
from generator.site.figures.citing import Cited
from generator.site.kind import Site

PLACES = 2
"""Decimal places of a change in percent."""


class Change(Struct, frozen=True, kw_only=True):
    """A figure in an earlier and in a later report, of which one may lack it.

    `difference` and `percent` are None if they cannot be computed exactly: a figure is missing or
    approximate, units differ, or (for `percent`) the earlier figure is zero.
    """

    title: str
    before: Cited | None
    after: Cited | None

    @property
    def difference(self) -> Decimal | None:
        """The later less the earlier."""
        before, after = _exact(self.before), _exact(self.after)
        if before is None or after is None or self._units_differ:
            return None
        return after - before

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of the earlier figure, rounded half away from zero."""
        before, difference = _exact(self.before), self.difference
        if difference is None or not before:
            return None
        return rounded(Fraction(difference) / Fraction(before) * 100, PLACES)

    @property
    def shown(self) -> tuple[str, str]:
        """Both figures as in their statistics, with their time; "" for a missing one."""
        return _plain(self.before), _plain(self.after)

    @property
    def words(self) -> tuple[str, str]:
        """Difference and percent with their sign; "" if they cannot be computed."""
        difference, percent = self.difference, self.percent
        points = "個百分點" if self.after and self.after.citable.unit == "%" else ""
        text = "" if difference is None else f"{difference:+,f}{points}"
        return text, "" if percent is None else f"{percent:+,f}%"

    @property
    def _units_differ(self) -> bool:
        units = {cited.citable.unit for cited in (self.before, self.after) if cited}
        return len(units) > 1


def changes(before: Report, after: Report, site: Site) -> tuple[Change, ...]:
    """Figures of both reports: those of the later one in its order, then those it lacks.

    Figures that both reports cite from the same cell are left out.
    """
    earlier, later = _figures(before, site), _figures(after, site)
    pairs = ((earlier.get(name), later.get(name)) for name in dict.fromkeys((*later, *earlier)))
    return tuple(
        Change(title=_title(new or old, site), before=old, after=new)
        for old, new in pairs
        if not (old and new and old.citable.full_name == new.citable.full_name)
    )


def _title(cited: Cited | None, site: Site) -> str:
    """The name of a figure without its time."""
    if cited is None:
        return ""
    name = "" if cited.citable.at else cited.citable.title
    return "：".join(filter(None, (site.title(cited.record), name)))


def _figures(report: Report, site: Site) -> dict[tuple[str, ...], Cited]:
    """The figures that a report cites, by the name that they share with those of other periods.

    If a report cites several times of a series, the latest one counts.
    """
    figures: dict[tuple[str, ...], Cited] = {}
    for section in site.archive.referring_to(report, Section):
        for cited in account(section, site).cited:
            other = figures.get(cited.citable.series)
            if cited.citable.figure and (other is None or _is_later(cited, other)):
                figures[cited.citable.series] = cited
    return figures


def _is_later(cited: Cited, other: Cited) -> bool:
    at, other_at = cited.citable.at, other.citable.at
    return bool(at and other_at and at > other_at)


def _plain(cited: Cited | None) -> str:
    if cited is None:
        return ""
    at = cited.citable.at
    return figure_words(cited.citable, ()) + (f"（{at.roc}）" if at else "")


def _exact(cited: Cited | None) -> Decimal | None:
    figure = cited.citable.figure if cited else None
    return figure.exact if figure else None


def report_before(report: Report, site: Site) -> Report | None:
    """The report that was presented before one."""
    return site.archive.neighbours(report)[0]
