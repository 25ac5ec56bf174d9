"""A run: what it works on, what it has read, what it found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from jinja2 import BaseLoader

from generator.archive import Archive
from generator.cache import Cache, passing
from generator.checking import check_all
from generator.gather import Gathered, Reader, site_digest
from generator.history import read_history, silent_changes
from generator.keys import stamp
from generator.kind import Kind, Site, View
from generator.load import Files, survey
from generator.model import Problem
from generator.place import KEEP, Place
from generator.program import program_key
from generator.progress import Count, Progress, Tell, unheard
from generator.proofreading import Tally, loose_problems, tally
from generator.render import package_templates, templates_key
from generator.rooms import all_kinds, all_views
from generator.texts import Texts
from generator.unchanged import content_key, remembered
from generator.workers import Workers


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a run works on: folders, the day the site speaks for, what it is made of."""

    content: Path
    work: Path
    site: Path
    as_of: date
    draft: bool = False
    strict: bool = False
    strict_figures: bool = False
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
    gathered: Gathered = field(default_factory=Gathered)
    figures: Tally = field(default_factory=Tally)

    @property
    def errors(self) -> int:
        """How many problems stop publication."""
        return sum(problem.stops for problem in self.problems)


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
    def program(self) -> bytes:
        """Of the program, its templates and its kinds."""
        return stamp(program_key(), templates_key(self.options.loader), _names(self.options))

    @cached_property
    def world(self) -> bytes:
        """Of what everything depends on: the program and the site's settings."""
        return stamp(self.program, site_digest(self.options.content, self.files).encode())

    @cached_property
    def key(self) -> bytes:
        """Of all that the site is made of and with."""
        options = self.options
        words = f"{options.as_of} {options.draft} {options.strict_figures}"
        return content_key(self.files, stamp(self.program, words.encode()))

    def examine(self) -> Examined:
        """Load, parse, archive, check."""
        examined, options = self.gather(), self.options
        site = examined.site
        if site is None:
            return examined
        self.cache.commit()  # forked processes see what is committed alone
        gathered, workers = examined.gathered, options.workers
        found = check_all(site, gathered, self.cache, self.texts, workers, self.progress)
        silent = silent_changes(site, read_history(options.work, site))
        unproved = loose_problems(site) if options.strict_figures else ()
        problems = in_order((*examined.problems, *found, *silent, *unproved))
        stops = any(problem.stops for problem in problems)
        counted = tally(site)
        return replace(examined, problems=problems, site=None if stops else site, figures=counted)

    def gather(self) -> Examined:
        """Load, parse, archive: the content as far as it can be read, not yet checked."""
        options = self.options
        reader = Reader(
            content=options.content,
            kinds=options.kinds,
            world=self.world,
            cache=self.cache,
            workers=options.workers,
            texts=self.texts,
            progress=self.progress,
        )
        gathered = reader.gather(survey(options.content, options.kinds), self.files)
        return Examined(
            site=_site(gathered, options),
            problems=in_order(gathered.problems),
            records=len(gathered.parsed.records),
            gathered=gathered,
        )


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


def _names(options: Options) -> bytes:
    """What is made up for a test differs from what stands in the program's folders."""
    kinds = (f"{kind.name} {kind.record_type.__module__}" for kind in options.kinds)
    return "\n".join((*kinds, *(view.name for view in options.views))).encode()


def passing_run(options: Options, progress: Progress | None = None) -> Run:
    """A run that writes nothing: what it has read is forgotten with it."""
    cache = passing()
    return Run(options=options, cache=cache, texts=Texts(cache), progress=progress or Progress())


def examine(options: Options, tell: Tell = unheard, count: Count = unheard) -> Examined:
    """Load, parse, archive, check; nothing is written.  For `tell` and `count` see `progress`."""
    return passing_run(options, Progress(tell, count)).examine()


def gather(options: Options) -> Examined:
    """Load, parse, archive; nothing is written."""
    return passing_run(options).gather()


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column."""
    return tuple(sorted(problems, key=lambda problem: problem.order))
