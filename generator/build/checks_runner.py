"""Checks a whole site folder by folder, on the workers.

The cache has the result of each folder with a trace of its queries, so that a folder is checked
again only if its files or an answer changed.
"""

from __future__ import annotations

from msgspec import Struct

from generator.build.bundles.lazy_texts import Texts
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache
from generator.build.cache.trace import Trace, Tracer
from generator.build.gather import Gathered
from generator.build.progress import Progress
from generator.build.workers.batches import run_batches
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
_Row = tuple[Trace, tuple[Problem, ...], Leaves]
_ROW: Form[_Row] = Form(_Row)


class Findings(Struct):
    """The results of a check of all folders: unsorted problems, and the leaf of each record."""

    problems: list[Problem] = []
    leaves: dict[Ref, str] = {}

    def add(self, problems: tuple[Problem, ...], leaves: Leaves) -> None:
        """Adds the results of one folder."""
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
    """The problems that need all records together, and the leaves of all records."""
    sizes = {name: len(refs) for name, refs in gathered.folders.items()}
    progress.stage("check", sum(sizes.values()))
    tracer, findings = Tracer(site), Findings()
    stale: dict[str, int] = {}
    for name, size in sizes.items():
        row = cache.get(SECTION, name, gathered.keys[name])
        trace, problems, leaves = _ROW.unpacked(row) if row else (b"", (), {})
        if row and tracer.same(trace):
            progress.step(size)
            findings.add(problems, leaves)
        else:
            stale[name] = size
    findings.add((*check(site), *old_address_problems(site), *rule_problems(site)), {})
    desk = Desk(site, texts, gathered.folders, gathered.beside)

    def folder(name: str) -> Texted:
        return name, texts.packed(name)

    results = run_batches(stale, CHECK, shared_desk(desk), folder, workers)
    for name, (problems, leaves, queries) in results:
        progress.step(stale[name])
        findings.add(problems, leaves)
        if not any(problem.stops for problem in problems):
            row = _ROW.packed((tracer.trace(queries), problems, leaves))
            cache.put(SECTION, name, gathered.keys[name], row)
    return findings
