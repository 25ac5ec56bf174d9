"""Every figure of a site: what holds it, what proves it, where prose cites it.

For programs as JSON, for editors as the list of numbers in prose that rest on nothing.
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
    """A cell that stands under a rule, as its result or as a part of what is computed."""

    cell: Cell
    rule: str
    sort: Sort
    part: bool


def standing(statistic: Tabulated, site: Site) -> Iterator[Standing]:
    """The cells of a statistic that stand under a rule, its own or another statistic's."""
    others = site.archive.referring_to(statistic, statistic.record_type)
    for declaring in dict.fromkeys((statistic.ref, *(other.ref for other in others))):
        found = site.archive.get(Tabulated, declaring)
        for proof in site.kind(found).figures.proofs(found, site) if found else ():
            for cell in (proof.cell, *proof.parts):
                if cell.statistic.ref == statistic.ref:
                    part = cell is not proof.cell
                    yield Standing(cell=cell, rule=proof.rule, sort=proof.sort, part=part)


class Held(Struct, frozen=True, kw_only=True):
    """A figure of a table or a series: its place, the rules it stands under, its citations."""

    cell: Cell
    origin: Origin
    standings: tuple[Standing, ...]
    cited: tuple[Origin, ...]

    @property
    def firmest(self) -> Sort | None:
        """The firmest sort of rule that it stands under: exact, then rounded, then a bound."""
        sorts = {one.sort for one in self.standings}
        return next((sort for sort in Sort if sort in sorts), None)


class Inventory(Struct, frozen=True, kw_only=True):
    """All figures of a site, and all numbers of its prose."""

    held: tuple[Held, ...]
    accounts: tuple[Account, ...]

    @property
    def loose(self) -> tuple[tuple[Account, Number], ...]:
        """Figures of prose that cite nothing, with the record that they stand in."""
        return tuple((one, number) for one in self.accounts for number in one.loose)

    @property
    def under(self) -> Mapping[Sort, int]:
        """How many figures stand under each sort of rule, each counted once, as its firmest."""
        counted = Counter(held.firmest for held in self.held)
        return {sort: counted[sort] for sort in Sort}


def inventory(site: Site) -> Inventory:
    """Every figure of a site."""
    accounts = tuple(account(record, site) for record in narratives(site))
    places = _citations(accounts)
    return Inventory(held=tuple(_held(site, places)), accounts=accounts)


def _citations(accounts: tuple[Account, ...]) -> Mapping[str, tuple[Origin, ...]]:
    """Where each figure is cited, by its full name."""
    found: dict[str, list[Origin]] = defaultdict(list)
    for one in accounts:
        text, where = one.record.markdown, one.record.place("markdown")
        for cited in one.cited:
            place = where.within(text, cited.binding.start, len(cited.binding.typed))
            found[cited.citable.full_name].append(place)
    return {name: tuple(places) for name, places in found.items()}


def _held(site: Site, places: Mapping[str, tuple[Origin, ...]]) -> Iterator[Held]:
    for kind in site.kinds:
        for record in site.records(kind):
            if isinstance(record, Tabulated):
                under: dict[str, list[Standing]] = defaultdict(list)
                for one in standing(record, site):
                    under[one.cell.path].append(one)
                for cell in record.cells():
                    yield Held(
                        cell=cell,
                        origin=record.place(cell.path),
                        standings=tuple(under[cell.path]),
                        cited=places.get(citable_cell(cell).full_name, ()),
                    )


def as_json(found: Inventory, folder: str) -> str:
    """The inventory for programs: figures, citations of other fields, numbers that cite none."""
    classes = Counter(number.mention.what.value for one in found.accounts for number in one.numbers)
    constants = {what.value: classes[what.value] for what in Class if what is not Class.FIGURE}
    whole = {
        "figures": [_figure(held, folder) for held in found.held],
        "under": {sort.value: count for sort, count in found.under.items()},
        "cited": [entry for one in found.accounts for entry in _cited(one, folder)],
        "uncited": [_number(one, number, folder) for one, number in found.loose],
        "excused": [_number(o, n, folder) for o in found.accounts for n in o.excused],
        "constants": constants,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _figure(held: Held, folder: str) -> dict[str, object]:
    cell, figure = held.cell, held.cell.figure
    return {
        "statistic": str(cell.statistic.ref),
        "cell": cell.key,
        "title": cell.title,
        "value": figure.plain,
        "qualifier": figure.qualifier,
        "missing": figure.missing,
        "unit": cell.unit,
        "field": cell.path,
        **_place(held.origin, folder),
        "rules": [
            {"rule": one.rule, "sort": one.sort.value, "part": one.part} for one in held.standings
        ],
        "cited": [_place(origin, folder) for origin in held.cited],
    }


def _cited(one: Account, folder: str) -> Iterator[dict[str, object]]:
    where = one.record.place("markdown")
    for cited in one.cited:
        binding = cited.binding
        origin = where.within(one.record.markdown, binding.start, len(binding.typed))
        yield {
            "record": str(one.record.ref),
            "typed": binding.typed,
            "shown": cited.words,
            "figure": cited.citable.full_name,
            **_place(origin, folder),
        }


def _number(one: Account, number: Number, folder: str) -> dict[str, object]:
    return {
        "record": str(one.record.ref),
        "text": number.mention.text,
        "value": str(number.mention.value),
        "reason": number.excuse,
        **_place(number.origin(one.record), folder),
    }


def _place(origin: Origin, folder: str) -> dict[str, object]:
    return {"path": f"{folder}/{origin.path}", "line": origin.line, "column": origin.column}
