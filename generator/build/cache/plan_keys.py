"""Computes keys of plans: digests of planned pages, feeds and tables.

Equal keys mean equal results, so a value that has no digest raises `NoKey` instead of being left
out.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from types import FunctionType
from typing import Any

from msgspec import Struct

from generator.content.model import Mapped
from generator.content.record import Record
from generator.site.kind import Kind, Site, View


class NoKey(TypeError):  # noqa: N818 -- found by its name, no fault
    """A plan contains a value without a digest, so its result must always be made again."""


def plan_key(*values: Any) -> bytes:
    """A digest of planned values: records by their own digests, other values by their content.

    Raises `NoKey`.
    """
    digest = hashlib.blake2b(digest_size=20)
    for word in _words(values):
        digest.update(word.encode())
        digest.update(b"\0")
    return digest.digest()


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value is None or isinstance(value, (int, bytes, Decimal, timedelta)):
        yield repr(value)
    elif isinstance(value, (tuple, list, partial)):
        yield from _series(_parts(value))
    elif isinstance(value, frozenset):
        yield from _series(sorted(value))
    elif isinstance(value, Record):
        yield value.digest
    elif isinstance(value, Mapped):
        yield from _words(value.make)
        yield from [source.digest for source in value.sources]
    elif isinstance(value, dict):
        yield from _series([part for pair in value.items() for part in pair])
    else:
        yield from _named(value)


def _parts(value: Sequence[Any] | partial[Any]) -> Sequence[Any]:
    if isinstance(value, partial):
        return (value.func, *value.args, *value.keywords.items())
    return value


def _series(values: Sequence[Any]) -> Iterator[str]:
    yield f"[{len(values)}"
    for value in values:
        if isinstance(value, Record):  # most are: hundreds of thousands in a long list
            yield value.digest
        else:
            yield from _words(value)


def _named(value: Any) -> Iterator[str]:
    """Objects of the program by name, as the program's key covers them; structures by fields."""
    if isinstance(value, (Kind, View)):
        yield value.name
    elif isinstance(value, Site):
        yield "site"
    elif isinstance(value, (type, FunctionType)):
        yield f"{value.__module__}.{value.__qualname__}"
    elif isinstance(value, Enum):
        yield str(value)
    elif isinstance(value, Struct) or dataclasses.is_dataclass(value):
        yield type(value).__name__
        cls: Any = type(value)
        for name in _field_names(cls):
            yield from _words(getattr(value, name))
    elif hasattr(value, "isoformat"):
        yield value.isoformat()
    elif isinstance(value, Mapping):
        yield from _words(dict(value))
    else:
        raise NoKey(type(value).__name__)


@cache
def _field_names(cls: Any) -> tuple[str, ...]:
    if dataclasses.is_dataclass(cls):
        return tuple(field.name for field in dataclasses.fields(cls))
    names: tuple[str, ...] = cls.__struct_fields__
    return names
