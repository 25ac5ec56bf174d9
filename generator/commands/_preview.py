"""The preview of a site, page by page, for an editor who is changing the content.

The site is planned at each change, but a page is rendered only when a browser requests it.  While
the content has errors, the last good site stays and the browser shows the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import RLock

from msgspec import Struct, field

from generator.build.bundles.bundle import Press
from generator.build.bundles.frame_cache import PageFrames, kept_frames
from generator.build.bundles.lazy_texts import Texts
from generator.build.bundles.thumbnails import new_thumbnail
from generator.build.cache.trace import TracedSite
from generator.build.examine import Run, passing_run
from generator.build.expected_site import NewParts, site_bundles
from generator.build.options import Examined, Options
from generator.build.site_bundles import PlannedBundle
from generator.content.files import Files, offered
from generator.content.model import Beside, Page, Problem
from generator.content.safe_open import Replaced
from generator.output.mkdocs.host_settings import settings_file
from generator.output.search.index import search_artifacts
from generator.release.ownership import claim
from generator.release.search_names import FOLDER as SEARCH
from generator.release.write import write_file
from generator.site.kind import Site
from generator.site.plan import Plan, plan, shown

FOLDER = "preview"
STATIC = "static"
AT_ONCE = ("log", "views")
"""Groups of files whose addresses are known once they are made."""
Make = Callable[[], bytes]


class ShownSite(Struct, frozen=True, kw_only=True):
    """A site that can be shown: its planned pages and the makers of its other files, by address."""

    site: Site
    texts: Texts
    press: Press
    frames: PageFrames
    pages: Mapping[str, Page]
    makers: Mapping[str, Make]


class Preview(Struct):
    """The problems of the content at the last look, and the last site without errors.

    `version` counts the looks that found a change: a browser with a smaller number reloads.
    Several browsers may send requests at once; `turn` makes them wait for each other.
    """

    run: Run
    shown: ShownSite | None = None
    problems: tuple[Problem, ...] = ()
    version: int = 0
    seen: frozenset[tuple[str, int, int]] = frozenset()
    index: tuple[ShownSite, Mapping[str, bytes]] | None = None
    turn: RLock = field(default_factory=RLock)

    @property
    def options(self) -> Options:
        """The options of the preview."""
        return self.run.options

    @property
    def errors(self) -> int:
        """The number of problems that prevent the site from being shown."""
        return sum(problem.stops for problem in self.problems)

    def look(self) -> Examined | None:
        """Reads the content again if a file changed; None if none did."""
        seen = _file_states(self.options.content)
        if seen == self.seen:
            return None
        with self.turn:
            before = self.shown.texts if self.shown else None
            files = Files(self.options.content)
            run = replace(self.run, files=files, texts=Texts(self.run.cache, before=before))
            self.seen = seen  # before what follows can fail: it would fail at each look
            try:
                examined = run.examine()
            except Replaced:  # a file changed meanwhile: the next look reads it
                self.seen = frozenset()
                return None
            if examined.site:
                self.shown = _show(examined.site, run, self.shown)
                run.texts.before = None  # frees the older records, which nothing shows any more
            self.problems = examined.problems
            self.version += 1
        return examined

    def content(self, address: str) -> bytes | None:
        """The bytes at an address (a page's ends in `/` or is ""), or None."""
        with self.turn, suppress(Replaced):  # a file that changed since it was read is not shown
            shown = self.shown
            if shown is None:
                return None
            if address in shown.pages:
                page, press = shown.pages[address], shown.press
                return press.finished(page, press.renderer.block(page)).html.encode()
            make = shown.makers.get(address) or shown.makers.get(f"{address}{Beside.PAGE}")
            if make and (address in shown.makers or address.endswith("/")):
                return make()
            return self._index(shown).get(address) if address.startswith(SEARCH) else None
        return None

    def _index(self, shown: ShownSite) -> Mapping[str, bytes]:
        """The search index, made when a browser first requests a part of it."""
        if self.index is None or self.index[0] is not shown:
            files = {a.address: a.content for a in search_artifacts(shown.site)}
            self.index = (shown, files)
        return self.index[1]


def begin(options: Options) -> Preview:
    """A preview of the content as it is now; raises `PublishRefused` if a folder is another's."""
    claim(options.work, options.site, options.content)
    preview = Preview(passing_run(options))
    preview.look()
    return preview


def static_folder(options: Options) -> Path:
    """The folder of the theme's own files: styles, scripts, the 404 page."""
    return options.work / FOLDER / STATIC


def _file_states(content: Path) -> frozenset[tuple[str, int, int]]:
    states = set()
    for path in content.rglob("*"):
        try:
            about = path.lstat()
        except OSError:  # deleted since it was listed: the next look sees that
            continue
        states.add((str(path), about.st_mtime_ns, about.st_size))
    return frozenset(states)


def _show(site: Site, run: Run, before: ShownSite | None) -> ShownSite:
    site = shown(site, draft=run.options.draft)
    planned = plan(site, run.options.views)
    frames = _frames(planned, site, run, before)
    press = Press(TracedSite(site), planned.feeds, run.options.loader, frames)
    pages = {page.address: page for page in planned.pages}
    parts = NewParts(planned, site, press.renderer, frames)
    makers = _makers(planned, site, parts, run.options.content)
    return ShownSite(
        site=site, texts=run.texts, press=press, frames=frames, pages=pages, makers=makers
    )


def _frames(planned: Plan, site: Site, run: Run, before: ShownSite | None) -> PageFrames:
    """The frames of the last look, or new ones with their files if the site's settings changed."""
    frames = kept_frames(
        planned.navigation, site, settings_file(run.options.content), run.cache, run.program
    )
    if before and before.frames.settings == frames.settings:
        return before.frames
    for name, content in frames.files.items():
        write_file(static_folder(run.options) / name, content)
    return frames


def _makers(planned: Plan, site: Site, parts: NewParts, content: Path) -> dict[str, Make]:
    """For every file beside pages and the search index, the function that makes it."""
    makers: dict[str, Make] = {document.address: document.make for document in planned.documents}
    for bundle in site_bundles(planned, site, parts):
        for address in bundle.addresses:
            makers[address] = partial(_one_of, bundle, address)
        for copy in bundle.copies:
            makers[copy.address] = partial(_copied, content, copy.source)
        if bundle.group in AT_ONCE:
            makers |= {file.address: partial(bytes, file.content) for file in bundle.make()}
    for copy in planned.copies:
        makers[copy.address] = partial(_copied, content, copy.source)
    for scaling in planned.scalings:
        makers[scaling.address] = partial(new_thumbnail, scaling, content)
    return makers


def _one_of(bundle: PlannedBundle, address: str) -> bytes:
    return next(file.content for file in bundle.make() if file.address == address)


def _copied(content: Path, source: str) -> bytes:
    return b"".join(offered(content, source))
