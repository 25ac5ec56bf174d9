"""Periods: the first and last day for which a record is valid."""

from __future__ import annotations

import datetime as dt

from generator.content.record import described, group
from generator.content.value_types import Day
from generator.text.dates import english, roc


@group
class Period:
    """A range of days, both ends included."""

    from_: dt.date = described(Day(), "起日", required=True)
    to: dt.date = described(Day(), "迄日", required=True)

    @property
    def shown(self) -> str:
        """`104年9月1日至105年2月29日`."""
        return f"{roc(self.from_)}至{roc(self.to)}" if self.from_ != self.to else roc(self.to)

    @property
    def english(self) -> str:
        """`1 September 2015 to 29 February 2016`."""
        if self.from_ == self.to:
            return english(self.to)
        return f"{english(self.from_)} to {english(self.to)}"

    @property
    def backwards(self) -> bool:
        """Whether the period ends before it begins."""
        return self.to < self.from_
