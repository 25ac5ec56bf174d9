"""Old addresses never take the place of something that stands on the site, or of each other.

A web server leads an old address away before it looks for a file, and some of them get a page of
their own.  So each is brought into one form, whatever its spelling, and compared with all that
the site declares; what the site fills as it likes is closed to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from generator.content.findings import rule_problem
from generator.content.image_sizes import FOLDER as SIZES
from generator.content.model import Problem
from generator.content.record import Record
from generator.site.kind import Site, own_files
from generator.site.own_addresses import FOLDERS, OWN_ADDRESSES
from generator.site.plan import list_pages
from generator.site.redirects import old_page
from generator.text.characters import refused
from generator.text.urls import Spot, counterpart, folded, spot

_CLOSED = frozenset(step for own in OWN_ADDRESSES.values() for step in own.closed)
_PATTERNS = (own.pattern for own in OWN_ADDRESSES.values() if own.pattern)
_OWN = re.compile("|".join((*FOLDERS, *_PATTERNS)))
"""Any other address in these folders may have been somebody else's before."""
STEP, WHOLE = 255, 1800
"""Bytes of a file's name that disks take, and of host, path and query that every server takes.

nginx ends at a key of 2,048 (with the README's settings) and at a parameter of 4,096, in which a
sign may take two.
"""
_INDEX = "index.html"
_BLANKS = frozenset("\t\r\n")
"""Control characters that texts may hold, and addresses may not."""


@dataclass(frozen=True, kw_only=True)
class _Old:
    """An old address: whose, the field that holds it, how it was typed, where it leads."""

    record: Record
    field: str
    typed: str
    spot: Spot
    base: Spot

    def problem(self, detail: str = "", **values: str) -> Problem:
        """An error about it, at its place."""
        held = {"value": self.typed, **values}
        return rule_problem("old-address-taken", self.record, self.field, detail, **held)

    @cached_property
    def own(self) -> str | None:
        """Its path within the site, folded; None of one that lies elsewhere."""
        below = self.spot.below(self.base)
        return None if below is None else _place(folded(below))

    @cached_property
    def key(self) -> tuple[str, str, str]:
        """What no two of them may share: servers do not tell the case of letters apart."""
        return self.spot.host, _place(folded(self.spot.path)), self.spot.query.casefold()

    @cached_property
    def page(self) -> str:
        """The file that leads on from it, folded; "" where there is none."""
        return folded(old_page(self.spot, self.base))


def old_address_problems(site: Site) -> Iterator[Problem]:
    """Every old address that cannot be one, in the order of records."""
    base = spot(site.settings.base_url)
    old = [
        _Old(record=record, field=f"legacy_urls.{n}", typed=url, spot=spot(url), base=base)
        for record in site.archive
        for n, url in enumerate(record.legacy_urls)
    ]
    standing, holders = _Standing(site), _holders(old)
    pages: dict[str, _Old] = {}
    for one in old:
        pages.setdefault(one.page, one)
    for one in old:
        problems = (_unusable(one), _stands(one, standing), _shared(one, holders, pages))
        found = next(filter(None, problems), None)
        if found:
            yield found
        elif not site.kind(one.record).page:
            yield one.problem("pageless")


def _holders(old: Iterable[_Old]) -> dict[tuple[str, str, str], _Old]:
    """The first to hold each address."""
    held: dict[tuple[str, str, str], _Old] = {}
    for one in old:
        held.setdefault(one.key, one)
    return held


def _unusable(old: _Old) -> Problem | None:
    """Of one that leads out of its site, that cannot be shown, or that servers do not take."""
    text = old.spot.path.decode("utf-8", "ignore")
    if ".." in folded(old.spot.path).split("/"):
        return old.problem("outside")
    if refused(text) or not _BLANKS.isdisjoint(text):
        return old.problem("control")
    if b"?" in old.spot.path:  # a table by path and query cannot tell it from a query
        return old.problem("question")
    steps, whole = old.spot.path.split(b"/"), sum(map(len, old.spot))
    if max(map(len, steps)) > STEP or whole > WHOLE:
        return old.problem("long")
    return None


def _stands(old: _Old, standing: _Standing) -> Problem | None:
    other = None if old.own is None else standing.at(old.own)
    return None if other is None else old.problem(other=standing.base_url + other)


def _shared(
    old: _Old, holders: dict[tuple[str, str, str], _Old], pages: dict[str, _Old]
) -> Problem | None:
    """Of one that another record holds, or below whose page another one's page would stand."""
    first = holders[old.key]
    held = [pages[way] for way in _ways(old.page) if way in pages and old.page]
    # of its own addresses two may share a page, as `/a` and `/a/` do, but none stands below one
    others = (one for one in held if one.page != old.page or one.record.ref != old.record.ref)
    other = first if first.record.ref != old.record.ref else next(others, None)
    return old.problem("twice", other=str(other.record.ref)) if other else None


def _ways(path: str) -> list[str]:
    """A path and the folders above it, the topmost first."""
    steps = path.split("/")
    return ["/".join(steps[:end]) for end in range(1, len(steps) + 1)]


def _place(path: str) -> str:
    """A folder and its index page are one place."""
    return path.removesuffix(_INDEX).rstrip("/") if f"/{path}".endswith(f"/{_INDEX}") else path


class _Standing:
    """What stands on the site; it is looked for when an old address first lies within it."""

    def __init__(self, site: Site) -> None:
        self._site, self.base_url = site, site.settings.base_url

    def at(self, place: str) -> str | None:
        """The address of what stands in a place or must stand above it; None where nothing does."""
        ways = _ways(place)
        if not place or ways[0] in _CLOSED or ways[0].startswith("."):
            return ways[0]
        if _OWN.fullmatch(place.rstrip("/")):
            return place
        if place in self._folders:
            return f"{place}/"
        return next((way for way in ways if self._is_beside(way)), None)

    def _is_beside(self, way: str) -> bool:
        """Whether a place below a record's page is for its files, now or some day.

        Pages have no ending, or that of pages, which no attachment has.
        """
        above, _, name = way.rpartition("/")
        if name in self._folders_beside(above):
            return True
        mine = any(place in self._records for place in _ways(above))
        return mine and "." in name and not name.endswith((".html", ".htm"))

    def _folders_beside(self, place: str) -> set[str]:
        """The names of folders in which files of the record stand whose page is in a place."""
        record = self._records.get(place)
        files = map(folded, own_files(record)) if record else ()
        held = {file.partition("/")[0] for file in files if "/" in file}
        return held | {SIZES} if record else held

    @cached_property
    def _records(self) -> dict[str, Record]:
        """The records that have a page, by its place."""
        held = (record for record in self._site.archive if self._site.kind(record).page)
        return {folded(self._site.address(record)): record for record in held}

    @cached_property
    def _folders(self) -> set[str]:
        """The places of all pages, in English too, and of what is above them."""
        fixed = [page.address for page in list_pages(self._site, self._site.views)]
        fixed += self._site.addresses
        places = {*self._records, *map(counterpart, self._records), *map(folded, fixed)}
        return {way for place in places for way in _ways(place)}
