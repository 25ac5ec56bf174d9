"""An archive that remembers what it was asked, so that an answer that changed is noticed.

What is made from records depends on the questions asked while it was made, and on nothing
else of the archive.  As long as every question still has the same answer it need not be made
again.  (A verifying trace: Mokhov, Mitchell, Peyton Jones, "Build Systems à la Carte", 2018.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from functools import cached_property
from typing import Any

from generator.archive import Archive, RecordT
from generator.kind import Site
from generator.ledger.seals import Seal
from generator.model import Ref
from generator.record import Record

Question = tuple[str, str, str, str]
"""What was asked: `find`, `of`, `back`, `beside`, `held` (withheld), `seal`, `all` or `day`; of
which record; which type."""
Trace = Mapping[Question, str]
"""The answers by question, each as a digest."""


class AskedArchive(Archive):
    """The same archive, with a list of what it was asked."""

    def __init__(self, archive: Archive) -> None:
        self.__dict__.update(archive.__dict__)
        self._whole = archive
        self.asked: set[Question] = set()

    def __iter__(self) -> Any:
        self.asked.add(("all", "", "", ""))
        return iter(self._whole)

    def __len__(self) -> int:
        self.asked.add(("all", "", "", ""))
        return len(self._whole)

    def of(self, record_type: type[RecordT]) -> tuple[RecordT, ...]:
        """All records of a type."""
        self.asked.add(("of", "", "", record_type.__name__))
        return self._whole.of(record_type)

    def find(self, ref: Ref) -> Record | None:
        """The record that a reference names."""
        self.asked.add(("find", ref.kind, ref.id, ""))
        return self._whole.find(ref)

    def get(self, record_type: type[RecordT], ref: Ref) -> RecordT | None:
        """The same, where it must be of a type."""
        self.asked.add(("find", ref.kind, ref.id, ""))
        return self._whole.get(record_type, ref)

    def neighbours(self, record: RecordT) -> tuple[RecordT | None, RecordT | None]:
        """The records before and after one."""
        self.asked.add(("beside", record.kind, record.id, ""))
        return self._whole.neighbours(record)

    def referring_to(self, record: Record, record_type: type[RecordT]) -> tuple[RecordT, ...]:
        """The records of a type that name another."""
        self.asked.add(("back", record.kind, record.id, record_type.__name__))
        return self._whole.referring_to(record, record_type)


class AskedSite(Site):
    """The same site over such an archive; that it was asked for its day is remembered too."""

    @classmethod
    def over(cls, site: Site) -> AskedSite:
        """A site that watches another one."""
        asked = cls.__new__(cls)
        held = {field.name: getattr(site, field.name) for field in fields(Site)}
        held["_day"], held["_whole"] = held.pop("as_of"), site
        asked.__dict__.update(held, archive=AskedArchive(site.archive))
        asked.__dict__["_held"] = frozenset((*asked.__dict__, "_held"))
        return asked

    def rest(self) -> None:
        """Knows the ranks of all records until it begins: no plan that is made is watched."""
        whole: Site = self.__dict__["_whole"]
        self.__dict__["ranks"] = whole.ranks

    def begin(self) -> None:
        """Forgets what was asked, and every answer that would be given without asking again."""
        for name in [name for name in self.__dict__ if name not in self.__dict__["_held"]]:
            del self.__dict__[name]
        self.asked.clear()

    def withholds(self, record: Record) -> bool:
        """Whether the day hides a record: another day that hides no more changes nothing."""
        self.asked.add(("held", record.kind, record.id, ""))
        whole: Site = self.__dict__["_whole"]
        return whole.withholds(record)

    def phase(self, first: date, last: date | None = None) -> int:
        """Where the day lies: another day in the same phase changes nothing."""
        self.asked.add(("phase", first.isoformat(), last.isoformat() if last else "", ""))
        whole: Site = self.__dict__["_whole"]
        return whole.phase(first, last)

    def _ask_seal(self, record: Record) -> None:
        """Asks for a seal where there may be one; the settings are part of every key."""
        if self.settings.sealed:
            self.asked.add(("seal", record.kind, record.id, ""))

    def seal(self, record: Record) -> Seal | None:
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
        self.asked.add(("day", "", "", ""))
        day: date = self.__dict__["_day"]
        return day

    @property
    def asked(self) -> set[Question]:
        """Everything asked so far."""
        archive = self.__dict__["archive"]
        asked: set[Question] = archive.asked
        return asked


class Answers:
    """The digests of a site's answers."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._types = {type(record).__name__: type(record) for record in site.archive}

    def trace(self, asked: Iterable[Question]) -> Trace:
        """Every question with its answer, in order."""
        return {question: self.answer(question) for question in sorted(asked)}

    def same(self, trace: Trace) -> bool:
        """Whether every question still has the answer it had."""
        return all(self.answer(question) == answer for question, answer in trace.items())

    def answer(self, question: Question) -> str:
        """The digest of an answer: of one record its own, "" for none."""
        what, kind, record_id, record_type = question
        if what in ("day", "all", "of"):
            return self._whole(what, record_type)
        if what == "phase":
            return self._phase(kind, record_id)
        if what == "seal":
            return _short(self._site.seals.answer(str(Ref(kind, record_id))))
        record = self._site.archive.find(Ref(kind, record_id))
        if what == "held":
            return str(record is not None and self._site.withholds(record))
        if what == "find" or record is None:
            return record.digest if record else ""
        return _digest(self._related(what, record, record_type))

    def _whole(self, what: str, record_type: str) -> str:
        if what == "day":
            return self._site.as_of.isoformat()
        return self._all if what == "all" else self._of(record_type)

    def _phase(self, first: str, last: str) -> str:
        end = date.fromisoformat(last) if last else None
        return str(self._site.phase(date.fromisoformat(first), end))

    def _related(self, what: str, record: Record, record_type: str) -> Iterator[Record | None]:
        if what == "beside":
            yield from self._site.archive.neighbours(record)
        else:
            found = self._types.get(record_type, Record)
            yield from self._site.archive.referring_to(record, found)

    @cached_property
    def _all(self) -> str:
        return _digest(self._site.archive)

    @cached_property
    def _wholes(self) -> dict[str, str]:
        return {}

    def _of(self, record_type: str) -> str:
        if record_type not in self._wholes:
            found = self._types.get(record_type)
            held = self._site.archive.of(found) if found else ()
            self._wholes[record_type] = _digest(held)
        return self._wholes[record_type]


def _digest(records: Iterable[Record | None]) -> str:
    return _short("\n".join(record.digest if record else "-" for record in records))


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
