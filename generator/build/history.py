"""The site against the memory of what was published: silent changes, and what a seal remembers.

The memory is a note for editors and reviewers; the ledger is what proves a change.  Nobody signs
it, but it stands in git, where every change of it is seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from generator.content.field_types import Leaf
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
"""Records that a message names; more is no help."""


def silent_changes(site: Site) -> Iterator[Problem]:
    """Records that were published, and now differ without a further revision, or are gone.

    Where a kind notes what a record promised, that is named, and stops the build.  Sealed records
    that are gone, and those that were redacted, are left to the gate.
    """
    memory, seals = site.memory, site.seals
    if memory.faults:  # what was published is not known
        return
    for record in site.archive:
        before = memory.records.get(str(record.ref))
        if before is None or before.id in seals.redacted or _is_same(record, before):
            continue
        if len(record.revisions) <= before.revisions:
            found = tuple(site.kind(record).silent(record, before.noted))
            yield from found or (rule_warning("revision-missing", record, ""),)
    for name, before in memory.records.items():
        if name not in seals.numbers and site.missing(_ref(name)):
            yield _gone(before, memory.places[name])


def _ref(name: str) -> Ref:
    return Ref(*name.split(":", 1))


def _gone(before: Out, place: Place) -> Problem:
    """A published record that is nowhere: its place is its line in the memory."""
    return Problem(
        code="record-gone",
        origin=origin_of(place),
        detail="figures" if before.noted else "",
        severity=Severity.WARNING,
        values={"value": before.id.partition(":")[2], "count": str(len(before.noted))},
    )


def _is_same(record: Record, before: Out) -> bool:
    """Whether a record says what it said; one that was typed alike need not be read whole."""
    return before.typed == record.digest or (
        before.digest == content_digest(record) and before.revisions == len(record.revisions)
    )


def unremembered(site: Site) -> list[Record]:
    """The published records that the memory lacks, or knows otherwise."""
    known = site.memory.records
    held = (record for record in site.archive if _is_out(record, site))
    return [
        record
        for record in held
        if (before := known.get(str(record.ref))) is None or not _is_same(record, before)
    ]


def _is_out(record: Record, site: Site) -> bool:
    """Whether readers are shown a record, and on a day of its own."""
    return site.publication_day(record) is not None and not site.withholds(record)


def published_files(site: Site, feeds: Sequence[Feed]) -> dict[str, bytes]:
    """The memory of a site as it is published now, by path.

    What expired stays as it was remembered, and so does a feed that is empty again.
    """
    folders: dict[str, list[Out]] = {}
    for record in site.archive:
        before = site.memory.records.get(str(record.ref))
        out = _out(record, site, before) if _is_out(record, site) else before
        if out:
            folders.setdefault(record.folder, []).append(out)
    files = {f"{name}{ENDING}": memory_text(outs) for name, outs in folders.items()}
    held = sorted({*site.memory.feeds, *(feed.name for feed in feeds if feed.items)})
    return {**files, FEEDS: "".join(f"{name}\n" for name in held).encode()}


def _out(record: Record, site: Site, before: Out | None) -> Out:
    if before and before.typed == record.digest:
        return before
    return Out(
        id=str(record.ref),
        first=before.first if before else site.as_of,
        digest=content_digest(record),
        typed=record.digest,
        revisions=len(record.revisions),
        noted=site.kind(record).noted(record),
    )


def unsealed_problem(names: Sequence[str], way: str) -> Problem:
    """What a build says of records that wait for a seal; `way` leads to the ledger's folder."""
    listed = "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    values = {"count": str(len(names)), "names": listed}
    place, severity = Origin(path=f"{way}/{MEMORY}"), Severity.WARNING
    return Problem(code="published-unsealed", origin=place, severity=severity, values=values)


def content_digest(record: Record, held: Sequence[Leaf] = ()) -> str:
    """A digest of what a record says, however it was typed; revisions left out.

    `held` are all its values, where the caller has them at hand.
    """
    text = {
        leaf.path: str(leaf.value)
        for leaf in held or leaves(record)
        if not leaf.path.startswith("revisions")
    }
    return hashlib.sha256(canonical_json(text)).hexdigest()


EARLIER = "published.json"
"""What builds once left in the work folder in the memory's place."""


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
    """What the last build left in a work folder, of records that have a day."""
    file = work / EARLIER
    if not file.is_file():
        return Memory()
    try:
        held = _EARLIER.decode(file.read_bytes())
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return Memory()
    if held.site != f"{settings.publisher.id} {settings.base_url}":  # of another content
        return Memory()
    dated = {kind.name for kind in kinds if kind.dated}
    return Memory(
        places={name: (one.path, 0) for name, one in held.records.items()},
        records={
            name: Out(
                id=name,
                first=one.first,
                digest=one.content,
                typed=one.typed,
                revisions=one.revisions,
                noted=one.noted,
            )
            for name, one in held.records.items()
            if name.partition(":")[0] in dated
        },
    )


def write_memory(ledger: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Puts the memory's files in place of those that differ, and removes others; their paths."""
    before, folder = memory_files(ledger), ledger / MEMORY
    changed = [path for path, content in sorted(files.items()) if before.get(path) != content]
    for path in changed:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        put(folder / path, files[path])
    gone = sorted(before.keys() - files.keys())
    for path in gone:
        (folder / path).unlink()
    return (*changed, *gone)
