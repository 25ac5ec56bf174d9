"""`gongbao check`: reads and checks the content; writes nothing."""

from __future__ import annotations

from argparse import Namespace

from generator.build.examine import examine
from generator.build.options import Options
from generator.commands._console import Command, Console
from generator.commands._job_options import WORKING, working


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    with working(options, chosen, console) as (prepared, display):
        examined = examine(prepared, display.stage, display.count)
    console.report(examined.problems)
    return console.close(examined, options)


COMMAND = Command(
    name="check",
    run=_run,
    options=WORKING,
    rank=10,
)
