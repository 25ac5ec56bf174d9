"""Records in two parts: what lists and checks need of all, and long texts that wait on disk.

The first part of a hundred thousand records fits in memory, the more so as values that many
records have alike are kept once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from generator.model import Origin, Ref
from generator.reading.fields import Choice, SiteChoice, Text
from generator.reading.values import Day, Reference
from generator.record import FieldSpec, Record, specs
from generator.reuse.packing import packed, unpacked
from generator.text.outline import Outlined

_PLACES = "places"
_MADE = ("late", "ref")
"""Attributes that are not stored."""
_FEW = {Choice, Day, Reference, SiteChoice}
"""Types of which many records have the same value."""

Early = tuple[tuple[Any, tuple[Any, ...]], ...]
"""Types and values of records, without their long texts."""
Late = Callable[[Record], Mapping[str, Any]]
"""Brings the long texts and the places of a record, by attribute."""


@cache
def late_fields(record_type: type[Record]) -> frozenset[str]:
    """The attributes of a record that may stay on disk: long texts, places, what is said to."""
    return frozenset((*(s.attribute for s in specs(record_type) if _waits(s)), _PLACES))


def _waits(spec: FieldSpec) -> bool:
    several = isinstance(spec.type, Text) and spec.type.lines
    return spec.late or several or isinstance(spec.type, Outlined)


@cache
def _early_fields(record_type: Any) -> tuple[str, ...]:
    """The attributes that are always in memory."""
    left_out = (*late_fields(record_type), *_MADE)
    return tuple(name for name in record_type.__dataclass_fields__ if name not in left_out)


class Alike:
    """What values records have in common: each is kept once, whichever record it was read with."""

    def __init__(self) -> None:
        self._slots: dict[Any, tuple[tuple[Any, Any], ...]] = {}

    def slots(self, record_type: Any) -> tuple[tuple[Any, Any], ...]:
        """What sets each early attribute on a frozen object, and what finds the value to keep."""
        if record_type not in self._slots:
            few = {s.attribute for s in specs(record_type) if _FEW.issuperset(s.type.types())}
            few.add("kind")
            # a dictionary each: of another attribute an equal value may be of another type
            self._slots[record_type] = tuple(
                (getattr(record_type, name).__set__, {}.setdefault if name in few else None)
                for name in _early_fields(record_type)
            )
        return self._slots[record_type]


def split(records: Iterable[Record]) -> tuple[Early, bytes]:
    """Both parts of some records: what is always in memory, and what may wait, as bytes."""
    held = tuple(records)
    return early_part(held), packed({record.ref: _waiting(record) for record in held})


def early_part(records: Iterable[Record]) -> Early:
    """The first part of some records; the second is not asked for."""
    held = tuple(records)
    classes: list[Any] = [type(record) for record in held]
    return tuple(
        (cls, tuple(getattr(record, name) for name in _early_fields(cls)))
        for record, cls in zip(held, classes, strict=True)
    )


def _waiting(record: Any) -> dict[str, Any]:
    cls: Any = type(record)
    held = {name: getattr(record, name) for name in late_fields(cls)}
    return {**held, _PLACES: _flat(record.places)}


def whole(early: Early, late: Late, alike: Alike) -> Iterator[Record]:
    """The records of a first part; `late` brings the second part when it is asked for."""
    for record_type, values in early:
        record = object.__new__(record_type)
        for (put, kept), value in zip(alike.slots(record_type), values, strict=True):
            put(record, kept(value, value) if kept else value)
        put_ref, put_late_part = _made_slots(record_type)
        put_ref(record, Ref(record.kind, record.id))
        put_late_part(record, late)
        yield record


@cache
def _made_slots(record_type: Any) -> tuple[Any, Any]:
    return record_type.ref.__set__, record_type.late.__set__


def put_late(record: Record, values: Mapping[str, Any]) -> None:
    """Puts the second part of a record into it, for as long as it is worked on."""
    cls: Any = type(record)
    for name, put, _ in _late_slots(cls):
        put(record, values[name])


def take_late(record: Record) -> None:
    """Takes the second part of a record out of it again."""
    cls: Any = type(record)
    for _, _, drop in _late_slots(cls):
        drop(record)


@cache
def _late_slots(record_type: Any) -> tuple[tuple[str, Any, Any], ...]:
    slots = ((name, getattr(record_type, name)) for name in late_fields(record_type))
    return tuple((name, slot.__set__, slot.__delete__) for name, slot in slots)


def late_part(content: bytes) -> Mapping[Ref, Mapping[str, Any]]:
    """The second part of some records, by reference."""
    held: Mapping[Ref, dict[str, Any]] = unpacked(content)
    for values in held.values():
        values[_PLACES] = Places(values[_PLACES])
    return held


def _flat(places: Mapping[str, Origin]) -> dict[str, tuple[Any, ...]]:
    if isinstance(places, Places):
        return places.held
    return {path: tuple(origin) for path, origin in places.items()}


class Places(Mapping[str, Origin]):
    """Places by path, each made when it is asked for."""

    def __init__(self, held: dict[str, tuple[Any, ...]]) -> None:
        self.held = held

    def __getitem__(self, path: str) -> Origin:
        return Origin(*self.held[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)
