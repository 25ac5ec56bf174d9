"""The stages in order: the table of contents of the program.

First everything is gathered and checked, then what is stale is made; a site becomes visible
only after it has been verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from jinja2 import BaseLoader

from generator.archive import Archive
from generator.cache import DAMAGE, Cache, disk_faults, drop_cache, open_cache, passing, peeked
from generator.checking import check_all
from generator.claim import by_copies
from generator.declare import declare
from generator.gather import Gathered, Reader, site_digest
from generator.history import HISTORY, history_text, read_history, silent_changes
from generator.host import HostFailed
from generator.kind import Kind, Site, View
from generator.load import Files, survey
from generator.making import Making, stamp
from generator.model import Problem
from generator.navigation import NAV_FILE, navigation
from generator.place import KEEP, Place
from generator.plan import plan_lists, refuse_clashes, shown
from generator.printing import Printing
from generator.program import program_key
from generator.progress import Count, Progress, Tell, unheard
from generator.publish import current, drop_older, finish, publication, published, show, staging
from generator.releases import Release, release
from generator.render import package_templates, templates_key
from generator.rooms import all_kinds, all_views
from generator.settings import SITE_FILE
from generator.shelf import Shelf, roots
from generator.staging import lay_out, stage
from generator.tasks import Desk
from generator.texts import Texts
from generator.theme import Theme
from generator.unchanged import (
    STARTED,
    Last,
    content_key,
    last_build,
    note_build,
    remember,
    remembered,
)
from generator.verify import Anchors, link_faults, verify, verify_manifest
from generator.volume import Press
from generator.watch import Answers
from generator.workers import Workers
from generator.write import write_file

DOCS = "docs"
HOST = "host"


@dataclass(frozen=True, kw_only=True)
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
    keep: int = KEEP
    way: str | None = None
    workers: Workers = field(default_factory=Workers)

    @property
    def place(self) -> Place:
        """Where the site is published, and how."""
        return Place(work=self.work, site=self.site, keep=self.keep, way=self.way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The content as read; `site` is None where there is none, or none to publish."""

    site: Site | None
    problems: tuple[Problem, ...]
    records: int
    gathered: Gathered | None = None

    @property
    def errors(self) -> int:
        """How many problems stop publication."""
        return sum(problem.stops for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """How a build ended: the release where there is one, else the problems or the host's words."""

    examined: Examined
    release: Release | None = None
    host: str = ""
    faults: tuple[Problem, ...] = ()
    pages: int = 0
    changed: int = 0


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run: its options, its cache, and the texts of records that the cache holds."""

    options: Options
    cache: Cache
    texts: Texts
    progress: Progress = field(default_factory=Progress)

    @cached_property
    def files(self) -> Files:
        """The content's files, as remembered from the run before."""
        return remembered(self.options.content, self.cache)

    @cached_property
    def key(self) -> bytes:
        """Of all that the site is made of and with."""
        options = self.options
        words = f"{options.as_of} {options.draft}"
        return content_key(self.files, stamp(self.program, words.encode()))

    @cached_property
    def program(self) -> bytes:
        """Of the program, its templates and its kinds."""
        return stamp(program_key(), templates_key(self.options.loader), _names(self.options))

    def examine(self) -> Examined:
        """Load, parse, archive, check."""
        gathered = self.gather()
        site = gathered.site
        if site is None or gathered.gathered is None:
            return gathered
        self.cache.commit()
        found = check_all(
            site,
            gathered.gathered,
            self.cache,
            self.texts,
            self.options.workers,
            self.progress,
        )
        silent = silent_changes(site, read_history(self.options.work, site))
        problems = _sorted((*gathered.problems, *found, *silent))
        examined = replace(gathered, problems=problems)
        return replace(examined, site=None) if examined.errors else examined

    def gather(self) -> Examined:
        """Load, parse, archive: the content as far as it can be read, not yet checked."""
        options = self.options
        reader = Reader(
            content=options.content,
            kinds=options.kinds,
            program=self.program,
            cache=self.cache,
            workers=options.workers,
            texts=self.texts,
            progress=self.progress,
        )
        gathered = reader.gather(survey(options.content, options.kinds), self.files)
        records, problems = gathered.parsed.records, _sorted(gathered.problems)
        site = _site(gathered, options) if gathered.settings else None
        return Examined(site=site, problems=problems, records=len(records), gathered=gathered)


def _site(gathered: Gathered, options: Options) -> Site | None:
    if gathered.settings is None:
        return None
    return Site(
        settings=gathered.settings,
        archive=Archive(gathered.parsed.records, {k.name: k.order for k in options.kinds}),
        kinds=options.kinds,
        as_of=options.as_of,
        files=gathered.files,
        digests=gathered.digests,
        broken=gathered.parsed.broken,
        views=options.views,
    )


@contextmanager
def reading(options: Options, progress: Progress | None = None) -> Iterator[Run]:
    """A run that writes nothing; what an earlier one left is used where it fits."""
    cache = passing()
    yield Run(options=options, cache=cache, texts=Texts(cache), progress=progress or Progress())


@contextmanager
def _writing(options: Options, progress: Progress) -> Iterator[Run]:
    cache = open_cache(options.work)
    (options.work / STARTED).touch()
    try:
        texts = Texts(cache, lambda: peeked(options.work))
        yield Run(options=options, cache=cache, texts=texts, progress=progress)
    finally:
        cache.close()


def examine(options: Options, tell: Tell = unheard, count: Count = unheard) -> Examined:
    """Load, parse, archive, check; nothing is written.  For `tell` and `count` see `progress`."""
    with reading(options, Progress(tell, count)) as run:
        return run.examine()


def gather(options: Options) -> Examined:
    """Load, parse, archive; nothing is written."""
    with reading(options) as run:
        return run.gather()


def build(options: Options, tell: Tell, count: Count = unheard) -> Built:
    """Examine, plan, make, verify, show: the whole way to a visible site.

    `tell` hears each stage as it begins, `count` how much of it is done.
    """
    if not (options.content / SITE_FILE).is_file():  # no content: no work folder for it either
        return Built(examined=examine(options))
    progress = Progress(tell, count)
    with publication(options.place, options.content):
        try:
            return _build(options, progress)
        except DAMAGE:
            pass
        with disk_faults(options.work):
            drop_cache(options.work)
            return _build(options, progress)


def _build(options: Options, progress: Progress) -> Built:
    with _writing(options, progress) as run:
        shelf = Shelf(options.work, options.content)
        last = last_build(run.cache, run.key, shelf, current(options.site))
        if last and not (options.strict and last.problems):
            return _as_before(last, options)
        examined = run.examine()
        site = examined.site
        if site is None or (options.strict and examined.problems):
            return Built(examined=examined)
        try:
            return _publish(examined, _made(run, examined, site), run)
        except HostFailed as failed:
            return Built(examined=examined, host=str(failed))


def _as_before(last: Last, options: Options) -> Built:
    examined = Examined(site=None, problems=last.problems, records=last.records)
    made = release(options.work, last.release)
    if by_copies(options.site, options.way) or not options.site.is_symlink():
        show(options.place, made)  # copies may have been touched; a link may be wanted instead
    return Built(examined=examined, release=made, pages=last.pages)


def _made(run: Run, examined: Examined, site: Site) -> Making:
    """Everything of the site, on the shelf."""
    making = _making(run, examined, shown(site, draft=run.options.draft))
    try:
        making.folders(_folder_keys(run, examined, making))
        making.pages()
        making.feeds()
        making.tables()
        making.search()
        making.whole()
    finally:
        making.theme.close()
    return making


def _making(run: Run, examined: Examined, site: Site) -> Making:
    options = run.options
    shelf = Shelf(options.work, options.content)
    press = Press(site, (), options.loader, {})
    planned = plan_lists(press.site, options.views)
    press = press.with_feeds(planned.feeds)
    nav = navigation(planned.navigation, site)
    write_file(options.work / NAV_FILE, nav.content)
    theme = Theme(
        folder=options.work / HOST,
        cache=run.cache,
        key=stamp(run.program, nav.content),
        nav=nav,
        entrances=tuple(entrance.address for entrance in planned.navigation),
        base_url=site.settings.base_url,
        environment=options.environment,
    )
    gathered = examined.gathered
    folders = gathered.folders if gathered else {}
    beside = gathered.beside if gathered else {}
    desk = Desk(site, run.texts, folders, beside, press, shelf)
    world = stamp(run.program, site_digest(options.content, run.files).encode())
    printing = Printing(run.cache, shelf, Answers(site), theme.shell, world)
    return Making(
        desk,
        press,
        planned,
        printing,
        theme,
        run.cache,
        options.workers,
        run.program,
        run.progress,
    )


def _folder_keys(run: Run, examined: Examined, making: Making) -> dict[str, bytes]:
    """Of all that a folder's volume depends on beside answers and shells."""
    options, gathered = run.options, examined.gathered
    feeds = "\n".join(f"{feed.title} {feed.address} {feed.page}" for feed in making.planned.feeds)
    day = options.as_of.isoformat() if options.draft else ""
    keys, archive = (gathered.keys if gathered else {}), making.site.archive
    shown = {
        name: "".join("1" if archive.find(ref) else "0" for ref in refs)
        for name, refs in making.desk.folders.items()
    }
    return {
        name: stamp(key, feeds.encode(), day.encode(), shown.get(name, "").encode())
        for name, key in keys.items()
    }


def _publish(examined: Examined, making: Making, run: Run) -> Built:
    options, kept = run.options, making.printing.kept
    refuse_clashes(address for one in kept.values() for address in one.volume.files)
    run.progress.stage("verify")
    staged = staging(options.work)
    ways = roots({name: one.volume.files for name, one in kept.items()})
    stage(staged, ways, kept)
    faults = _sorted(_faults(staged, making.printing))
    if faults:
        return Built(examined=examined, faults=faults)
    run.progress.stage("show")
    lay_out(options.work / DOCS, ways, kept, ("theme", "sitemap"))
    made = finish(options.place, staged, _listing(making.printing.files()))
    show(options.place, made)
    site = making.site
    known = read_history(options.work, site)
    contents = {ref: held for one in kept.values() for ref, held in one.volume.contents.items()}
    write_file(options.work / HISTORY, history_text(site, known, contents))
    making.printing.forget_others()
    drop_older(options.place)
    pages = sum(len(one.volume.pages) for one in kept.values())
    last = Last(
        release=made.digest,
        problems=examined.problems,
        records=examined.records,
        pages=pages,
        volumes={one.shelf: one.signature for one in kept.values() if one.shelf},
    )
    note_build(run.cache, run.key, options.work, last)
    remember(run.files, run.cache, options.work)
    run.cache.commit()
    changed = sum(len(kept[name].volume.files) for name in making.printing.fresh)
    return Built(examined=examined, release=made, pages=pages, changed=changed)


def _names(options: Options) -> bytes:
    """What is made up for a test differs from what stands in the program's folders."""
    kinds = (f"{kind.name} {kind.record_type.__module__}" for kind in options.kinds)
    return "\n".join((*kinds, *(view.name for view in options.views))).encode()


def _listing(files: Mapping[str, str]) -> str:
    return "".join([f"{digest}  {path}\n" for path, digest in sorted(files.items())])


def _faults(staged: Path, printing: Printing) -> Iterator[Problem]:
    """What is wrong with what was made now: pages, and links out of them."""
    found, anchors = printing.files(), Anchors(staged)
    for name in sorted(printing.fresh):
        volume = printing.kept[name].volume
        yield from volume.faults
        for path, target in volume.links:
            yield from link_faults(path, target, found, anchors)


def verify_site(options: Options) -> Built:
    """Compares the published site with the content and with the lists made at its release."""
    with reading(options) as run:
        examined = run.examine()
        if examined.site is None:
            return Built(examined=examined)
        expected = declare(examined.site, options.loader, draft=options.draft)
    shown = published(options.work, options.site)
    faults = [*verify(shown.folder, expected, shown.carried_files())]
    manifest = shown.manifest
    listing = manifest.read_text(encoding="utf-8") if manifest.is_file() else ""
    faults += verify_manifest(shown.folder, listing, shown.digest, shown.carried_files())
    unique = {problem.order: problem for problem in faults}
    return Built(examined=examined, faults=_sorted(unique.values()), pages=len(expected.pages))


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.order))
