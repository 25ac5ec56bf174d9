"""`gongbao audit`: a site against its own log, with no content at hand."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from generator.build.audit import audit
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, FAULT, USAGE, Command, Console
from generator.commands._job_options import AGAINST
from generator.output.mkdocs.process import HostFailed
from generator.text.public_key import NoteFault

_SAID: Mapping[str, Mapping[str, str]] = {
    "zh-TW": {
        "folder": "找不到資料夾「{folder}」。",
        "keys": "「{keys}」不是公開金鑰清單；格式同網站的 log/keys.txt。",
        "unsigned": (
            "簽署擔保的只有：各則的紀錄（record.json）、證明、紀錄所列的附件，以及封存紀錄（log/）。\n"
            "其餘沒有人簽署：首頁、各期、清單、統計、報告與英文頁、訂閱、搜尋、資料檔、status.json、"
            "樣式與程式、_redirects、_headers，連檔案清單（manifest.sha256）也是；"
            "有人改了這些再改清單，查驗不出來。\n"
            "封存過的各則，其網頁逐字與本程式依紀錄寫出的比對。"
        ),
        "words": "網站自己的用詞沒有人簽署，以多數網頁所寫的為準：{words}。",
        "host": "MkDocs 無法寫出比對用的網頁，查驗沒有完成。",
        "log": "封存紀錄「{origin}」：{size} 則，截至 {day}。",
        "own_keys": "採信的是網站自己列出的金鑰；請以 --keys 指定從其他管道取得的金鑰。",
        "end": "已查驗 {records} 則：{stops} 處不符。",
    },
    "en": {
        "folder": "There is no folder {folder}.",
        "keys": "{keys} is no list of public keys; one looks like log/keys.txt of a site.",
        "unsigned": (
            "Signatures vouch for the records (record.json), their proofs, the attachments that "
            "records name, and the log (log/), and for nothing else.\n"
            "Nobody has signed the rest: the home page, issues, lists, statistics, reports, pages "
            "in English, feeds, search, data files, status.json, styles and scripts, _redirects, "
            "_headers, and the list of files itself (manifest.sha256); whoever changes these and "
            "the list is not found out here.\n"
            "The page of each sealed entry is compared, to the letter, with what this program "
            "writes of the records."
        ),
        "words": "Nobody has signed the site's own words; taken as most pages have them: {words}.",
        "host": "MkDocs could not write the pages to compare with; the audit is not complete.",
        "log": "The log of {origin}: {size} records, as of {day}.",
        "own_keys": "The keys trusted are those that the site lists itself; name keys that you "
        "have from elsewhere with --keys.",
        "end": "{records} records checked: {stops} offences.",
    },
}


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    said = _SAID[console.language]
    if not chosen.folder.is_dir():
        console.say(said["folder"].format(folder=chosen.folder))
        return USAGE
    try:
        audited = audit(chosen.folder, chosen.keys, chosen.against)
    except (NoteFault, OSError):
        console.say(said["keys"].format(keys=chosen.keys))
        return USAGE
    audited = replace(audited, plugins=options.plugins, environment=options.environment)
    console.say(said["unsigned"])
    try:
        problems = sorted(audited.problems(), key=lambda problem: problem.order)
    except HostFailed as failed:
        console.say(f"{failed}\n{said['host']}")
        return FAULT
    if words := "、".join(dict.fromkeys(audited.words)):
        console.say(said["words"].format(words=words))
    console.report((), problems, chosen.folder)
    newest = audited.log.ledger.newest
    if newest:
        values = {"origin": newest.origin, "size": newest.size, "day": newest.day}
        console.say(said["log"].format(**values))
    if chosen.keys is None:
        console.say(said["own_keys"])
    stops = sum(problem.stops for problem in problems)
    console.say(said["end"].format(records=len(audited.records), stops=stops))
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
