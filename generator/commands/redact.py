"""`gongbao redact`: a sealed record is hidden or removed by law, and the log says so."""

from __future__ import annotations

from argparse import Namespace

from generator.build.ledger_runs import copies_of, redact_record
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.content.model import Ref
from generator.ledger.sealing import SealRefused

_REFUSED = {
    "off": "這個網站沒有開啟封存，直接修改即可。",
    "branch": "只能在 site.yaml 的 sealing.branch 所指的分支進行；請先切換並合併。",
    "unsealed": "這一則沒有封存，直接修改即可。",
    "unchanged": "內容沒有改變；請先在檔案中遮蔽或移除，再執行一次。",
    "day": "截至日早於上次封存的日期；封存紀錄只能往後進行。",
}


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    kind, _, record_id = chosen.named.partition(":")
    if not record_id or not chosen.ground.strip():
        console.say("請寫「內容類型:代碼」與法律依據，例如 gongbao redact gazette:105-001-03 …。")
        return USAGE
    try:
        done = redact_record(options, Ref(kind, record_id), chosen.ground, chosen.address)
    except SealRefused as refused:
        console.say(_REFUSED[str(refused)])
        return USAGE
    if done.ledger is None:
        console.report(done.examined.problems)
        console.close(done.examined, options)
        return CONTENT
    told = done.ledger.redactions[len(done.ledger.leaves) - 1]
    console.say(
        f"已記錄 {told.name}（號碼 {told.number}）的遮蔽；請簽署、提交 .record/，再重建網站。"
    )
    console.say("下列各處可能仍有原文，請逐一清除：")
    for path in copies_of(options, told.address):
        console.show(path.as_posix())
    for place in _ELSEWHERE:
        console.show(place.format(address=told.address))
    return CLEAN


_ELSEWHERE = (
    "網站主機與 CDN 的快取：{address} 之下的全部檔案",
    "搜尋索引：網站的 search/（重建後，以 gongbao build --keep 1 清除舊分段）",
    "訂閱：網站的 feeds/，以及已抓取的閱讀器",
    "git 歷史：以 git filter-repo 從全部分支移除原檔，並請各處重新複製",
    "備份、預覽網站與外部的網頁典藏",
)
COMMAND = Command(
    name="redact",
    about="依法遮蔽或移除已封存的內容，並留下紀錄 (a redaction that the log tells of)",
    run=_run,
    options={
        "named": {"help": "內容類型:代碼，例如 gazette:105-001-03"},
        "--ground": {"required": True, "help": "法律依據，會公開 (legal ground, public)"},
        "--address": {"default": "", "help": "網頁位置，檔案已刪且找不到時才需要 (address)"},
    },
    rank=42,
)
