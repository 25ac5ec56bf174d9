"""Maps numbers to shares of a width, in exact decimals: the same figures give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


class Scale(Struct, frozen=True):
    """Maps the numbers from `low` to `high` to the shares from `first` to `last`."""

    low: Decimal
    high: Decimal
    first: Decimal = Decimal(0)
    last: Decimal = Decimal(1)

    def at(self, number: Decimal) -> Decimal:
        """The share of a number; the middle if `low` equals `high`."""
        if self.high == self.low:
            return (self.first + self.last) / 2
        share = (number - self.low) / (self.high - self.low)
        return self.first + share * (self.last - self.first)


def from_zero(numbers: Iterable[Decimal]) -> Scale:
    """A scale that covers zero and every number, over the full width."""
    extent = (Decimal(0), *numbers)
    return Scale(min(extent), max(extent))


def stepped(numbers: Iterable[Decimal]) -> tuple[Scale, tuple[Decimal, ...]]:
    """A scale between round numbers, and its two to five ticks.

    It covers zero, unless the numbers are close together and far from zero.
    """
    values = tuple(numbers) or (Decimal(0),)
    low, high = min(values), max(values)
    if low >= 0 and (high == low or low < (high - low) * 2):
        low = Decimal(0)
    elif high <= 0 and (high == low or -high < (high - low) * 2):
        high = Decimal(0)
    step = _step(high - low)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    ticks = tuple(step * count for count in range(int(first), int(last) + 1))
    return Scale(ticks[0], ticks[-1]), ticks


def _step(extent: Decimal) -> Decimal:
    """The smallest round step of which three steps cover an extent."""
    if not extent:
        return Decimal(1)
    rough = extent / 3
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * step for step in _STEPS if power * step >= rough)
