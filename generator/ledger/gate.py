"""The gate: nothing is published unless every sealed record is still as it was sealed.

It compares digests, never modification times.  If the last published copy of a record is at hand
and has the sealed digest, the message names the field that differs.  Module `witness` compares
the ledger itself with checkpoints that were kept elsewhere.

`check`, `seal`, `redact` and `verify` compute every leaf from the content.  `build` takes the
leaves of an unchanged folder from its cache, under a digest of the folder's bytes: reading 2,555
entries takes 1.6 s and computing their leaves 0.3 s, while a build that adds an issue takes 2.5 s.
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
"""The most pairs of records that are compared to find moved ones; each pair costs a digest."""
REMOVED = "record-removed"
SHOWN = 40
"""Characters of a value that a message quotes."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Compares the records of a site and their leaves with the ledger.

    `way` is the path from the content to the ledger's folder, `published` the site that readers
    see, `unread` the records of files that could not be read.
    """

    site: Site
    leaves: Leaves
    way: str
    published: Path
    unread: frozenset[Ref]

    def problems(self) -> Iterator[Problem]:
        """Every record that differs from its seal, and every new one dated before a sealed one."""
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
        """The sealed records whose leaf is not the lawful one.

        A record with an unreadable file is left out: that file has a problem of its own.
        """
        ledger = seals_of(self.site).ledger
        sealed = ((Ref(*name.split(":", 1)), ledger.lawful(name)) for name in ledger.numbers)
        differ = (ref for ref, lawful in sealed if self.leaves.get(ref, "") != lawful)
        records = ((ref, self.site.archive.find(ref)) for ref in differ)
        return tuple(
            ref for ref, record in records if not (record and unreadable_files(record, self.site))
        )

    def _named(self, ref: Ref) -> dict[str, str]:
        """The values that every message about a sealed record has."""
        ledger = seals_of(self.site).ledger
        number, digest = ledger.numbers[str(ref)], ledger.lawful(str(ref))
        return {"id": str(ref), "number": str(number), "digest": digest}

    def _gone(self, ref: Ref) -> Problem:
        """The problem of a sealed record that is missing; it points at the ledger's line."""
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
        change = first_difference(json.loads(before), json.loads(content)) if before else None
        if change is None:
            return rule_problem("record-changed", record, "", "digest", **values)
        path, old, new = change
        owner, place = _owner(record, path, self.site)
        values |= {"before": _short(old), "after": _short(new)}
        return rule_problem("record-changed", owner, place, "", **values)

    def _earlier(self, address: str, digest: str) -> bytes | None:
        """The published copy of a record, if it has the sealed digest."""
        path = self.published / address
        content = read_bytes(path) if path.is_file() else b""
        return content if leaf_hash(content).hex() == digest else None

    @cached_property
    def _moved(self) -> Mapping[Ref, Record]:
        """By sealed name the record that has that leaf under another name.

        A record's leaf contains its name, so each candidate is digested under the sealed one.
        """
        moved: dict[Ref, Record] = {}
        changed, others = self._changed, self._unexplained
        if len(changed) * len(others) > PAIRS:
            return moved
        for ref in changed:
            digest = seals_of(self.site).ledger.lawful(str(ref))
            for record in others if digest else ():
                other = record.ref != ref and record.kind == ref.kind
                if other and leaf_of(renamed(record, ref), self.site) == digest:
                    moved[ref] = record
        return moved

    @cached_property
    def _unexplained(self) -> tuple[Record, ...]:
        """The records that are not sealed, or not with the content they have now."""
        changed, sealed = set(self._changed), seals_of(self.site).ledger.numbers
        refs = (ref for ref in self.leaves if ref in changed or str(ref) not in sealed)
        records = map(self.site.archive.find, refs)
        return tuple(record for record in records if record is not None)

    def _before_the_last(self) -> Iterator[Problem]:
        """Unsealed records that are dated before the newest sealed record."""
        sealed = seals_of(self.site).ledger.numbers
        moved = {record.ref for record in self._moved.values()}
        fresh = [ref for ref in self.leaves if str(ref) not in sealed and ref not in moved]
        days = map(self._day, sealed if fresh else ())
        newest = max(filter(None, days), default=date.min)
        for ref in fresh:
            record = self.site.archive.find(ref)
            day = self.site.publication_day(record) if record else None
            if record and day and day < newest:
                values = {"id": str(ref), "day": day.isoformat(), "newest": newest.isoformat()}
                yield rule_problem("record-backdated", record, "", **values)

    def _day(self, name: str) -> date | None:
        record = self.site.archive.find(Ref(*name.split(":", 1)))
        return self.site.publication_day(record) if record else None


def _owner(record: Record, path: str, site: Site) -> tuple[Record, str]:
    """The record that has the field at a path of the sealed document, and the field's path there.

    The document repeats fields of the record's whole (an issue's, say) below a name.
    """
    first, _, rest = path.partition(".")
    if first not in {spec.name for spec in specs(type(record))}:
        for ref in record.parts_of:
            whole = site.archive.find(ref)
            if whole and rest in {spec.name for spec in specs(type(whole))}:
                return whole, rest
    return record, path


def first_difference(old: Any, new: Any, path: str = "") -> tuple[str, str, str] | None:
    """The first path at which two documents differ, with both values; "" where one lacks it."""
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = [(key, old.get(key, ""), new.get(key, "")) for key in sorted({*old, *new})]
    elif isinstance(old, list) and isinstance(new, list):
        longer = range(max(len(old), len(new)))
        pairs = [(str(n), _at(old, n), _at(new, n)) for n in longer]
    else:
        return None if old == new else (path, _text(old), _text(new))
    changes = (first_difference(a, b, f"{path}.{key}" if path else key) for key, a, b in pairs)
    return next(filter(None, changes), None)


def _at(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN else f"{flat[:SHOWN]}…"
