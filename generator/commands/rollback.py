"""`gongbao rollback`: the release before the current one, shown again."""

from __future__ import annotations

import os
from argparse import Namespace

from generator.console.console import CLEAN, USAGE, Command, Console
from generator.console.working import QUIET
from generator.job import Options
from generator.publishing.publish import publication, rollback


def _run(options: Options, _: Namespace, console: Console) -> int:
    if not os.path.lexists(options.site) or not options.work.is_dir():
        console.say(f"找不到網站「{options.site}」，請先執行 gongbao build。")
        return USAGE
    with publication(options.place, options.content):
        left, shown = rollback(options.place)
    console.note(f"已從版本 {left.digest} 退回前一版 {shown.digest}：{options.site}/")
    return CLEAN


COMMAND = Command(
    name="rollback",
    about="退回前一個發布的版本 (show the release before the current one)",
    run=_run,
    options=QUIET,
    rank=35,
)
