"""`gongbao sign`: a person reads what the newest checkpoint says, and signs it."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from generator.build.ledger_runs import LedgerRun, sign_ledger
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._job_options import PHRASE
from generator.ledger.private_key import KeyFault, read_key, read_phrase
from generator.ledger.sealing import SealRefused

_REFUSED = {
    "off": "這個網站沒有開啟封存；請在 site.yaml 寫 record: on。",
    "nothing": "還沒有封存任何內容；請先執行 gongbao seal。",
    "stranger": "這把金鑰不在 site.yaml 的 sealing.keys 之中，或已停用；名稱也須相同。",
    "complete": "這個檢查點的簽署人數已足，不再接受簽署。",
    "damaged": "封存紀錄有誤，或上次封存沒有完成；請先執行 gongbao check。",
    "twice": "這把金鑰已經簽署過這個檢查點。",
    "false": "這個檢查點上有假的簽章，請以 git 還原 .record/。",
}


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    try:
        key = read_key(chosen.key, read_phrase(chosen.phrase_file))
        done = sign_ledger(options, chosen.name, key)
    except SealRefused as refused:
        console.say(_REFUSED[str(refused)])
        return USAGE
    except KeyFault:
        console.say(f"「{chosen.key}」不是 Ed25519 私鑰，或通行語不對。")
        return USAGE
    except OSError as fault:
        console.say(f"無法讀取「{fault.filename}」。")
        return USAGE
    if done.ledger is None:
        console.report(done.examined.problems)
        return CONTENT
    _tell(done, console)
    return CLEAN


def _tell(done: LedgerRun, console: Console) -> None:
    newest = done.ledger.newest if done.ledger else None
    if newest is None:
        return
    signed, needed = len(done.trust.signers(newest)), done.trust.needed(newest.size)
    console.show(newest.note.text.rstrip("\n"))
    console.say(f"以上文字已簽署（{signed}/{needed}）；請提交 .record/。")


COMMAND = Command(
    name="sign",
    about="簽署最新的檢查點 (sign the newest checkpoint)",
    run=_run,
    options={
        "name": {"help": "金鑰的名稱，與 site.yaml 所列相同 (the key's name)"},
        "--key": {"type": Path, "required": True, "help": "私鑰檔 (private key, PEM)"},
        **PHRASE,
    },
    rank=44,
)
