"""Rows of an entry's page: attachments, relations, days of effect and the legal standing.

Templates of the page, feeds, lists and search results fill themselves from these rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct, structs

from generator.kinds.gazette.effect import State
from generator.kinds.gazette.entry import (
    BASES,
    RELATIONS,
    RELATIONS_BACK,
    Attachment,
    GazetteEntry,
    Relation,
)
from generator.kinds.gazette.status import DEEDS, acts_on, effect_day, first_day, standing_of
from generator.site.kind import Site, folder_of
from generator.text.translations import words_of
from generator.text.urls import CHINESE


class AttachmentRow(Struct, frozen=True, kw_only=True):
    """An attachment: its link, and its size in bytes (0 for a file on another site)."""

    title: str
    href: str
    size: int
    availability: str


class RelationRow(Struct, frozen=True, kw_only=True):
    """A relation in one direction; `day` is the first on which it changes the other's standing."""

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
    """When a part of a document takes effect: its first day, or the rule that gives this day."""

    day: date | None
    basis: str
    until: date | None
    scope: str
    note: str


class StandingRow(Struct, frozen=True, kw_only=True):
    """The legal standing of a document: each state and its look, one more than there are days.

    The first state applies before the first day, each further one from its day on; `place` is the
    index of the state on the site's day.
    """

    days: tuple[date, ...]
    states: tuple[str, ...]
    looks: tuple[str, ...]
    place: int

    @property
    def state(self) -> str:
        """The state on the site's day."""
        return self.states[self.place]

    @property
    def changing(self) -> bool:
        """Whether the state changes on a later day."""
        return self.place < len(self.days)


class Milestone(Struct, frozen=True, kw_only=True):
    """A day in the life of a document, with the later entry that causes it; None is not stated."""

    day: date | None
    label: str
    scope: str = ""
    title: str = ""
    address: str = ""


_LOOKS = {
    State.UNKNOWN: "unknown",
    State.PENDING: "before",
    State.PARTLY: "part",
    State.IN_FORCE: "on",
    State.AMENDED: "on",
}
_ENDED = "after"
"""The look of a document that has ended, and of no other."""


def standing_row(entry: GazetteEntry, site: Site) -> StandingRow | None:
    """The standing of an entry over time; None if no entry says anything about it."""
    standing = standing_of(entry, site)
    if standing is None:
        return None
    states = (standing.first, *(change.state for change in standing.changes))
    days = tuple(change.day for change in standing.changes)
    return StandingRow(
        days=days,
        states=states,
        looks=tuple(_LOOKS.get(state, _ENDED) for state in states),
        place=sum(site.phase(day) > 0 for day in days),
    )


def milestones(
    entry: GazetteEntry, standing: StandingRow | None, site: Site
) -> tuple[Milestone, ...]:
    """Promulgation, effect, later acts and expiry, in the order of days; nothing if unknown."""
    if standing is None:
        return ()
    day = entry.dispatch_date or site.publication_day(entry)
    rows = [Milestone(day=day, label="發布")]
    for effective in entry.effective:
        start = first_day(effective, entry, site)
        rows.append(Milestone(day=start, label="生效", scope=effective.scope))
    for later in acts_on(entry, site):
        label, articles = RELATIONS[later.relation.type], "、".join(later.relation.articles)
        title, address = later.by.title, later.by.address
        rows.append(
            Milestone(day=later.act.day, label=label, scope=articles, title=title, address=address)
        )
    states = zip(standing.days, standing.states[1:], strict=True)
    rows += [Milestone(day=end, label="期滿失效") for end, s in states if s == State.EXPIRED]
    return tuple(sorted(rows, key=lambda row: row.day or date.max))


def standing_word(entry: GazetteEntry, site: Site) -> str:
    """The standing of an entry on the site's day, in a word; "" if nothing is known of it."""
    row = standing_row(entry, site)
    return state_words((row.state,))[0] if row else ""


def state_words(states: Iterable[str]) -> tuple[str, ...]:
    """States in the words of tables and search results; "" stays ""."""
    words = words_of(CHINESE)["state"]
    return tuple(words[state] if state else "" for state in states)


def ended_on(entry: GazetteEntry, site: Site) -> date | None:
    """The first day, past or future, on which an entry is no longer in force, if it is known."""
    row = ended_row(entry, site)
    return row.days[row.looks.index(_ENDED) - 1] if row else None


def ended_row(entry: GazetteEntry, site: Site) -> StandingRow | None:
    """The standing of an entry that ends on a known day, for lists; None for any other entry.

    Every state before the end is "", since lists show nothing of it.
    """
    row = standing_row(entry, site)
    if row is None or _ENDED not in row.looks:
        return None
    pairs = zip(row.states, row.looks, strict=True)
    states = tuple(state if look == _ENDED else "" for state, look in pairs)
    return structs.replace(row, states=states)


def ended_rows(site: Site) -> Iterator[tuple[str, StandingRow]]:
    """The row and the address of every entry that ends on a known day."""
    entries = site.archive.of(GazetteEntry)
    targets = {r.target for entry in entries for r in entry.relations if r.type in DEEDS}
    for entry in entries:
        # only these can end; the standing of all others would be computed for nothing
        if entry.ref in targets or any(effective.until for effective in entry.effective):
            row = ended_row(entry, site)
            if row:
                yield entry.address, row


def effective_rows(entry: GazetteEntry, site: Site) -> Iterator[EffectiveRow]:
    """The days on which the parts of an entry take effect."""
    for effective in entry.effective:
        basis = BASES.get(effective.from_, "")
        if effective.from_ in ("promulgation", "publication"):
            basis += "生效" if effective.counting == "same_day" else "起算至第三日生效"
        yield EffectiveRow(
            day=first_day(effective, entry, site),
            basis="" if effective.date else basis,
            until=effective.until,
            scope=effective.scope,
            note=effective.note,
        )


def attachment_row(entry: GazetteEntry, attachment: Attachment, site: Site) -> AttachmentRow:
    """The row of an attachment; raises `KeyError` for a file that `check` did not find."""
    size = site.files[f"{folder_of(entry)}/{attachment.path}"] if attachment.path else 0
    href = entry.address + attachment.path if attachment.path else attachment.url
    return AttachmentRow(
        title=attachment.title, href=href, size=size, availability=attachment.availability
    )


def relation_rows(entry: GazetteEntry, site: Site) -> Iterator[RelationRow]:
    """The relations of an entry to others."""
    for relation in entry.relations:
        label = RELATIONS[relation.type]
        target = relation.target and site.linked(relation.target)
        if target:
            yield _row(relation, label, site.title(target), site.address(target))
        else:
            # a target without a page is an entry that the site does not show (yet)
            number = relation.target.id if relation.target else ""
            yield _row(relation, label, relation.citation or number, "")


def relation_rows_back(entry: GazetteEntry, site: Site) -> Iterator[RelationRow]:
    """The relations of others to an entry."""
    acting = {later.by.ref for later in acts_on(entry, site)}
    for other in site.archive.referring_to(entry, GazetteEntry):
        for relation in other.relations:
            if relation.target == entry.ref:
                label = RELATIONS_BACK[relation.type]
                acts = other.ref in acting and relation.type in DEEDS
                day = effect_day(other, site) if acts else None
                yield _row(relation, label, other.title, other.address, day)


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
