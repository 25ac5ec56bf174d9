"""The result of the last check of links to other sites."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from generator.content.model import Ref


class Dead(Struct, frozen=True, kw_only=True):
    """A dead address: its HTTP status, 0 for no answer, and the records that link to it."""

    url: str
    status: int
    records: tuple[Ref, ...]


class LinkReport(Struct, frozen=True, kw_only=True):
    """The number of addresses that were checked on a day, and the dead ones."""

    day: date
    checked: int
    dead: tuple[Dead, ...]
