"""`gongbao clean`: removes the work folder, and names what it removes; the site stays."""

from __future__ import annotations

from argparse import Namespace

from generator.build.options import Options
from generator.commands._console import CLEAN, Command, Console
from generator.release.clean import clean


def _run(options: Options, _: Namespace, console: Console) -> int:
    if not options.work.is_dir():
        console.tell("clean-nothing", work=options.work)
        return CLEAN
    clean(options.place, options.content, lambda path: console.tell("clean-removed", path=path))
    console.tell("clean-done", work=options.work, site=options.site)
    return CLEAN


COMMAND = Command(name="clean", run=_run, rank=36)
