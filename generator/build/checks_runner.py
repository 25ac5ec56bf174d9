"""The check of a whole site, folder by folder; what was checked before is not checked again."""

from __future__ import annotations

from msgspec import Struct

from generator.build.bundles.lazy_texts import Texts
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache
from generator.build.cache.trace import Trace, Tracer
from generator.build.gather import Gathered
from generator.build.progress import Progress
from generator.build.workers.batches import worked
from generator.build.workers.executor import Executor
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import CHECK, Desk, Texted
from generator.content.model import Problem, Ref
from generator.ledger.leaf_digests import Leaves
from generator.site.checks import check
from generator.site.kind import Site
from generator.site.redirect_checks import old_address_problems
from generator.site.redirects import rule_problems

SECTION = "checked"
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
    workers: Executor,
    progress: Progress,
) -> Findings:
    """Every problem that shows only when all records are seen together, and every leaf."""
    sizes = {name: len(refs) for name, refs in gathered.folders.items()}
    progress.stage("check", sum(sizes.values()))
    answers, found = Tracer(site), Findings()
    stale: dict[str, int] = {}
    for name, size in sizes.items():
        held = cache.get(SECTION, name, gathered.keys[name])
        trace, problems, leaves = _KNOWN.unpacked(held) if held else (b"", (), {})
        if held and answers.same(trace):
            progress.step(size)
            found.add(problems, leaves)
        else:
            stale[name] = size
    found.add((*check(site), *old_address_problems(site), *rule_problems(site)), {})
    desk = Desk(site, texts, gathered.folders, gathered.beside)

    def folder(name: str) -> Texted:
        return name, texts.packed(name)

    answered = worked(stale, CHECK, shared_desk(desk), folder, workers)
    for name, (problems, leaves, asked) in answered:
        progress.step(stale[name])
        found.add(problems, leaves)
        if not any(problem.stops for problem in problems):
            held = _KNOWN.packed((answers.trace(asked), problems, leaves))
            cache.put(SECTION, name, gathered.keys[name], held)
    return found
