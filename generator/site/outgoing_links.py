"""The links of records to other sites, in fields and in prose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urldefrag

from generator.content.field_types import BoundProse, Leaf, Prose
from generator.content.model import Origin
from generator.content.record import Record, leaves_of
from generator.content.value_types import Address, address_fault
from generator.text.markdown import read_prose
from generator.text.markdown_dialect import target_places

OLD = "legacy_urls"
"""The field of old addresses, which lead to this site."""


class Outbound(NamedTuple):
    """An address that a record links to, without its fragment, and the place of the link."""

    url: str
    record: Record
    origin: Origin


def outbound(records: Iterable[Record]) -> Iterator[Outbound]:
    """Every link from records to other sites, in the order typed."""
    for record in records:
        for leaf in leaves_of(record, Address, Prose):
            if leaf.path.partition(".")[0] != OLD:
                yield from _links(leaf, record)


def _links(leaf: Leaf, record: Record) -> Iterator[Outbound]:
    place = record.place(leaf.path)
    if isinstance(leaf.type, Address):
        yield Outbound(urldefrag(leaf.value).url, record, place)
        return
    text = leaf.value
    targets = read_prose(text, bound=isinstance(leaf.type, BoundProse)).targets
    places = target_places(text)
    for typed in dict.fromkeys(target for target in targets if address_fault(target) is None):
        first, *_ = places.get(typed, (None,))
        origin = place if first is None else place.within(text, first, len(typed))
        yield Outbound(urldefrag(typed).url, record, origin)
