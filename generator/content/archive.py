"""Every record, ordered, indexed and cross-referenced; the only place that knows everything.

It is asked questions, and answers with values.  Orders are total: a kind's sort key ends in the id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from generator.content.model import Ref
from generator.content.record import Record, references

RecordT = TypeVar("RecordT", bound=Record)
SortKey = tuple[Any, ...]


class Archive:
    """All records of a site, each kind in its own order (oldest or first of a list first)."""

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
            self._index_kind(by_kind.get(kind, ()), key)
        self._index_references()

    def _index_kind(self, records: Iterable[Record], key: Callable[[Any], SortKey]) -> None:
        ordered = sorted(records, key=key)
        if ordered:
            self._by_type[ordered[0].record_type] = tuple(ordered)
        for place, record in enumerate(ordered):
            self._place[id(record)] = place  # records live as long as the archive

    def _index_references(self) -> None:
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
        """The record that a reference names, if it is there."""
        return self._by_ref.get(ref)

    def get(self, record_type: type[RecordT], ref: Ref) -> RecordT | None:
        """The same, where it must be of a type."""
        found = self.find(ref)
        return found if isinstance(found, record_type) else None

    def place(self, record: Record) -> int:
        """Where a record stands in its kind's order, from 0; -1 for one that is not here."""
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
        found = self._backlinks.get(record.ref)
        return tuple([r for r in found if isinstance(r, record_type)]) if found else ()

    def without(self, withheld: Iterable[Ref]) -> Archive:
        """The archive as it stands when some records are left out."""
        gone = set(withheld)
        if not gone:
            return self
        return Archive((r for r in self if r.ref not in gone), self._order)
