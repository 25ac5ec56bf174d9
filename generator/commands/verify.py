"""`gongbao verify`: the published site against the content and its list of digests."""

from __future__ import annotations

from argparse import Namespace

from generator.build.full import verify_site
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, FAULT, USAGE, Command, Console
from generator.commands._job_options import QUIET

_NO_FRAMES = {
    "zh-TW": "MkDocs 無法產生頁面的外框，因此沒有核對網站。",
    "en": "MkDocs could not make the page frames, so the site was not verified.",
}


def _run(options: Options, _: Namespace, console: Console) -> int:
    if not options.site.is_dir():
        console.say(f"找不到網站「{options.site}」，請先執行 gongbao build。")
        return USAGE
    built = verify_site(options)
    if built.examined.site is None:
        console.report(built.examined.problems)
        return console.close(built.examined, options)
    if built.host:
        console.say(built.host)
        console.say(_NO_FRAMES[console.language])
        return FAULT
    console.report((), built.faults)
    console.note(f"已核對 {built.pages} 頁：{len(built.faults)} 處不符。")
    return CONTENT if built.faults else CLEAN


COMMAND = Command(
    name="verify",
    about="核對網站與內容是否一致 (compare site and content)",
    run=_run,
    options=QUIET,
    rank=30,
)
