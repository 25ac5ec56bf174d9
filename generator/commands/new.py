"""`gongbao new`: a commented file for a new record, in the right place with the next number."""

from __future__ import annotations

import secrets
from argparse import Namespace

from msgspec import structs

from generator.build.examine import gather
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.output.plugins import all_kinds
from generator.site.kind import Kind, Site, Start, StartRefused
from generator.site.starter import starter_text, write_new

NONCE_BYTES = 16
_REFUSED = {
    "name": "請給檔名：小寫英文字母、數字與連字號，例如 hachioji-mayor。",
    "issue": "期別代碼寫法不符（號碼位數也須相同），例如 105-002 或 105-extra-001。",
    "section": "還沒有報告；請先建立，例如 gongbao new reports 2016-11-secretariat。",
    "report": "有不只一份報告，請寫明是哪一份，例如 gongbao new sections {choices}。",
    "correction": "找不到要更正的公報；請寫它的代碼，"
    "例如 gongbao new gazette --corrects 105-001-02。",
    "entry": "找不到這一期；請先建立，例如 gongbao new issues 106-001。",
}


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    gathered = gather(options)
    if gathered.site is None:
        console.report(gathered.problems)
        return CONTENT
    kind = next(kind for kind in options.kinds if kind.name == chosen.kind)
    try:
        start = _start(kind, gathered.site, chosen)
    except StartRefused as refused:
        console.say(_REFUSED[refused.wanted].format(choices="、".join(refused.choices)))
        return USAGE
    text = starter_text(kind, start, gathered.site.settings.choices)
    if not write_new(options.content, start.path, text):
        console.say(f"「{options.content / start.path}」已存在，未更動。")
        return USAGE
    console.show(str(options.content / start.path))
    return CLEAN


def _start(kind: Kind, site: Site, chosen: Namespace) -> Start:
    if kind.start is None:
        raise StartRefused("name")
    start = kind.start(site, chosen.name)
    known = dict(start.known)
    if chosen.corrects:
        if kind.correction is None:
            raise StartRefused("correction")
        known |= kind.correction(site, chosen.corrects)
    if chosen.personal_data:
        nonce = secrets.token_hex(NONCE_BYTES)
        known |= {"personal_data": "true", "nonce": nonce, "expires_on": ""}
    return structs.replace(start, known=known)


COMMAND = Command(
    name="new",
    about="建立新資料的檔案，附欄位說明 (a commented starter file)",
    run=_run,
    options={
        "kind": {
            "choices": [kind.name for kind in all_kinds() if kind.start],
            "help": "內容類型 (kind)",
        },
        "name": {
            "nargs": "?",
            "default": "",
            "help": "檔名或期別；公報可省略 (file name or issue)",
        },
        "--personal-data": {
            "action": "store_true",
            "help": "含個人資料，產生隨機值並列出下架日期 (adds a nonce)",
        },
        "--corrects": {
            "metavar": "ID",
            "help": "更正哪一則公報，填好關聯與雜湊值 (the entry that this one corrects)",
        },
    },
    rank=60,
)
