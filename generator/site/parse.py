"""From bytes to typed records: YAML trees, then a frozen object for each record, and all problems.

A folder is read as a whole: its result depends on its files and the site's word lists alone, so
that it can be cached.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from generator.content.field_types import Choices, Reading
from generator.content.model import (
    MappingNode,
    Node,
    Problem,
    RawRecord,
    Ref,
    ScalarNode,
    SequenceNode,
)
from generator.content.record import Record, read_group
from generator.content.yaml_errors import missing_colon
from generator.content.yaml_reader import read_front_matter, read_tree
from generator.site.kind import Kind


class Parsed(Struct, frozen=True, kw_only=True):
    """Records, the names of broken ones, and all problems."""

    records: tuple[Record, ...]
    broken: frozenset[Ref]
    problems: tuple[Problem, ...]


NOTHING = Parsed(records=(), broken=frozenset(), problems=())


def parse(files: Mapping[str, tuple[bytes, Kind]], choices: Choices) -> Parsed:
    """The records of a folder's files; an unreadable file counts as a broken record."""
    records: list[Record] = []
    broken: set[Ref] = set()
    problems: list[Problem] = []
    for path, (content, kind) in files.items():
        for tree in _trees(content, path, kind):
            if isinstance(tree, Problem):
                problems.append(tree)
                broken.update(named_by(path, kind))
                continue
            record, record_problems = _record(tree, kind, choices)
            problems += record_problems
            if record is None:
                broken.add(Ref(kind.name, tree.id))
            else:
                records.append(record)
    return Parsed(records=tuple(records), broken=frozenset(broken), problems=tuple(problems))


def joined(parts: Iterable[Parsed]) -> Parsed:
    """The results of all folders as one; of two records with one name the first is kept."""
    records: dict[Ref, Record] = {}
    broken: set[Ref] = set()
    problems: list[Problem] = []
    for part in parts:
        broken |= part.broken
        problems += part.problems
        for record in part.records:
            if records.setdefault(record.ref, record) is not record:
                problems.append(_repeated(record, records[record.ref]))
    return Parsed(
        records=tuple(records.values()), broken=frozenset(broken), problems=tuple(problems)
    )


def named_by(path: str, kind: Kind) -> Iterator[Ref]:
    """The name of the record in a file; one without an id may be any record of its kind."""
    match = kind.pattern.fullmatch(path)
    if match:
        yield Ref(kind.name, "" if kind.authority else kind.identify(match))


def _trees(content: bytes, path: str, kind: Kind) -> Iterator[RawRecord | Problem]:
    reader = read_front_matter if path.endswith(".md") else read_tree
    tree, match = reader(content, path), kind.pattern.fullmatch(path)
    if isinstance(tree, Problem):
        yield tree
    elif kind.authority:
        yield from _authority(tree, kind)
    elif match:
        yield _raw(tree, kind, kind.identify(match))


def _authority(tree: Node, kind: Kind) -> Iterator[RawRecord | Problem]:
    if not isinstance(tree, SequenceNode):
        yield Problem(code="yaml-not-list", origin=tree.origin)
        return
    for node in tree.nodes:
        id_node = node.get("id") if isinstance(node, MappingNode) else None
        yield _raw(node, kind, id_node.text if isinstance(id_node, ScalarNode) else "")


def _raw(tree: Node, kind: Kind, record_id: str) -> RawRecord | Problem:
    if isinstance(tree, MappingNode):
        return RawRecord(kind=kind.name, id=record_id, root=tree)
    detail = missing_colon(tree.text) if isinstance(tree, ScalarNode) else ""
    return Problem(code="yaml-not-mapping", origin=tree.origin, detail=detail)


def _record(
    tree: RawRecord, kind: Kind, choices: Choices
) -> tuple[Record | None, tuple[Problem, ...]]:
    reading = Reading([], choices)
    preset: dict[str, object] = {
        "kind": kind.name,
        "origin": tree.root.origin,
        "places": reading.places,
        "digest": _digest(tree),
    }
    if not kind.authority:
        preset["id"] = tree.id
    record = read_group(kind.record_type, tree.root, reading, **preset)
    return record, tuple(reading.problems)


def _digest(tree: RawRecord) -> str:
    """A digest of a record as typed: its name, its file, its keys and texts, without places."""
    texts = [tree.kind, tree.id, tree.root.origin.path, *_texts(tree.root)]
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def _texts(root: Node) -> Iterator[str]:
    """The keys and texts of a tree, and its shape by control characters that no text has."""
    pending: list[Node | str] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, ScalarNode):
            yield node.text if node.plain else f"\1{node.text}"
        elif isinstance(node, SequenceNode):
            pending += ["\3", *reversed(node.nodes), "\2"]
        else:
            pairs = (part for pair in reversed(node.pairs) for part in reversed(pair))
            pending += ["\5", *pairs, "\4"]


def _repeated(record: Record, first: Record) -> Problem:
    values = {"value": record.id, "other": first.origin.path, "line": str(first.origin.line)}
    return Problem(code="id-repeated", origin=record.place("id"), values=values)
