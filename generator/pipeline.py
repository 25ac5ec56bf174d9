"""From the content to a visible site: what stands is left alone, the rest is `build.full`.

A build that finds everything as the last one left it ends here, before most of the program is
loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from msgspec import structs

from generator.build.cache.file_state import Looked, bundles_in, signatures
from generator.build.cache.store import DAMAGE, Cache, disk_faults, drop_cache, open_cache, peeked
from generator.build.day_check import early_day
from generator.build.options import Built, Examined, Options
from generator.build.progress import Count, Progress, Tell, unheard
from generator.build.up_to_date import Last, known_releases, last_build, remembered, site_key
from generator.build.workers.executor import Executor, Shared
from generator.build.workers.tuning import STAT_ALONE
from generator.content.files import SITE_FILE, Files
from generator.content.model import Problem
from generator.release.ownership import by_copies
from generator.release.publish import current, publication, show
from generator.release.releases import release


def build(options: Options, tell: Tell, count: Count = unheard) -> Built:
    """The whole way to a visible site.

    `tell` hears each stage as it begins, `count` how much of it is done.
    """
    with visible_site(options, tell, count) as built:
        return built


@contextmanager
def visible_site(options: Options, tell: Tell, count: Count = unheard) -> Iterator[Built]:
    """The same, for whoever has words for it: old releases are removed while they are said.

    Raises `ClockRefused` before anything is written.
    """
    if not (options.content / SITE_FILE).is_file():  # no content: no work folder for it either
        yield _examined(options)
        return
    early = early_day(options)
    if early and options.strict:
        yield _warned(_examined(options), early)
        return
    progress = Progress(tell, count)
    with publication(options.place, options.content), ExitStack() as opened:
        built = _warned(_undamaged(options, progress, opened), early)
        try:
            yield built
        finally:
            _end(built, options.work)


def _warned(built: Built, early: tuple[Problem, ...]) -> Built:
    """The same with warnings of this run, which is alone in having them: they are not kept."""
    problems = (*early, *built.examined.problems)
    return structs.replace(built, examined=structs.replace(built.examined, problems=problems))


def _undamaged(options: Options, progress: Progress, opened: ExitStack) -> Built:
    """Builds with the cache that is there, or with a new one where that is damaged."""
    try:
        return _build(options, progress, opened)
    except DAMAGE:
        opened.close()
    with disk_faults(options.work):
        drop_cache(options.work)
        return _build(options, progress, opened)


def _end(built: Built, work: Path) -> None:
    """Does what is left; a cache that cannot be written any more is no use to the next run."""
    try:
        built.rest()
    except DAMAGE:
        drop_cache(work)
        with disk_faults(work):
            raise


def _examined(options: Options) -> Built:
    from generator.build.examine import examine  # noqa: PLC0415 -- as below

    return Built(examined=examine(options))


def _build(options: Options, progress: Progress, opened: ExitStack) -> Built:
    looked = _begin_look(options)
    cache = opened.enter_context(closing(open_cache(options.work, options.secret.key)))
    files = remembered(options.content, cache)
    key = site_key(options, files)
    last = last_build(cache, key, options.work, current(options.site), looked)
    if last and not (options.strict and last.problems):
        return _as_before(last, options, cache, files)
    return _anew(options, cache, files, progress, key, looked)


def _begin_look(options: Options) -> Looked:
    """Looks at all bundles, where there are many beside what follows, each process at as many."""
    names = bundles_in(options.work)
    near = options.workers if options.workers.inherits else Executor()
    workers = near.over(len(names), STAT_ALONE)
    payloads = ("\n".join(names[at :: workers.jobs]).encode() for at in range(workers.jobs))
    return Looked(workers.map(signatures, Shared(options.work), payloads))


def _as_before(last: Last, options: Options, cache: Cache, files: Files) -> Built:
    examined = Examined(
        site=None,
        problems=last.problems,
        records=last.records,
        figures=last.figures,
        waiting=last.waiting,
        passed_over=files.passed_over,
    )
    made = release(options.work, last.release)
    if by_copies(options.site, options.way) or not options.site.is_symlink():
        # copies may have been touched; a link may be wanted instead
        known = known_releases(cache, options.work, current(options.site))
        show(structs.replace(options.place, known=known), made)
    return Built(examined=examined, release=made, pages=last.pages)


def _anew(
    options: Options, cache: Cache, files: Files, progress: Progress, key: bytes, looked: Looked
) -> Built:
    # loads every package of the program, which takes longer than to see that nothing changed
    from generator.build.bundles.lazy_texts import Texts  # noqa: PLC0415
    from generator.build.examine import Run  # noqa: PLC0415
    from generator.build.full import build_anew  # noqa: PLC0415

    texts = Texts(cache, lambda: peeked(options.work, options.secret.key))
    run = Run(options=options, cache=cache, files=files, texts=texts, progress=progress)
    return build_anew(run, key, looked)
