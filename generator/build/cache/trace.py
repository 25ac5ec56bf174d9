"""An archive that remembers what it was asked, so that an answer that changed is noticed.

What is made from records depends on the questions asked while it was made, and on nothing
else of the archive.  As long as every question still has the same answer it need not be made
again.  (A verifying trace: Mokhov, Mitchell, Peyton Jones, "Build Systems à la Carte", 2018.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from functools import cached_property
from typing import Any

from generator.content.archive import Archive, RecordT
from generator.content.model import Ref
from generator.content.record import Record
from generator.site.kind import Site
from generator.site.seal_lookup import RecordSeal

Query = tuple[str, str, str, str]
"""What was asked: `find`, `of`, `back`, `beside`, `held` (withheld), `seal`, `all` or `day`; of
which record; which type."""
Trace = str
"""Questions with the digests of their answers, a line each: hundreds of thousands are kept."""


class TracedArchive(Archive):
    """The same archive, with a list of what it was asked."""

    def __init__(self, archive: Archive) -> None:
        self.__dict__.update(archive.__dict__)
        self._whole = archive
        self.queries: set[Query] = set()

    def __iter__(self) -> Any:
        self.queries.add(("all", "", "", ""))
        return iter(self._whole)

    def __len__(self) -> int:
        self.queries.add(("all", "", "", ""))
        return len(self._whole)

    def of(self, record_type: type[RecordT]) -> tuple[RecordT, ...]:
        """All records of a type."""
        self.queries.add(("of", "", "", record_type.__name__))
        return self._whole.of(record_type)

    def find(self, ref: Ref) -> Record | None:
        """The record that a reference names."""
        self.queries.add(("find", ref.kind, ref.id, ""))
        return self._whole.find(ref)

    def get(self, record_type: type[RecordT], ref: Ref) -> RecordT | None:
        """The same, where it must be of a type."""
        self.queries.add(("find", ref.kind, ref.id, ""))
        return self._whole.get(record_type, ref)

    def neighbours(self, record: RecordT) -> tuple[RecordT | None, RecordT | None]:
        """The records before and after one."""
        self.queries.add(("beside", record.kind, record.id, ""))
        return self._whole.neighbours(record)

    def referring_to(self, record: Record, record_type: type[RecordT]) -> tuple[RecordT, ...]:
        """The records of a type that name another."""
        self.queries.add(("back", record.kind, record.id, record_type.__name__))
        return self._whole.referring_to(record, record_type)


class TracedSite(Site):
    """The same site over such an archive; that it was asked for its day is remembered too."""

    @classmethod
    def over(cls, site: Site) -> TracedSite:
        """A site that watches another one."""
        traced = cls.__new__(cls)
        held = {field.name: getattr(site, field.name) for field in fields(Site)}
        held["_day"], held["_whole"] = held.pop("as_of"), site
        traced.__dict__.update(held, archive=TracedArchive(site.archive))
        traced.__dict__["_held"] = frozenset((*traced.__dict__, "_held"))
        return traced

    def rest(self) -> None:
        """Knows the ranks of all records until it begins: no plan that is made is watched."""
        whole: Site = self.__dict__["_whole"]
        self.__dict__["ranks"] = whole.ranks

    def begin(self) -> None:
        """Forgets what was asked, and every answer that would be given without asking again."""
        for name in [name for name in self.__dict__ if name not in self.__dict__["_held"]]:
            del self.__dict__[name]
        self.queries.clear()

    def withholds(self, record: Record) -> bool:
        """Whether the day hides a record: another day that hides no more changes nothing."""
        self.queries.add(("held", record.kind, record.id, ""))
        whole: Site = self.__dict__["_whole"]
        return whole.withholds(record)

    def phase(self, first: date, last: date | None = None) -> int:
        """Where the day lies: another day in the same phase changes nothing."""
        self.queries.add(("phase", first.isoformat(), last.isoformat() if last else "", ""))
        whole: Site = self.__dict__["_whole"]
        return whole.phase(first, last)

    def _ask_seal(self, record: Record) -> None:
        """Asks for a seal where there may be one; the settings are part of every key."""
        if self.settings.sealed:
            self.queries.add(("seal", record.kind, record.id, ""))

    def seal(self, record: Record) -> RecordSeal | None:
        """A record's place in the log."""
        self._ask_seal(record)
        return self.seals.of(str(record.ref))

    def sealed_leaf(self, record: Record) -> bytes:
        """The digest under which a record was sealed."""
        self._ask_seal(record)
        return self.seals.leaf(str(record.ref))

    @property
    def as_of(self) -> date:
        """The day the site speaks for."""
        self.queries.add(("day", "", "", ""))
        day: date = self.__dict__["_day"]
        return day

    @property
    def queries(self) -> set[Query]:
        """Everything asked so far."""
        archive = self.__dict__["archive"]
        queries: set[Query] = archive.queries
        return queries


class Tracer:
    """The digests of a site's answers."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._types = {r.record_type.__name__: r.record_type for r in site.archive}
        self._ways = {
            "find": self._find,
            "held": self._held,
            "back": self._back,
            "beside": self._beside,
            "seal": self._seal,
            "phase": self._phase,
            "day": self._day,
            "of": self._of,
            "all": self._all,
        }

    def trace(self, queries: Iterable[Query]) -> Trace:
        """Every question with its answer, in order."""
        return "\n".join("\t".join((*q, self._ways[q[0]](*q[1:]))) for q in sorted(queries))

    def same(self, trace: Trace) -> bool:
        """Whether every question still has the answer it had.

        A question that holds a tab or a line break cannot be read back, and so never has.
        """
        ways = self._ways
        try:
            for line in trace.split("\n") if trace else ():
                what, kind, record_id, record_type, answer = line.split("\t")
                if ways[what](kind, record_id, record_type) != answer:
                    return False
        except ValueError:
            return False
        return True

    def _find(self, kind: str, record_id: str, _: str) -> str:
        record = self._site.archive.find(Ref(kind, record_id))
        return record.digest if record else ""

    def _held(self, kind: str, record_id: str, _: str) -> str:
        record = self._site.archive.find(Ref(kind, record_id))
        return str(record is not None and self._site.withholds(record))

    def _back(self, kind: str, record_id: str, record_type: str) -> str:
        record = self._site.archive.find(Ref(kind, record_id))
        if record is None:
            return ""
        found = self._types.get(record_type, Record)
        return _digest(self._site.archive.referring_to(record, found))

    def _beside(self, kind: str, record_id: str, _: str) -> str:
        record = self._site.archive.find(Ref(kind, record_id))
        return _digest(self._site.archive.neighbours(record)) if record else ""

    def _seal(self, kind: str, record_id: str, _: str) -> str:
        return _short(self._site.seals.answer(str(Ref(kind, record_id))))

    def _phase(self, first: str, last: str, _: str) -> str:
        end = date.fromisoformat(last) if last else None
        return str(self._site.phase(date.fromisoformat(first), end))

    def _day(self, *_: str) -> str:
        return self._site.as_of.isoformat()

    def _all(self, *_: str) -> str:
        return self._every

    @cached_property
    def _every(self) -> str:
        return _digest(tuple(self._site.archive))

    def _of(self, _: str, __: str, record_type: str) -> str:
        if record_type not in self._wholes:
            found = self._types.get(record_type)
            held = self._site.archive.of(found) if found else ()
            self._wholes[record_type] = _digest(held)
        return self._wholes[record_type]

    @cached_property
    def _wholes(self) -> dict[str, str]:
        return {}


def _digest(records: Sequence[Record | None]) -> str:
    if not records:
        return _NONE
    return _short("\n".join([record.digest if record else "-" for record in records]))


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


_NONE = _short("")
"""The answer that names no record: that of one which is gone is "" instead."""
