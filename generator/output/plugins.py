"""What stands in the folders `kinds/`, `kinds/views/` and `templates/`: found by being there.

They are loaded when they are asked for.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from generator.site.kind import Kind, View

if TYPE_CHECKING:
    from jinja2 import BaseLoader


@dataclass(frozen=True)
class Rooms:
    """What a site is made of: the program's own rooms, unless others are `given` by their names."""

    given: tuple[tuple[Kind, ...], tuple[View, ...], BaseLoader] | None = None

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The content types."""
        return self.given[0] if self.given else all_kinds()

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The pages that join several kinds."""
        return self.given[1] if self.given else all_views()

    @cached_property
    def loader(self) -> BaseLoader:
        """The templates."""
        if self.given:
            return self.given[2]
        from generator.output.templates_loader import package_templates  # noqa: PLC0415 -- when they are asked for

        return package_templates()

    @property
    def key(self) -> bytes:
        """What rooms that are given hold; the program's own are part of the program."""
        if not self.given:
            return b""
        from generator.output.templates_loader import templates_key  # noqa: PLC0415 -- rooms of its own are rare

        kinds = (f"{kind.name} {kind.record_type.__module__}" for kind in self.kinds)
        names = "\n".join((*kinds, *(view.name for view in self.views)))
        return templates_key(self.loader) + names.encode()


def all_kinds() -> tuple[Kind, ...]:
    """Every kind of the folder `kinds/`, in order of module name."""
    found = _found("kinds", "KINDS")
    return tuple(kind for kinds in found for kind in kinds)  # type: ignore[attr-defined]  # a tuple


def all_views() -> tuple[View, ...]:
    """Every view of the folder `kinds/views/`, in order of module name."""
    return tuple(_found("kinds.views", "VIEW"))  # type: ignore[arg-type]  # each module gives one


def _found(room: str, name: str) -> list[object]:
    package = import_module(f"generator.{room}")
    paths: Iterable[str] = package.__path__
    modules = sorted(module.name for module in pkgutil.iter_modules(list(paths)))
    modules = [name for name in modules if name != "views"]  # a package of its own
    return [getattr(import_module(f"generator.{room}.{module}"), name) for module in modules]
