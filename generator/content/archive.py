"""All records of a site: ordered, indexed and cross-referenced.

Callers ask it questions and get values; nobody walks the records by hand.  Orders are total: a
kind's sort key ends in the id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from generator.content.model import Ref
from generator.content.record import Record, references

RecordT = TypeVar("RecordT", bound=Record)
SortKey = tuple[Any, ...]


class Archive:
    """All records of a site, each kind in its own order, the oldest or first one first."""

    def __init__(
        self, records: Iterable[Record], order: Mapping[str, Callable[[Any], SortKey]]
    ) -> None:
        self._order = order
        self._by_ref = {record.ref: record for record in records}
        self._by_type: dict[type[Record], tuple[Record, ...]] = {}
        self._place: dict[int, int] = {}
        self._backlinks: dict[Ref, list[Record]] = {}
        by_kind: dict[str, list[Record]] = {}
        for record in self._by_ref.values():
            by_kind.setdefault(record.kind, []).append(record)
        for kind, key in order.items():
            ordered = sorted(by_kind.get(kind, ()), key=key)
            if ordered:
                self._by_type[ordered[0].record_type] = tuple(ordered)
            for place, record in enumerate(ordered):
                # id() is a safe key, as the records live as long as the archive
                self._place[id(record)] = place
        for record in self:
            for ref in dict.fromkeys(references(record)):
                self._backlinks.setdefault(ref, []).append(record)

    def __iter__(self) -> Any:
        for ordered in self._by_type.values():
            yield from ordered

    def __len__(self) -> int:
        return len(self._by_ref)

    def of(self, record_type: type[RecordT]) -> tuple[RecordT, ...]:
        """All records of a type, in their kind's order."""
        return cast("tuple[RecordT, ...]", self._by_type.get(record_type, ()))

    def find(self, ref: Ref) -> Record | None:
        """The record that a reference names, or None."""
        return self._by_ref.get(ref)

    def get(self, record_type: type[RecordT], ref: Ref) -> RecordT | None:
        """The record that a reference names if it has this type, or None."""
        record = self.find(ref)
        return record if isinstance(record, record_type) else None

    def place(self, record: Record) -> int:
        """A record's index in its kind's order, from 0; -1 if the archive does not have it."""
        return self._place.get(id(record), -1)

    def neighbours(self, record: RecordT) -> tuple[RecordT | None, RecordT | None]:
        """The records before and after one, in its kind's order."""
        ordered = self.of(record.record_type)
        place = self._place[id(record)]
        before = ordered[place - 1] if place else None
        after = ordered[place + 1] if place + 1 < len(ordered) else None
        return before, after

    def referring_to(self, record: Record, record_type: type[RecordT]) -> tuple[RecordT, ...]:
        """The records of a type that name `record` in any field, in their kind's order."""
        referrers = self._backlinks.get(record.ref)
        return tuple([r for r in referrers if isinstance(r, record_type)]) if referrers else ()

    def without(self, withheld: Iterable[Ref]) -> Archive:
        """The archive without some records."""
        refs = set(withheld)
        if not refs:
            return self
        return Archive((r for r in self if r.ref not in refs), self._order)

    def with_(self, others: Iterable[Record]) -> Archive:
        """The archive with other records in place of those that have the same names."""
        by_ref = {record.ref: record for record in others}
        if not by_ref:
            return self
        return Archive((by_ref.get(r.ref, r) for r in self), self._order)
