"""The command `gongbao`: arguments in, words and exit codes out.

The only module that knows the clock, the environment and standard output.
Exit codes: 0 clean or warnings only, 1 content problems, 2 wrong use, 3 our own fault.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from generator.dates import DateFault, parse_date
from generator.intake import IntakeRefused, read_rows, rejects_text, take_in, write_tree
from generator.model import Problem
from generator.pipeline import Built, Examined, Options, all_kinds, build, examine, verify_site
from generator.publish import PublishRefused
from generator.serve import LOOPBACK, server
from generator.source import line_of, read_bytes
from generator.sources import Numeral, numerals_of
from generator.wording import LANGUAGES, as_github, as_json, as_text, summary, worded

CLEAN, CONTENT, USAGE, FAULT = 0, 1, 2, 3
_REFUSED = {
    "site": "「{path}」已存在，且不是 gongbao 建立的連結；請移開它，或以 --site 指定別處。",
    "work": "「{path}」已有其他檔案，不能當作工作資料夾；請以 --work 指定空的或新的資料夾。",
    "work-content": "工作資料夾「{path}」與內容資料夾重疊；請以 --work 指定別處。",
}
_TAIPEI = timezone(timedelta(hours=8))
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    chosen = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = chosen.run
        return command(chosen)
    except PublishRefused as refused:
        _say(_REFUSED[refused.detail].format(path=refused.path))
        return USAGE
    except KeyboardInterrupt:
        return USAGE
    except Exception:  # noqa: BLE001 -- whatever is left is our own fault, and says so
        traceback.print_exc()
        _say("程式發生未預期的錯誤，這不是內容的問題；請把以上訊息回報給維護者。")
        return FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gongbao", description="公報與公開報告的產生程式 (gazette and report publisher)"
    )
    chosen = parser.add_subparsers(required=True, metavar="command")
    for name, (run, about) in _COMMANDS.items():
        command = chosen.add_parser(name, help=about, description=about)
        command.set_defaults(run=run)
        _shared_options(command)
        for flag, settings in _OWN_OPTIONS.get(name, {}).items():
            command.add_argument(flag, **settings)
    return parser


def commands() -> tuple[str, ...]:
    """The names of all commands."""
    return tuple(_COMMANDS)


def _shared_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--content", type=Path, default=Path("content"), help="內容資料夾 (default: %(default)s)")
    add("--work", type=Path, default=Path("build"), help="工作資料夾 (default: %(default)s)")
    add("--site", type=Path, default=Path("site"), help="網站連結 (default: %(default)s)")
    add("--as-of", type=_day, help="網站所述的日期，預設為臺北今日 (default: today in Taipei)")
    add("--draft", action="store_true", help="一併顯示尚未到發布日的內容 (show embargoed records)")
    add("--format", choices=("text", "json", "github"), default="text", help="訊息格式")
    add("--lang", choices=LANGUAGES, default=LANGUAGES[0], help="訊息語言")
    add("--strict", action="store_true", help="有提醒也視為失敗 (warnings count)")


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except DateFault:
        raise argparse.ArgumentTypeError(
            f"不是日期：{text}（例如 2016-05-06 或 105-05-06）"
        ) from None


def _options(chosen: argparse.Namespace) -> Options:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return Options(
        content=chosen.content,
        work=chosen.work,
        site=chosen.site,
        as_of=chosen.as_of or datetime.now(_TAIPEI).date(),
        draft=chosen.draft,
        strict=chosen.strict,
        environment=passed,
    )


def _check(chosen: argparse.Namespace) -> int:
    examined = examine(_options(chosen))
    _report(examined.problems, chosen)
    return _close(examined, chosen)


def _build(chosen: argparse.Namespace) -> int:
    built = build(_options(chosen), lambda stage: _say(_STAGES[stage]))
    _report(built.examined.problems, chosen, built.faults)
    code = _close(built.examined, chosen)
    if built.release:
        _say(f"已建立 {built.pages} 頁（{built.changed} 個檔案有變動）：{chosen.site}/")
        _say("瀏覽：gongbao serve，再開啟 http://127.0.0.1:8000/")
    elif code == CLEAN:
        return _say_failed(built)
    return code


_STAGES = {
    "write": "檢查完成，寫入頁面…",
    "host": "產生網頁…",
    "verify": "核對網頁…",
}


def _say_failed(built: Built) -> int:
    if built.host:
        _say(built.host.output)
        _say("MkDocs 無法完成網站，原來的網站不變。")
    else:
        _say(f"網頁核對有 {len(built.faults)} 處不符，原來的網站不變。")
    return FAULT


def _verify(chosen: argparse.Namespace) -> int:
    if not chosen.site.is_dir():
        _say(f"找不到網站「{chosen.site}」，請先執行 gongbao build。")
        return USAGE
    built = verify_site(_options(chosen))
    if built.examined.site is None:
        _report(built.examined.problems, chosen)
        return _close(built.examined, chosen)
    _report((), chosen, built.faults)
    _say(f"已核對 {built.pages} 頁：{len(built.faults)} 處不符。")
    return CONTENT if built.faults else CLEAN


def _serve(chosen: argparse.Namespace) -> int:
    if not chosen.site.is_dir():
        code = _build(chosen)
        if not chosen.site.is_dir():
            return code
    try:
        running = server(chosen.site, chosen.port)
    except (OSError, OverflowError) as fault:
        _say(f"無法使用連接埠 {chosen.port}（{fault}）；請以 --port 指定別的連接埠。")
        return USAGE
    with running:
        _say(f"http://{LOOPBACK}:{running.server_port}/ （按 Ctrl-C 結束）")
        running.serve_forever()
    return CLEAN


def _sources(chosen: argparse.Namespace) -> int:
    examined = examine(_options(chosen))
    if examined.site is None:
        _report(examined.problems, chosen)
        return _close(examined, chosen)
    try:
        text = read_bytes(chosen.file).decode()
    except (OSError, UnicodeDecodeError):
        _say(f"無法讀取「{chosen.file}」；須為 UTF-8 文字檔。")
        return USAGE
    found = numerals_of(text, examined.site)
    for numeral in found:
        place = f"{chosen.file}:{numeral.line}:{numeral.column}"
        held = numeral.holder or ("—" if numeral.forgotten else "")
        print("\t".join((place, numeral.text, numeral.what, held, numeral.context)))
    return _close_sources(found)


def _import(chosen: argparse.Namespace) -> int:
    kind = next(kind for kind in all_kinds() if kind.intake)
    if kind.intake is None:
        return FAULT
    try:
        rows = read_rows(chosen.file, chosen.mapping)
        taken = take_in(rows, kind, kind.intake)
        text = rejects_text(taken.rejected, lambda p: worded(p, chosen.lang).sentence)
        rejects = write_tree(chosen.into, taken.files, text)
    except IntakeRefused as refused:
        _say(f"無法匯入：{refused}。須為 UTF-8 的 JSON Lines，或附 --mapping 的 CSV；")
        _say("要建立的資料夾須是空的。")
        return USAGE
    _say(f"讀取 {len(rows)} 筆：匯入 {taken.imported} 筆至 {chosen.into}/。")
    _say(f"未匯入 {len(taken.rejected)} 筆，原因見 {rejects}。")
    return CONTENT if taken.rejected else CLEAN


def _close_sources(found: Sequence[Numeral]) -> int:
    counts = Counter(numeral.what.value for numeral in found)
    forgotten = sum(numeral.forgotten for numeral in found)
    listed = "、".join(f"{what} {count}" for what, count in sorted(counts.items()))
    _say(f"共 {len(found)} 個數字（{listed}）：{forgotten} 個數值沒有欄位記載。")
    return CONTENT if forgotten else CLEAN


def _close(examined: Examined, chosen: argparse.Namespace) -> int:
    warnings = len(examined.problems) - examined.errors
    _say(summary(examined.errors, warnings, examined.records, chosen.lang))
    failed = examined.errors or (chosen.strict and warnings)
    return CONTENT if failed else CLEAN


def _report(
    problems: Sequence[Problem], chosen: argparse.Namespace, faults: Sequence[Problem] = ()
) -> None:
    """Prints problems of the content and faults of the site in the style asked for."""
    placed = [(problem, chosen.content.as_posix()) for problem in problems]
    placed += [(fault, chosen.site.as_posix()) for fault in faults]
    if chosen.format == "json":
        print(as_json(placed, chosen.lang))
    for problem, folder in placed if chosen.format != "json" else ():
        if chosen.format == "github":
            print(as_github(problem, folder, chosen.lang))
        else:
            print(as_text(problem, folder, lambda *at: line_of(chosen.content, *at), chosen.lang))
            print()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


_COMMANDS: Mapping[str, tuple[Callable[[argparse.Namespace], int], str]] = {
    "check": (_check, "檢查內容，不寫入任何檔案 (check the content)"),
    "build": (_build, "檢查並建立網站 (check, then build the site)"),
    "verify": (_verify, "核對網站與內容是否一致 (compare site and content)"),
    "serve": (_serve, "在本機瀏覽網站 (serve the built site)"),
    "import": (_import, "把其他系統的資料轉成內容資料夾 (rows of another system to content)"),
    "sources": (_sources, "列出來源文字的每個數字與所在欄位 (where each numeral of a text went)"),
}
_OWN_OPTIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "serve": {"--port": {"type": int, "default": 8000, "help": "連接埠 (default: %(default)s)"}},
    "import": {
        "file": {"type": Path, "help": "JSON Lines 或 CSV 檔"},
        "--into": {"type": Path, "required": True, "help": "要建立的內容資料夾"},
        "--mapping": {"type": Path, "help": "CSV 欄位對照，YAML：欄位: CSV 欄名"},
    },
    "sources": {"file": {"type": Path, "help": "來源文字檔，UTF-8 (source text)"}},
}
