"""The pages that this program writes of the records of a copied site.

They are made by what a build makes them with, page frames included, and so are byte for byte
what a true copy holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from generator.build.bundles.bundle import Press
from generator.build.bundles.frame_cache import PageFrames, new_frames
from generator.build.cache.trace import TracedSite
from generator.content.model import Page, Ref
from generator.content.record import Record
from generator.ledger.restored_content import Restored, Source
from generator.site.kind import Site
from generator.site.plan import Lists, plan_lists, plan_pages, record_plan
from generator.site.unsealing import UNKNOWN

REMOVED = "record"
"""The view whose pages stand in the place of records that were removed by law."""


class RestoredSite(TracedSite):
    """A site that tells links to records that it cannot know from links that lead nowhere."""

    def __init__(self, site: Site, known: frozenset[str]) -> None:
        """The same site, which can know of all records of some kinds."""
        super().__init__(site)
        self._known = known

    def linked(self, ref: Ref) -> Record | None:
        """The record behind a reference; of one that the copy cannot tell, a stand-in."""
        found = self.archive.find(ref)
        if found or ref.kind in self._known:
            return found
        given: dict[str, Any] = {"kind": UNKNOWN, "id": f"{UNKNOWN}/{self._place(ref)}"}
        return Record(**given)

    def _place(self, ref: Ref) -> str:
        """Where a record would stand; with steps that depend on what nobody knows left open."""
        kind = next(kind for kind in self.kinds if kind.name == ref.kind)
        given: dict[str, Any] = {"kind": ref.kind, "id": ref.id}
        try:
            return kind.address(kind.record_type(**given))
        except (
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ):  # it depends on more than the id
            section = kind.section.address if kind.section else ""
            return f"{section}{UNKNOWN}/{ref.id}/"

    def title(self, record: Record) -> str:
        """What a record is called."""
        return UNKNOWN if record.kind == UNKNOWN else super().title(record)

    def address(self, record: Record) -> str:
        """Where a record's page stands."""
        return record.id if record.kind == UNKNOWN else super().address(record)


@dataclass(frozen=True)
class Reprinted:
    """What makes the pages of restored content."""

    source: Source
    content: Restored

    @cached_property
    def _lists(self) -> Lists:
        return plan_lists(self.content.site, self.source.views)

    @cached_property
    def _press(self) -> Press:
        """The press; a whole copy knows of every record of the kinds that it tells of."""
        site, whole = self.content.site, self.source.whole
        known = frozenset(record.kind for record in site.archive) if whole else frozenset()
        restored = RestoredSite(site, known)
        return Press(restored, self._lists.feeds, self.source.loader, self._frames)

    @cached_property
    def _frames(self) -> PageFrames:
        return new_frames(self._lists.navigation, self.content.site)

    def page(self, address: str) -> str:
        """What this program writes at the address of a record."""
        self._press.site.begin()
        (page, *_) = record_plan(self.content.records[address], self._press.site).pages
        return self._finished(page)

    def removed(self) -> Iterator[tuple[str, str]]:
        """The pages that stand in the place of removed records, by address."""
        views = tuple(view for view in self.source.views if view.name == REMOVED)
        lists = Lists(feeds=(), datasets=(), navigation=())
        for page in plan_pages(lists, replace(self.content.site, kinds=()), views):
            yield page.address, self._finished(page)

    def _finished(self, page: Page) -> str:
        """A page in its frame; raises `ThemeRefused`."""
        return self._press.finished(page, self._press.renderer.block(page)).html
