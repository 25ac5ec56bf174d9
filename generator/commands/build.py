"""`gongbao build`: from the content to a visible site."""

from __future__ import annotations

from argparse import Namespace

from generator.console import STAGES, Command, Console
from generator.pipeline import Options, build


def _run(options: Options, _: Namespace, console: Console) -> int:
    built = build(options, lambda stage: console.say(STAGES[stage]))
    code = console.close_build(built, options)
    if built.release:
        console.say("瀏覽：gongbao serve，再開啟 http://127.0.0.1:8000/")
    return code


COMMAND = Command(
    name="build", about="檢查並建立網站 (check, then build the site)", run=_run, rank=20
)
