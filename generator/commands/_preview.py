"""The site as it would be, page by page, for an editor who is changing it.

Nothing is built beforehand: a page is planned, rendered and put into its frame when a browser
asks for it.  While the content has errors the last good site stays, and the errors are told.
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
from generator.build.bundles.frame_cache import Theme, theme_of
from generator.build.bundles.lazy_texts import Texts
from generator.build.bundles.thumbnails import developed
from generator.build.cache.trace import TracedSite
from generator.build.examine import Run, passing_run
from generator.build.expected_site import table_artifacts
from generator.build.options import Examined, Options
from generator.content.files import Files, offered
from generator.content.model import Feed, Page, Problem
from generator.content.safe_open import Replaced
from generator.ledger.published_log import log_parts
from generator.output.formats.csv_json import csv_bytes, json_bytes
from generator.output.formats.data_catalog import CATALOGUE, PACKAGE
from generator.output.formats.ods import workbook
from generator.output.formats.rss import rss
from generator.output.renderer import Renderer
from generator.output.search.index import search_artifacts
from generator.release.ownership import claim
from generator.release.search_names import FOLDER as SEARCH
from generator.release.write import write_file
from generator.site.kind import Site
from generator.site.plan import Plan, plan, shown

FOLDER = "preview"
STATIC = "static"
Make = Callable[[], bytes]


class Shown(Struct, frozen=True, kw_only=True):
    """A site that can be shown: its plan by address, and what makes its pages."""

    site: Site
    texts: Texts
    press: Press
    theme: Theme
    pages: Mapping[str, Page]
    made: Mapping[str, Make]


class Preview(Struct):
    """The content as of the last look, and the last site of it that was in order.

    `version` counts the looks that found something changed: a browser that knows a smaller
    one asks again.  Several browsers may ask at once; they are answered one after the other.
    """

    run: Run
    shown: Shown | None = None
    problems: tuple[Problem, ...] = ()
    version: int = 0
    seen: frozenset[tuple[str, int, int]] = frozenset()
    index: tuple[Shown, Mapping[str, bytes]] | None = None
    turn: RLock = field(default_factory=RLock)

    @property
    def options(self) -> Options:
        """What is previewed."""
        return self.run.options

    @property
    def errors(self) -> int:
        """How many problems keep the content from being shown as it is."""
        return sum(problem.stops for problem in self.problems)

    def look(self) -> Examined | None:
        """Reads the content again where a file changed; None where none did."""
        seen = _file_states(self.options.content)
        if seen == self.seen:
            return None
        with self.turn:
            before = self.shown.texts if self.shown else None
            files = Files(self.options.content)
            run = replace(self.run, files=files, texts=Texts(self.run.cache, before=before))
            try:
                examined = run.examine()
            except Replaced:  # the next look sees what stands there now
                return None
            self.seen = seen
            if examined.site:
                self.shown = _show(examined.site, run, self.shown)
                run.texts.before = None  # nobody shows the older records any more
            self.problems = examined.problems
            self.version += 1
        return examined

    def content(self, address: str) -> bytes | None:
        """What stands at an address (a page's ends in `/` or is ""), or None."""
        with self.turn, suppress(Replaced):  # a file that is no more what was read is not shown
            shown = self.shown
            if shown is None:
                return None
            if address in shown.pages:
                return _page(shown.pages[address], shown).encode()
            if address in shown.made:
                return shown.made[address]()
            return self._index(shown).get(address) if address.startswith(SEARCH) else None
        return None

    def _index(self, shown: Shown) -> Mapping[str, bytes]:
        """The search index, made when a browser first asks for a part of it."""
        if self.index is None or self.index[0] is not shown:
            made = {a.address: a.content for a in search_artifacts(shown.site)}
            self.index = (shown, made)
        return self.index[1]

    def close(self) -> None:
        """Ends the host's process."""
        if self.shown:
            self.shown.theme.close()


def begin(options: Options) -> Preview:
    """A preview of the content as it is now, with what it will need to look again."""
    claim(options.work, options.site, options.content)
    preview = Preview(passing_run(options))
    preview.look()
    return preview


def static_folder(options: Options) -> Path:
    """Where the theme's own files stand: styles, scripts, the 404 page."""
    return options.work / FOLDER / STATIC


def _file_states(content: Path) -> frozenset[tuple[str, int, int]]:
    states = set()
    for path in content.rglob("*"):
        try:
            about = path.lstat()
        except OSError:  # gone since it was listed: the next look sees that
            continue
        states.add((str(path), about.st_mtime_ns, about.st_size))
    return frozenset(states)


def _show(site: Site, run: Run, before: Shown | None) -> Shown:
    site = shown(site, draft=run.options.draft)
    planned = plan(site, run.options.views)
    theme = _theme(planned, site, run, before)
    press = Press(TracedSite(site), planned.feeds, run.options.loader)
    pages = {page.address: page for page in planned.pages}
    made = _made(planned, site, press.renderer, run.options.content)
    return Shown(site=site, texts=run.texts, press=press, theme=theme, pages=pages, made=made)


def _theme(planned: Plan, site: Site, run: Run, before: Shown | None) -> Theme:
    """The theme as it was, or where the site's settings changed a new one with its files."""
    theme = theme_of(
        planned.navigation,
        site,
        run.options.work / FOLDER,
        run.cache,
        program=run.program,
        environment=run.options.environment,
    )
    if before and before.theme.nav == theme.nav:
        return before.theme
    if before:
        before.theme.close()
    for name, content in theme.files().items():
        write_file(static_folder(run.options) / name, content)
    return theme


def _page(page: Page, shown: Shown) -> str:
    press, block = shown.press, shown.press.renderer.block(page)
    return shown.theme.supplied(press.frames, lambda: press.finished(page, block)[0])


def _made(planned: Plan, site: Site, renderer: Renderer, content: Path) -> dict[str, Make]:
    made: dict[str, Make] = {document.address: document.make for document in planned.documents}
    for feed in planned.feeds:
        made[feed.address] = partial(_feed, feed, site, renderer)
    for dataset in planned.datasets:
        for ending, make_table in (("csv", csv_bytes), ("json", json_bytes)):
            made[f"{dataset.address}.{ending}"] = partial(make_table, dataset)
        if dataset.sheets:
            made[f"{dataset.address}.ods"] = partial(workbook, dataset.title, dataset.sheets)
    for address in (PACKAGE, CATALOGUE):
        made[address] = partial(_catalogue, address, planned, site)
    found = [artifact for part in log_parts(site) for artifact in part.make()]
    found += [artifact for view in site.views for artifact in view.artifacts(site)]
    made.update({artifact.address: partial(bytes, artifact.content) for artifact in found})
    for copy in planned.copies:
        made[copy.address] = partial(_copied, content, copy.source)
    for scaling in planned.scalings:
        made[scaling.address] = partial(developed, scaling, content)
    return made


def _copied(content: Path, source: str) -> bytes:
    return b"".join(offered(content, source))


def _catalogue(address: str, planned: Plan, site: Site) -> bytes:
    made = table_artifacts(planned.datasets, site.settings)
    return next(artifact.content for artifact in made if artifact.address == address)


def _feed(feed: Feed, site: Site, renderer: Renderer) -> bytes:
    return rss(feed, site, renderer.full_text).content
