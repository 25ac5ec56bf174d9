"""The stages in order: the table of contents of the program.

First everything is gathered and checked, then everything is written; a site becomes visible
only after it has been verified.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path

from jinja2 import BaseLoader

import generator.kinds
import generator.views
from generator.archive import Archive
from generator.check import check
from generator.datasets import dataset_artifacts
from generator.feeds import rss
from generator.history import HISTORY, history_text, read_history, silent_changes
from generator.host import HOST_FILES, HostRun, run_host
from generator.kind import Kind, Site, View
from generator.load import load
from generator.memory import Memory
from generator.model import Artifact, Problem
from generator.navigation import NAV_FILE, navigation
from generator.parse import parse
from generator.plan import Plan, plan, withheld
from generator.publish import Release, claim, drop_older, finish, manifest_of, staging, switch
from generator.render import Renderer, package_templates
from generator.search import search_artifacts
from generator.settings import read_settings
from generator.verify import Expected, verify, verify_manifest
from generator.write import write, write_file

DOCS = "docs"


def _found(package: str, paths: Iterable[str], name: str) -> list[object]:
    modules = sorted(module.name for module in pkgutil.iter_modules(list(paths)))
    return [getattr(import_module(f"{package}.{module}"), name) for module in modules]


def all_kinds() -> tuple[Kind, ...]:
    """Every kind of the folder `kinds/`, in order of module name."""
    found = _found("generator.kinds", generator.kinds.__path__, "KINDS")
    return tuple(kind for kinds in found for kind in kinds)  # type: ignore[attr-defined]


def all_views() -> tuple[View, ...]:
    """Every view of the folder `views/`, in order of module name."""
    found = _found("generator.views", generator.views.__path__, "VIEW")
    return tuple(view for view in found if isinstance(view, View))


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run works on: folders, the day the site speaks for, what it is made of."""

    content: Path
    work: Path
    site: Path
    as_of: date
    draft: bool = False
    strict: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[Kind, ...] = field(default_factory=all_kinds)
    views: tuple[View, ...] = field(default_factory=all_views)
    loader: BaseLoader = field(default_factory=package_templates)
    memory: Memory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The content as read; `site` is None where there is none, or none to publish."""

    site: Site | None
    problems: tuple[Problem, ...]
    records: int

    @property
    def errors(self) -> int:
        """How many problems stop publication."""
        return sum(problem.stops for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """How a build ended: the release where there is one, else the problems or the host's words."""

    examined: Examined
    release: Release | None = None
    host: HostRun | None = None
    faults: tuple[Problem, ...] = ()
    pages: int = 0
    changed: int = 0


def examine(options: Options) -> Examined:
    """Load, parse, archive, check; nothing is written."""
    gathered = gather(options)
    found = tuple(_found_in(gathered.site, options)) if gathered.site else ()
    examined = replace(gathered, problems=_sorted((*gathered.problems, *found)))
    return replace(examined, site=None) if examined.errors else examined


def _found_in(site: Site, options: Options) -> Iterable[Problem]:
    yield from check(site)
    yield from silent_changes(site, read_history(options.work, site))


def gather(options: Options) -> Examined:
    """Load, parse, archive: the content as far as it can be read, not yet checked."""
    read = read_settings(options.content)
    loaded = load(options.content, options.kinds, options.memory)
    choices = read.settings.choices if read.settings else {}
    parsed = parse(loaded.records, options.kinds, choices, loaded.problems, options.memory)
    problems = [*read.problems, *loaded.problems, *parsed.problems]
    if read.settings is None:
        return Examined(site=None, problems=_sorted(problems), records=len(parsed.records))
    site = Site(
        settings=read.settings,
        archive=Archive(parsed.records, {kind.name: kind.order for kind in options.kinds}),
        kinds=options.kinds,
        as_of=options.as_of,
        files=loaded.files,
        digests=loaded.digests,
        broken=parsed.broken,
        views=options.views,
    )
    return Examined(site=site, problems=_sorted(problems), records=len(parsed.records))


def build(options: Options, progress: Callable[[str], None]) -> Built:
    """Examine, plan, render, write, host, verify, switch: the whole way to a visible site."""
    examined = examine(options)
    if examined.site is None or (options.strict and examined.problems):
        return Built(examined=examined)
    claim(options.work, options.site, options.content)
    declared = declare(examined.site, options)
    progress("write")
    changed = _write(declared, options)
    progress("host")
    staged = staging(options.work)
    host = run_host(
        nav=options.work / NAV_FILE,
        docs=options.work / DOCS,
        target=staged,
        environment=options.environment,
    )
    if not host.succeeded:
        return Built(examined=examined, host=host)
    progress("verify")
    faults = _sorted(verify(staged, declared.expected))
    if faults:
        return Built(examined=examined, faults=faults)
    release = finish(options.work, staged)
    switch(options.site, release)
    known = read_history(options.work, examined.site)
    write_file(options.work / HISTORY, history_text(examined.site, known))
    drop_older(options.work, release)
    pages = len(declared.markdown)
    return Built(examined=examined, release=release, pages=pages, changed=changed)


def verify_site(options: Options) -> Built:
    """Compares the published site with the content and with the list made at its release."""
    examined = examine(options)
    if examined.site is None:
        return Built(examined=examined)
    expected = declare(examined.site, options).expected
    folder = options.site.resolve()
    faults = [*verify(folder, expected)]
    manifest = manifest_of(options.site)
    listing = manifest.read_text(encoding="utf-8") if manifest.is_file() else ""
    faults += verify_manifest(folder, listing, folder.name)
    unique = {problem.order: problem for problem in faults}
    return Built(examined=examined, faults=_sorted(unique.values()), pages=len(expected.pages))


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """All that a site is made of: what the host gets, and what it must make of it."""

    markdown: tuple[Artifact, ...]
    expected: Expected
    nav: Artifact


def declare(site: Site, options: Options) -> Declared:
    """Plan and render, without writing anything."""
    shown = withhold(site, options)
    planned = plan(shown, options.views)
    renderer = Renderer(shown, planned.feeds, options.loader)
    blocks = tuple((page, renderer.block(page)) for page in planned.pages)
    expected = Expected(
        base_url=shown.settings.base_url,
        official=shown.settings.official,
        pages=blocks,
        artifacts=tuple(_artifacts(planned, shown, renderer)),
        copies=planned.copies,
        host_files=HOST_FILES,
    )
    markdown = tuple(renderer.markdown(page, block) for page, block in blocks)
    return Declared(markdown=markdown, expected=expected, nav=navigation(planned.navigation, shown))


def withhold(site: Site, options: Options) -> Site:
    """The site without what is not to be seen on its day, unless drafts are wanted."""
    if options.draft:
        return site
    return replace(site, archive=site.archive.without(withheld(site)))


def _artifacts(planned: Plan, site: Site, renderer: Renderer) -> Iterable[Artifact]:
    for feed in planned.feeds:
        yield rss(feed, site, renderer.full_text)
    for dataset in planned.datasets:
        yield from dataset_artifacts(dataset)
    for document in planned.documents:
        yield Artifact(address=document.address, content=document.make())
    yield from search_artifacts(site)


def _write(declared: Declared, options: Options) -> int:
    artifacts = (*declared.markdown, *declared.expected.artifacts)
    copies = declared.expected.copies
    changed = write(options.work / DOCS, artifacts, copies, options.content)
    return changed + write_file(options.work / NAV_FILE, declared.nav.content)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.order))
