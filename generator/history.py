"""What the last build published of each record, so that a silent change is noticed.

A note for editors beside the work, deleted at will; the ledger is what proves a change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.canonical import canonical_json
from generator.kind import Site, rule_warning
from generator.model import Problem
from generator.record import Record, leaves

HISTORY = "published.json"
Known = Mapping[str, tuple[str, int, str]]
"""By record, as `kind:id`: digest, number of revisions, the day of the first build with it."""


def read_history(work: Path, site: Site) -> Known:
    """What the last build of a site in a work folder published; nothing if that is unknown."""
    try:
        held = json.loads((work / HISTORY).read_text(encoding="utf-8"))
        if held["site"] != _identity(site):
            return {}
        records = held["records"].items()
        return {ref: (str(digest), int(count), str(day)) for ref, (digest, count, day) in records}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def history_text(site: Site, known: Known) -> bytes:
    """What a build publishes, for `read_history`."""
    shown = site.as_of.isoformat()
    records = {
        str(r.ref): (_digest(r), len(r.revisions), known.get(str(r.ref), ("", 0, shown))[2])
        for r in site.archive
    }
    held = {"site": _identity(site), "records": records}
    return json.dumps(held, ensure_ascii=False, sort_keys=True, indent=0).encode()


def _identity(site: Site) -> str:
    """One work folder may serve several contents in turn."""
    return f"{site.settings.publisher.id} {site.settings.base_url}"


def silent_changes(site: Site, known: Known) -> Iterator[Problem]:
    """Records that were out on an earlier day, and now differ without a further revision.

    What was built for the first time on this day may be built again: nobody has read it yet.
    """
    shown = site.as_of.isoformat()
    for record in site.archive:
        day = site.known(record)
        digest, revisions, first = known.get(str(record.ref), ("", 0, shown))
        out = day is not None and day < site.as_of and first < shown
        if out and _digest(record) != digest and len(record.revisions) <= revisions:
            yield rule_warning("revision-missing", record, "")


def _digest(record: Record) -> str:
    text = {
        leaf.path: str(leaf.value)
        for leaf in leaves(record)
        if not leaf.path.startswith("revisions")
    }
    return hashlib.sha256(canonical_json(text)).hexdigest()
