"""Compares the site with the memory of published records, and writes that memory.

The memory helps editors and reviewers to notice changes; the ledger proves them.  Nobody signs
the memory, but it is in git, where every change of it is visible.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from generator.content.findings import rule_warning
from generator.content.model import Feed, Origin, Problem, Ref, Severity
from generator.content.published_memory import (
    ENDING,
    FEEDS,
    MEMORY,
    Memory,
    Out,
    Place,
    memory_files,
    memory_text,
    origin_of,
)
from generator.content.record import Record, leaves
from generator.content.settings import Settings
from generator.release.disk import put
from generator.site.kind import Kind, Site
from generator.text.canonical_json import canonical_json

NAMED = 5
"""The most records that a message names."""


def silent_changes(site: Site) -> Iterator[Problem]:
    """Published records that changed without a new revision, or are missing.

    If a kind notes published values, the changed ones are named, and stop the build.  The gate
    reports missing sealed records and redacted ones.
    """
    memory, seals = site.memory, site.seals
    if memory.faults:  # there is nothing to compare with
        return
    for record in site.archive:
        before = memory.records.get(str(record.ref))
        if before is None or before.id in seals.redacted:
            continue
        if _is_same(_published(record, site), before):
            continue
        kind = site.kind(record)
        # the record as typed, so that a check of an earlier day misses nothing published later
        yield from kind.breaches(record, before.noted)
        if len(record.revisions) <= before.revisions:
            problems = tuple(kind.silent(record, before.noted))
            unnoted = () if kind.additions else (rule_warning("revision-missing", record, ""),)
            yield from problems or unnoted
    for name, before in memory.records.items():
        if name not in seals.numbers and site.missing(_ref(name)):
            yield _missing_problem(before, memory.places[name])


def _ref(name: str) -> Ref:
    return Ref(*name.split(":", 1))


def _missing_problem(before: Out, place: Place) -> Problem:
    """The problem of a missing published record; its place is its line in the memory."""
    return Problem(
        code="record-gone",
        origin=origin_of(place),
        detail="figures" if before.noted else "",
        severity=Severity.WARNING,
        values={"value": before.id.partition(":")[2], "count": str(len(before.noted))},
    )


def _published(record: Record, site: Site) -> Record:
    """A record as readers see it on the site's day; nothing else of it is remembered."""
    public = site.kind(record).public
    return public(record, site.as_of) if public else record


def _is_same(record: Record, before: Out) -> bool:
    """Whether a record as readers see it is as it was published; the quick test comes first."""
    return before.typed == record.digest or (
        before.digest == content_digest(record) and before.revisions == len(record.revisions)
    )


def unremembered(site: Site) -> list[Record]:
    """The published records that are missing in the memory, or differ from it."""
    memory = site.memory.records
    published = (record for record in site.archive if _is_published(record, site))
    return [
        record
        for record in published
        if (before := memory.get(str(record.ref))) is None
        or not _is_same(_published(record, site), before)
    ]


def _is_published(record: Record, site: Site) -> bool:
    """Whether the site shows a record, and the record has a day of publication."""
    return site.publication_day(record) is not None and not site.withholds(record)


def published_files(site: Site, feeds: Sequence[Feed]) -> dict[str, bytes]:
    """The files of the memory for the site as it is now, by path.

    Expired records keep their entry, and so do feeds that are empty again.
    """
    folders: dict[str, list[Out]] = {}
    for record in site.archive:
        before = site.memory.records.get(str(record.ref))
        out = _out(record, site, before) if _is_published(record, site) else before
        if out:
            folders.setdefault(record.folder, []).append(out)
    files = {f"{name}{ENDING}": memory_text(outs) for name, outs in folders.items()}
    feed_names = sorted({*site.memory.feeds, *(feed.name for feed in feeds if feed.items)})
    return {**files, FEEDS: "".join(f"{name}\n" for name in feed_names).encode()}


def _out(record: Record, site: Site, before: Out | None) -> Out:
    public = _published(record, site)
    if before and before.typed == public.digest:
        return before
    return Out(
        id=str(record.ref),
        first=before.first if before else site.as_of,
        digest=content_digest(public),
        typed=public.digest,
        revisions=len(record.revisions),
        noted=site.kind(record).noted(public),
    )


def unsealed_problem(names: Sequence[str], way: str) -> Problem:
    """The warning about records that wait for a seal; `way` is the path to the ledger's folder."""
    listed = "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    values = {"count": str(len(names)), "names": listed}
    place, severity = Origin(path=f"{way}/{MEMORY}"), Severity.WARNING
    return Problem(code="published-unsealed", origin=place, severity=severity, values=values)


def content_digest(record: Record) -> str:
    """A digest of a record's values, independent of their spelling in YAML, without revisions."""
    text = {
        leaf.path: str(leaf.value)
        for leaf in leaves(record)
        if not leaf.path.startswith("revisions")
    }
    return hashlib.sha256(canonical_json(text)).hexdigest()


EARLIER = "published.json"
"""The memory in an earlier format, which builds wrote into the work folder."""


class _Earlier(NamedTuple):
    content: str
    revisions: int
    first: date
    typed: str
    noted: Mapping[str, str] = {}
    path: str = ""


class _EarlierFile(Struct):
    records: dict[str, _Earlier]
    site: str


_EARLIER = Decoder(_EarlierFile)


def earlier_memory(work: Path, settings: Settings, kinds: Iterable[Kind]) -> Memory:
    """The memory in the earlier format, without records of kinds that have no dates."""
    file = work / EARLIER
    if not file.is_file():
        return Memory()
    try:
        earlier = _EARLIER.decode(file.read_bytes())
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return Memory()
    if earlier.site != f"{settings.publisher.id} {settings.base_url}":  # of another site
        return Memory()
    dated = {kind.name for kind in kinds if kind.dated}
    return Memory(
        places={name: (record.path, 0) for name, record in earlier.records.items()},
        records={
            name: Out(
                id=name,
                first=record.first,
                digest=record.content,
                typed=record.typed,
                revisions=record.revisions,
                noted=record.noted,
            )
            for name, record in earlier.records.items()
            if name.partition(":")[0] in dated
        },
    )


def write_memory(ledger: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Writes the memory's files that differ and removes all others; returns their paths."""
    before, folder = memory_files(ledger), ledger / MEMORY
    changed = [path for path, content in sorted(files.items()) if before.get(path) != content]
    for path in changed:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        put(folder / path, files[path])
    obsolete = sorted(before.keys() - files.keys())
    for path in obsolete:
        (folder / path).unlink()
    return (*changed, *obsolete)
