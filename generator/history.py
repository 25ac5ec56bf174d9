"""What the last build published of each record, so that a silent change is noticed.

A note for editors beside the work, deleted at will; the ledger is what proves a change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from generator.canonical import canonical_json
from generator.fields import Leaf
from generator.findings import rule_warning
from generator.kind import Site
from generator.model import Problem, Ref
from generator.record import Record, leaves

HISTORY = "published.json"
Known = Mapping[str, tuple[str, int, str, str]]
"""By record, as `kind:id`: digest of its content, number of revisions, the day of the first
build with it, digest of it as typed."""


def read_history(work: Path, site: Site) -> Known:
    """What the last build of a site in a work folder published; nothing if that is unknown."""
    try:
        held = json.loads((work / HISTORY).read_text(encoding="utf-8"))
        if held["site"] != _identity(site):
            return {}
        records = held["records"].items()
        return {r: (str(c), int(n), str(day), str(typed)) for r, (c, n, day, typed) in records}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def history_text(site: Site, known: Known, contents: Mapping[Ref, str]) -> bytes:
    """What a build publishes, for `read_history`; `contents` are the records' digests."""
    shown = site.as_of.isoformat()
    records = {
        str(r.ref): (contents[r.ref], len(r.revisions), _first_day(r, known, shown), r.digest)
        for r in site.archive
    }
    held = {"site": _identity(site), "records": records}
    return json.dumps(held, ensure_ascii=False, sort_keys=True, indent=0).encode()


def _first_day(record: Record, known: Known, shown: str) -> str:
    held = known.get(str(record.ref))
    return held[2] if held else shown


def _identity(site: Site) -> str:
    """One work folder may serve several contents in turn."""
    return f"{site.settings.publisher.id} {site.settings.base_url}"


def silent_changes(site: Site, known: Known) -> Iterator[Problem]:
    """Records that were out on an earlier day, and now differ without a further revision.

    What was built for the first time on this day may be built again: nobody has read it yet.
    """
    shown = site.as_of.isoformat()
    for record in site.archive:
        digest, revisions, first, typed = known.get(str(record.ref), ("", 0, shown, ""))
        if first >= shown or typed == record.digest:
            continue
        day = site.known(record)
        out = day is not None and day < site.as_of
        if out and content_digest(record) != digest and len(record.revisions) <= revisions:
            yield rule_warning("revision-missing", record, "")


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
