"""Counts things of a site for numbers that editors declare to be counts.

A declaration selects what to count: records of a kind, entries of a field, items of a list.  The
caller compares the count with its own number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from generator.content.field_types import Leaf, Pattern, Text, near
from generator.content.model import Ref
from generator.content.period import Period
from generator.content.record import Record, described, leaves, mixin, specs
from generator.content.value_types import Country, country_names
from generator.site.figures.citing import NamedList, Narrative
from generator.site.kind import Site
from generator.text.markdown import RECORD_LINK

KIND = "kind"
RECORD = "record"
FIELD = "field"
LIST = "list"


@mixin
class Counted:
    """Selects what to count: records of a kind in a period, entries of a field, items of a list."""

    list: str = described(Pattern(), "清單", "數章節裡這個清單的項目")
    kind: str = described(Pattern(), "內容類型", "數期間內這一類的紀錄")
    category: str = described(Text(maximum=60), "類別", "只數這一類別")
    record: str = described(Text(maximum=200), "紀錄", "例如 visits:2016-02-19-lantern-luncheon")
    field: str = described(Pattern(), "欄位", "數該紀錄這個欄位的項目")


class Held(Struct, frozen=True, kw_only=True):
    """Where to count: a site, a period of publication, and the lists of the text around."""

    site: Site
    period: Period | None
    lists: Sequence[NamedList] = ()


class Uncountable(Struct, frozen=True, kw_only=True):
    """A name that leads nowhere: the field, the text as typed, and a similar name."""

    field: str
    typed: str
    near: str


Thing = tuple[str, str]
"""A counted thing: its name, and the address of its page or ""."""


def asks(selection: Counted) -> bool:
    """Whether a selection has any field."""
    return any(
        (selection.list, selection.kind, selection.category, selection.record, selection.field)
    )


def ways(selection: Counted) -> int:
    """The number of ways in which a selection says what to count; only one is valid."""
    alone = bool(selection.kind) + (bool(selection.list) and not selection.record)
    within = (bool(selection.field) + bool(selection.list)) if selection.record else 0
    stray = bool(selection.record) != bool(within) or (selection.field and not selection.record)
    return 0 if stray else alone + within


def things(selection: Counted, scope: Held) -> Iterator[Thing]:
    """The selected things, in order; nothing if a name leads nowhere."""
    if selection.kind:
        for record in _records(selection, scope):
            yield scope.site.title(record), scope.site.address(record)
    elif selection.list:
        for listed in _lists(selection, scope):
            if listed.id == selection.list:
                yield from ((item, "") for item in listed.items)
    elif about := _record(selection, scope.site):
        yield from _entries(about, selection.field, scope.site)


def _lists(selection: Counted, scope: Held) -> Sequence[NamedList]:
    """The lists of the selected record, or those of the scope if none is selected."""
    if not selection.record:
        return scope.lists
    about = _record(selection, scope.site)
    return about.lists if isinstance(about, Narrative) else ()


def _records(selection: Counted, scope: Held) -> Iterator[Record]:
    """The records of a kind, and category, that were published in the period."""
    site, period = scope.site, scope.period
    kind = next((kind for kind in site.kinds if kind.name == selection.kind), None)
    for record in site.records(kind) if kind and period else ():
        day = site.publication_day(record)
        fits = kind and selection.category in ("", kind.search_fields(record, site).category)
        if fits and period and day and period.from_ <= day <= period.to:
            yield record


def _ref(selection: Counted) -> Ref | None:
    match = RECORD_LINK.fullmatch(selection.record)
    return Ref(match["kind"], match["id"]) if match else None


def _record(selection: Counted, site: Site) -> Record | None:
    ref = _ref(selection)
    return site.linked(ref) if ref else None


def _entries(record: Record, field: str, site: Site) -> Iterator[Thing]:
    """The entries of a field: records by title, countries by name, groups by their first text."""
    places: set[str] = set()
    for leaf in leaves(record):
        path = leaf.path.split(".")
        place = ".".join(path[:2])
        if path[0] == field and len(path) > 1 and place not in places:
            places.add(place)
            yield _thing(leaf, site)


def _thing(leaf: Leaf, site: Site) -> Thing:
    record = site.linked(leaf.value) if isinstance(leaf.value, Ref) else None
    if record:
        return site.title(record), site.address(record)
    text = str(leaf.value)
    return country_names()[text] if isinstance(leaf.type, Country) else text, ""


def uncountable(selection: Counted, scope: Held) -> Uncountable | None:
    """The first name that leads nowhere; the name of a broken record does lead somewhere."""
    record, ref = _record(selection, scope.site), _ref(selection)
    if ref and not record and not scope.site.missing(ref):
        return None
    if selection.kind:
        name, names = KIND, tuple(kind.name for kind in scope.site.kinds)
    elif selection.record and not record:
        name, names = RECORD, ()
    elif selection.list:
        name, names = LIST, tuple(listed.id for listed in _lists(selection, scope))
    else:
        name, names = FIELD, tuple(spec.name for spec in specs(type(record))) if record else ()
    typed: str = getattr(selection, name)
    if typed in names:
        return None
    return Uncountable(field=name, typed=typed, near=near(typed, names))
