"""`gongbao seal`: what is published is entered into the ledger, for good, and remembered."""

from __future__ import annotations

from argparse import Namespace

from generator.build.history import EARLIER
from generator.build.ledger_runs import LedgerRun, seal_site
from generator.build.options import Options
from generator.commands._console import CONTENT, USAGE, Command, Console
from generator.commands._job_options import AGAINST, WORKING, working
from generator.content.published_memory import MEMORY
from generator.ledger.sealing import SealRefused

SEAL_REFUSED = {
    "branch": "只能在 site.yaml 的 sealing.branch 所指的分支封存；請先切換並合併。",
    "day": "截至日早於上次封存的日期；封存只能往後進行。",
}


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    reason = " ".join((chosen.backfill or "").split())
    if chosen.backfill is not None and not reason:
        console.say("請寫出補登的理由，例如 --backfill 匯入民國104年以前的公報。")
        return USAGE
    try:
        with working(options, chosen, console, console.note) as (held, display):
            done = seal_site(held, reason, display.stage, display.count)
    except SealRefused as refused:
        console.say(SEAL_REFUSED[str(refused)])
        return USAGE
    console.report(done.examined.problems)
    code = console.close(done.examined, options)
    if done.ledger is None:
        console.say("內容有問題，沒有封存任何一則。")
        return CONTENT
    _tell(done, console)
    return code


def _tell(done: LedgerRun, console: Console) -> None:
    if done.taken:
        console.say(f"已接收工作資料夾 {EARLIER} 記下的 {done.taken} 筆，此後改以 .record/ 為準。")
    if done.written and done.ledger is not None:
        for record in done.added:
            console.show(str(record.ref))
        total = len(done.ledger.leaves)
        console.say(f"已封存 {len(done.added)} 則，封存紀錄共 {total} 則；請以 gongbao sign 簽署。")
    if done.examined.site and not done.examined.site.settings.sealed:
        console.say("這個網站沒有開啟封存（site.yaml 的 record: on），只登錄已公布的內容。")
    if done.memory:
        console.say(f"已登錄 {len(done.remembered)} 筆公布的資料（.record/{MEMORY}/）。")
    if done.written or done.memory:
        console.say("請把 .record/ 提交到 git。")
    else:
        console.say("沒有新的內容可封存。")


COMMAND = Command(
    name="seal",
    about="封存、登錄已公布的內容 (seal and remember what is published)",
    run=_run,
    options={
        **WORKING,
        **AGAINST,
        "--backfill": {
            "metavar": "REASON",
            "help": "補登較早的內容，理由會公開 (older records, with a public reason)",
        },
    },
    rank=40,
)
