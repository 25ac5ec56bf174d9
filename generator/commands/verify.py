"""`gongbao verify`: checks the published site against the content and its list of digests."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from generator.build.day_check import shown_day
from generator.build.options import Options
from generator.build.verify import verify_site
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._job_options import QUIET


def _run(options: Options, _: Namespace, console: Console) -> int:
    if not options.site.is_dir():
        console.tell("no-site", site=options.site)
        return USAGE
    day = shown_day(options.site)
    if options.by_clock and day and day != options.as_of:
        # the day decides what a site contains, so one built yesterday is compared as of that day
        console.remark("verify-day", day=day.isoformat())
        options = replace(options, as_of=day)
    built = verify_site(options)
    if built.examined.site is None:
        console.report(built.examined.problems)
        return console.close(built.examined, options)
    console.report((), built.faults)
    console.remark("verified", pages=built.pages, faults=len(built.faults))
    return CONTENT if built.faults else CLEAN


COMMAND = Command(
    name="verify",
    run=_run,
    options=QUIET,
    rank=30,
)
