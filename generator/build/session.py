"""Runs a build in a locked work folder with an open cache; ends at once if nothing changed.

The caller passes all other work as `stages`, so that a build without a change ends before most
of the program is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from msgspec import Struct, structs

from generator.build.cache.file_state import BundleStates, bundles_in, signatures
from generator.build.cache.store import DAMAGE, Cache, disk_faults, drop_cache, open_cache
from generator.build.day_check import early_day
from generator.build.options import Built, Examined, Options
from generator.build.progress import Progress
from generator.build.up_to_date import (
    Last,
    content_key,
    last_build,
    noted_states,
    remembered,
    site_key,
)
from generator.build.workers.executor import Executor, Shared
from generator.build.workers.tuning import STAT_ALONE
from generator.content.files import SITE_FILE, Files
from generator.content.model import Problem
from generator.release.publish import complete, keep_way, publication
from generator.release.releases import release
from generator.release.site_mark import read_mark


class Session(Struct, frozen=True, kw_only=True):
    """An open work folder: the cache, the content's files, the states of bundles on disk.

    `key` is that of `site_key`, a digest of everything that the site is made from, `content_key`
    one of all but the day and the options; `noted` has the bundles' states as the last build ended.
    """

    options: Options
    progress: Progress
    cache: Cache
    files: Files
    states: BundleStates
    noted: Mapping[str, str]
    key: bytes
    content_key: bytes


Stages = Callable[[Session], Built]


@contextmanager
def session(
    options: Options, progress: Progress, examine: Callable[[Options], Examined], stages: Stages
) -> Iterator[Built]:
    """Runs the `stages`, unless nothing changed since the last build; see `pipeline`.

    Raises `ClockRefused` before anything is written.  `examine` checks content from which no site
    is made: without settings, or with warnings about the day in a strict run.
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
    """The same result with the warnings about this run's day, which are not noted for later."""
    problems = (*early, *built.examined.problems)
    return structs.replace(built, examined=structs.replace(built.examined, problems=problems))


def _undamaged(options: Options, progress: Progress, stages: Stages, opened: ExitStack) -> Built:
    """Builds with the existing cache, or with a new one if that is damaged."""
    try:
        return _built(options, progress, stages, opened)
    except DAMAGE:
        opened.close()
    with disk_faults(options.work):
        drop_cache(options.work)
        return _built(options, progress, stages, opened)


def _end(built: Built, work: Path) -> None:
    """Does the rest of the build; removes a cache that cannot be written, as it would be stale."""
    try:
        built.rest()
    except DAMAGE:
        drop_cache(work)
        with disk_faults(work):
            raise


def _built(options: Options, progress: Progress, stages: Stages, opened: ExitStack) -> Built:
    states = _read_states(options)
    cache = opened.enter_context(closing(open_cache(options.work, options.secret.key)))
    files = remembered(options.content, cache)
    content, noted = content_key(options, files), noted_states(cache)
    mark = read_mark(options.site)
    if mark and content.hex() in mark.held and not options.again:
        shown = complete(options.place)
        if shown:
            return Built(examined=Examined(site=None, problems=(), records=0), held=shown)
    key = site_key(options, content)
    last = last_build(cache, key, options, states, noted)
    if last and not (options.strict and last.problems):
        return _as_before(last, options, files)
    opened_session = Session(
        options=options,
        progress=progress,
        cache=cache,
        files=files,
        states=states,
        noted=noted,
        key=key,
        content_key=content,
    )
    return stages(opened_session)


def _read_states(options: Options) -> BundleStates:
    """Begins to read the states of all bundles: if there are many, in other processes."""
    names = bundles_in(options.work)
    # other workers may be on machines without this folder
    local = options.workers if options.workers.inherits else Executor()
    workers = local.over(len(names), STAT_ALONE)
    payloads = ("\n".join(names[at :: workers.jobs]).encode() for at in range(workers.jobs))
    return BundleStates(workers.map(signatures, Shared(options.work), payloads))


def _as_before(last: Last, options: Options, files: Files) -> Built:
    examined = Examined(
        site=None,
        problems=last.problems,
        records=last.records,
        figures=last.figures,
        waiting=last.waiting,
        codes=last.codes,
        passed_over=files.passed_over,
    )
    keep_way(options.place)
    return Built(examined=examined, release=release(options.work, last.release), pages=last.pages)
