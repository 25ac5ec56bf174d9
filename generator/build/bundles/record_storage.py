"""Records in two parts: what lists and checks need of all, and long texts that wait on disk.

The first part of a hundred thousand records fits in memory, the more so as values that many
records have alike are kept once.  Both parts are read back as the types that the fields of a
record are annotated with: a kind's name in the bytes picks one of the kinds at hand, and nothing
else in them picks anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, get_type_hints

from msgspec import Struct

from generator.build.cache.serialize import Form
from generator.build.cache.store import CacheDamaged
from generator.content.field_types import Choice, SiteChoice, Text
from generator.content.model import Origin, Ref
from generator.content.outline import Outlined
from generator.content.record import FieldSpec, Record, specs
from generator.content.value_types import Day, Reference

_PLACES = "places"
_MADE = ("late", "ref")
"""Attributes that are not stored."""
_FEW = {Choice, Day, Reference, SiteChoice}
"""Types of which many records have the same value."""

Place = tuple[int, int, int, str, int, int]
"""An `Origin` without its path: all places of a record are in its own file."""


class Early(Struct, frozen=True):
    """Records of a kind that follow each other, without their long texts; as `rows`."""

    kind: str
    rows: bytes


Types = Mapping[str, type[Record]]
"""The classes of records, by kind."""
Late = Callable[[Record], Mapping[str, Any]]
"""Brings the long texts and the places of a record, by attribute."""
_LATE: Form[dict[str, bytes]] = Form(dict[str, bytes])


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


@cache
def _annotated(record_type: Any) -> Mapping[str, Any]:
    """The type of each attribute as it is stored."""
    return {**get_type_hints(record_type), _PLACES: dict[str, Place]}


@cache
def _early_form(record_type: Any) -> Form[tuple[tuple[Any, ...], ...]]:
    hints = _annotated(record_type)
    row = tuple(hints[name] for name in _early_fields(record_type))
    return Form(tuple[tuple[row], ...])  # type: ignore[valid-type]  # known at run time alone


@cache
def _late_form(record_type: Any) -> Form[tuple[Any, ...]]:
    hints = _annotated(record_type)
    row = tuple(hints[name] for name in _late_names(record_type))
    return Form(tuple[row])  # type: ignore[valid-type]  # known at run time alone


@cache
def _late_names(record_type: Any) -> tuple[str, ...]:
    """The order in which late attributes are written."""
    return tuple(sorted(late_fields(record_type)))


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


def split(records: Iterable[Record]) -> tuple[tuple[Early, ...], bytes]:
    """Both parts of some records: what is always in memory, and what may wait, as bytes."""
    held = tuple(records)
    late = {str(record.ref): _waiting(record) for record in held}
    return early_part(held), _LATE.packed(late)


def early_part(records: Iterable[Record]) -> tuple[Early, ...]:
    """The first part of some records; the second is not asked for."""
    runs = groupby(records, attrgetter("kind"))
    return tuple(_early(kind, tuple(run)) for kind, run in runs)


def _early(kind: str, records: tuple[Record, ...]) -> Early:
    cls: Any = type(records[0])
    names = _early_fields(cls)
    rows = tuple(tuple(getattr(record, name) for name in names) for record in records)
    return Early(kind, _proved(_early_form(cls), cls, rows))


def _proved(form: Form[Any], cls: Any, values: tuple[Any, ...]) -> bytes:
    """Values as bytes that are read back as they were; raises `TypeError`.

    An annotation that says another type than its field's would change values without a word.
    """
    content = form.packed(values)
    try:
        same = form.unpacked(content) == values
    except CacheDamaged as fault:
        raise TypeError(f"{cls.__name__}, as annotated: {fault}") from fault
    if not same:
        raise TypeError(f"{cls.__name__}: annotations differ from what fields hold")
    return content


def _waiting(record: Any) -> bytes:
    cls: Any = type(record)
    held = {name: getattr(record, name) for name in late_fields(cls) - {_PLACES}}
    held[_PLACES] = {path: tuple(origin[1:]) for path, origin in record.places.items()}
    return _proved(_late_form(cls), cls, tuple(held[name] for name in _late_names(cls)))


def whole(early: Iterable[Early], types: Types, late: Late, alike: Alike) -> Iterator[Record]:
    """The records of a first part; `late` brings the second part when it is asked for.

    Raises `CacheDamaged` for records of a kind that there is not.
    """
    for run in early:
        if run.kind not in types:
            raise CacheDamaged(f"no kind {run.kind}")
        record_type: Any = types[run.kind]
        slots = alike.slots(record_type)
        put_ref, put_late_part = _made_slots(record_type)
        for values in _early_form(record_type).unpacked(run.rows):
            record = object.__new__(record_type)
            for (put, kept), value in zip(slots, values, strict=True):
                put(record, kept(value, value) if kept else value)
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


class LatePart:
    """The second part of a folder's records: each is read when it is asked for, as its type."""

    def __init__(self, content: bytes) -> None:
        self._packed = _LATE.unpacked(content)
        self._known: dict[Ref, Mapping[str, Any]] = {}

    def of(self, record: Record) -> Mapping[str, Any]:
        """The long texts and the places of a record, by attribute; raises `CacheDamaged`."""
        ref = record.ref
        if ref not in self._known:
            content = self._packed.get(str(ref))
            if content is None:
                raise CacheDamaged(f"no texts of {ref}")
            cls: Any = type(record)
            values = _late_form(cls).unpacked(content)
            held = dict(zip(_late_names(cls), values, strict=True))
            held[_PLACES] = Places(record.origin.path, held[_PLACES])
            self._known[ref] = held
        return self._known[ref]


class Places(Mapping[str, Origin]):
    """Places by path, each made when it is asked for."""

    def __init__(self, file: str, held: Mapping[str, Place]) -> None:
        self._file, self._held = file, held

    def __getitem__(self, path: str) -> Origin:
        return Origin(self._file, *self._held[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)
