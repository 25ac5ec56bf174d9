"""A run: what it works on, what it has read, what it found wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from generator.archive import Archive
from generator.cache import Cache, passing, stamp
from generator.checking import check_all
from generator.files import Files
from generator.gather import Gathered, Reader, site_digest
from generator.history import read_history, silent_changes
from generator.job import Examined, Options
from generator.kind import Site
from generator.load import survey
from generator.model import Problem
from generator.progress import Count, Progress, Tell, unheard
from generator.proofreading import loose_problems, tally
from generator.texts import Texts
from generator.unchanged import made_with


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run: its options, its cache, and the texts of records that the cache holds."""

    options: Options
    cache: Cache
    files: Files
    texts: Texts
    progress: Progress = field(default_factory=Progress)

    @cached_property
    def program(self) -> bytes:
        """Of the program, its templates and its kinds."""
        return made_with(self.options.rooms)

    @cached_property
    def world(self) -> bytes:
        """Of what everything depends on: the program and the site's settings."""
        return stamp(self.program, site_digest(self.options.content, self.files).encode())

    def examine(self) -> Examined:
        """Load, parse, archive, check."""
        examined, options = self.gather(), self.options
        site = examined.site
        if site is None:
            return examined
        self.cache.commit()  # forked processes see what is committed alone
        workers = options.workers
        found = check_all(site, self.gathered, self.cache, self.texts, workers, self.progress)
        silent = silent_changes(site, read_history(options.work, site))
        unproved = loose_problems(site) if options.strict_figures else ()
        problems = in_order((*examined.problems, *found, *silent, *unproved))
        stops = any(problem.stops for problem in problems)
        counted = tally(site).counts
        return replace(examined, problems=problems, site=None if stops else site, figures=counted)

    def gather(self) -> Examined:
        """Load, parse, archive: the content as far as it can be read, not yet checked."""
        gathered = self.gathered
        return Examined(
            site=_site(gathered, self.options),
            problems=in_order(gathered.problems),
            records=len(gathered.parsed.records),
        )

    @cached_property
    def gathered(self) -> Gathered:
        """All that the content folder holds, as it is read once."""
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
        return reader.gather(survey(self.files, options.kinds), self.files)


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


def passing_run(options: Options, progress: Progress | None = None) -> Run:
    """A run that writes nothing: what it has read is forgotten with it."""
    cache = passing()
    return Run(
        options=options,
        cache=cache,
        files=Files(options.content),
        texts=Texts(cache),
        progress=progress or Progress(),
    )


def examine(options: Options, tell: Tell = unheard, count: Count = unheard) -> Examined:
    """Load, parse, archive, check; nothing is written.  For `tell` and `count` see `progress`."""
    return passing_run(options, Progress(tell, count)).examine()


def gather(options: Options) -> Examined:
    """Load, parse, archive; nothing is written."""
    return passing_run(options).gather()


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column."""
    return tuple(sorted(problems, key=lambda problem: problem.order))
