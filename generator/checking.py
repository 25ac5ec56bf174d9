"""The check of a whole site, folder by folder; what was checked before is not checked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.afar import shared_desk
from generator.batches import batches
from generator.cache import Cache
from generator.check import check
from generator.gather import Gathered
from generator.kind import Site
from generator.late import packed, unpacked
from generator.model import Problem
from generator.progress import Progress
from generator.tasks import Checked, Desk, check_task, checked
from generator.texts import ROOM as LATE
from generator.texts import Texts
from generator.watch import Answers
from generator.workers import Workers

ROOM = "checked"
BATCH = 300
"""Records of a task."""


def check_all(
    site: Site,
    gathered: Gathered,
    cache: Cache,
    texts: Texts,
    workers: Workers,
    progress: Progress,
) -> Iterator[Problem]:
    """Every problem that shows only when all records are seen together, in no order."""
    progress.stage("check", sum(map(len, gathered.folders.values())))
    answers = Answers(site)
    stale = []
    for name, refs in gathered.folders.items():
        held = cache.get(ROOM, name, gathered.keys[name])
        trace, problems = unpacked(held) if held else ({}, ())
        if held and not site.broken and answers.same(trace):
            progress.step(len(refs))
            yield from problems
        else:
            stale.append(name)
    yield from check(site)
    desk = Desk(site, texts, gathered.folders, gathered.beside)
    for name, (problems, asked) in _checked(stale, desk, cache, workers):
        progress.step(len(gathered.folders[name]))
        yield from problems
        if not site.broken and not any(problem.stops for problem in problems):
            held = packed((answers.trace(asked), problems))
            cache.put(ROOM, name, gathered.keys[name], held)


def _checked(
    stale: Sequence[str], desk: Desk, cache: Cache, workers: Workers
) -> Iterator[tuple[str, Checked]]:
    def size(name: str) -> int:
        return len(desk.folders[name])

    def folder(name: str) -> tuple[str, bytes]:
        late = cache.newest(LATE, name)
        if late is None:
            raise LookupError(f"the cache lost {name}")
        return name, late

    cut = list(batches(stale, str, size, BATCH))
    payloads = (packed([folder(name) for name in batch]) for batch in cut)
    chosen = workers.over(sum(map(size, stale)), BATCH)
    answers = chosen.run(check_task, shared_desk(desk), payloads)
    for batch, answer in zip(cut, answers, strict=True):
        for name, one in zip(batch, unpacked(answer), strict=True):
            yield name, one if one is not None else checked(desk, *folder(name))
