"""A run: what it works on, what it has read, what it found wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from jinja2 import BaseLoader

from generator.archive import Archive
from generator.cache import Cache, passing
from generator.checking import check_all
from generator.gate import Gate
from generator.gather import Gathered, Reader, site_digest
from generator.history import read_history, silent_changes
from generator.keys import stamp
from generator.kind import Kind, Site, View
from generator.leafing import Leaves
from generator.ledger import Ledger, LedgerReading, read_ledger
from generator.ledger_files import LEDGER, files_key, ledger_files, remembered_files
from generator.load import Files, survey
from generator.model import Problem
from generator.place import KEEP, Place
from generator.program import program_key
from generator.progress import Count, Progress, Tell, unheard
from generator.remembered import ledger_faults, remembered_faults
from generator.render import package_templates, templates_key
from generator.rooms import all_kinds, all_views
from generator.seals import Seals
from generator.texts import Texts
from generator.unchanged import content_key, remembered
from generator.workers import Workers

Excuse = tuple[str, str]
"""A code of the gate, and the one record that it is passed over for, "" for any."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a run works on: folders, the day the site speaks for, what it is made of.

    `record` is the ledger's folder where it is not beside the content, `against` what somebody
    outside remembers of it, `excused` what the gate lets pass in this run.
    """

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
    record: Path | None = None
    against: Path | None = None
    excused: frozenset[Excuse] = frozenset()

    @property
    def ledger(self) -> Path:
        """The folder of the ledger: `.record/` beside the content unless another is named."""
        return self.record or self.content.parent / LEDGER

    @property
    def ledger_way(self) -> str:
        """The way from the content folder to the ledger, for places of problems."""
        return Path(os.path.relpath(self.ledger, self.content)).as_posix()

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
    leaves: Leaves = field(default_factory=dict)

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
        words = f"{options.as_of} {options.draft} {sorted(options.excused)}".encode()
        made_with = stamp(self.program, words, files_key(self._ledger), files_key(self.against))
        return content_key(self.files, made_with)

    @cached_property
    def _ledger(self) -> Mapping[str, bytes]:
        return ledger_files(self.options.ledger)

    @cached_property
    def ledger(self) -> LedgerReading:
        """The ledger beside the content; empty where there is none."""
        return read_ledger(self._ledger)

    @cached_property
    def against(self) -> Mapping[str, bytes]:
        """What is remembered of the ledger elsewhere, by the names of files in a ledger."""
        held = self.options.against
        return remembered_files(held) if held else {}

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
        sealed = filter(self._holds, self._sealed(site, found.leaves))
        problems = in_order((*examined.problems, *found.problems, *silent, *sealed))
        stops = any(problem.stops for problem in problems)
        ended = None if stops else site
        return replace(examined, problems=problems, site=ended, leaves=found.leaves)

    def _holds(self, problem: Problem) -> bool:
        """Whether a finding of the gate is not excused in this run."""
        named = (problem.code, problem.values.get("id", ""))
        return self.options.excused.isdisjoint({named, (problem.code, "")})

    def _sealed(self, site: Site, leaves: Leaves) -> Iterator[Problem]:
        """What was sealed and is not as it was."""
        if not site.settings.sealed:
            return
        options = self.options
        ledger, way = self.ledger, options.ledger_way
        yield from ledger_faults(ledger, site, leaves, way)
        if not ledger.faults:
            gate = Gate(
                site=site,
                leaves=leaves,
                way=way,
                published=options.site,
            )
            yield from gate.problems()
            yield from remembered_faults(self.against, ledger.ledger, site, leaves, way)

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
            site=_site(gathered, options, self.ledger.ledger),
            problems=in_order(gathered.problems),
            records=len(gathered.parsed.records),
            gathered=gathered,
        )


def _site(gathered: Gathered, options: Options, ledger: Ledger) -> Site | None:
    settings = gathered.settings
    if settings is None:
        return None
    sealed = Seals(ledger, settings.trust) if settings.sealed else Seals()
    return Site(
        settings=settings,
        archive=Archive(gathered.parsed.records, {k.name: k.order for k in options.kinds}),
        kinds=options.kinds,
        as_of=options.as_of,
        files=gathered.files,
        digests=gathered.digests,
        broken=gathered.parsed.broken,
        views=options.views,
        seals=sealed,
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
