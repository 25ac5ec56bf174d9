"""Attachments, relations and days as readers see them, on the entry's page and in feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct, structs

from generator.kinds.gazette.effect import State
from generator.kinds.gazette.entry import (
    BASES,
    COUNTING,
    RELATIONS,
    RELATIONS_BACK,
    Attachment,
    GazetteEntry,
    Relation,
)
from generator.kinds.gazette.status import DEEDS, acts_from, begins, done_to, standing_of
from generator.site.kind import Site, folder_of
from generator.text.translations import words_of
from generator.text.urls import CHINESE


class AttachmentRow(Struct, frozen=True, kw_only=True):
    """An attachment as shown: where it leads, its size in bytes (0 elsewhere)."""

    title: str
    href: str
    size: int
    availability: str


class RelationRow(Struct, frozen=True, kw_only=True):
    """A relation as shown, in one direction; `day` is from when it changes how the other stands."""

    type: str
    label: str
    title: str
    address: str
    articles: tuple[str, ...]
    wrong: str
    right: str
    note: str
    until: date | None
    day: date | None = None


class EffectiveRow(Struct, frozen=True, kw_only=True):
    """When a part of a document takes effect: its first day, or how that day is told."""

    day: date | None
    told: str
    until: date | None
    scope: str
    note: str


class StandingRow(Struct, frozen=True, kw_only=True):
    """How a document stands: states and looks from before the first of the days on.

    `place` is which of them holds on the site's day; it is `changing` while a day is still to come.
    """

    days: tuple[date, ...]
    states: tuple[str, ...]
    looks: tuple[str, ...]
    place: int

    @property
    def state(self) -> str:
        """How it stands on the site's day."""
        return self.states[self.place]

    @property
    def changing(self) -> bool:
        """Whether another day may bring another word."""
        return self.place < len(self.days)


_LOOKS = {
    State.UNKNOWN: "unknown",
    State.PENDING: "before",
    State.PARTLY: "on",
    State.IN_FORCE: "on",
    State.AMENDED: "on",
}
_ENDED = "after"
"""How what has ended looks; nothing else does."""


def standing_row(entry: GazetteEntry, site: Site) -> StandingRow | None:
    """How an entry stands on the site's day, and on every other; None where nothing is said."""
    found = standing_of(entry, site)
    if found is None:
        return None
    states = (found.first, *(change.state for change in found.changes))
    days = tuple(change.day for change in found.changes)
    return StandingRow(
        days=days,
        states=tuple(states),
        looks=tuple(_LOOKS.get(state, _ENDED) for state in states),
        place=sum(site.phase(day) > 0 for day in days),
    )


def standing_word(entry: GazetteEntry, site: Site) -> str:
    """How an entry stands on the site's day, in a word; "" where nothing is said of that."""
    row = standing_row(entry, site)
    return state_words((row.state,))[0] if row else ""


def state_words(states: Iterable[str]) -> tuple[str, ...]:
    """States in the words of tables and search results; "" for none."""
    words = words_of(CHINESE)["state"]
    return tuple(words[state] if state else "" for state in states)


def ended_on(entry: GazetteEntry, site: Site) -> date | None:
    """The first day, past or to come, on which an entry has ended; None where none is known."""
    row = ended_row(entry, site)
    return row.days[row.looks.index(_ENDED) - 1] if row else None


def ended_row(entry: GazetteEntry, site: Site) -> StandingRow | None:
    """How an entry has ended or will, for lists; None where no such day is known.

    As long as it has not ended the state is "".
    """
    row = standing_row(entry, site)
    if row is None or _ENDED not in row.looks:
        return None
    states = zip(row.states, row.looks, strict=True)
    return structs.replace(row, states=tuple(one if look == _ENDED else "" for one, look in states))


def ended_rows(site: Site) -> Iterator[tuple[str, StandingRow]]:
    """Every entry that has ended or will, by address; others are not looked at closely."""
    entries = site.archive.of(GazetteEntry)
    named = {held.target for entry in entries for held in entry.relations if held.type in DEEDS}
    for entry in entries:
        if entry.ref in named or any(held.until for held in entry.effective):
            row = ended_row(entry, site)
            if row:
                yield entry.address, row


def effective_rows(entry: GazetteEntry, site: Site) -> Iterator[EffectiveRow]:
    """The days on which the parts of an entry take effect."""
    for held in entry.effective:
        told = BASES.get(held.from_, "")
        if held.from_ in ("promulgation", "publication"):
            told += f"，{COUNTING[held.counting or 'third_day']}"
        yield EffectiveRow(
            day=begins(held, entry, site),
            told="" if held.date else told,
            until=held.until,
            scope=held.scope,
            note=held.note,
        )


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
    acting = {done.by.ref for done in done_to(entry, site)}
    for other in site.archive.referring_to(entry, GazetteEntry):
        for relation in other.relations:
            if relation.target == entry.ref:
                label = RELATIONS_BACK[relation.type]
                acts = other.ref in acting and relation.type in DEEDS
                day = acts_from(other, site) if acts else None
                yield _row(relation, label, other.title, other.address, day)


def _id(relation: Relation) -> str:
    """The number of an entry that the site does not show (yet)."""
    return relation.target.id if relation.target else ""


def _row(
    relation: Relation, label: str, title: str, address: str, day: date | None = None
) -> RelationRow:
    return RelationRow(
        type=relation.type,
        label=label,
        title=title,
        address=address,
        articles=relation.articles,
        wrong=relation.wrong,
        right=relation.right,
        note=relation.note,
        until=relation.until,
        day=day,
    )
