"""`gongbao rollback`: publishes the release before the current one again."""

from __future__ import annotations

import os
from argparse import Namespace
from contextlib import closing

from generator.build.cache.store import peeked
from generator.build.options import Options
from generator.build.release_signing import release_gate
from generator.build.up_to_date import trusted_releases
from generator.commands._console import CLEAN, USAGE, Command, Console
from generator.commands._job_options import QUIET
from generator.release.publish import publication, rollback
from generator.release.releases import current
from generator.release.target import PublishRefused


def _run(options: Options, _: Namespace, console: Console) -> int:
    if not os.path.lexists(options.site):
        console.tell("no-site", site=options.site)
        return USAGE
    if not options.work.is_dir():
        raise PublishRefused(options.site, "rollback")
    with publication(options.place, options.content):
        with closing(peeked(options.work, options.secret.key)) as cache:
            releases = trusted_releases(cache, options.work, current(options.site))
        old, new, shown = rollback(options.place, release_gate(options))
    console.remark("rolled-back", left=old.digest, shown=new.digest, site=options.site)
    console.remark_way(shown, options.site)
    console.remark("rollback-holds")
    if new.digest not in releases:
        console.tell("rollback-unknown", digest=new.digest)
    return CLEAN


COMMAND = Command(
    name="rollback",
    run=_run,
    options=QUIET,
    rank=35,
)
