"""Attachments and relations as readers see them, on the entry's page and in feeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.kind import Site, folder_of
from generator.kinds.gazette.entry import (
    RELATIONS,
    RELATIONS_BACK,
    Attachment,
    GazetteEntry,
    Relation,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """An attachment as shown: where it leads, its size in bytes (0 elsewhere)."""

    title: str
    href: str
    size: int
    availability: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRow:
    """A relation as shown, in one direction."""

    label: str
    title: str
    address: str
    articles: tuple[str, ...]
    wrong: str
    right: str
    note: str


def attachment_row(entry: GazetteEntry, attachment: Attachment, site: Site) -> AttachmentRow:
    """An attachment with what is derived of it."""
    size = site.files[f"{folder_of(entry)}/{attachment.path}"] if attachment.path else 0
    href = entry.address + attachment.path if attachment.path else attachment.url
    return AttachmentRow(
        title=attachment.title, href=href, size=size, availability=attachment.availability
    )


def relation_rows(entry: GazetteEntry, site: Site) -> Iterator[RelationRow]:
    """What an entry does to others."""
    for relation in entry.relations:
        label = RELATIONS[relation.type]
        target = relation.target and site.linked(relation.target)
        if target:
            yield _row(relation, label, site.title(target), site.address(target))
        else:
            yield _row(relation, label, relation.citation or _id(relation), "")


def relation_rows_back(entry: GazetteEntry, site: Site) -> Iterator[RelationRow]:
    """What others do to an entry."""
    for other in site.archive.referring_to(entry, GazetteEntry):
        for relation in other.relations:
            if relation.target == entry.ref:
                label = RELATIONS_BACK[relation.type]
                yield _row(relation, label, other.title, other.address)


def _id(relation: Relation) -> str:
    """The number of an entry that the site does not show (yet)."""
    return relation.target.id if relation.target else ""


def _row(relation: Relation, label: str, title: str, address: str) -> RelationRow:
    return RelationRow(
        label=label,
        title=title,
        address=address,
        articles=relation.articles,
        wrong=relation.wrong,
        right=relation.right,
        note=relation.note,
    )
