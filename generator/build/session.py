"""A run that publishes: it locks the work folder, opens the cache, and ends where nothing changed.

What else happens is handed in as `stages`: a build that finds everything as the last one left it
ends here, before most of the program is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from msgspec import Struct, structs

from generator.build.cache.file_state import Looked, bundles_in, signatures
from generator.build.cache.store import DAMAGE, Cache, disk_faults, drop_cache, open_cache
from generator.build.day_check import early_day
from generator.build.options import Built, Examined, Options
from generator.build.progress import Progress
from generator.build.up_to_date import Last, known_releases, last_build, remembered, site_key
from generator.build.workers.executor import Executor, Shared
from generator.build.workers.tuning import STAT_ALONE
from generator.content.files import SITE_FILE, Files
from generator.content.model import Problem
from generator.release.ownership import by_copies
from generator.release.publish import current, publication, show
from generator.release.releases import release


class Session(Struct, frozen=True, kw_only=True):
    """An opened work folder: the cache, the content's files, how the bundles look on disk.

    `key` is of all that the site is made of.
    """

    options: Options
    progress: Progress
    cache: Cache
    files: Files
    looked: Looked
    key: bytes


Stages = Callable[[Session], Built]


@contextmanager
def session(
    options: Options, progress: Progress, examine: Callable[[Options], Examined], stages: Stages
) -> Iterator[Built]:
    """Runs the `stages`, unless nothing changed since the last build; see `pipeline`.

    Raises `ClockRefused` before anything is written.  `examine` is for content that no site can be
    made of.
    """
    if not (options.content / SITE_FILE).is_file():  # no content: no work folder for it either
        yield Built(examined=examine(options))
        return
    early = early_day(options)
    if early and options.strict:
        yield _warned(Built(examined=examine(options)), early)
        return
    with publication(options.place, options.content), ExitStack() as opened:
        built = _warned(_undamaged(options, progress, stages, opened), early)
        try:
            yield built
        finally:
            _end(built, options.work)


def _warned(built: Built, early: tuple[Problem, ...]) -> Built:
    """The same with warnings of this run, which are not kept."""
    problems = (*early, *built.examined.problems)
    return structs.replace(built, examined=structs.replace(built.examined, problems=problems))


def _undamaged(options: Options, progress: Progress, stages: Stages, opened: ExitStack) -> Built:
    """Builds with the cache that is there, or with a new one where that is damaged."""
    try:
        return _built(options, progress, stages, opened)
    except DAMAGE:
        opened.close()
    with disk_faults(options.work):
        drop_cache(options.work)
        return _built(options, progress, stages, opened)


def _end(built: Built, work: Path) -> None:
    """Does what is left; a cache that cannot be written any more is no use to the next run."""
    try:
        built.rest()
    except DAMAGE:
        drop_cache(work)
        with disk_faults(work):
            raise


def _built(options: Options, progress: Progress, stages: Stages, opened: ExitStack) -> Built:
    looked = _begin_look(options)
    cache = opened.enter_context(closing(open_cache(options.work, options.secret.key)))
    files = remembered(options.content, cache)
    key = site_key(options, files)
    last = last_build(cache, key, options.work, current(options.site), looked)
    if last and not (options.strict and last.problems):
        return _as_before(last, options, cache, files)
    opened_session = Session(
        options=options, progress=progress, cache=cache, files=files, looked=looked, key=key
    )
    return stages(opened_session)


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
