"""`gongbao audit`: a site against its own log, with no content at hand."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from generator.console.console import CLEAN, CONTENT, USAGE, Command, Console
from generator.console.working import AGAINST
from generator.job import Options
from generator.ledger.audit import audit
from generator.ledger.note import NoteFault


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    if not chosen.folder.is_dir():
        console.say(f"找不到資料夾「{chosen.folder}」。")
        return USAGE
    try:
        audited = audit(chosen.folder, chosen.keys, chosen.against)
    except (NoteFault, OSError):
        console.say(f"「{chosen.keys}」不是公開金鑰清單；格式同網站的 log/keys.txt。")
        return USAGE
    problems = sorted(audited.problems(), key=lambda problem: problem.order)
    console.report((), problems, chosen.folder)
    newest = audited.log.ledger.newest
    if newest:
        console.say(f"封存紀錄「{newest.origin}」：{newest.size} 則，截至 {newest.day}。")
    if chosen.keys is None:
        console.say("採信的是網站自己列出的金鑰；請以 --keys 指定從其他管道取得的金鑰。")
    stops = sum(problem.stops for problem in problems)
    console.say(f"已查驗 {len(audited.records)} 則：{stops} 處不符。")
    return CONTENT if stops or (options.strict and problems) else CLEAN


COMMAND = Command(
    name="audit",
    about="查驗網站與它的封存紀錄，不需要內容 (a site against its own log)",
    run=_run,
    options={
        "folder": {"type": Path, "help": "網站或封存資料夾 (site or log)"},
        "--keys": {"type": Path, "help": "採信的公開金鑰清單 (keys to trust)"},
        **AGAINST,
    },
    rank=45,
)
