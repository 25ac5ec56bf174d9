"""Page frames and the theme's own files, from the cache or made by MkDocs.

They depend on the program, the theme and the settings of MkDocs alone, so the cache keeps them
as one row.  MkDocs is loaded only if a frame is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from generator import SETTINGS
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache, combined_key
from generator.content.model import Entrance
from generator.output.mkdocs.nav import nav_file, theme_settings
from generator.output.mkdocs.page_frame import (
    DAY,
    HEAD,
    OTHER,
    REPORT,
    FrameKey,
    FrameMissing,
    PageFrame,
    cut,
    sample,
)
from generator.output.mkdocs.page_markdown import page_meta
from generator.output.mkdocs.theme_pages import ThemePages
from generator.site.kind import Site

SECTION, ROW = "frames", "theme"
_Row = tuple[list[tuple[FrameKey, PageFrame]], dict[str, bytes]]
_ROW: Form[_Row] = Form(_Row)


class PageFrames:
    """The frames of a site's pages by key, and the theme's own files by address.

    `settings` are those of MkDocs, `file` is the site's `mkdocs.yml`.  Frames and files that are
    missing are made on first use.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        file: Path = SETTINGS,
        frames: Iterable[tuple[FrameKey, PageFrame]] = (),
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        self.settings = settings
        self._file = file
        self.frames = dict(frames)
        self._stored_files = files
        self._stored_frames = len(self.frames) if files else -1

    def frame(self, key: FrameKey) -> PageFrame:
        """The frame of a key; raises `ThemeRefused`."""
        if key not in self.frames:
            self.frames[key] = self.make(key)
        return self.frames[key]

    def make(self, key: FrameKey) -> PageFrame:
        """A new frame for a key; raises `ThemeRefused`."""
        page, block, feeds = sample(key)
        # a site has a way to report a mistake on all its pages, or on none
        report = REPORT if self.settings["extra"]["can_report"] else ""
        meta = {**page_meta(page, feeds, HEAD, report), "other": OTHER}
        meta |= {"day": DAY} if key.dated else {}
        html = self._theme.page(page.address, meta, block)
        return cut(html, key, self.settings["site_url"])

    def load(self) -> None:
        """Makes the theme's files unless they are stored; MkDocs stays ready to make frames."""
        _ = self.files

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The theme's assets and the 404 page; raises `ThemeRefused`."""
        return self._stored_files or self._theme.files()

    @cached_property
    def _theme(self) -> ThemePages:
        return ThemePages(self.settings, self._file)

    def keep(self, cache: Cache, program: bytes) -> None:
        """Stores all frames and files for later builds by the same program, if any is new."""
        if len(self.frames) != self._stored_frames:
            row = _ROW.packed((list(self.frames.items()), dict(self.files)))
            cache.put(SECTION, ROW, _key(self.settings, program), row)


class SentFrames(PageFrames):
    """The frames that a worker process was sent; it cannot make others."""

    def make(self, key: FrameKey) -> PageFrame:
        """Raises `FrameMissing`, so that the process that sent the frames makes the page."""
        raise FrameMissing(key)


def new_frames(entrances: Iterable[Entrance], site: Site, file: Path) -> PageFrames:
    """The frames of a site with these entrances and this `mkdocs.yml`, none from the cache."""
    return PageFrames(theme_settings(entrances, site), file)


def kept_frames(
    entrances: Iterable[Entrance], site: Site, file: Path, cache: Cache, program: bytes
) -> PageFrames:
    """The same with the frames that an earlier build by the same program stored."""
    settings = theme_settings(entrances, site)
    row = cache.get(SECTION, ROW, _key(settings, program))
    return PageFrames(settings, file, *(_ROW.unpacked(row) if row else ()))


def _key(settings: Mapping[str, Any], program: bytes) -> bytes:
    return combined_key(program, nav_file(settings).content)
