"""Records in two parts: what lists and checks need of all, and long texts that wait on disk.

The first part of a hundred thousand records fits in memory, the more so as values that many
records have alike are kept once.  A record that is read back is of a class of its own, beneath
its kind's: its long texts are properties, which ask for the second part.  Both parts are read
back as the types that the fields of a record are annotated with: a kind's name in the bytes picks
one of the kinds at hand, and nothing else in them picks anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any, get_type_hints

from msgspec import Struct

from generator.build.cache.serialize import Form
from generator.build.cache.store import CacheDamaged
from generator.content.field_types import Choice, SiteChoice, Text
from generator.content.model import Origin
from generator.content.outline import Outlined
from generator.content.record import FieldSpec, Record, specs
from generator.content.value_types import Day, Reference

_PLACES = "places"
_MADE = "ref"
"""The attribute that is not stored: a record makes it of others."""
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
Source = Callable[[Any], Mapping[str, Any]]
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
    left_out = (*late_fields(record_type), _MADE)
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


@cache
def stored_type(record_type: Any) -> Any:
    """The class of a kind's records whose long texts are in a store.

    It is made of what is always in memory, in the order of `_early_fields`, and of what it asks
    for texts.  A copy of such a record, or a pickle, is one that holds everything itself.
    """
    late, declared = late_fields(record_type), record_type.__dataclass_fields__
    again = {
        name: field(init=name not in late, repr=about.repr, metadata=about.metadata)
        for name, about in declared.items()
        if name != _MADE
    }

    def copied(record: Any) -> tuple[Any, tuple[()]]:
        return partial(record_type, **{name: getattr(record, name) for name in again}), ()

    body = {
        **again,
        "_texts": field(repr=False),
        "record_type": property(lambda _: record_type),
        "__annotations__": dict.fromkeys((*again, "_texts"), Any),
        "__reduce__": copied,
        "__module__": record_type.__module__,
    }
    # equal are two of this class whose fields are: what the class above compares
    made = dataclass(frozen=True, slots=True, eq=False, repr=False)
    stored: Any = made(type(f"Stored{record_type.__name__}", (record_type,), body))
    for name in late:
        setattr(stored, name, _asking(name))
    return stored


def _asking(name: str) -> property:
    return property(lambda self: self._texts(self)[name])


class Alike:
    """What values records have in common: each is kept once, whichever record it was read with."""

    def __init__(self) -> None:
        self._shared: dict[Any, tuple[tuple[int, Any], ...]] = {}

    def shared(self, record_type: Any) -> tuple[tuple[int, Any], ...]:
        """The places of early fields that many records have alike, with what finds such a value."""
        if record_type not in self._shared:
            few = {s.attribute for s in specs(record_type) if _FEW.issuperset(s.type.types())}
            few.add("kind")
            # a dictionary each: of another attribute an equal value may be of another type
            self._shared[record_type] = tuple(
                (place, {}.setdefault)
                for place, name in enumerate(_early_fields(record_type))
                if name in few
            )
        return self._shared[record_type]


def split(records: Iterable[Record]) -> tuple[tuple[Early, ...], bytes]:
    """Both parts of some records: what is always in memory, and what may wait, as bytes."""
    held = tuple(records)
    late = {record.digest: _waiting(record) for record in held}
    return early_part(held), _LATE.packed(late)


def early_part(records: Iterable[Record]) -> tuple[Early, ...]:
    """The first part of some records; the second is not asked for."""
    runs = groupby(records, attrgetter("kind"))
    return tuple(_early(kind, tuple(run)) for kind, run in runs)


def _early(kind: str, records: tuple[Record, ...]) -> Early:
    cls: Any = records[0].record_type
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
    cls: Any = record.record_type
    held = {name: getattr(record, name) for name in late_fields(cls) - {_PLACES}}
    held[_PLACES] = {path: tuple(origin[1:]) for path, origin in record.places.items()}
    return _proved(_late_form(cls), cls, tuple(held[name] for name in _late_names(cls)))


def whole(early: Iterable[Early], types: Types, texts: Source, alike: Alike) -> Iterator[Record]:
    """The records of a first part; `texts` brings the second part when it is asked for.

    Raises `CacheDamaged` for records of a kind that there is not.
    """
    for run in early:
        if run.kind not in types:
            raise CacheDamaged(f"no kind {run.kind}")
        record_type: Any = types[run.kind]
        shared, stored = alike.shared(record_type), stored_type(record_type)
        for row in _early_form(record_type).unpacked(run.rows):
            values = list(row)
            for place, kept in shared:
                values[place] = kept(values[place], values[place])
            yield stored(*values, texts)


class LatePart:
    """The second part of a folder's records: each is read when it is asked for, as its type."""

    def __init__(self, content: bytes) -> None:
        self._packed = _LATE.unpacked(content)
        self._known: dict[str, Mapping[str, Any]] = {}

    def of(self, record: Record) -> Mapping[str, Any]:
        """The long texts and the places of a record, by attribute; raises `CacheDamaged`.

        By the digest of what was typed: the same record under another id has the same texts.
        """
        digest = record.digest
        if digest not in self._known:
            content = self._packed.get(digest)
            if content is None:
                raise CacheDamaged(f"no texts of {record.ref}")
            cls: Any = record.record_type
            values = _late_form(cls).unpacked(content)
            held = dict(zip(_late_names(cls), values, strict=True))
            held[_PLACES] = Places(record.origin.path, held[_PLACES])
            self._known[digest] = held
        return self._known[digest]


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
