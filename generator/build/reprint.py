"""Makes the pages that this program writes for the records of a copied site.

It uses the same functions as a build, page frames included, so that its pages are byte for byte
those of a true copy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.build.bundles.bundle import Press
from generator.build.bundles.frame_cache import PageFrames, new_frames
from generator.build.cache.trace import TracedSite
from generator.content.model import Entrance, Page, Ref
from generator.content.record import Record
from generator.ledger.restored_content import Restored, Source
from generator.site.kind import Site
from generator.site.plan import Lists, navigation, plan_lists, plan_pages, record_plan
from generator.site.unsealing import UNKNOWN

REMOVED = "record"
"""The view with the pages that replace records that were removed by law."""


class RestoredSite(TracedSite):
    """A site that distinguishes links to records outside the copy from broken links."""

    def __init__(self, site: Site, complete_kinds: frozenset[str]) -> None:
        """The same site; of `complete_kinds`, the copy has all records."""
        super().__init__(site)
        self._complete_kinds = complete_kinds

    def linked(self, ref: Ref) -> Record | None:
        """The record that a reference names; a placeholder if it may be outside the copy."""
        record = self.archive.find(ref)
        if record or ref.kind in self._complete_kinds:
            return record
        fields: dict[str, Any] = {"kind": UNKNOWN, "id": f"{UNKNOWN}/{self._place(ref)}"}
        return Record(**fields)

    def _place(self, ref: Ref) -> str:
        """The address of a record outside the copy; `UNKNOWN` in it stands for unknown steps."""
        kind = next(kind for kind in self.kinds if kind.name == ref.kind)
        fields: dict[str, Any] = {"kind": ref.kind, "id": ref.id}
        try:
            return kind.address(kind.record_type(**fields))
        except (
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ):  # the address depends on more than the id
            section = kind.section.address if kind.section else ""
            return f"{section}{UNKNOWN}/{ref.id}/"

    def title(self, record: Record) -> str:
        """The title of a record."""
        return UNKNOWN if record.kind == UNKNOWN else super().title(record)

    def address(self, record: Record) -> str:
        """The address of a record's page."""
        return record.id if record.kind == UNKNOWN else super().address(record)


@dataclass(frozen=True)
class Reprinted:
    """Makes the pages of restored content, in the theme of the `mkdocs.yml` at `settings`."""

    source: Source
    content: Restored
    settings: Path

    @cached_property
    def _lists(self) -> Lists:
        return plan_lists(self.content.site, self.source.views)

    @cached_property
    def _press(self) -> Press:
        """The press; a whole copy is complete for every kind that it has records of."""
        site, whole = self.content.site, self.source.whole
        kinds = frozenset(record.kind for record in site.archive) if whole else frozenset()
        return Press(RestoredSite(site, kinds), self._lists.feeds, self.source.loader, self._frames)

    @cached_property
    def _frames(self) -> PageFrames:
        return new_frames(self._navigation, self.content.site, self.settings)

    @cached_property
    def _navigation(self) -> tuple[Entrance, ...]:
        """The menu that most pages of the copy have: it lists the sections with records.

        A copy of one kind cannot tell which others have any, and nobody has signed the menu.
        """
        own = self.source.kind
        pages = [self.source.read(f"{address}index.html") for address in self.content.records]
        links = {
            kind.name: re.compile(
                rf'href="[./]*{re.escape(kind.section.address)}"[^<>]*>{re.escape(kind.label)}</a></li>'
            )
            for kind in self.source.kinds
            if kind.section and kind != own
        }
        counts = Counter(
            name
            for page in pages
            for name, link in links.items()
            if link.search(page.decode(errors="replace"))
        )
        listed = (kind for kind in self.source.kinds if 2 * counts[kind.name] > len(pages))
        return navigation((own, *listed), self.source.views)

    def page(self, address: str) -> str:
        """The page that this program writes at the address of a record."""
        self._press.site.begin()
        (page, *_) = record_plan(self.content.records[address], self._press.site).pages
        return self._finished(page)

    def removed(self) -> Iterator[tuple[str, str]]:
        """The pages that replace removed records, by address."""
        views = tuple(view for view in self.source.views if view.name == REMOVED)
        lists = Lists(feeds=(), calendars=(), datasets=(), navigation=())
        for page in plan_pages(lists, replace(self.content.site, kinds=()), views):
            yield page.address, self._finished(page)

    def _finished(self, page: Page) -> str:
        """A page in its frame; raises `ThemeRefused`."""
        return self._press.finished(page, self._press.renderer.block(page)).html
