"""The check of a whole site, folder by folder; what was checked before is not checked again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.afar import shared_desk
from generator.batches import worked
from generator.cache import Cache
from generator.check import check
from generator.gather import Gathered
from generator.kind import Site
from generator.model import Problem
from generator.packing import packed, unpacked
from generator.progress import Progress
from generator.tasks import Checked, Desk, check_task, checked
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
    sizes = {name: len(refs) for name, refs in gathered.folders.items()}
    progress.stage("check", sum(sizes.values()))
    answers = Answers(site)
    stale: dict[str, int] = {}
    for name, size in sizes.items():
        held = cache.get(ROOM, name, gathered.keys[name])
        trace, problems = unpacked(held) if held else ({}, ())
        if held and not site.broken and answers.same(trace):
            progress.step(size)
            yield from problems
        else:
            stale[name] = size
    yield from check(site)
    desk = Desk(site, texts, gathered.folders, gathered.beside)
    for name, (problems, asked) in _checked(stale, desk, workers):
        progress.step(stale[name])
        yield from problems
        if not site.broken and not any(problem.stops for problem in problems):
            held = packed((answers.trace(asked), problems))
            cache.put(ROOM, name, gathered.keys[name], held)


def _checked(
    stale: Mapping[str, int], desk: Desk, workers: Workers
) -> Iterator[tuple[str, Checked]]:
    def folder(name: str) -> tuple[str, bytes]:
        return name, desk.texts.packed(name)

    for name, one in worked(stale, BATCH, check_task, shared_desk(desk), folder, workers):
        yield name, one if one is not None else checked(desk, *folder(name))
