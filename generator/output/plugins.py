"""Finds the program's kinds and views by listing `kinds/` and `kinds/views/`.

They are imported on first use, because a build that changes nothing needs none of them.
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
    """The kinds, views and templates of a site: `given` ones, or else the program's own."""

    given: tuple[tuple[Kind, ...], tuple[View, ...], BaseLoader] | None = None

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The content types."""
        return self.given[0] if self.given else all_kinds()

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The pages that combine several kinds."""
        return self.given[1] if self.given else all_views()

    @cached_property
    def loader(self) -> BaseLoader:
        """The templates."""
        if self.given:
            return self.given[2]
        from generator.output.templates_loader import package_templates  # noqa: PLC0415 -- loads jinja2

        return package_templates()

    @property
    def key(self) -> bytes:
        """A digest of given plugins; b"" for the program's own, which `program_key` covers."""
        if not self.given:
            return b""
        from generator.output.templates_loader import templates_key  # noqa: PLC0415 -- few sites bring their own

        kinds = (f"{kind.name} {kind.record_type.__module__}" for kind in self.kinds)
        names = "\n".join((*kinds, *(view.name for view in self.views)))
        return templates_key(self.loader) + names.encode()


def all_kinds() -> tuple[Kind, ...]:
    """Every kind: `KINDS` of each folder's `kind.py`, sorted by the folder's name."""
    folders = sorted(path.parent.name for path in (PROGRAM / "kinds").glob("*/kind.py"))
    modules = [import_module(f"generator.kinds.{folder}.kind") for folder in folders]
    return tuple(kind for module in modules for kind in module.KINDS)


def all_views() -> tuple[View, ...]:
    """Every view of the folder `kinds/views/`, sorted by module name."""
    files = sorted((PROGRAM / "kinds/views").glob("*.py"))
    names = (path.stem for path in files if path.stem != "__init__")
    return tuple(import_module(f"generator.kinds.views.{name}").VIEW for name in names)
