"""What a report states beside what the site's records add up to, counted anew each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from generator.binding import bindings
from generator.citing import Cited, Misfit, cite
from generator.fields import near
from generator.findings import rule_problem
from generator.kind import Site
from generator.kinds.reports.report import Comparison, Report, Section
from generator.model import Problem, Ref
from generator.prose import RECORD_LINK
from generator.record import Record, leaves, specs


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One line of the comparison: what the report states, and how many are recorded.

    `named` are what was counted: a name and the address of its page, "" where it has none.
    """

    comparison: Comparison
    stated: Cited
    counted: int
    named: tuple[tuple[str, str], ...]

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
    named = tuple(_named(comparison, report, site))
    return Count(comparison=comparison, stated=stated, counted=len(named), named=named)


def _named(comparison: Comparison, report: Report, site: Site) -> Iterator[tuple[str, str]]:
    if comparison.list:
        for section in site.archive.referring_to(report, Section):
            for held in section.lists:
                if held.id == comparison.list:
                    yield from ((item, "") for item in held.items)
    elif comparison.kind:
        for record in _within(comparison, report, site):
            yield site.title(record), site.address(record)
    else:
        about = _record(comparison, site)
        if about:
            yield from _entries(about, comparison.field, site)


def _within(comparison: Comparison, report: Report, site: Site) -> Iterator[Record]:
    """The records of a kind, and category, that came out in the report's period."""
    kind = next((kind for kind in site.kinds if kind.name == comparison.kind), None)
    period = report.period
    for record in site.records(kind) if kind and period else ():
        day = site.known(record)
        fits = kind and comparison.category in ("", kind.found(record, site).category)
        if fits and period and day and period.from_ <= day <= period.to:
            yield record


def _record(comparison: Comparison, site: Site) -> Record | None:
    match = RECORD_LINK.fullmatch(comparison.record)
    return site.linked(Ref(match["kind"], match["id"])) if match else None


def _entries(record: Record, field: str, site: Site) -> Iterator[tuple[str, str]]:
    """What a field lists: records by their titles, groups by their first text."""
    seen: set[str] = set()
    for leaf in leaves(record):
        path = leaf.path.split(".")
        place = ".".join(path[:2])
        if path[0] == field and len(path) > 1 and place not in seen:
            seen.add(place)
            linked = site.linked(leaf.value) if isinstance(leaf.value, Ref) else None
            yield (site.title(linked), site.address(linked)) if linked else (str(leaf.value), "")


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
        if held.ways != 1 or bool(held.record) != bool(held.field):
            yield rule_problem("comparison-shape", report, path)
        else:
            yield from _uncountable(held, path, report, site)


def _uncountable(held: Comparison, path: str, report: Report, site: Site) -> Iterator[Problem]:
    name, known = (
        "list",
        tuple(
            listed.id
            for section in site.archive.referring_to(report, Section)
            for listed in section.lists
        ),
    )
    if held.kind:
        name, known = "kind", tuple(kind.name for kind in site.kinds)
    elif held.record:
        record = _record(held, site)
        name = "field" if record else "record"
        known = tuple(spec.name for spec in specs(type(record))) if record else ()
    typed: str = getattr(held, name)
    if typed not in known:
        guess = near(typed, known)
        detail = "near" if guess else ""
        values = {"value": typed, "near": guess}
        yield rule_problem("comparison-unknown", report, f"{path}.{name}", detail, **values)
