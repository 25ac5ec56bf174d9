"""`gongbao rollback`: the release before the current one, shown again."""

from __future__ import annotations

import os
from argparse import Namespace
from contextlib import closing

from msgspec import structs

from generator.build.cache.store import peeked
from generator.build.options import Options
from generator.build.up_to_date import known_releases
from generator.commands._console import CLEAN, USAGE, Command, Console
from generator.commands._job_options import QUIET
from generator.content.messages import LANGUAGES
from generator.release.publish import current, publication, rollback


def _run(options: Options, _: Namespace, console: Console) -> int:
    if not os.path.lexists(options.site) or not options.work.is_dir():
        console.say(f"找不到網站「{options.site}」，請先執行 gongbao build。")
        return USAGE
    with publication(options.place, options.content):
        with closing(peeked(options.work, options.secret.key)) as cache:
            known = known_releases(cache, options.work, current(options.site))
        left, shown = rollback(structs.replace(options.place, known=known))
    console.note(f"已從版本 {left.digest} 退回前一版 {shown.digest}：{options.site}/")
    if shown.digest not in known:
        console.say(_UNKNOWN[console.language].format(digest=shown.digest))
    return CLEAN


_UNKNOWN = {
    LANGUAGES[0]: "提醒：沒有以目前的金鑰留下的紀錄，無法確認版本 {digest} 是這裡建立的。"
    "請先看過網站；有疑慮時，請以 git revert 還原內容後執行 gongbao build。",
    LANGUAGES[1]: "Warning: nothing made with the key in use tells that release {digest} was "
    "built here. Look at the site; if in doubt, take the content back (git revert) and run "
    "gongbao build.",
}


COMMAND = Command(
    name="rollback",
    about="退回前一個發布的版本 (show the release before the current one)",
    run=_run,
    options=QUIET,
    rank=35,
)
