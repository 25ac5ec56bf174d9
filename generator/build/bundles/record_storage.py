"""Stores records in two parts: an early part for lists and checks, a late part of long texts.

The early part of a hundred thousand records fits in memory, also because equal values of many
records are shared.  A record that is read back has a subclass of its kind's class, whose long
texts are properties that load the late part.  Both parts are decoded as the types of the record's
annotations; the bytes can choose nothing but one of the installed kinds, by its name.
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
"""The attribute that is not stored, because a record computes it from others."""
_FEW = {Choice, Day, Reference, SiteChoice}
"""Types of which many records have the same value."""

Place = tuple[int, int, int, str, int, int]
"""An `Origin` without its path: all places of a record are in its own file."""


class Early(Struct, frozen=True):
    """The early part of consecutive records of one kind, encoded as `rows`."""

    kind: str
    rows: bytes


Types = Mapping[str, type[Record]]
"""The classes of records, by kind."""
Source = Callable[[Any], Mapping[str, Any]]
"""Loads the long texts and the places of a record, by attribute."""
_LATE: Form[dict[str, bytes]] = Form(dict[str, bytes])


@cache
def late_fields(record_type: type[Record]) -> frozenset[str]:
    """The attributes in a record's late part, read only as its own page is made."""
    return frozenset((*(s.attribute for s in specs(record_type) if _is_late(s)), _PLACES))


def _is_late(spec: FieldSpec) -> bool:
    multiline = isinstance(spec.type, Text) and spec.type.lines
    return multiline or isinstance(spec.type, Outlined)


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
    """The subclass of a kind's class for records whose long texts are in a store.

    Its constructor takes the early fields in the order of `_early_fields`, then the `Source` of
    texts.  A copy or a pickle of such a record contains all its values itself.
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
    # no `eq` here: the class above compares the fields of two records of this class
    decorate = dataclass(frozen=True, slots=True, eq=False, repr=False)
    stored: Any = decorate(type(f"Stored{record_type.__name__}", (record_type,), body))
    for name in late:
        setattr(stored, name, _late_property(name))
    return stored


def _late_property(name: str) -> property:
    return property(lambda self: self._texts(self)[name])


class Alike:
    """Shares equal values between records, so that each is in memory once."""

    def __init__(self) -> None:
        self._shared: dict[Any, tuple[tuple[int, Any], ...]] = {}

    def shared(self, record_type: Any) -> tuple[tuple[int, Any], ...]:
        """The places of early fields with few values, each with a function that shares a value."""
        if record_type not in self._shared:
            few = {s.attribute for s in specs(record_type) if _FEW.issuperset(s.type.types())}
            few.add("kind")
            # a dictionary each: an equal value of another attribute may be of another type
            self._shared[record_type] = tuple(
                (place, {}.setdefault)
                for place, name in enumerate(_early_fields(record_type))
                if name in few
            )
        return self._shared[record_type]


def split(records: Iterable[Record]) -> tuple[tuple[Early, ...], bytes]:
    """The early and the late part of some records; the late one as bytes."""
    all_records = tuple(records)
    late = {record.digest: _late_row(record) for record in all_records}
    return early_part(all_records), _LATE.packed(late)


def early_part(records: Iterable[Record]) -> tuple[Early, ...]:
    """The early part of some records; their late parts are not loaded."""
    runs = groupby(records, attrgetter("kind"))
    return tuple(_early(kind, tuple(run)) for kind, run in runs)


def _early(kind: str, records: tuple[Record, ...]) -> Early:
    cls: Any = records[0].record_type
    names = _early_fields(cls)
    rows = tuple(tuple(getattr(record, name) for name in names) for record in records)
    return Early(kind, _proved(_early_form(cls), cls, rows))


def _proved(form: Form[Any], cls: Any, values: tuple[Any, ...]) -> bytes:
    """Values as bytes, after a test that they decode to the same; raises `TypeError`.

    A wrong annotation of a field would silently change its values.
    """
    content = form.packed(values)
    try:
        same = form.unpacked(content) == values
    except CacheDamaged as fault:
        raise TypeError(f"{cls.__name__}, as annotated: {fault}") from fault
    if not same:
        raise TypeError(f"{cls.__name__}: annotations differ from what fields hold")
    return content


def _late_row(record: Any) -> bytes:
    cls: Any = record.record_type
    values = {name: getattr(record, name) for name in late_fields(cls) - {_PLACES}}
    values[_PLACES] = {path: tuple(origin[1:]) for path, origin in record.places.items()}
    return _proved(_late_form(cls), cls, tuple(values[name] for name in _late_names(cls)))


def read_records(
    early: Iterable[Early], types: Types, texts: Source, alike: Alike
) -> Iterator[Record]:
    """The records of an early part; `texts` loads the late part on first use.

    Raises `CacheDamaged` if a kind is not installed.
    """
    for run in early:
        if run.kind not in types:
            raise CacheDamaged(f"no kind {run.kind}")
        record_type: Any = types[run.kind]
        shared, stored = alike.shared(record_type), stored_type(record_type)
        for row in _early_form(record_type).unpacked(run.rows):
            values = list(row)
            for place, share in shared:
                values[place] = share(values[place], values[place])
            yield stored(*values, texts)


class LatePart:
    """The late part of a folder's records; each record's is decoded on first use."""

    def __init__(self, content: bytes) -> None:
        self._packed = _LATE.unpacked(content)
        self._decoded: dict[str, Mapping[str, Any]] = {}

    def of(self, record: Record) -> Mapping[str, Any]:
        """The long texts and the places of a record, by attribute; raises `CacheDamaged`.

        The key is the digest of the record's text, as the same text under another id has the same
        long texts.
        """
        digest = record.digest
        if digest not in self._decoded:
            content = self._packed.get(digest)
            if content is None:
                raise CacheDamaged(f"no texts of {record.ref}")
            cls: Any = record.record_type
            row = _late_form(cls).unpacked(content)
            values = dict(zip(_late_names(cls), row, strict=True))
            values[_PLACES] = Places(record.origin.path, values[_PLACES])
            self._decoded[digest] = values
        return self._decoded[digest]


class Places(Mapping[str, Origin]):
    """The origins of values by path, each made on first use."""

    def __init__(self, file: str, places: Mapping[str, Place]) -> None:
        self._file, self._places = file, places

    def __getitem__(self, path: str) -> Origin:
        return Origin(self._file, *self._places[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
