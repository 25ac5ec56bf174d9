"""Canonical JSON: what sealed records rest on may never change."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.canonical_json import Canonical, canonical_json

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES: st.SearchStrategy[Canonical] = st.recursive(
    TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_it_reads_back_as_the_same_value(value: Canonical) -> None:
    """The bytes are JSON of the value, and canonical bytes of what they say are the same bytes."""
    encoded = canonical_json(value)
    assert json.loads(encoded) == value
    assert canonical_json(json.loads(encoded)) == encoded


def test_keys_are_in_order_of_utf_16() -> None:
    """RFC 8785, section 3.2.3: a pair of surrogates comes before U+FB33."""
    value = {"\ufb33": "", "\U0001f600": "", "1": "", "\u20ac": "", "\r": "", "\u00f6": ""}
    keys = list(json.loads(canonical_json(value)))
    assert keys == ["\r", "1", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_only_what_must_be_escaped_is() -> None:
    """RFC 8785, section 3.2.2.2: control characters, quotes and backslashes alone."""
    text = 'a"\\/\b\f\n\r\t\x01\x7f\u2028臺'
    assert canonical_json(text) == '"a\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\u2028臺"'.encode()


@pytest.mark.parametrize("value", [1, 1.5, True, None])
def test_numbers_have_no_place(value: object) -> None:
    """A number is a fault of the program: it would need rules of its own."""
    with pytest.raises(TypeError):
        canonical_json([value])  # type: ignore[list-item]
