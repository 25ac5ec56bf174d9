"""Rules for reports and their sections."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.findings import rule_problem
from generator.content.model import Problem
from generator.kinds.reports.comparisons import count_problems
from generator.kinds.reports.report import SECTIONS, Report, Section
from generator.site.kind import Site, folder_of, own_files
from generator.text.urls import folded


def report_rules(report: Report, site: Site) -> Iterator[Problem]:
    """The problems of a report's fields, its sections and its comparisons."""
    if report.period and report.period.backwards:
        yield rule_problem("period-order", report, "period.to")
    sections = site.archive.referring_to(report, Section)
    broken = (ref.id for ref in site.broken if ref.kind == SECTIONS)
    if not sections and not any(id_.rpartition("-")[0] == report.id for id_ in broken):
        yield rule_problem("report-empty", report, "", value=report.id)
    yield from count_problems(report, site)


def section_rules(section: Section, site: Site) -> Iterator[Problem]:
    """A section has a report, and shares no file name with other sections of it."""
    if site.missing(section.report):
        yield rule_problem("report-missing", section, "", value=section.report.id)
        return
    report = site.archive.get(Report, section.report)
    others = site.archive.referring_to(report, Section) if report else ()
    for other in others:
        if other.number < section.number:
            yield from _shared_files(section, other, site)
    if report:
        yield from _shared_files(section, report, site)


def _shared_files(section: Section, other: Section | Report, site: Site) -> Iterator[Problem]:
    """Two files of one name, since all files of a report are in one folder of the site."""
    mine, others = _files(section, site), _files(other, site)
    for name in sorted(mine.keys() & others.keys()):
        values = {"value": mine[name], "other": other.origin.path}
        yield rule_problem("section-file", section, "markdown", **values)


def _files(record: Section | Report, site: Site) -> dict[str, str]:
    """The existing files that a record names, by their names as file systems compare them."""
    names = (name for name in own_files(record) if f"{folder_of(record)}/{name}" in site.files)
    return {folded(name): name for name in names}
