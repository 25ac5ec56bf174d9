"""A run: what it works on, what it has read, what it found wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from msgspec import structs

from generator.build.bundles.lazy_texts import Texts
from generator.build.cache.store import Cache, combined_key, passing, peeked
from generator.build.checks_runner import check_all
from generator.build.gather import Gathered, Reader, site_digest
from generator.build.history import (
    earlier_memory,
    silent_changes,
    unremembered,
    unsealed_problem,
)
from generator.build.link_report_file import read_report
from generator.build.options import Examined, Options, Waiting
from generator.build.progress import Count, Progress, Tell, unheard
from generator.build.session import Session
from generator.build.up_to_date import made_with, remember
from generator.build.workers.memory import stays
from generator.content.archive import Archive
from generator.content.files import Files, odd_problem
from generator.content.model import Problem, Ref
from generator.content.published_memory import Memory, read_memory
from generator.ledger.gate import REMOVED, Gate
from generator.ledger.leaf_digests import Leaves, unsealed
from generator.ledger.log import Ledger, LedgerReading, read_ledger
from generator.ledger.log_files import odd_files, own_ledger, remembered_files
from generator.ledger.seals import Seals, trust_of
from generator.ledger.witness import ledger_faults, remembered_faults, switched_off
from generator.site.figures.proofreading import loose_problems, tally
from generator.site.kind import Site
from generator.site.survey import survey


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run: its options, its cache, and the texts of records that the cache holds.

    With `takes_over`, what builds once left in the work folder counts where there is no memory.
    """

    options: Options
    cache: Cache
    files: Files
    texts: Texts
    progress: Progress = field(default_factory=Progress)
    takes_over: bool = False

    @cached_property
    def program(self) -> bytes:
        """Of the program, its templates and its kinds."""
        return made_with(self.options)

    @cached_property
    def world(self) -> bytes:
        """Of what everything depends on: the program and the site's settings."""
        return combined_key(self.program, site_digest(self.files).encode())

    def examine(self) -> Examined:
        """Load, parse, archive, check."""
        stays()
        examined, options = self.gather(), self.options
        stays()
        site = examined.site
        if site is None:
            return examined
        self.cache.commit()  # forked processes see what is committed alone
        workers = options.workers
        found = check_all(site, self.gathered, self.cache, self.texts, workers, self.progress)
        silent = (*site.memory.faults, *silent_changes(site))
        sealed = filter(self._holds, self._sealed(site, found.leaves))
        unproved = loose_problems(site) if options.strict_figures else ()
        own = (*examined.problems, *found.problems)
        problems = in_order((*own, *silent, *unproved, *sealed))
        stops = any(problem.stops for problem in problems)
        asked = read_report(options.work, site.settings.base_url, options.secret)
        ended = None if stops else replace(site, findings=in_order(own), outgoing=asked)
        counted = tally(site).counts
        return structs.replace(
            examined,
            problems=problems,
            site=ended,
            leaves=found.leaves,
            figures=counted,
            waiting=_waiting(site),
            unsealed=_unsealed(site, found.leaves),
        )

    @cached_property
    def ledger(self) -> LedgerReading:
        """The ledger beside the content; empty where there is none."""
        return read_ledger(own_ledger(self.options.ledger))

    @cached_property
    def against(self) -> Mapping[str, bytes]:
        """What is remembered of the ledger elsewhere, by the names of files in a ledger."""
        held = self.options.against
        return remembered_files(held) if held else {}

    def _holds(self, problem: Problem) -> bool:
        """Whether a finding of the gate is not excused in this run."""
        named = (problem.code, problem.values.get("id", ""))
        return self.options.excused.isdisjoint({named, (problem.code, "")})

    def _sealed(self, site: Site, leaves: Leaves) -> Iterator[Problem]:
        """What was sealed and is not as it was."""
        options = self.options
        ledger, way = self.ledger, options.ledger_way
        odd = odd_files(options.ledger)
        if odd:  # what is in it is not known
            yield from (odd_problem(f"{way}/{path}", one) for path, one in odd)
            return
        if not site.settings.sealed:
            yield from switched_off(ledger.ledger, site, leaves)
            return
        yield from ledger_faults(ledger, site, leaves, way)
        if not ledger.faults:
            gate = Gate(
                site=site,
                leaves=leaves,
                way=way,
                published=options.site,
                unread=self.gathered.parsed.broken,
            )
            yield from gate.problems()
            yield from remembered_faults(self.against, ledger.ledger, site, leaves, way)

    def gather(self) -> Examined:
        """Load, parse, archive: the content as far as it can be read, not yet checked."""
        gathered = self.gathered
        site = _site(gathered, self.options, self.ledger.ledger, self.gone, self.memory)
        return Examined(
            site=site,
            problems=in_order(self._explained(gathered.problems, site)),
            passed_over=self.files.passed_over,
            records=len(gathered.parsed.records),
        )

    def _explained(self, problems: Iterable[Problem], site: Site | None) -> Iterator[Problem]:
        """What was found as files were read, with what only the whole site knows.

        Of a number that two files have, the next free one; of files beside a sealed record that
        is gone, nothing.
        """
        for problem in problems:
            first = self._numbered(problem)
            kind = next((k for k in self.options.kinds if k.pattern.fullmatch(first)), None)
            free = kind.free(site, first) if site and kind else ""
            if free:
                values = {"other": first, **problem.values, "free": free}
                yield structs.replace(problem, detail="number", values=values)
            elif problem.code != "file-stray" or not self._beside_gone(problem.origin.path):
                yield problem

    def _numbered(self, problem: Problem) -> str:
        """The file whose number is another one's too; "" where a problem is none of that."""
        path, code = problem.origin.path, problem.code
        if code == "id-repeated" or (code == "file-conflict" and "other" in problem.values):
            return path
        copied = _COPY.fullmatch(path) if code == "file-stray" else None
        first = f"{copied['first']}.yaml" if copied else ""
        return first if (first, None) in self.files.paths else ""

    def _beside_gone(self, path: str) -> bool:
        """Whether a file stands in the folder of a sealed record that is gone."""
        steps = path.split("/")
        above = ["/".join(steps[:depth]) for depth in range(1, len(steps))]
        owners = {
            Ref(kind.name, kind.identify(match))
            for kind in self.options.kinds
            for folder in above
            if (match := kind.pattern.fullmatch(f"{folder}{Path(kind.glob).suffix}"))
        }
        return not owners.isdisjoint(self.gone)

    @cached_property
    def gone(self) -> frozenset[Ref]:
        """The sealed records that are nowhere, as the gate tells: nothing else is told of them."""
        settings, ledger = self.gathered.settings, self.ledger.ledger
        if settings is None or not settings.sealed:
            return frozenset()
        names = (name for name in ledger.numbers if ledger.lawful(name))
        held = {record.ref for record in self.gathered.parsed.records}
        refs = (ref for name in names if (ref := Ref(*name.split(":", 1))) not in held)
        excused = self.options.excused
        return frozenset(ref for ref in refs if (REMOVED, str(ref)) not in excused)

    @cached_property
    def memory(self) -> Memory:
        """What was published, as the last seal remembered it."""
        options, settings = self.options, self.gathered.settings
        memory = read_memory(options.ledger, options.ledger_way)
        if memory.unborn and self.takes_over and settings:
            return earlier_memory(options.work, settings, options.kinds)
        return memory

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


_COPY = re.compile(r"(?P<first>.*/[0-9]{2,4})(?:[^0-9/.][^/]*|\.yaml.+)")
"""What merges and file managers call a second file: `02 (1).yaml`, `02.yaml~HEAD`."""


def _waiting(site: Site) -> Waiting | None:
    """The records whose day is yet to come: a reader misses them, and an editor must know why."""
    days = [day for record in site.archive if (day := site.known(record)) and day > site.as_of]
    return Waiting(len(days), min(days)) if days else None


def _unsealed(site: Site, leaves: Leaves) -> tuple[str, ...]:
    """The published records that the next seal adds to the ledger or to the memory."""
    if site.memory.unborn or site.memory.faults:
        return ()
    waiting = (*unremembered(site), *(unsealed(site, leaves) if site.settings.sealed else ()))
    return tuple(sorted({str(record.ref) for record in waiting}))


def _site(
    gathered: Gathered, options: Options, ledger: Ledger, gone: frozenset[Ref], memory: Memory
) -> Site | None:
    settings = gathered.settings
    if settings is None:
        return None
    sealed = Seals(ledger, trust_of(settings)) if settings.sealed else Seals()
    return Site(
        settings=settings,
        archive=Archive(gathered.parsed.records, {k.name: k.order for k in options.kinds}),
        kinds=options.kinds,
        as_of=options.as_of,
        files=gathered.files,
        digests=gathered.digests,
        pictures=gathered.pictures,
        insides=gathered.insides,
        unreadable=gathered.unreadable,
        broken=gathered.parsed.broken | gone,
        views=options.views,
        seals=sealed,
        memory=memory,
    )


def examine_session(session: Session) -> tuple[Run, Examined]:
    """The run of a build, and what it found; the digests of files are kept for the next run.

    A warning is added where readers are shown what the memory of published records lacks.
    """
    options, cache = session.options, session.cache
    texts = Texts(cache, lambda: peeked(options.work, options.secret.key))
    run = Run(
        options=options, cache=cache, files=session.files, texts=texts, progress=session.progress
    )
    examined = run.examine()
    if examined.unsealed:
        warning = unsealed_problem(examined.unsealed, options.ledger_way)
        problems = in_order((*examined.problems, warning))
        examined = structs.replace(examined, problems=problems, unsealed=())
    remember(run.files, cache, options.work)
    return run, examined


def passing_run(
    options: Options, progress: Progress | None = None, *, takes_over: bool = False
) -> Run:
    """A run that writes nothing: what it has read is forgotten with it."""
    cache = passing()
    return Run(
        options=options,
        cache=cache,
        files=Files(options.content),
        texts=Texts(cache),
        progress=progress or Progress(),
        takes_over=takes_over,
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
