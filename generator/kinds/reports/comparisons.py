"""Numbers that a report states, compared with a count of the site's records.

The count is made in every build, so it follows the records; the report's number never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from generator.content.findings import rule_problem
from generator.content.model import Problem
from generator.kinds.reports.report import Comparison, Report, Section
from generator.site.figures.citing import Cited, Misfit, cite
from generator.site.figures.counting import Held, Thing, things, uncountable, ways
from generator.site.kind import Site
from generator.text.figure_references import bindings


class Count(Struct, frozen=True, kw_only=True):
    """A line of the comparison: the number in the report, and the number of recorded things."""

    comparison: Comparison
    stated: Cited
    counted: int
    things: tuple[Thing, ...]

    @property
    def rest(self) -> Decimal | None:
        """The report's number less the counted one; None if the report's is not exact."""
        figure = self.stated.citable.figure
        exact = figure.exact if figure else None
        return None if exact is None else exact - self.counted


def counts(report: Report, site: Site) -> tuple[Count, ...]:
    """The lines of a report's comparison, without those that `count_problems` reports."""
    scope, lines = _scope(report, site), []
    for comparison in report.compared:
        stated = _citation(comparison, site)
        if isinstance(stated, Cited):
            own = tuple(things(comparison, scope))
            lines.append(Count(comparison=comparison, stated=stated, counted=len(own), things=own))
    return tuple(lines)


def _citation(comparison: Comparison, site: Site) -> Cited | Misfit | None:
    """The figure that a comparison cites in the notation of prose; None if it cites none."""
    citations = bindings(f"{{{{ {comparison.stated} }}}}")
    cited = cite(citations[0], site) if len(citations) == 1 else None
    return cited if isinstance(cited, (Cited, Misfit)) else None


def _scope(report: Report, site: Site) -> Held:
    """The scope of a report's counts: records of its period, and the lists of its sections."""
    sections = site.archive.referring_to(report, Section)
    lists = tuple(list_ for section in sections for list_ in section.lists)
    return Held(site=site, period=report.period, lists=lists)


def count_problems(report: Report, site: Site) -> Iterator[Problem]:
    """Comparisons that cite no figure, or that name nothing to count."""
    for index, comparison in enumerate(report.compared):
        path = f"compared.{index}"
        stated = _citation(comparison, site)
        if isinstance(stated, Misfit) and stated.code:
            yield rule_problem(
                stated.code, report, f"{path}.stated", stated.detail, **stated.values
            )
        elif stated is None or (isinstance(stated, Cited) and stated.citable.day):
            values = {"value": comparison.stated}
            yield rule_problem("binding-form", report, f"{path}.stated", **values)
        if ways(comparison) != 1:
            yield rule_problem("comparison-shape", report, path)
        elif missing := uncountable(comparison, _scope(report, site)):
            detail = "near" if missing.near else ""
            values = {"value": missing.typed, "near": missing.near}
            yield rule_problem(
                "comparison-unknown", report, f"{path}.{missing.field}", detail, **values
            )
