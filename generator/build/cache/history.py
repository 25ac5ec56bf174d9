"""What the last build published of each record, so that a silent change is noticed.

A note for editors beside the work, deleted at will; the ledger is what proves a change.  Nobody
signs it: whoever can write to the work folder can have a change pass without a word, or one told
that was none, but no byte of a page depends on it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from generator.content.field_types import Leaf
from generator.content.findings import rule_warning
from generator.content.model import Origin, Problem, Ref, Severity
from generator.content.record import Record, leaves
from generator.content.settings import Settings
from generator.site.kind import Site
from generator.text.canonical_json import canonical_json

HISTORY = "published.json"
_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


class Out(NamedTuple):
    """A record as it was published.

    The digest of its content, its number of revisions, the day of the first build with it, its
    digest as typed, what its kind noted of it by name, its file.
    """

    content: str
    revisions: int
    first: str
    typed: str
    noted: Mapping[str, str] = {}
    path: str = ""


Known = Mapping[str, Out]
"""By record, as `kind:id`."""


class _Published(Struct):
    """The note as it stands in its file."""

    records: dict[str, Out]
    site: str


_READER = Decoder(_Published)


def read_history(work: Path, settings: Settings) -> Known:
    """What the last build of a site in a work folder published; nothing if that is unknown."""
    file = work / HISTORY
    if not file.is_file():
        return {}
    try:
        held = _READER.decode(file.read_bytes())
    except (OSError, ValueError, MsgspecError, RecursionError):
        return {}
    return held.records if held.site == _identity(settings) else {}


def history_text(site: Site, known: Known, contents: Mapping[Ref, str]) -> bytes:
    """What a build publishes, for `read_history`; `contents` are the records' digests.

    A line a record, so that none is held as more than its text: there may be a hundred thousand.
    """
    shown = site.as_of.isoformat()
    lines = sorted([_line(r, site, known, contents[r.ref], shown) for r in site.archive])
    held, identity = ",\n".join(lines), _written(_identity(site.settings))
    return f'{{"records": {{\n{held}\n}}, "site": {identity}}}'.encode()


def _line(record: Record, site: Site, known: Known, content: str, shown: str) -> str:
    """A record's name and list as JSON; of texts that need no quoting nothing else is asked."""
    name = str(record.ref)
    before = known.get(name)
    first = before.first if before else shown
    kept = f'"{content}", {len(record.revisions)}, {_written(first)}, "{record.digest}"'
    noted = site.kind(record).noted(record)
    more = f", {_written(noted)}, {_written(record.origin.path)}" if noted else ""
    return f"{_written(name)}: [{kept}{more}]"


def _identity(settings: Settings) -> str:
    """One work folder may serve several contents in turn."""
    return f"{settings.publisher.id} {settings.base_url}"


def silent_changes(site: Site, known: Known) -> Iterator[Problem]:
    """Records that were out on an earlier day, and now differ without a further revision.

    What was built for the first time on this day may be built again: nobody has read it yet.
    Where a kind notes what a record promised, that is named, and stops the build.
    """
    shown = site.as_of.isoformat()
    for record in site.archive:
        before = known.get(str(record.ref))
        if before is None or before.first >= shown or before.typed == record.digest:
            continue
        day = site.known(record)
        if day is None or day >= site.as_of or len(record.revisions) > before.revisions:
            continue
        if content_digest(record) != before.content:
            found = tuple(site.kind(record).silent(record, before.noted))
            yield from found or (rule_warning("revision-missing", record, ""),)
    yield from _gone(site, known, shown)


def _gone(site: Site, known: Known, shown: str) -> Iterator[Problem]:
    """Records of which something was noted, and whose files are no longer there."""
    excused = {str(ref) for ref in site.broken}
    held = {str(record.ref) for record in site.archive}
    for ref, before in known.items():
        if before.noted and before.first < shown and ref not in held | excused:
            values = {"value": ref.partition(":")[2], "count": str(len(before.noted))}
            place = Origin(path=before.path)
            severity = Severity.WARNING
            yield Problem(code="record-gone", origin=place, severity=severity, values=values)


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
