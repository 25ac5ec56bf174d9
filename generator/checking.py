"""The check of a whole site, folder by folder; what was checked before is not checked again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.check import check
from generator.clashes import old_address_problems
from generator.console.progress import Progress
from generator.kind import Site
from generator.ledger.leafing import Leaves
from generator.model import Problem, Ref
from generator.moved import rule_problems
from generator.parallel.afar import shared_desk
from generator.parallel.batches import worked
from generator.parallel.tasks import CHECK, Checked, Desk, checked
from generator.parallel.workers import Workers
from generator.reading.gather import Gathered
from generator.reading.texts import Texts
from generator.reuse.cache import Cache
from generator.reuse.packing import Form
from generator.reuse.watch import Answers, Trace

ROOM = "checked"
BATCH = 300
"""Records of a task."""
_Known = tuple[Trace, tuple[Problem, ...], Leaves]
_KNOWN: Form[_Known] = Form(_Known)


class Findings(Struct):
    """What a check of all folders found: problems in no order, and digests that seals cover."""

    problems: list[Problem] = []
    leaves: dict[Ref, str] = {}

    def add(self, problems: tuple[Problem, ...], leaves: Leaves) -> None:
        """Adds what one folder has."""
        self.problems += problems
        self.leaves.update(leaves)


def check_all(
    site: Site,
    gathered: Gathered,
    cache: Cache,
    texts: Texts,
    workers: Workers,
    progress: Progress,
) -> Findings:
    """Every problem that shows only when all records are seen together, and every leaf."""
    sizes = {name: len(refs) for name, refs in gathered.folders.items()}
    progress.stage("check", sum(sizes.values()))
    answers, found = Answers(site), Findings()
    stale: dict[str, int] = {}
    for name, size in sizes.items():
        held = cache.get(ROOM, name, gathered.keys[name])
        trace, problems, leaves = _KNOWN.unpacked(held) if held else ("", (), {})
        if held and not site.broken and answers.same(trace):
            progress.step(size)
            found.add(problems, leaves)
        else:
            stale[name] = size
    found.add((*check(site), *old_address_problems(site), *rule_problems(site)), {})
    desk = Desk(site, texts, gathered.folders, gathered.beside)
    for name, (problems, leaves, asked) in _checked(stale, desk, workers):
        progress.step(stale[name])
        found.add(problems, leaves)
        if not site.broken and not any(problem.stops for problem in problems):
            held = _KNOWN.packed((answers.trace(asked), problems, leaves))
            cache.put(ROOM, name, gathered.keys[name], held)
    return found


def _checked(
    stale: Mapping[str, int], desk: Desk, workers: Workers
) -> Iterator[tuple[str, Checked]]:
    def folder(name: str) -> tuple[str, bytes]:
        return name, desk.texts.packed(name)

    for name, one in worked(stale, BATCH, CHECK, shared_desk(desk), folder, workers):
        yield name, one if one is not None else checked(desk, *folder(name))
