"""Values of our own classes as bytes, and back.

Pickles: whoever reads one back must know by its digest that it is ours, and a class that is
none of the program's is refused all the same.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from msgspec import MsgspecError, msgpack

from generator.reuse.cache import CacheDamaged

ValueT = TypeVar("ValueT")
_FOREIGN = frozenset(
    (
        ("datetime", "date"),
        ("decimal", "Decimal"),
        ("builtins", "frozenset"),
        ("msgspec._utils", "rebuild"),  # calls a class that is found here like any other
    )
)
_TRUSTED: set[str] = set()
"""Modules beside our own whose kinds this program runs with."""
_FOUND: dict[tuple[str, str], Any] = {}
"""What was asked for and may be had."""


def trust(classes: Iterable[type]) -> None:
    """Lets values of these classes be read back: kinds may come from elsewhere."""
    _TRUSTED.update(cls.__module__ for cls in classes)


def packed(value: Any) -> bytes:
    """A value of our own classes as bytes."""
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> Any:
    """The value again; raises `CacheDamaged` for anything that is not ours."""
    try:
        return _Unpickler(io.BytesIO(content)).load()
    except Exception as fault:  # a pickle that is not ours may raise anything
        raise CacheDamaged(str(fault)) from fault


class Form(Generic[ValueT]):
    """Values of one type as bytes; they are read back faster, and as nothing but that type."""

    def __init__(self, type_: type[ValueT]) -> None:
        self._decoder = msgpack.Decoder(type_)

    def packed(self, value: ValueT) -> bytes:
        """A value as bytes."""
        return msgpack.encode(value)

    def unpacked(self, content: bytes) -> ValueT:
        """The value again; raises `CacheDamaged` for anything else."""
        try:
            return self._decoder.decode(content)
        except (MsgspecError, ValueError) as fault:
            raise CacheDamaged(str(fault)) from fault


class _Unpickler(pickle.Unpickler):
    """Knows classes of the program alone: a pickle of anything else could run anything."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name; raises `pickle.UnpicklingError`."""
        found = _FOUND.get((module, name))
        if found is None:
            found = _FOUND[module, name] = self._ours(module, name)
        return found

    def _ours(self, module: str, name: str) -> Any:
        if (module, name) in _FOREIGN:
            return super().find_class(module, name)
        ours = module.startswith("generator.") or module in _TRUSTED
        found = super().find_class(module, name) if ours and "." not in name else None
        if not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found
