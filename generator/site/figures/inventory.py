"""Lists every figure of a site: its place, the rules that prove it, its citations in prose.

Programs get it as JSON, editors as the list of numbers in prose without citation.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.content.model import Origin
from generator.site.figures.accounting import Account, Number, account, narratives
from generator.site.figures.cells import Cell, Sort, Tabulated
from generator.site.figures.citing import citable_cell
from generator.site.figures.mentions import Class
from generator.site.kind import Site


class Standing(Struct, frozen=True, kw_only=True):
    """A cell under a rule, as its result or as a part of the computation."""

    cell: Cell
    rule: str
    sort: Sort
    part: bool


def standing(statistic: Tabulated, site: Site) -> Iterator[Standing]:
    """The cells of a statistic that are under a rule, of this or another statistic."""
    statistics = site.archive.referring_to(statistic, statistic.record_type)
    for declaring in dict.fromkeys((statistic.ref, *(other.ref for other in statistics))):
        declarer = site.archive.get(Tabulated, declaring)
        for proof in site.kind(declarer).figures.proofs(declarer, site) if declarer else ():
            for cell in (proof.cell, *proof.parts):
                if cell.statistic.ref == statistic.ref:
                    part = cell is not proof.cell
                    yield Standing(cell=cell, rule=proof.rule, sort=proof.sort, part=part)


class FigureEntry(Struct, frozen=True, kw_only=True):
    """A figure of a table or a series: its place, its rules, its citations."""

    cell: Cell
    origin: Origin
    standings: tuple[Standing, ...]
    cited: tuple[Origin, ...]

    @property
    def firmest(self) -> Sort | None:
        """The most exact sort of its rules: exact, then rounded, then a bound."""
        sorts = {standing_.sort for standing_ in self.standings}
        return next((sort for sort in Sort if sort in sorts), None)


class Inventory(Struct, frozen=True, kw_only=True):
    """All figures of a site, and all numbers of its prose."""

    figures: tuple[FigureEntry, ...]
    accounts: tuple[Account, ...]

    @property
    def loose(self) -> tuple[tuple[Account, Number], ...]:
        """Figures of prose without citation, each with the account of its record."""
        return tuple((account_, number) for account_ in self.accounts for number in account_.loose)

    @property
    def under(self) -> Mapping[Sort, int]:
        """The number of figures under each sort of rule, each counted under its `firmest`."""
        counted = Counter(entry.firmest for entry in self.figures)
        return {sort: counted[sort] for sort in Sort}


def inventory(site: Site) -> Inventory:
    """Every figure of a site."""
    accounts = tuple(account(record, site) for record in narratives(site))
    places = _citations(accounts)
    return Inventory(figures=tuple(_entries(site, places)), accounts=accounts)


def _citations(accounts: tuple[Account, ...]) -> Mapping[str, tuple[Origin, ...]]:
    """The places of the citations of each figure, by its full name."""
    places_by_name: dict[str, list[Origin]] = defaultdict(list)
    for account_ in accounts:
        text, where = account_.record.markdown, account_.record.place("markdown")
        for cited in account_.cited:
            place = where.within(text, cited.binding.start, len(cited.binding.typed))
            places_by_name[cited.citable.full_name].append(place)
    return {name: tuple(places) for name, places in places_by_name.items()}


def _entries(site: Site, places: Mapping[str, tuple[Origin, ...]]) -> Iterator[FigureEntry]:
    for kind in site.kinds:
        for record in site.records(kind):
            if isinstance(record, Tabulated):
                under: dict[str, list[Standing]] = defaultdict(list)
                for standing_ in standing(record, site):
                    under[standing_.cell.path].append(standing_)
                for cell in record.cells():
                    yield FigureEntry(
                        cell=cell,
                        origin=record.place(cell.path),
                        standings=tuple(under[cell.path]),
                        cited=places.get(citable_cell(cell).full_name, ()),
                    )


def as_json(inventory_: Inventory, folder: str) -> str:
    """The inventory for programs: figures, all citations, numbers without citation."""
    classes = Counter(
        number.mention.what.value for account_ in inventory_.accounts for number in account_.numbers
    )
    constants = {what.value: classes[what.value] for what in Class if what is not Class.FIGURE}
    whole = {
        "figures": [_figure(entry, folder) for entry in inventory_.figures],
        "under": {sort.value: count for sort, count in inventory_.under.items()},
        "cited": [entry for account_ in inventory_.accounts for entry in _cited(account_, folder)],
        "uncited": [_number(account_, number, folder) for account_, number in inventory_.loose],
        "excused": [_number(o, n, folder) for o in inventory_.accounts for n in o.excused],
        "constants": constants,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _figure(entry: FigureEntry, folder: str) -> dict[str, object]:
    cell, figure = entry.cell, entry.cell.figure
    return {
        "statistic": str(cell.statistic.ref),
        "cell": cell.key,
        "title": cell.title,
        "value": figure.plain,
        "qualifier": figure.qualifier,
        "missing": figure.missing,
        "unit": cell.unit,
        "field": cell.path,
        **_place(entry.origin, folder),
        "rules": [
            {"rule": standing_.rule, "sort": standing_.sort.value, "part": standing_.part}
            for standing_ in entry.standings
        ],
        "cited": [_place(origin, folder) for origin in entry.cited],
    }


def _cited(account_: Account, folder: str) -> Iterator[dict[str, object]]:
    where = account_.record.place("markdown")
    for cited in account_.cited:
        binding = cited.binding
        origin = where.within(account_.record.markdown, binding.start, len(binding.typed))
        yield {
            "record": str(account_.record.ref),
            "typed": binding.typed,
            "shown": cited.words,
            "figure": cited.citable.full_name,
            **_place(origin, folder),
        }


def _number(account_: Account, number: Number, folder: str) -> dict[str, object]:
    return {
        "record": str(account_.record.ref),
        "text": number.mention.text,
        "value": str(number.mention.value),
        "reason": number.excuse,
        **_place(number.origin(account_.record), folder),
    }


def _place(origin: Origin, folder: str) -> dict[str, object]:
    return {"path": f"{folder}/{origin.path}", "line": origin.line, "column": origin.column}
