"""The answers that other sites gave when their addresses were last asked for."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from generator.content.model import Ref


class Dead(Struct, frozen=True, kw_only=True):
    """An address that leads nowhere: what its server answers, 0 for nothing; who names it."""

    url: str
    status: int
    records: tuple[Ref, ...]


class LinkReport(Struct, frozen=True, kw_only=True):
    """The addresses that were asked for on a day, and those of them that lead nowhere."""

    day: date
    checked: int
    dead: tuple[Dead, ...]
