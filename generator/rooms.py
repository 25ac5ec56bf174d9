"""What stands in the folders `kinds/` and `views/`: a new module there is found by being there."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module

import generator.kinds
import generator.views
from generator.kind import Kind, View


def all_kinds() -> tuple[Kind, ...]:
    """Every kind of the folder `kinds/`, in order of module name."""
    found = _found("generator.kinds", generator.kinds.__path__, "KINDS")
    return tuple(kind for kinds in found for kind in kinds)  # type: ignore[attr-defined]  # a tuple


def all_views() -> tuple[View, ...]:
    """Every view of the folder `views/`, in order of module name."""
    found = _found("generator.views", generator.views.__path__, "VIEW")
    return tuple(view for view in found if isinstance(view, View))


def _found(package: str, paths: Iterable[str], name: str) -> list[object]:
    modules = sorted(module.name for module in pkgutil.iter_modules(list(paths)))
    return [getattr(import_module(f"{package}.{module}"), name) for module in modules]
