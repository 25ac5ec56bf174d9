"""Countries and regions: the names that readers see, and what is proposed for a typed name."""

from __future__ import annotations

import pytest

from generator.content.field_types import Reading
from generator.content.model import Origin, ScalarNode
from generator.content.value_types import Country, country_en, country_names


@pytest.mark.parametrize(
    ("code", "name", "english"),
    [
        ("HK", "香港", "Hong Kong"),
        ("MO", "澳門", "Macao"),
        ("TW", "臺灣", "Taiwan"),
        ("JP", "日本", "Japan"),
    ],
)
def test_readers_see_the_names_that_the_government_writes(
    code: str, name: str, english: str
) -> None:
    """Where CLDR has another name, the government's own stands."""
    assert (country_names()[code], country_en(code)) == (name, english)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(("香港", "HK"), ("香港特別行政區", "HK"), ("澳門", "MO"), ("中國澳門", "MO")),
        *(("臺灣", "TW"), ("台灣", "TW"), ("中華民國", "TW"), ("教廷", "VA"), ("韓國", "KR")),
    ],
)
def test_a_typed_name_leads_to_its_code(typed: str, code: str) -> None:
    """A field of countries holds codes; the message proposes the one that is meant."""
    reading = Reading([], {})
    node = ScalarNode(text=typed, origin=Origin(path="x"))
    assert Country().read(node, reading) is None
    assert [problem.values["near"] for problem in reading.problems] == [code]


def test_every_name_that_is_shown_leads_to_its_code() -> None:
    """What a page says of a country is understood where it is typed."""
    reading = Reading([], {})
    for name in country_names().values():
        Country().read(ScalarNode(text=name, origin=Origin(path="x")), reading)
    assert [problem.values["near"] for problem in reading.problems] == [*country_names()]
