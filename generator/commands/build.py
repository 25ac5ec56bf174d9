"""`gongbao build`: from the content to a visible site."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from generator.build.options import Options
from generator.commands._console import Command, Console
from generator.commands._job_options import AGAINST, WORKING, whole_number, working
from generator.pipeline import visible_site
from generator.release.target import COPY, KEEP, LINK


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    wanted = replace(options, keep=chosen.keep, way=chosen.publish, markdown=chosen.markdown)
    with (
        working(wanted, chosen, console, console.note) as (held, display),
        visible_site(held, display.stage, display.count) as built,
    ):
        display.close()
        code = console.close_build(built, wanted)
        if built.release:
            console.note("瀏覽：gongbao serve，再開啟 http://127.0.0.1:8000/")
    return code


COMMAND = Command(
    name="build",
    about="檢查並建立網站 (check, then build the site)",
    run=_run,
    options={
        **WORKING,
        **AGAINST,
        "--keep": {
            "type": whole_number,
            "default": KEEP,
            "metavar": "N",
            "help": "保留的版本數，含目前這一版 (releases to keep, default: %(default)s)",
        },
        "--publish": {
            "choices": (LINK, COPY),
            "help": "網站是連結或複本，預設為沿用現況，新網站用連結 (default: as the site is)",
        },
        "--markdown": {
            "action": "store_true",
            "help": "另將各頁的 Markdown 寫入工作資料夾，供 mkdocs build 使用 (for MkDocs by hand)",
        },
    },
    rank=20,
)
