"""JSON that never changes by itself: one value, one sequence of bytes.

RFC 8785 restricted to objects, arrays and strings, so that a record's digest needs no rules
about numbers.  Sealed records rest on these bytes: nothing here may ever change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
Canonical = str | Sequence["Canonical"] | Mapping[str, "Canonical"]


def canonical_json(value: Canonical) -> bytes:
    """UTF-8 bytes of `value`: keys in order of their UTF-16 code units, no white space.

    Raises `TypeError` for numbers, booleans and null, `UnicodeEncodeError` for lone surrogates.
    """
    return _ENCODER.encode(_ordered(value)).encode()


def _ordered(value: Canonical) -> Canonical:
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, Mapping)):
        # names of fields are ASCII, for which the usual order is the same
        ascii_ = all(map(str.isascii, value))
        keys = sorted(value) if ascii_ else sorted(value, key=lambda k: k.encode("utf-16-be"))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, Sequence):
        return [_ordered(inner) for inner in value]
    raise TypeError(f"not canonical: {type(value).__name__}")
