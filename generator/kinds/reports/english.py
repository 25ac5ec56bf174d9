"""The figures that a report cites, on its page in English; its text is in Chinese alone."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from generator.kinds.reports.report import Report, Section
from generator.site.english import said_of
from generator.site.facts import Said, said
from generator.site.figures.accounting import account
from generator.site.kind import Site

BODY = "report-english.html"


class EnglishFigure(Struct, frozen=True, kw_only=True):
    """A cited figure: what it counts, its number and unit, the record that it is from."""

    name: Said
    number: str
    unit: Said
    record: Said


def english_body(report: Report, site: Site) -> tuple[str, Mapping[str, object]]:
    """The template of a report's page in English, and its values."""
    figures: dict[str, EnglishFigure] = {}
    for section in site.archive.referring_to(report, Section):
        for cited in account(section, site).cited:
            citable, figure = cited.citable, cited.citable.figure
            if figure is not None:
                record = said_of(cited.record.ref, None, site)
                figures[citable.full_name] = EnglishFigure(
                    name=said(citable.title_en, citable.title, record.address + citable.fragment),
                    number=figure.english,
                    unit=said(citable.unit_en, citable.unit),
                    record=record,
                )
    return BODY, {"figures": tuple(figures.values())}
