"""The gate: what is sealed stands as it was sealed, or nothing is published.

It compares digests, never dates of files.  Where the last published record is at hand and true,
it says which field differs.  `remembered` compares the ledger itself with what others know of it.

`check`, `seal`, `redact` and `verify` compute every leaf from the content.  `build` takes those
of a folder from its cache, where they stand under a digest of the folder's bytes: to read 2,555
entries anew takes 1.6 s and their leaves 0.3 s, and the build that adds an issue to them 2.5 s.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.content.findings import rule_problem
from generator.content.model import Origin, Problem, Ref
from generator.content.record import Record, specs
from generator.content.yaml_reader import read_bytes
from generator.ledger.leaf_digests import (
    Leaves,
    leaf_of,
    renamed,
    sealed_document,
    unreadable_files,
)
from generator.ledger.log_files import LEAVES
from generator.ledger.merkle import leaf_hash
from generator.ledger.seals import seals_of
from generator.site.kind import Site

PAIRS = 4000
"""Comparisons of records that are made to find one that was moved; each costs a digest."""
REMOVED = "record-removed"
SHOWN = 40
"""Characters of a value that a message shows."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """The records of a site with their leaves, before the ledger.

    `way` leads from the content to the ledger's folder, `published` is the site that readers see,
    `unread` are records that stand in files nobody could read.
    """

    site: Site
    leaves: Leaves
    way: str
    published: Path
    unread: frozenset[Ref]

    def problems(self) -> Iterator[Problem]:
        """Every record that is not as it was sealed, and those that come before the last seal."""
        for ref in self._changed:
            record = self.site.archive.find(ref)
            moved = self._moved.get(ref)
            if moved:
                yield rule_problem("record-moved", moved, "", value=str(ref), **self._named(ref))
            elif record is None:
                yield self._gone(ref)
            else:
                yield self._differs(record)
        yield from self._before_the_last()

    @cached_property
    def _changed(self) -> tuple[Ref, ...]:
        ledger = seals_of(self.site).ledger
        held = ((Ref(*name.split(":", 1)), ledger.lawful(name)) for name in ledger.numbers)
        differ = (ref for ref, lawful in held if self.leaves.get(ref, "") != lawful)
        return tuple(ref for ref in differ if not self._unreadable(ref))

    def _unreadable(self, ref: Ref) -> bool:
        record = self.site.archive.find(ref)
        return record is not None and unreadable_files(record, self.site)

    def _named(self, ref: Ref) -> dict[str, str]:
        number = seals_of(self.site).ledger.numbers[str(ref)]
        digest = seals_of(self.site).ledger.lawful(str(ref))
        return {"id": str(ref), "number": str(number), "digest": digest}

    def _gone(self, ref: Ref) -> Problem:
        """A sealed record that is nowhere: its place is its line in the ledger."""
        named = self._named(ref)
        place = Origin(path=f"{self.way}/{LEAVES}", line=int(named["number"]) + 1, column=1)
        broken = ref in self.unread or Ref(ref.kind, "") in self.unread
        detail = "broken" if broken else ""
        return Problem(code=REMOVED, origin=place, detail=detail, values=named)

    def _differs(self, record: Record) -> Problem:
        named = self._named(record.ref)
        if not named["digest"]:
            return rule_problem("record-changed", record, "", "redacted", **named)
        document = sealed_document(record, self.site)
        if document is None:
            return rule_problem("record-changed", record, "", "file", **named)
        content = document.make()
        values = {**named, "now": leaf_hash(content).hex()}
        before = self._earlier(document.address, named["digest"])
        found = first_difference(json.loads(before), json.loads(content)) if before else None
        if found is None:
            return rule_problem("record-changed", record, "", "digest", **values)
        path, old, new = found
        owner, place = _owner(record, path, self.site)
        values |= {"before": _short(old), "after": _short(new)}
        return rule_problem("record-changed", owner, place, "", **values)

    def _earlier(self, address: str, digest: str) -> bytes | None:
        """The record as it was last published, where that is the one that was sealed."""
        path = self.published / address
        content = read_bytes(path) if path.is_file() else b""
        return content if leaf_hash(content).hex() == digest else None

    @cached_property
    def _moved(self) -> Mapping[Ref, Record]:
        """The records that stand elsewhere now: under that name they have the sealed digest."""
        found: dict[Ref, Record] = {}
        wanted, others = self._changed, self._unexplained
        if len(wanted) * len(others) > PAIRS:
            return found
        for ref in wanted:
            digest = seals_of(self.site).ledger.lawful(str(ref))
            for record in others if digest else ():
                other = record.ref != ref and record.kind == ref.kind
                if other and leaf_of(renamed(record, ref), self.site) == digest:
                    found[ref] = record
        return found

    @cached_property
    def _unexplained(self) -> tuple[Record, ...]:
        """The records that the ledger does not know as they are."""
        changed, known = set(self._changed), seals_of(self.site).ledger.numbers
        refs = (ref for ref in self.leaves if ref in changed or str(ref) not in known)
        found = map(self.site.archive.find, refs)
        return tuple(record for record in found if record is not None)

    def _before_the_last(self) -> Iterator[Problem]:
        """Records that are not sealed, of a day before the newest that is."""
        known = seals_of(self.site).ledger.numbers
        moved = {record.ref for record in self._moved.values()}
        fresh = [ref for ref in self.leaves if str(ref) not in known and ref not in moved]
        days = map(self._day, known if fresh else ())
        newest = max(filter(None, days), default=date.min)
        for ref in fresh:
            record = self.site.archive.find(ref)
            day = self.site.known(record) if record else None
            if record and day and day < newest:
                values = {"id": str(ref), "day": day.isoformat(), "newest": newest.isoformat()}
                yield rule_problem("record-backdated", record, "", **values)

    def _day(self, name: str) -> date | None:
        record = self.site.archive.find(Ref(*name.split(":", 1)))
        return self.site.known(record) if record else None


def _owner(record: Record, path: str, site: Site) -> tuple[Record, str]:
    """Whose field a path of the sealed document is: the record's, or what it is part of."""
    first, _, rest = path.partition(".")
    if first not in {spec.name for spec in specs(type(record))}:
        for ref in record.parts_of:
            whole = site.archive.find(ref)
            if whole and rest in {spec.name for spec in specs(type(whole))}:
                return whole, rest
    return record, path


def first_difference(old: Any, new: Any, path: str = "") -> tuple[str, str, str] | None:
    """The first place at which two documents differ, with both values; "" for one that lacks it."""
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = [(key, old.get(key, ""), new.get(key, "")) for key in sorted({*old, *new})]
    elif isinstance(old, list) and isinstance(new, list):
        longer = range(max(len(old), len(new)))
        pairs = [(str(n), _at(old, n), _at(new, n)) for n in longer]
    else:
        return None if old == new else (path, _text(old), _text(new))
    found = (first_difference(a, b, f"{path}.{key}" if path else key) for key, a, b in pairs)
    return next(filter(None, found), None)


def _at(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN else f"{flat[:SHOWN]}…"
