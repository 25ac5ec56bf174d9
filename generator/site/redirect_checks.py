"""Checks that old addresses collide neither with the site's own addresses nor with each other.

A web server redirects an old address before it looks for a file, and some old addresses get a page
of their own.  So each is normalized, whatever its spelling, and compared with all addresses of the
site.  Folders that the program fills freely are closed to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from generator.content.files import SITE_FILE
from generator.content.findings import rule_problem
from generator.content.image_sizes import FOLDER as SIZES
from generator.content.model import Origin, Problem
from generator.content.record import Record
from generator.site.kind import Site, own_files
from generator.site.own_addresses import FOLDERS, OWN_ADDRESSES
from generator.site.plan import list_pages
from generator.site.redirects import old_page
from generator.site.static_copies import static_copies
from generator.text.characters import refused
from generator.text.urls import Spot, counterpart, folded, spot

_CLOSED = frozenset(step for own in OWN_ADDRESSES.values() for step in own.closed)
_PATTERNS = (own.pattern for own in OWN_ADDRESSES.values() if own.pattern)
_OWN = re.compile("|".join((*FOLDERS, *_PATTERNS)))
"""Any other address in these folders may have been somebody else's before."""
_CODE = "old-address-taken"
STEP, WHOLE = 255, 1800
"""The most bytes of a file's name on disks, and of host, path and query on all servers.

nginx accepts a key of 2,048 bytes (with the handbook's settings) and a parameter of 4,096, in which
a character may take two.
"""
_INDEX = "index.html"
_BLANKS = frozenset("\t\r\n")
"""Control characters that texts may have, and addresses may not."""


@dataclass(frozen=True, kw_only=True)
class _OldAddress:
    """An old address: its record and field, its text as typed, its `Spot` and the site's.

    One of the settings has no record, and the address of a page in its place.
    """

    record: Record | None
    field: str
    typed: str
    spot: Spot
    base: Spot
    to: str = ""

    def problem(self, detail: str = "", **values: str) -> Problem:
        """An error about the address, at its place."""
        all_values = {"value": self.typed, **values}
        if self.record is None:
            place = Origin(path=SITE_FILE, field=self.field)
            return Problem(code=_CODE, origin=place, detail=detail, values=all_values)
        return rule_problem(_CODE, self.record, self.field, detail, **all_values)

    @property
    def owner(self) -> str:
        """What it leads to: a record, or a page that the settings name."""
        return str(self.record.ref) if self.record else f"{SITE_FILE} {self.to}"

    @cached_property
    def own(self) -> str | None:
        """The path within the site, folded; None if the address is outside it."""
        below = self.spot.below(self.base)
        return None if below is None else _place(folded(below))

    @cached_property
    def key(self) -> tuple[str, str, str]:
        """A key that no two old addresses may share; some servers ignore the case of letters."""
        return self.spot.host, _place(folded(self.spot.path)), self.spot.query.casefold()

    @cached_property
    def page(self) -> str:
        """The file of the redirect page, folded; "" if there is none."""
        return folded(old_page(self.spot, self.base))


def old_address_problems(site: Site) -> Iterator[Problem]:
    """The problem of each invalid old address, in the order of records, then of the settings."""
    base = spot(site.settings.base_url)
    addresses = [
        _OldAddress(record=record, field=f"legacy_urls.{n}", typed=url, spot=spot(url), base=base)
        for record in site.archive
        for n, url in enumerate(record.legacy_urls)
    ]
    addresses += [
        _OldAddress(
            record=None,
            field=f"redirects.{n}.from",
            typed=redirect.from_,
            spot=spot(redirect.from_),
            base=base,
            to=redirect.to,
        )
        for n, redirect in enumerate(site.settings.redirects)
    ]
    standing, holders = _Standing(site), _holders(addresses)
    pages: dict[str, _OldAddress] = {}
    for address in addresses:
        pages.setdefault(address.page, address)
    for address in addresses:
        problems = (
            _unusable(address),
            _stands(address, standing),
            _shared(address, holders, pages),
        )
        problem = next(filter(None, problems), None)
        if problem:
            yield problem
        elif address.record is None:
            if address.to.removeprefix("/") not in site.addresses:
                yield address.problem("nowhere", to=address.to)
        elif not site.kind(address.record).page:
            yield address.problem("pageless")


def _holders(addresses: Iterable[_OldAddress]) -> dict[tuple[str, str, str], _OldAddress]:
    """The first old address for each key."""
    holders: dict[tuple[str, str, str], _OldAddress] = {}
    for address in addresses:
        holders.setdefault(address.key, address)
    return holders


def _unusable(address: _OldAddress) -> Problem | None:
    """The problem of an address that leaves its site, has control characters or is too long."""
    text = address.spot.path.decode("utf-8", "ignore")
    if ".." in folded(address.spot.path).split("/"):
        return address.problem("outside")
    if refused(text) or not _BLANKS.isdisjoint(text):
        return address.problem("control")
    if b"?" in address.spot.path:  # in a table by path and query it would look like a query
        return address.problem("question")
    steps, whole = address.spot.path.split(b"/"), sum(map(len, address.spot))
    if max(map(len, steps)) > STEP or whole > WHOLE:
        return address.problem("long")
    return None


def _stands(address: _OldAddress, standing: _Standing) -> Problem | None:
    other = None if address.own is None else standing.at(address.own)
    return None if other is None else address.problem(other=standing.base_url + other)


def _shared(
    address: _OldAddress,
    holders: dict[tuple[str, str, str], _OldAddress],
    pages: dict[str, _OldAddress],
) -> Problem | None:
    """The problem of an address of two records, or of redirect pages in each other's place."""
    first = holders[address.key]
    rivals = [pages[way] for way in _ways(address.page) if way in pages and address.page]
    # two addresses of one record may share a page, as `/a` and `/a/` do, but not be nested
    others = (
        rival for rival in rivals if rival.page != address.page or rival.owner != address.owner
    )
    other = first if first.owner != address.owner else next(others, None)
    return address.problem("twice", other=other.owner) if other else None


def _ways(path: str) -> list[str]:
    """The folders above a path, the topmost first, and the path itself."""
    steps = path.split("/")
    return ["/".join(steps[:end]) for end in range(1, len(steps) + 1)]


def _place(path: str) -> str:
    """A folded path without the name of an index page: it is the same place as its folder."""
    return path.removesuffix(_INDEX).rstrip("/") if f"/{path}".endswith(f"/{_INDEX}") else path


class _Standing:
    """The addresses of the site, computed when the first old address within it is checked."""

    def __init__(self, site: Site) -> None:
        self._site, self.base_url = site, site.settings.base_url

    def at(self, place: str) -> str | None:
        """The address of the site that takes a place or must be above it; None if it is free."""
        ways = _ways(place)
        if not place or ways[0] in _CLOSED or ways[0].startswith("."):
            return ways[0]
        if _OWN.fullmatch(place.rstrip("/")):
            return place
        if place in self._folders:
            return f"{place}/"
        return next((way for way in ways if self._is_beside(way)), None)

    def _is_beside(self, way: str) -> bool:
        """Whether a place below a record's page is used by its files, or may be later.

        Old pages have no ending or that of HTML, which no attachment has, so that they are free.
        """
        above, _, name = way.rpartition("/")
        if name in self._folders_beside(above):
            return True
        mine = any(place in self._records for place in _ways(above))
        return mine and "." in name and not name.endswith((".html", ".htm"))

    def _folders_beside(self, place: str) -> set[str]:
        """The names of folders with files of the record whose page is at a place."""
        record = self._records.get(place)
        files = map(folded, own_files(record)) if record else ()
        folders = {file.partition("/")[0] for file in files if "/" in file}
        return folders | {SIZES} if record else folders

    @cached_property
    def _records(self) -> dict[str, Record]:
        """The records with a page, by the folded address of the page."""
        records = (record for record in self._site.archive if self._site.kind(record).page)
        return {folded(self._site.address(record)): record for record in records}

    @cached_property
    def _folders(self) -> set[str]:
        """The folded addresses of all pages, in both languages, and of the folders above them."""
        fixed = [page.address for page in list_pages(self._site, self._site.views)]
        fixed += self._site.addresses
        fixed += (copy.address for copy in static_copies(self._site))
        places = {*self._records, *map(counterpart, self._records), *map(folded, fixed)}
        return {way for place in places for way in _ways(place)}
