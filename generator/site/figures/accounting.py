"""Accounts for the numbers of a text: which cite figures, and which cite nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from msgspec import Struct

from generator.content.field_types import Leaf, Prose, Text
from generator.content.model import Origin
from generator.content.record import Record, leaves
from generator.site.figures.citing import Cited, Misfit, Narrative, Placed, cite
from generator.site.figures.mentions import Class, Mention, mentions
from generator.site.kind import Site
from generator.text.figure_references import Binding, bindings, unbound
from generator.text.markdown_dialect import without_targets


class Number(Struct, frozen=True, kw_only=True):
    """A number in a record's text that cites nothing: its field, its place and its excuse.

    `excuse` is the editor's reason; a constant (a day, an ordinal) needs none.
    """

    leaf: Leaf
    mention: Mention
    excuse: str = ""

    @property
    def loose(self) -> bool:
        """Whether the number is a figure without citation or excuse."""
        return self.mention.what is Class.FIGURE and not self.excuse

    def origin(self, record: Record) -> Origin:
        """The number's place in the record's file."""
        mention, where = self.mention, record.place(self.leaf.path)
        return where.within(self.leaf.value, mention.start, mention.end - mention.start)


class Account(Struct, frozen=True, kw_only=True):
    """All numbers in a record's text: references, and numbers that cite nothing.

    `idle` are the indexes of excuses that excuse nothing.
    """

    record: Narrative
    cited: tuple[Cited, ...]
    placed: tuple[Placed, ...]
    misfits: tuple[Misfit, ...]
    numbers: tuple[Number, ...]
    idle: tuple[int, ...]

    @property
    def led_to(self) -> tuple[tuple[Binding, Record], ...]:
        """Every reference to another record, with that record, in the order of the text."""
        references = [(cited.binding, cited.record) for cited in self.cited]
        references += [(p.binding, p.what) for p in self.placed if isinstance(p.what, Record)]
        return tuple(sorted(references, key=lambda pair: pair[0].start))

    @property
    def loose(self) -> tuple[Number, ...]:
        """The figures without citation or excuse."""
        return tuple(number for number in self.numbers if number.loose)

    @property
    def excused(self) -> tuple[Number, ...]:
        """The figures for which an editor gives a reason."""
        return tuple(number for number in self.numbers if number.excuse)


def account(record: Narrative, site: Site) -> Account:
    """The account of a record's numbers."""
    lists = {named_list.id: named_list for named_list in record.lists}
    results = [cite(binding, site, lists) for binding in bindings(record.markdown)]
    used: set[int] = set()
    numbers = tuple(n for leaf in _shown(record) for n in _numbers(leaf, record, used))
    return Account(
        record=record,
        cited=tuple(result for result in results if isinstance(result, Cited)),
        placed=tuple(result for result in results if isinstance(result, Placed)),
        misfits=tuple(result for result in results if isinstance(result, Misfit)),
        numbers=numbers,
        idle=tuple(place for place in range(len(record.uncited)) if place not in used),
    )


def _shown(record: Narrative) -> Iterator[Leaf]:
    """The texts that readers see as the record's own words."""
    for leaf in leaves(record):
        first = leaf.path.partition(".")[0]
        if isinstance(leaf.type, Text) and first not in ("uncited", "source", "revisions"):
            yield leaf


def _numbers(leaf: Leaf, record: Narrative, used: set[int]) -> Iterator[Number]:
    text: str = leaf.value
    plain = without_targets(unbound(text)) if isinstance(leaf.type, Prose) else text
    spans = sorted(
        (start, start + len(excuse.text), place)
        for place, excuse in enumerate(record.uncited)
        for start in _places(text, excuse.text)
    )
    starts = [start for start, _, _ in spans]
    longest = max((len(excuse.text) for excuse in record.uncited), default=0)
    for mention in mentions(plain):
        excuses: list[int] = []
        if mention.what is Class.FIGURE:
            first = bisect_left(starts, mention.end - longest)
            near = spans[first : bisect_right(starts, mention.start)]
            excuses = [place for _, end, place in near if mention.end <= end]
            used.update(excuses)
        reason = record.uncited[max(excuses)].reason if excuses else ""
        yield Number(leaf=leaf, mention=mention, excuse=reason)


def _places(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def narratives(site: Site) -> Iterator[Narrative]:
    """Every record whose prose cites figures, each kind in its order."""
    for kind in site.kinds:
        if issubclass(kind.record_type, Narrative):
            yield from site.archive.of(kind.record_type)
