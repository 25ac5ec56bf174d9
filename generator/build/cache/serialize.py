"""Encodes values as bytes, and decodes them as nothing but the expected type.

The code that reads names the type, never the bytes: a file or a pipe cannot choose a class, a
function or a module.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from msgspec import MsgspecError, msgpack

from generator.build.cache.store import CacheDamaged

ValueT = TypeVar("ValueT")


class Form(Generic[ValueT]):
    """Encodes values of one type; `type_` is any type that msgspec can decode.

    The parameter is `Any` because mypy does not accept `list[int]` or a union as a class: annotate
    the variable instead.
    """

    def __init__(self, type_: Any) -> None:
        self._decoder = msgpack.Decoder(type_)

    def packed(self, value: ValueT) -> bytes:
        """A value as bytes."""
        return msgpack.encode(value)

    def unpacked(self, content: bytes) -> ValueT:
        """The value of these bytes; raises `CacheDamaged` if they are not of this type."""
        try:
            value: ValueT = self._decoder.decode(content)
        except (MsgspecError, ValueError) as fault:
            raise CacheDamaged(str(fault)) from fault
        return value
