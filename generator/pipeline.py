"""The stages of a build, in order: examine, plan, make, join, verify, show.

`build.session` skips them where nothing changed since the last build; so they are loaded when
they are needed, which takes longer than to see that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from generator.build.options import Built, Examined, Options
from generator.build.progress import Count, Progress, Tell, unheard
from generator.build.session import Session, session


def _stages(opened: Session) -> Built:
    """Makes a site from its content; what an earlier build made of the same is used again."""
    from generator.build.examine import examine_session  # noqa: PLC0415 -- see above
    from generator.build.join import join_bundles  # noqa: PLC0415
    from generator.build.make import begin_pages, make_folders  # noqa: PLC0415
    from generator.build.plan import plan  # noqa: PLC0415
    from generator.build.show import faults_of, show_site, stage_site  # noqa: PLC0415

    run, examined = examine_session(opened)
    if examined.site is None or (opened.options.strict and examined.problems):
        return Built(examined=examined)
    build = plan(run, examined.site, opened.states, opened.noted)
    begin_pages(build)  # another process makes them beside what follows
    make_folders(build)
    join_bundles(build)
    staged = stage_site(build)
    faults = faults_of(build, staged.folder)
    if faults:
        return Built(examined=examined, faults=faults)
    return show_site(build, staged, examined, opened)


def build(options: Options, tell: Tell, count: Count = unheard) -> Built:
    """Builds a site and shows it.

    `tell` hears each stage as it begins, `count` how much of it is done.  Raises `ClockRefused`,
    `ThemeRefused`, and what `release.publish` raises.
    """
    with visible_site(options, tell, count) as built:
        return built


@contextmanager
def visible_site(options: Options, tell: Tell, count: Count = unheard) -> Iterator[Built]:
    """The same as a context: old releases are removed when it ends, after the caller's messages."""
    with session(options, Progress(tell, count), _examine, _stages) as built:
        yield built


def _examine(options: Options) -> Examined:
    from generator.build.examine import examine  # noqa: PLC0415 -- see above

    return examine(options)
