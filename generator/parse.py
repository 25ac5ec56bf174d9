"""From YAML trees to typed records: one frozen object a record, all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from generator.fields import Reading
from generator.kind import Kind
from generator.memory import Memory
from generator.model import Problem, RawRecord, Ref
from generator.record import Record, read_group


@dataclass(frozen=True, slots=True)
class Parsed:
    """The records, and the names of those that were set aside as broken."""

    records: tuple[Record, ...]
    broken: frozenset[Ref]
    problems: tuple[Problem, ...]


def parse(
    raw: Iterable[RawRecord],
    kinds: Iterable[Kind],
    choices: Mapping[str, Mapping[str, str]],
    unread: Iterable[Problem] = (),
    memory: Memory | None = None,
) -> Parsed:
    """Every record that could be read; `unread` files count as broken too."""
    known = memory or Memory()
    by_name = {kind.name: kind for kind in kinds}
    records: dict[Ref, Record] = {}
    problems: list[Problem] = []
    broken = {ref for problem in unread for ref in _named_by(problem.origin.path, by_name)}
    for tree in raw:
        read = partial(_record, tree, by_name[tree.kind], choices)
        _, record, found = known.record(tree, read)
        problems += found
        if record is None:
            broken.add(Ref(tree.kind, tree.id))
        elif record.ref in records:
            problems.append(_repeated(record, records[record.ref]))
        else:
            records[record.ref] = record
    return Parsed(tuple(records.values()), frozenset(broken), tuple(problems))


def _record(
    tree: RawRecord, kind: Kind, choices: Mapping[str, Mapping[str, str]]
) -> tuple[RawRecord, Record | None, tuple[Problem, ...]]:
    reading = Reading([], choices)
    given: dict[str, object] = {
        "kind": kind.name,
        "origin": tree.root.origin,
        "places": reading.places,
    }
    if not kind.authority:
        given["id"] = tree.id
    record = read_group(kind.record_type, tree.root, reading, **given)
    return tree, record, tuple(reading.problems)


def _named_by(path: str, kinds: Mapping[str, Kind]) -> Iterable[Ref]:
    for kind in kinds.values():
        match = kind.pattern.fullmatch(path)
        if match:
            yield Ref(kind.name, "" if kind.authority else kind.identify(match))


def _repeated(record: Record, first: Record) -> Problem:
    values = {"value": record.id, "other": first.origin.path, "line": str(first.origin.line)}
    return Problem(
        code="id-repeated",
        origin=record.place("id"),
        values=values,
    )
