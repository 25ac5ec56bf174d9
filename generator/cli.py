"""The command `gongbao`: arguments in, words and exit codes out.

The only module that knows the clock, the environment and standard output; what each command
does stands in `commands/`.
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib import import_module
from pathlib import Path

import generator.commands
from generator.console import FAULT, USAGE, Command, Console
from generator.dates import DateFault, parse_date
from generator.pipeline import Options
from generator.publish import PublishRefused
from generator.wording import LANGUAGES

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
        command: Command = chosen.command
        return command.run(_options(chosen), chosen, _console(chosen))
    except PublishRefused as refused:
        _say(_REFUSED[refused.detail].format(path=refused.path))
        return USAGE
    except KeyboardInterrupt:
        return USAGE
    except Exception:  # noqa: BLE001 -- whatever is left is our own fault, and says so
        traceback.print_exc()
        _say("程式發生未預期的錯誤，這不是內容的問題；請把以上訊息回報給維護者。")
        return FAULT


@cache
def all_commands() -> tuple[Command, ...]:
    """Every command of the folder `commands/`, in the order in which help lists them."""
    names = (module.name for module in pkgutil.iter_modules(generator.commands.__path__))
    found = (import_module(f"generator.commands.{name}").COMMAND for name in names)
    return tuple(sorted(found, key=lambda command: (command.rank, command.name)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gongbao", description="公報與公開報告的產生程式 (gazette and report publisher)"
    )
    chosen = parser.add_subparsers(required=True, metavar="command")
    for command in all_commands():
        added = chosen.add_parser(command.name, help=command.about, description=command.about)
        added.set_defaults(command=command)
        _shared_options(added)
        for flag, settings in command.options.items():
            added.add_argument(flag, **settings)
    return parser


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


def _console(chosen: argparse.Namespace) -> Console:
    return Console(
        show=lambda text: print(text, flush=True),
        say=_say,
        style=chosen.format,
        language=chosen.lang,
        content=chosen.content,
        site=chosen.site,
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
