"""The kinds and views that the program has: found by listing `kinds/` and `kinds/views/`.

They are loaded when they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from generator import PROGRAM
from generator.site.kind import Kind, View

if TYPE_CHECKING:
    from jinja2 import BaseLoader


@dataclass(frozen=True)
class Plugins:
    """The kinds, views and templates of a site: the program's own, unless others are `given`."""

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
        """A digest of plugins that are given; the program's own are part of the program."""
        if not self.given:
            return b""
        from generator.output.templates_loader import templates_key  # noqa: PLC0415 -- few sites bring their own

        kinds = (f"{kind.name} {kind.record_type.__module__}" for kind in self.kinds)
        names = "\n".join((*kinds, *(view.name for view in self.views)))
        return templates_key(self.loader) + names.encode()


def all_kinds() -> tuple[Kind, ...]:
    """Every kind: `KINDS` of each folder's `kind.py`, in order of the folders' names."""
    folders = sorted(path.parent.name for path in (PROGRAM / "kinds").glob("*/kind.py"))
    modules = [import_module(f"generator.kinds.{folder}.kind") for folder in folders]
    return tuple(kind for module in modules for kind in module.KINDS)


def all_views() -> tuple[View, ...]:
    """Every view of the folder `kinds/views/`, in order of module name."""
    files = sorted((PROGRAM / "kinds/views").glob("*.py"))
    names = (path.stem for path in files if path.stem != "__init__")
    return tuple(import_module(f"generator.kinds.views.{name}").VIEW for name in names)
