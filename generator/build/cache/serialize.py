"""Values as bytes, and back as nothing but the type that was expected.

Types are named by the code that reads, never by the bytes: nothing in a file or a pipe can
choose a class, a function or a module.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from msgspec import MsgspecError, msgpack

from generator.build.cache.store import CacheDamaged

ValueT = TypeVar("ValueT")


class Form(Generic[ValueT]):
    """Values of one type as bytes; `type_` is any type that msgspec can decode.

    mypy does not take `list[int]` or a union for a class, hence `Any`: annotate the variable.
    """

    def __init__(self, type_: Any) -> None:
        self._decoder = msgpack.Decoder(type_)

    def packed(self, value: ValueT) -> bytes:
        """A value as bytes."""
        return msgpack.encode(value)

    def unpacked(self, content: bytes) -> ValueT:
        """The value again; raises `CacheDamaged` for anything else."""
        try:
            value: ValueT = self._decoder.decode(content)
        except (MsgspecError, ValueError) as fault:
            raise CacheDamaged(str(fault)) from fault
        return value
