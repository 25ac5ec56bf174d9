"""Computes the leaf digest of each record, from the document that its kind declares as sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.content.model import Document, Ref
from generator.content.record import Record, leaves_of
from generator.content.value_types import FileName
from generator.ledger.merkle import leaf_hash
from generator.site.kind import Site, folder_of

Leaves = Mapping[Ref, str]
"""The digest of each record's leaf in hex; "" for a record whose document cannot be made."""


def sealed_document(record: Record, site: Site) -> Document | None:
    """The document that a seal of this record covers; None if the kind has none or a file lacks."""
    sealed, folder = site.kind(record).sealed, folder_of(record)
    if sealed is None:
        return None
    # the document holds the digests of the record's files
    names = (leaf.value for leaf in leaves_of(record, FileName))
    return sealed(record, site) if all(f"{folder}/{name}" in site.files for name in names) else None


def unreadable_files(record: Record, site: Site) -> bool:
    """Whether a file of a record exists and cannot be read; another problem reports that."""
    paths = (f"{folder_of(record)}/{leaf.value}" for leaf in leaves_of(record, FileName))
    return any(path not in site.files and not site.lacks(path) for path in paths)


def leaf_of(record: Record, site: Site) -> str:
    """The digest of a record's leaf in hex; "" if it has no sealed document."""
    document = sealed_document(record, site)
    return leaf_hash(document.make()).hex() if document else ""


def leaves_of_folder(records: Iterable[Record], site: Site) -> Leaves:
    """The digests of all records of sealed kinds; empty if the site seals nothing."""
    if not site.settings.sealed:
        return {}
    sealable = (record for record in records if site.kind(record).sealed)
    return {record.ref: leaf_of(record, site) for record in sealable}


def unsealed(site: Site, leaves: Leaves) -> list[Record]:
    """The records that the site shows and that are not sealed yet, in the order of sealing."""
    sealed = site.seals.numbers
    refs = (ref for ref, leaf in leaves.items() if leaf and str(ref) not in sealed)
    records = map(site.archive.find, refs)
    shown = [record for record in records if record is not None and not site.withholds(record)]
    dated = [
        (day, r.kind, site.archive.place(r), r) for r in shown if (day := site.publication_day(r))
    ]
    return [record for *_, record in sorted(dated, key=lambda row: row[:3])]


def renamed(record: Record, ref: Ref) -> Record:
    """The same record under another id."""
    return replace(record, id=ref.id)
