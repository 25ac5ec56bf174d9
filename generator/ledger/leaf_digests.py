"""Digests by which records are sealed: of the documents that their kinds name for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.content.model import Document, Ref
from generator.content.record import Record, leaves_of
from generator.content.value_types import FileName
from generator.ledger.merkle import leaf_hash
from generator.site.kind import Site, folder_of

Leaves = Mapping[Ref, str]
"""By record the digest of its leaf in hex; "" for one that has no document now."""


def sealed_document(record: Record, site: Site) -> Document | None:
    """The document that a seal of this record covers; None where it cannot be made."""
    sealed = site.kind(record).sealed
    if sealed is None or not _has_its_files(record, site):
        return None
    return sealed(record, site)


def _has_its_files(record: Record, site: Site) -> bool:
    folder = folder_of(record)
    return all(f"{folder}/{leaf.value}" in site.files for leaf in leaves_of(record, FileName))


def unreadable_files(record: Record, site: Site) -> bool:
    """Whether a file of a record is there and cannot be read, which the problems tell already."""
    paths = (f"{folder_of(record)}/{leaf.value}" for leaf in leaves_of(record, FileName))
    return any(path not in site.files and not site.lacks(path) for path in paths)


def leaf_of(record: Record, site: Site) -> str:
    """The digest of a record's leaf in hex, or ""."""
    document = sealed_document(record, site)
    return leaf_hash(document.make()).hex() if document else ""


def leaves_of_folder(records: Iterable[Record], site: Site) -> Leaves:
    """The digests of all records of kinds that are sealed; none where the site seals nothing."""
    if not site.settings.sealed:
        return {}
    held = (record for record in records if site.kind(record).sealed)
    return {record.ref: leaf_of(record, site) for record in held}


def unsealed(site: Site, leaves: Leaves) -> list[Record]:
    """The records that the site shows and the ledger does not know, in the order of sealing."""
    known = site.seals.numbers
    found = map(site.archive.find, (ref for ref in leaves if leaves[ref] and str(ref) not in known))
    held = [record for record in found if record is not None and not site.withholds(record)]
    dated = [(day, r.kind, site.archive.place(r), r) for r in held if (day := site.known(r))]
    return [record for *_, record in sorted(dated, key=lambda one: one[:3])]


def renamed(record: Record, ref: Ref) -> Record:
    """The same record as another id would make it."""
    return replace(record, id=ref.id)
