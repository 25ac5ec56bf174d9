"""Rules for series: gaps and repeats of numbers, order of days, cycles of relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, pairwise

from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem, Ref
from generator.kinds.gazette.entry import ENTRY_KIND, GazetteEntry
from generator.kinds.gazette.issue import ISSUE_ID, GazetteIssue, issue_rank, year_spelling
from generator.kinds.gazette.new_files import free_entry, free_issue
from generator.site.kind import Site

MOST_NUMBERS = 10
"""The most missing numbers that a message lists; more would not help."""


def issue_order_rules(site: Site) -> Iterator[Problem]:
    """The numbers and days of issues within each year, season and edition."""
    broken = {issue_rank(id_) for id_ in _broken(site, "issues") if ISSUE_ID.fullmatch(id_)}
    issues = sorted(
        site.archive.of(GazetteIssue), key=lambda issue: (issue_rank(issue.id), issue.id)
    )
    for before, issue in pairwise(issues):
        if issue_rank(before.id)[:2] == issue_rank(issue.id)[:2]:
            yield from _after(before, issue, broken, site)


def _after(
    before: GazetteIssue, issue: GazetteIssue, broken: set[tuple[int, str, int]], site: Site
) -> Iterator[Problem]:
    volume, series, number = issue_rank(issue.id)
    if number == before.number:
        free = free_issue(site, issue.origin.path)
        values = {"value": issue.id, "other": before.id, "free": free}
        yield rule_problem("issue-number-repeated", issue, "", **values)
    missing = [n for n in range(before.number + 1, number) if (volume, series, n) not in broken]
    if missing:
        yield rule_warning("issue-gap", issue, "", value=issue.id, missing=_number_list(missing))
    earlier, later = before.publication_date, issue.publication_date
    if earlier and later and later < earlier:
        yield rule_warning("issue-order", issue, "publication_date", other=before.id)


def year_spelling_rules(site: Site) -> Iterator[Problem]:
    """Years below 100 have one spelling on a site; the spelling of published issues stays."""
    issues = [issue for issue in site.archive.of(GazetteIssue) if year_spelling(issue.id)]
    widths = {len(year_spelling(issue.id)) for issue in issues}
    if len(widths) < _BOTH:
        return
    sealed = _spelled(name.rpartition("-")[0] for name in site.seals.numbers)
    published = sealed or _spelled(site.memory.records)
    width = len(year_spelling(published)) if published else max(widths)
    for issue in issues:
        if len(year_spelling(issue.id)) != width:
            year = year_spelling(issue.id)
            values = {"value": issue.id, "year": year, "known": published}
            values["other"] = year.lstrip("0").zfill(width)
            values["expected"] = values["other"] + issue.id[len(year) :]
            detail = "sealed" if sealed else "published" if published else ""
            yield rule_problem("year-spelling", issue, "", detail, **values)


def _spelled(names: Iterable[str]) -> str:
    """The first issue among records' names whose year can be spelled in two ways, or ""."""
    issues = (name.partition(":")[2] for name in names)
    return next((id_ for id_ in issues if ISSUE_ID.fullmatch(id_) and year_spelling(id_)), "")


_BOTH = 2


def sequence_rules(site: Site) -> Iterator[Problem]:
    """The entries of each issue count from 1 without gap or repeat."""
    broken = _broken(site, ENTRY_KIND)
    for _, entries in groupby(site.archive.of(GazetteEntry), key=lambda entry: entry.issue):
        yield from _sequence(list(entries), broken, site)


def _sequence(entries: list[GazetteEntry], broken: set[str], site: Site) -> Iterator[Problem]:
    last = entries[-1]
    numbers = [entry.sequence for entry in entries]
    lost = {int(id_.rpartition("-")[2]) for id_ in broken if id_.startswith(f"{last.issue.id}-")}
    for before, entry in pairwise(entries):
        if before.sequence == entry.sequence:
            free = free_entry(site, entry.origin.path)
            values = {"value": entry.id, "other": before.origin.path, "free": free}
            yield rule_problem("sequence-repeated", entry, "", **values)
    missing = [n for n in range(1, last.sequence) if n not in lost and n not in numbers]
    if missing:
        yield rule_warning(
            "sequence-gap", last, "", value=last.issue.id, missing=_number_list(missing)
        )


def _broken(site: Site, kind: str) -> set[str]:
    return {ref.id for ref in site.broken if ref.kind == kind}


def _number_list(numbers: list[int]) -> str:
    text = "、".join(map(str, numbers[:MOST_NUMBERS]))
    return f"{text}…" if len(numbers) > MOST_NUMBERS else text


def cycle_rules(site: Site) -> Iterator[Problem]:
    """Relations that form a cycle: no document can come both before and after another."""
    related = (entry for entry in site.archive.of(GazetteEntry) if entry.relations)
    targets = {entry.ref: _targets(entry, site) for entry in related}
    visited: set[Ref] = set()
    for start in targets:
        cycle = _cycle_from(start, targets, visited)
        if cycle:
            entry = site.archive.get(GazetteEntry, cycle[0])
            chain = " → ".join(ref.id for ref in (*cycle, cycle[0]))
            if entry:
                yield rule_problem("relation-cycle", entry, "relations", value=chain)


def _targets(entry: GazetteEntry, site: Site) -> tuple[Ref, ...]:
    acting = (r.target for r in entry.relations if r.type != "cites" and r.target != entry.ref)
    return tuple(target for target in acting if target and site.linked(target))


def _cycle_from(
    start: Ref, targets: Mapping[Ref, Iterable[Ref]], visited: set[Ref]
) -> tuple[Ref, ...]:
    """The first cycle that a depth-first walk from `start` finds, or ().

    `visited` grows by what the walk leaves behind, so that all walks together take linear time.
    """
    path: list[Ref] = []
    waiting: list[tuple[Ref, int]] = [(start, 0)]
    while waiting:
        ref, depth = waiting.pop()
        visited.update(path[depth:])
        del path[depth:]
        if ref in path:
            visited.update(path)
            return tuple(path[path.index(ref) :])
        if ref not in visited:
            path.append(ref)
            waiting += [(target, depth + 1) for target in targets.get(ref, ())]
    visited.update(path)
    return ()
