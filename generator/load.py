"""From the content folder to YAML trees: every file is read, or said to be out of place."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from generator.kind import Kind
from generator.memory import Found, Memory
from generator.model import MappingNode, Node, Origin, Problem, RawRecord, ScalarNode, SequenceNode
from generator.settings import SITE_FILE
from generator.source import read_bytes, read_front_matter, read_tree
from generator.syntax import missing_colon


@dataclass(frozen=True, slots=True)
class Loaded:
    """The trees, the files beside them (bytes and SHA-256 by path), what could not be read."""

    records: tuple[RawRecord, ...]
    files: dict[str, int]
    digests: dict[str, str]
    problems: tuple[Problem, ...]


def load(content: Path, kinds: tuple[Kind, ...], memory: Memory | None = None) -> Loaded:
    """Everything below the content folder, in order of path."""
    known = memory or Memory()
    records: list[RawRecord] = []
    problems: list[Problem] = []
    paths = list(_paths(content))
    matched = {path: kind for path in paths if (kind := _kind_of(path, kinds))}
    folders = {path.rsplit(".", 1)[0] for path in matched}
    beside = [path for path in paths if path not in matched and _owner(path, folders)]
    for path, kind in matched.items():
        for found in _read(content, path, kind, known):
            (records if isinstance(found, RawRecord) else problems).append(found)  # type: ignore[arg-type]
    problems += [_stray(path, kinds) for path in sorted({*paths} - {*matched} - {*beside})]
    problems += _clashes(paths)
    digests, files = _measure(content, beside, problems, known)
    return Loaded(tuple(records), files, digests, tuple(problems))


def _paths(content: Path) -> Iterator[str]:
    for path in sorted(content.rglob("*")):
        name = path.relative_to(content).as_posix()
        hidden = any(step.startswith(".") for step in name.split("/"))
        if not hidden and name != SITE_FILE and (path.is_symlink() or path.is_file()):
            yield name


def _kind_of(path: str, kinds: Iterable[Kind]) -> Kind | None:
    return next((kind for kind in kinds if kind.pattern.fullmatch(path)), None)


def _owner(path: str, folders: set[str]) -> bool:
    steps = path.split("/")
    return any("/".join(steps[:depth]) in folders for depth in range(1, len(steps)))


def _stray(path: str, kinds: Iterable[Kind]) -> Problem:
    folder = path.partition("/")[0]
    known = any(kind.pattern.pattern.startswith(folder) for kind in kinds)
    return Problem(code="file-stray", origin=Origin(path=path), detail="" if known else "folder")


def _read(content: Path, path: str, kind: Kind, memory: Memory) -> Found:
    file = content / path
    if file.is_symlink():
        return (Problem(code="file-link", origin=Origin(path=path)),)
    held = read_bytes(file)
    return memory.tree(path, held, lambda: tuple(_records(held, path, kind)))


def _records(held: bytes, path: str, kind: Kind) -> Iterator[RawRecord | Problem]:
    read = read_front_matter if path.endswith(".md") else read_tree
    tree, match = read(held, path), kind.pattern.fullmatch(path)
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
        named = node.get("id") if isinstance(node, MappingNode) else None
        yield _raw(node, kind, named.text if isinstance(named, ScalarNode) else "")


def _raw(tree: Node, kind: Kind, record_id: str) -> RawRecord | Problem:
    if isinstance(tree, MappingNode):
        return RawRecord(kind=kind.name, id=record_id, root=tree)
    detail = missing_colon(tree.text) if isinstance(tree, ScalarNode) else ""
    return Problem(code="yaml-not-mapping", origin=tree.origin, detail=detail)


def _clashes(paths: Iterable[str]) -> Iterator[Problem]:
    """Names that another system takes for one: they differ in case or Unicode form alone."""
    seen: dict[str, str] = {}
    for path in paths:
        first = seen.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if first != path:
            yield Problem(code="file-name-clash", origin=Origin(path=path), values={"other": first})


def _measure(
    content: Path, paths: Iterable[str], problems: list[Problem], memory: Memory
) -> tuple[dict[str, str], dict[str, int]]:
    digests: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for path in paths:
        file = content / path
        about = file.stat()
        stamp = (about.st_mtime_ns, about.st_size)
        digests[path], sizes[path], detail = memory.digest(path, stamp, partial(_attachment, file))
        if detail:
            problems.append(Problem(code="file-hollow", origin=Origin(path=path), detail=detail))
    return digests, sizes


def _attachment(file: Path) -> tuple[str, int, str]:
    """SHA-256, bytes, and what is wrong with an attachment."""
    held = read_bytes(file)
    detail = "pointer" if held.startswith(_LFS) else "" if held else "empty"
    return hashlib.sha256(held).hexdigest(), len(held), detail


_LFS = b"version https://git-lfs.github.com/spec/"
"""How a file begins that Git LFS left in place of the real one."""
