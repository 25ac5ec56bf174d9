"""`gongbao import`: rows of another system as a content folder."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, FAULT, USAGE, Command, Console
from generator.commands._importer import IntakeRefused, read_rows, rejects_text, take_in, write_tree


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    kind = next(kind for kind in options.kinds if kind.intake)
    if kind.intake is None:
        return FAULT
    try:
        rows = read_rows(chosen.file, chosen.mapping)
        taken = take_in(rows, kind, kind.intake)
        text = rejects_text(taken.rejected, lambda problem: console.wording(problem).sentence)
        rejects = write_tree(chosen.into, taken.files, text)
    except IntakeRefused as refused:
        console.say(f"無法匯入：{refused}。須為 UTF-8 的 JSON Lines，或附 --mapping 的 CSV；")
        console.say("要建立的資料夾須是空的。")
        return USAGE
    console.say(f"讀取 {len(rows)} 筆：匯入 {taken.imported} 筆至 {chosen.into}/。")
    console.say(f"未匯入 {len(taken.rejected)} 筆，原因見 {rejects}。")
    return CONTENT if taken.rejected else CLEAN


COMMAND = Command(
    name="import",
    about="把其他系統的資料轉成內容資料夾 (rows of another system to content)",
    run=_run,
    options={
        "file": {"type": Path, "help": "JSON Lines 或 CSV 檔"},
        "--into": {"type": Path, "required": True, "help": "要建立的內容資料夾"},
        "--mapping": {"type": Path, "help": "CSV 欄位對照，YAML：欄位: CSV 欄名"},
    },
    rank=80,
)
