"""How many things a site holds of what a number speaks of, counted anew each time.

Whoever states a number says here what is to be counted; the number itself is the asker's.
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
    """What is counted: records of a kind in a period, entries of a field, items of a list."""

    list: str = described(Pattern(), "清單", "數章節裡這個清單的項目")
    kind: str = described(Pattern(), "內容類型", "數期間內這一類的紀錄")
    category: str = described(Text(maximum=60), "類別", "只數這一類別")
    record: str = described(Text(maximum=200), "紀錄", "例如 visits:2016-02-19-lantern-luncheon")
    field: str = described(Pattern(), "欄位", "數該紀錄這個欄位的項目")


class Held(Struct, frozen=True, kw_only=True):
    """Where things are counted: a site, a period that records came out in, lists at hand."""

    site: Site
    period: Period | None
    lists: Sequence[NamedList] = ()


class Uncountable(Struct, frozen=True, kw_only=True):
    """A name that leads nowhere: the field it was typed in, the text, one that is nearly so."""

    field: str
    typed: str
    near: str


Thing = tuple[str, str]
"""What was counted: a name, and the address of its page, "" where it has none."""


def asks(asked: Counted) -> bool:
    """Whether it says anything at all of what to count."""
    return any((asked.list, asked.kind, asked.category, asked.record, asked.field))


def ways(asked: Counted) -> int:
    """In how many ways it is said what to count; only one is right."""
    alone = bool(asked.kind) + (bool(asked.list) and not asked.record)
    within = (bool(asked.field) + bool(asked.list)) if asked.record else 0
    stray = bool(asked.record) != bool(within) or (asked.field and not asked.record)
    return 0 if stray else alone + within


def things(asked: Counted, held: Held) -> Iterator[Thing]:
    """Everything counted, in order; nothing where a name leads nowhere."""
    if asked.kind:
        for record in _records(asked, held):
            yield held.site.title(record), held.site.address(record)
    elif asked.list:
        for listed in _lists(asked, held):
            if listed.id == asked.list:
                yield from ((item, "") for item in listed.items)
    elif about := _record(asked, held.site):
        yield from _entries(about, asked.field, held.site)


def _lists(asked: Counted, held: Held) -> Sequence[NamedList]:
    """The lists of the record named, else those at hand."""
    if not asked.record:
        return held.lists
    about = _record(asked, held.site)
    return about.lists if isinstance(about, Narrative) else ()


def _records(asked: Counted, held: Held) -> Iterator[Record]:
    """The records of a kind, and category, that came out in the period."""
    site, period = held.site, held.period
    kind = next((kind for kind in site.kinds if kind.name == asked.kind), None)
    for record in site.records(kind) if kind and period else ():
        day = site.known(record)
        fits = kind and asked.category in ("", kind.found(record, site).category)
        if fits and period and day and period.from_ <= day <= period.to:
            yield record


def _ref(asked: Counted) -> Ref | None:
    match = RECORD_LINK.fullmatch(asked.record)
    return Ref(match["kind"], match["id"]) if match else None


def _record(asked: Counted, site: Site) -> Record | None:
    ref = _ref(asked)
    return site.linked(ref) if ref else None


def _entries(record: Record, field: str, site: Site) -> Iterator[Thing]:
    """What a field lists: records by title, countries by name, groups by their first text."""
    seen: set[str] = set()
    for leaf in leaves(record):
        path = leaf.path.split(".")
        place = ".".join(path[:2])
        if path[0] == field and len(path) > 1 and place not in seen:
            seen.add(place)
            yield _thing(leaf, site)


def _thing(leaf: Leaf, site: Site) -> Thing:
    linked = site.linked(leaf.value) if isinstance(leaf.value, Ref) else None
    if linked:
        return site.title(linked), site.address(linked)
    text = str(leaf.value)
    return country_names()[text] if isinstance(leaf.type, Country) else text, ""


def uncountable(asked: Counted, held: Held) -> Uncountable | None:
    """The first name that leads nowhere; a record set aside as broken is somewhere."""
    record, ref = _record(asked, held.site), _ref(asked)
    if ref and not record and not held.site.missing(ref):
        return None
    if asked.kind:
        name, known = KIND, tuple(kind.name for kind in held.site.kinds)
    elif asked.record and not record:
        name, known = RECORD, ()
    elif asked.list:
        name, known = LIST, tuple(listed.id for listed in _lists(asked, held))
    else:
        name, known = FIELD, tuple(spec.name for spec in specs(type(record))) if record else ()
    typed: str = getattr(asked, name)
    if typed in known:
        return None
    return Uncountable(field=name, typed=typed, near=near(typed, known))
