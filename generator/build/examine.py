"""Examines the content: reads it, builds the site object, runs all checks.

Everything that a run reads is read once and cached in `Run`.  Checks report problems as values,
and never write.
"""

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
from generator.build.options import Examined, Options, Waiting, way_to
from generator.build.progress import Count, Progress, Tell, unheard
from generator.build.session import Session
from generator.build.up_to_date import made_with, remember
from generator.build.workers.memory import stays
from generator.content.archive import Archive
from generator.content.files import Files, odd_problem
from generator.content.messages import CODES_PAGE
from generator.content.model import Problem, Ref
from generator.content.published_memory import Memory, read_memory
from generator.content.settings import Settings
from generator.ledger.gate import REMOVED, Gate
from generator.ledger.leaf_digests import Leaves, unsealed
from generator.ledger.log import Ledger, LedgerReading, read_ledger
from generator.ledger.log_files import odd_files, own_ledger, remembered_files
from generator.ledger.seals import Seals, seals_of, trust_of
from generator.ledger.witness import (
    ledger_faults,
    misused_keys,
    remembered_faults,
    switched_off,
)
from generator.release.root_list import NOTE
from generator.site.figures.proofreading import loose_problems, tally
from generator.site.kind import Site
from generator.site.survey import survey


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run: its options, its cache, the content's files, the long texts of records.

    With `takes_over`, the memory of an earlier format in the work folder is used if there is no
    other.
    """

    options: Options
    cache: Cache
    files: Files
    texts: Texts
    progress: Progress = field(default_factory=Progress)
    takes_over: bool = False

    @cached_property
    def program(self) -> bytes:
        """A key of the program, its templates and its kinds."""
        return made_with(self.options)

    @cached_property
    def world(self) -> bytes:
        """A key of what everything depends on: the program and the site's settings."""
        return combined_key(self.program, site_digest(self.files).encode())

    def examine(self) -> Examined:
        """Reads and checks the content; `site` is None if a problem stops publication."""
        stays()
        examined, options = self.gather(), self.options
        stays()
        site = examined.site
        if site is None:
            return examined
        self.cache.commit()  # forked processes see only what is committed
        workers = options.workers
        findings = check_all(site, self.gathered, self.cache, self.texts, workers, self.progress)
        silent = (*site.memory.faults, *silent_changes(site))
        by_gate = filter(self._is_not_excused, self._gate_problems(site, findings.leaves))
        unproved = loose_problems(site) if options.strict_figures else ()
        own = (*examined.problems, *findings.problems)
        problems = in_order((*own, *silent, *unproved, *by_gate))
        stops = any(problem.stops for problem in problems)
        link_report = read_report(options.work, site.settings.base_url, options.secret)
        checked = replace(site, findings=in_order(own), outgoing=link_report)
        return structs.replace(
            examined,
            problems=problems,
            site=None if stops else checked,
            leaves=findings.leaves,
            figures=tally(site).counts,
            waiting=_waiting(site),
            unsealed=_unsealed(site, findings.leaves),
        )

    @cached_property
    def ledger(self) -> LedgerReading:
        """The ledger beside the content; empty if there is none."""
        return read_ledger(own_ledger(self.options.ledger))

    @cached_property
    def against(self) -> Mapping[str, bytes]:
        """Files of the ledger that somebody keeps elsewhere, by their names in a ledger."""
        against = self.options.against
        return remembered_files(against) if against else {}

    def _is_not_excused(self, problem: Problem) -> bool:
        for_record = (problem.code, problem.values.get("id", ""))
        return self.options.excused.isdisjoint({for_record, (problem.code, "")})

    def _gate_problems(self, site: Site, leaves: Leaves) -> Iterator[Problem]:
        """Differences between the site and the ledger, and faults of the ledger itself."""
        options = self.options
        ledger, way = self.ledger, options.ledger_way
        odd = odd_files(options.ledger)
        if odd:  # the ledger cannot be read as a whole, so nothing is compared with it
            yield from (odd_problem(f"{way}/{path}", fault) for path, fault in odd)
            return
        if not site.settings.sealed:
            yield from switched_off(ledger.ledger, site, leaves)
            return
        yield from ledger_faults(ledger, site, leaves, way)
        note = options.site / NOTE
        note_way = way_to(note.absolute(), options.content.absolute())
        yield from misused_keys(note, note_way, seals_of(site).trust)
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
        """Reads the content as far as possible, without the checks of the whole site."""
        gathered = self.gathered
        site = _site(gathered, self.options, self.ledger.ledger, self.removed, self.memory)
        return Examined(
            site=site,
            problems=in_order(self._explained(gathered.problems, site)),
            passed_over=self.files.passed_over,
            records=len(gathered.parsed.records),
            codes=_codes(gathered.settings),
        )

    def _explained(self, problems: Iterable[Problem], site: Site | None) -> Iterator[Problem]:
        """Problems found while reading, improved with facts of the whole site.

        If two files have the same number, the problem names the next free one.  Files beside a
        removed sealed record cause no problem of their own, as the gate reports the removal.
        """
        for problem in problems:
            first = self._repeated(problem)
            kind = next((k for k in self.options.kinds if k.pattern.fullmatch(first)), None)
            free = kind.free(site, first) if site and kind else ""
            if free:
                values = {"other": first, **problem.values, "free": free}
                yield structs.replace(problem, detail="number", values=values)
            elif problem.code != "file-stray" or not self._beside_removed(problem.origin.path):
                yield problem

    def _repeated(self, problem: Problem) -> str:
        """The file whose number another file has too; "" if the problem is another one."""
        path, code = problem.origin.path, problem.code
        if code == "id-repeated" or (code == "file-conflict" and "other" in problem.values):
            return path
        match = _COPY.fullmatch(path) if code == "file-stray" else None
        first = f"{match['first']}.yaml" if match else ""
        return first if (first, None) in self.files.paths else ""

    def _beside_removed(self, path: str) -> bool:
        """Whether a file is in the folder of a removed sealed record."""
        steps = path.split("/")
        above = ["/".join(steps[:depth]) for depth in range(1, len(steps))]
        owners = {
            Ref(kind.name, kind.identify(match))
            for kind in self.options.kinds
            for folder in above
            if (match := kind.pattern.fullmatch(f"{folder}{Path(kind.glob).suffix}"))
        }
        return not owners.isdisjoint(self.removed)

    @cached_property
    def removed(self) -> frozenset[Ref]:
        """The removed sealed records; the gate reports them, and no other check does."""
        settings, ledger = self.gathered.settings, self.ledger.ledger
        if settings is None or not settings.sealed:
            return frozenset()
        names = (name for name in ledger.numbers if ledger.lawful(name))
        present = {record.ref for record in self.gathered.parsed.records}
        refs = (ref for name in names if (ref := Ref(*name.split(":", 1))) not in present)
        excused = self.options.excused
        return frozenset(ref for ref in refs if (REMOVED, str(ref)) not in excused)

    @cached_property
    def memory(self) -> Memory:
        """The published records, as the last seal wrote them down."""
        options, settings = self.options, self.gathered.settings
        memory = read_memory(options.ledger, options.ledger_way)
        if memory.unborn and self.takes_over and settings:
            return earlier_memory(options.work, settings, options.kinds)
        return memory

    @cached_property
    def gathered(self) -> Gathered:
        """Everything in the content folder, read once."""
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
"""The name that a merge or a file manager gives a copy: `02 (1).yaml`, `02.yaml~HEAD`."""


def _codes(settings: Settings | None) -> str:
    """The full address of the page that explains problem codes; "" where there is none."""
    return settings.base_url + CODES_PAGE if settings and settings.handbook else ""


def _waiting(site: Site) -> Waiting | None:
    """The number and first day of records with a future day, which the site does not show yet."""
    days = [
        day for record in site.archive if (day := site.publication_day(record)) and day > site.as_of
    ]
    return Waiting(len(days), min(days)) if days else None


def _unsealed(site: Site, leaves: Leaves) -> tuple[str, ...]:
    """The published records that the next seal adds to the ledger or to the memory."""
    if site.memory.unborn or site.memory.faults:
        return ()
    waiting = (*unremembered(site), *(unsealed(site, leaves) if site.settings.sealed else ()))
    return tuple(sorted({str(record.ref) for record in waiting}))


def _site(
    gathered: Gathered, options: Options, ledger: Ledger, removed: frozenset[Ref], memory: Memory
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
        broken=gathered.parsed.broken | removed,
        views=options.views,
        seals=sealed,
        memory=memory,
    )


def examine_session(session: Session) -> tuple[Run, Examined]:
    """The run of a build with its result; stores the digests of files for the next run.

    A warning names published records that the memory or the ledger does not have yet.
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
    """A run without a cache file: it writes nothing."""
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
    """Reads and checks the content; writes nothing.  For `tell` and `count` see `progress`."""
    return passing_run(options, Progress(tell, count)).examine()


def gather(options: Options) -> Examined:
    """Reads the content without the checks of the whole site; writes nothing."""
    return passing_run(options).gather()


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column."""
    return tuple(sorted(problems, key=lambda problem: problem.order))
