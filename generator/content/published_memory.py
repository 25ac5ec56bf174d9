"""The memory of published records, which `gongbao seal` writes beside the ledger.

`.record/published/` is in git with the content, so that a fresh clone knows what was published.
It has a file for each content folder with a line for each record, sorted by name, so that branches
conflict only if both publish one record.  `build` and `check` read it and never write it.  No byte
of a page depends on it.  Of feeds, `feeds.txt` decides whether an empty one keeps its address, and
the day of the first seal whether a record was added late (`site.feed_items`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, Encoder

from generator.content.files import paths_of
from generator.content.model import Origin, Problem
from generator.content.safe_open import open_below
from generator.content.yaml_reader import CONFLICT_MARK
from generator.text.characters import visible

MEMORY = "published"
"""The folder's name in the ledger's folder."""
FEEDS = "feeds.txt"
ENDING = ".jsonl"
_FEED = re.compile(rb"[0-9a-z_-]+")
_SHOWN = 60
"""The most characters of a value that a message shows."""


class Out(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A published record; the order of fields is that of its line.

    `first` is the day of the first seal with it, `digest` that of its content, `typed` the digest
    of its file's keys and texts, `noted` the values that its kind notes: figures and promises.  All
    are those of what readers saw on the day of the seal, without what is public later or never.
    """

    id: str
    first: date
    digest: str
    typed: str
    revisions: int = 0
    noted: Mapping[str, str] = {}


Place = tuple[str, int]
"""The path of a file, from the content folder, and the number of a line in it."""


class Memory(Struct, frozen=True, kw_only=True):
    """Published records by name (`kind:id`) with the places of their lines; published feeds.

    It is `unborn` if it has no files, as on a site that was never sealed with a memory, and `began`
    on the day of the first seal with one.
    """

    records: Mapping[str, Out] = {}
    places: Mapping[str, Place] = {}
    feeds: frozenset[str] = frozenset()
    faults: tuple[Problem, ...] = ()
    unborn: bool = True
    began: date | None = None


_READER, _WRITER = Decoder(Out), Encoder(order="deterministic")


def memory_files(ledger: Path) -> dict[str, bytes]:
    """The files of the memory by path; the ledger's check reports links and the like in it."""
    files = {}
    for path, odd in paths_of(ledger):
        name = path.removeprefix(f"{MEMORY}/")
        if odd is None and name != path and (name == FEEDS or name.endswith(ENDING)):
            with open_below(ledger, path) as file:
                files[name] = file.read()
    return files


def read_memory(ledger: Path, way: str) -> Memory:
    """The memory in a ledger's folder; `way` is its path from the content folder."""
    files = memory_files(ledger)
    records: dict[str, Out] = {}
    places: dict[str, Place] = {}
    feeds: set[str] = set()
    faults: list[Problem] = []
    for path, content in files.items():
        where = f"{way}/{MEMORY}/{path}"
        for number, line in enumerate(content.split(b"\n"), 1):
            if not line.strip():
                continue
            place = (where, number)
            if path == FEEDS and (match := _FEED.fullmatch(line.rstrip(b"\r"))):
                feeds.add(match[0].decode())
            elif path == FEEDS or (out := _out(line)) is None:
                faults.append(_fault(place, line))
            elif out.id in records:
                faults.append(_twice(out, records[out.id], place, places[out.id]))
            else:
                records[out.id], places[out.id] = out, place
    return Memory(
        records=records,
        places=places,
        feeds=frozenset(feeds),
        faults=tuple(faults),
        unborn=not files,
        began=min((out.first for out in records.values()), default=None),
    )


def origin_of(place: Place) -> Origin:
    """A line of the memory as the place of a problem."""
    path, line = place
    return Origin(path=path, line=line, column=1)


def _out(line: bytes) -> Out | None:
    """The record of a line, or None for a line that `memory_text` does not write."""
    try:
        out = _READER.decode(line)
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return out if ":" in out.id else None


def _fault(place: Place, line: bytes) -> Problem:
    """The problem of an invalid line: a conflict mark of git, or damage."""
    detail = "conflict" if CONFLICT_MARK.match(line) else ""
    value = visible(line[:_SHOWN].decode("utf-8", "replace").rstrip())
    values = {"value": value}
    return Problem(code="published-line", origin=origin_of(place), detail=detail, values=values)


def _twice(out: Out, before: Out, place: Place, first: Place) -> Problem:
    """The problem of two lines for one record, with the first value in which they differ."""
    name, value, other_value = _difference(before, out)
    values = {"value": out.id, "name": name, "one": value, "other": other_value}
    values["first"] = f"{first[0].rpartition('/')[2]}:{first[1]}"
    return Problem(code="published-line", origin=origin_of(place), detail="twice", values=values)


def _difference(first: Out, second: Out) -> tuple[str, str, str]:
    """The figure, promise or field in which two lines of a record differ, with both values."""
    for name in sorted({*first.noted, *second.noted}):
        if first.noted.get(name) != second.noted.get(name):
            return name, first.noted.get(name, "—"), second.noted.get(name, "—")
    for name in ("digest", "revisions", "first", "typed"):
        if getattr(first, name) != getattr(second, name):
            return name, str(getattr(first, name)), str(getattr(second, name))
    return "digest", first.digest, second.digest


def memory_text(outs: Iterable[Out]) -> bytes:
    """A file of the memory: a line of JSON for each record, sorted by name."""
    ordered = sorted(outs, key=lambda out: out.id)
    return b"".join(_WRITER.encode(out) + b"\n" for out in ordered)
