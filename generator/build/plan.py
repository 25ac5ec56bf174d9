"""Plans a build; the result is the state that all later stages work on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from generator.build.bundles.bundle import Press
from generator.build.bundles.frame_cache import kept_frames
from generator.build.bundles.reuse import Bundles
from generator.build.bundles.store import BundleStore
from generator.build.cache.file_state import BundleStates
from generator.build.cache.trace import TracedSite, Tracer
from generator.build.examine import Run
from generator.build.workers.executor import Answer
from generator.build.workers.tasks import Desk
from generator.content.model import Page
from generator.output.mkdocs.host_settings import settings_file
from generator.output.renderer import Renderer
from generator.output.templates_loader import COMPILED
from generator.site.kind import Site
from generator.site.plan import Lists, plan_lists, plan_pages, shown

TEMPLATES = "templates"


class Build(Struct, kw_only=True):
    """The state of one build.

    `lists` are the planned feeds and tables, and the navigation.  The `desk` and its `press` make
    pages; `bundles` has the results so far.  `pages` is the task of another process that makes
    the pages of `make.make_pages`, or None.
    """

    run: Run
    site: Site
    lists: Lists
    press: Press
    desk: Desk
    bundles: Bundles
    pages: Answer | None = None

    def planned_pages(self) -> tuple[Page, ...]:
        """The plan of the pages that show no single record."""
        traced = self.press.site
        traced.rest()
        return plan_pages(self.lists, traced, traced.views)


def plan(run: Run, whole: Site, states: BundleStates, noted: Mapping[str, str]) -> Build:
    """Plans the lists, feeds and tables of a site; each record is planned with its own pages."""
    options, gathered = run.options, run.gathered
    site = shown(whole, draft=options.draft)
    traced = TracedSite(site)
    lists = plan_lists(traced, options.views)
    file = settings_file(options.content)
    frames = kept_frames(lists.navigation, site, file, run.cache, run.program)
    press = Press(traced, lists.feeds, options.loader, frames)
    _compile_templates(press.renderer, run)
    store = BundleStore(options.work, options.content, options.secret.key)
    return Build(
        run=run,
        site=site,
        lists=lists,
        press=press,
        desk=Desk(site, run.texts, gathered.folders, gathered.beside, press, store),
        bundles=Bundles(run.cache, store, states, Tracer(site), frames, run.world, noted),
    )


def _compile_templates(renderer: Renderer, run: Run) -> None:
    """Has all templates compiled before other processes begin, as an earlier build did or anew."""
    compiled = run.cache.get(TEMPLATES, "", run.program)
    if compiled:
        COMPILED.unpack(compiled)
    else:
        renderer.compile_all()
        run.cache.put(TEMPLATES, "", run.program, COMPILED.packed())
