"""What a report states beside what the site's records add up to, counted anew each time."""

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
    """One line of the comparison: what the report states, and how many are recorded.

    `named` is what was counted.
    """

    comparison: Comparison
    stated: Cited
    counted: int
    named: tuple[Thing, ...]

    @property
    def rest(self) -> Decimal | None:
        """How many more the report states; None where it gives no exact number."""
        figure = self.stated.citable.figure
        exact = figure.exact if figure else None
        return None if exact is None else exact - self.counted


def counts(report: Report, site: Site) -> tuple[Count, ...]:
    """Every comparison of a report."""
    made = ((held, _stated(held, site)) for held in report.compared)
    found = [(held, cited) for held, cited in made if isinstance(cited, Cited)]
    return tuple(_count(held, cited, report, site) for held, cited in found)


def _stated(comparison: Comparison, site: Site) -> Cited | Misfit | None:
    """The figure that a comparison names as prose would; None for what names none."""
    found = bindings(f"{{{{ {comparison.stated} }}}}")
    made = cite(found[0], site) if len(found) == 1 else None
    return made if isinstance(made, (Cited, Misfit)) else None


def _count(comparison: Comparison, stated: Cited, report: Report, site: Site) -> Count:
    named = tuple(things(comparison, _held(report, site)))
    return Count(comparison=comparison, stated=stated, counted=len(named), named=named)


def _held(report: Report, site: Site) -> Held:
    """A report counts within its period, and the lists of its own sections."""
    sections = site.archive.referring_to(report, Section)
    lists = tuple(listed for section in sections for listed in section.lists)
    return Held(site=site, period=report.period, lists=lists)


def count_problems(report: Report, site: Site) -> Iterator[Problem]:
    """Comparisons that name nothing, or nothing to count."""
    for index, held in enumerate(report.compared):
        path = f"compared.{index}"
        stated = _stated(held, site)
        if isinstance(stated, Misfit) and stated.code:
            yield rule_problem(
                stated.code, report, f"{path}.stated", stated.detail, **stated.values
            )
        elif stated is None or (isinstance(stated, Cited) and stated.citable.day):
            values = {"value": held.stated}
            yield rule_problem("binding-form", report, f"{path}.stated", **values)
        if ways(held) != 1:
            yield rule_problem("comparison-shape", report, path)
        elif missing := uncountable(held, _held(report, site)):
            detail = "near" if missing.near else ""
            values = {"value": missing.typed, "near": missing.near}
            yield rule_problem(
                "comparison-unknown", report, f"{path}.{missing.field}", detail, **values
            )
