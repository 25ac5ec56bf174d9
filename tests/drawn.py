"""Charts read back: the numbers and the texts that a drawing holds."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET


def values_of(drawn: ET.Element) -> list[Decimal]:
    """The numbers that a chart's marks carry, in order."""
    return [
        Decimal(mark.attrib["data-value"]) for mark in drawn.iter() if "data-value" in mark.attrib
    ]


def texts_of(drawn: ET.Element) -> list[str]:
    """The texts that a chart shows."""
    return ["".join(text.itertext()) for text in drawn.iter("text")]
