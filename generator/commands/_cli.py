"""The command `gongbao`: arguments in, words and exit codes out.

The only module that knows the clock, the environment and standard output; what each command
does stands in `commands/`.
"""

from __future__ import annotations

import argparse
import gc
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from errno import EACCES, EDQUOT, EFBIG, EIO, EMFILE, ENOSPC, EPERM, EROFS
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import generator.commands
from generator.build.day_check import ClockRefused
from generator.build.options import Options
from generator.build.workers.dask_executor import ClusterRefused, Lack
from generator.build.workers.pool import Workers
from generator.commands._console import CONTENT, FAULT, USAGE, Command, Console
from generator.content.files import replaced_problem
from generator.content.messages import LANGUAGES
from generator.content.safe_open import Replaced
from generator.release.secret_key import SHORTEST, VARIABLE, KeyNotice, KeyTooShort, Secret
from generator.release.target import Outcome, PublishFailed, PublishRefused
from generator.text.dates import DateFault, parse_date

_REFUSED = {
    "site": "「{path}」已存在，且不是 gongbao 建立的連結；請移開它，或以 --site 指定別處。",
    "work": "「{path}」已有其他檔案，不能當作工作資料夾；請以 --work 指定空的或新的資料夾。",
    "work-owner": "工作資料夾「{path}」屬於別的使用者；請以該使用者的身分執行（不要用 sudo），"
    "或以 --work 指定自己的資料夾。",
    "work-open": "工作資料夾「{path}」任何人都能寫入，裡面的東西不可信；"
    "請刪除它（之後會自動重建），或以 --work 指定只有自己能寫入的資料夾。",
    "work-strange": "工作資料夾裡的「{path}」是連結、裝置，或不是 gongbao 會放的那種東西；"
    "請移除它，或以 --work 指定別的資料夾。沒有任何檔案變動。",
    "work-content": "工作資料夾「{path}」與內容資料夾重疊；請以 --work 指定別處。",
    "site-overlap": "網站資料夾「{path}」與內容或工作資料夾重疊；請以 --site 指定別處。",
    "site-foreign": "網站改為連結會刪去「{path}」；請先移開它，再執行一次。",
    "busy": "另一個 gongbao 正在使用工作資料夾「{path}」；請等它結束後再執行，網站沒有變動。",
    "rollback": "「{path}」沒有可以退回的版本：只保留了目前這一版（見 build 的 --keep）。",
    "exchange": "此磁碟無法把「{path}」在連結與複本之間直接切換，網站沒有變動；"
    "請先移開它，再執行一次。",
}
_REFUSED_EN = {
    "site": "“{path}” exists and is no link made by gongbao: move it away, or name another place "
    "with --site.",
    "work": "“{path}” holds other files and cannot be the work folder: name an empty or a new "
    "folder with --work.",
    "work-owner": "The work folder “{path}” belongs to another user: run as that user (without "
    "sudo), or name a folder of your own with --work.",
    "work-open": "Anybody can write to the work folder “{path}”, so nothing in it can be trusted: "
    "remove it (it is made again), or name with --work a folder that only you can write to.",
    "work-strange": "“{path}” in the work folder is a link, a device, or not of the sort that "
    "gongbao puts there: remove it, or name another folder with --work. Nothing was changed.",
    "work-content": "The work folder “{path}” and the content folder overlap: name another place "
    "with --work.",
    "site-overlap": "The site's folder “{path}” overlaps with the content or the work folder: "
    "name another place with --site.",
    "site-foreign": "To make the site a link would remove “{path}”: move it away and run again.",
    "busy": "Another gongbao is using the work folder “{path}”: run again when it has ended. The "
    "site was not changed.",
    "rollback": "“{path}” has no release to go back to: only this one was kept (see --keep of "
    "build).",
    "exchange": "This disk cannot exchange “{path}” between link and copies, and the site was not "
    "changed: move it away and run again.",
}
_KEY = {
    LANGUAGES[0]: {
        KeyNotice.NOWHERE: "找不到可以存放金鑰的設定資料夾（沒有家目錄），這次從頭建立網站，"
        "下次也一樣；若要沿用工作資料夾裡做過的部分，請設定環境變數 {variable}。",
        KeyNotice.UNWRITABLE: "金鑰無法存放在「{path}」，這次從頭建立網站，下次也一樣；"
        "請讓該處可以寫入且只有自己能讀取，或設定環境變數 {variable}。",
        KeyNotice.FOREIGN: "「{path}」不是自己的檔案或資料夾，或者是連結，裡面的金鑰不可信；"
        "這次從頭建立網站，下次也一樣。請移除它，或設定環境變數 {variable}。",
        KeyNotice.REPLACED: "「{path}」的金鑰別人也能讀取，或內容已損壞，已換成新的；"
        "這次從頭建立網站。",
        KeyNotice.STRANGE: "「{path}」不是以目前的金鑰做的，不採用；"
        "要在網站列出失效的連結，請再執行 gongbao links。",
    },
    LANGUAGES[1]: {
        KeyNotice.NOWHERE: "No configuration folder to keep a key in (no home), so the site is "
        "built from the start, next time too; to use again what the work folder holds, set "
        "{variable}.",
        KeyNotice.UNWRITABLE: "A key cannot be kept in “{path}”, so the site is built from the "
        "start, next time too: make that place writable and readable by you alone, or set "
        "{variable}.",
        KeyNotice.FOREIGN: "“{path}” is not your own, or is a link, and a key in it cannot be "
        "trusted; the site is built from the start, next time too. Remove it, or set {variable}.",
        KeyNotice.REPLACED: "Others could read the key in “{path}”, or it was damaged: a new one "
        "took its place, and the site is built from the start.",
        KeyNotice.STRANGE: "“{path}” was not made with the key in use and is passed over: to show "
        "dead links on the site, run gongbao links again.",
    },
}
_KEY_SHORT = {
    LANGUAGES[0]: "環境變數 {variable} 太短，容易被猜中：至少要有 {least} 個字，"
    "例如 openssl rand -hex 32 的輸出。",
    LANGUAGES[1]: "{variable} is too short and could be guessed: give it {least} characters at "
    "least, such as those that “openssl rand -hex 32” prints.",
}
_REASONS = {
    ENOSPC: ("磁碟空間已滿", "請清出空間，或以 --work 指定其他磁碟"),
    EDQUOT: ("已達磁碟使用額度", "請清出空間，或請管理者提高額度"),
    EFBIG: ("檔案超過系統允許的大小", "請請管理者放寬限制"),
    EROFS: ("磁碟是唯讀的", "請改為可寫入，或以 --work、--site 指定別處"),
    EACCES: ("沒有寫入的權限", "請調整權限，或以 --work、--site 指定別處"),
    EPERM: ("系統不允許這項操作", "請調整權限，或以 --work、--site 指定別處"),
    EIO: ("磁碟讀寫發生錯誤", "請檢查磁碟是否損壞"),
    EMFILE: ("同時開啟的檔案太多", "請關閉其他程式或放寬限制"),
}
_LACKS = {
    Lack.ADDRESS: "「{address}」不是可用的 --executor；請寫成 dask://主機:連接埠。",
    Lack.EXTRA: "要使用「{address}」，須先安裝 Dask：pip install 'gongbao[dask]'。",
    Lack.ANSWER: "「{address}」沒有回應，網站沒有變動；請確認排程器（dask scheduler）已啟動。",
    Lack.WORKERS: "「{address}」沒有工作程序，網站沒有變動；請先啟動 dask worker。",
    Lack.PROGRAM: "「{address}」的工作程序與這裡的 gongbao、Python 或套件版本不同，"
    "網站沒有變動；請在各處安裝相同的版本。",
    Lack.LOST: "與「{address}」的工作程序失去聯繫，原來的網站不變；"
    "請檢查叢集後再執行一次，或不加 --executor。",
}
_OUTCOMES = {
    Outcome.UNCHANGED: "原來的網站不變。{remedy}，然後再執行一次。",
    Outcome.PUBLISHED: "新版網站已經公開，只有收尾沒有完成。{remedy}；下次執行會自動補完。",
    Outcome.PARTLY: "網站只更新了一部分。{remedy}，然後再執行一次，即會補齊。",
}
_TAIPEI = timezone(timedelta(hours=8))
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT")


def run() -> NoReturn:
    """The program: one command, then its exit code and no more.

    What a run holds it holds to its end.  To look through it for garbage costs a fifth of a
    build, and to take it apart at the end a tenth.
    """
    gc.disable()
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # whoever listened has gone
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    typed = sys.argv[1:] if arguments is None else arguments
    chosen = _parsed(typed)
    console = _console(chosen)
    try:
        return _ran(chosen, console)
    except ClockRefused as early:
        console.report(early.problems)
    except (PublishRefused, KeyTooShort, ClusterRefused, PublishFailed) as refused:
        _say(_refusal(refused, chosen.lang))
    except KeyboardInterrupt:
        pass
    except Exception:  # noqa: BLE001 -- whatever is left is our own fault, and says so
        traceback.print_exc()
        _say("程式發生未預期的錯誤，這不是內容的問題；請把以上訊息回報給維護者。")
        return FAULT
    return USAGE


def _ran(chosen: argparse.Namespace, console: Console) -> int:
    command: Command = chosen.command
    try:
        return command.run(_options(chosen), chosen, console)
    except Replaced as replaced:
        console.report([replaced_problem(chosen.content, replaced.path)])
        return CONTENT


def _refusal(refused: Exception, language: str) -> str:
    """Why a command cannot work here, and what to do."""
    if isinstance(refused, PublishRefused):
        words = _REFUSED if language == LANGUAGES[0] else _REFUSED_EN
        return words[refused.detail].format(path=refused.path)
    if isinstance(refused, ClusterRefused):
        return _LACKS[refused.lack].format(address=refused.address)
    if isinstance(refused, PublishFailed):
        return _failure(refused)
    return _KEY_SHORT[language].format(variable=VARIABLE, least=SHORTEST)


@cache
def all_commands() -> tuple[Command, ...]:
    """Every command of the folder `commands/`, in the order in which help lists them."""
    found = (import_module(f"generator.commands.{name}").COMMAND for name in _modules())
    return tuple(sorted(found, key=lambda command: (command.rank, command.name)))


def _parsed(typed: Sequence[str]) -> argparse.Namespace:
    """The command and its options; names and options may stand in any order behind it."""
    command = _named(typed[0]) if typed else None
    if command is None:
        return _overview().parse_args(typed)
    parser = argparse.ArgumentParser(prog=f"gongbao {command.name}", description=command.about)
    _all_options(parser, command)
    # else an option between two names would end them: `new gazette --personal-data 106-001`
    return parser.parse_intermixed_args(typed[1:])


def _named(name: str) -> Command | None:
    """A command by its name: its own module alone is loaded, where it is called the same."""
    if name in _modules():
        found: Command = import_module(f"generator.commands.{name}").COMMAND
        return found
    return next((command for command in all_commands() if command.name == name), None)


def _modules() -> list[str]:
    """The modules of commands; those that begin with an underscore are what commands share."""
    names = (module.name for module in pkgutil.iter_modules(generator.commands.__path__))
    return [name for name in names if not name.startswith("_")]


def _overview() -> argparse.ArgumentParser:
    """What lists the commands, and says what is wrong with a name that none of them has."""
    parser = argparse.ArgumentParser(
        prog="gongbao", description="公報與公開報告的產生程式 (gazette and report publisher)"
    )
    parser.add_argument("--version", action=_Version, help="程式的版本 (the program's version)")
    chosen = parser.add_subparsers(required=True, metavar="command")
    for command in all_commands():
        _all_options(
            chosen.add_parser(command.name, help=command.about, description=command.about), command
        )
    return parser


class _Version(argparse.Action):
    """Prints the version; what is installed is looked up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, **others: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **others)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        print(f"gongbao {metadata.version('gongbao')}")
        parser.exit()


def _all_options(parser: argparse.ArgumentParser, command: Command) -> None:
    parser.set_defaults(command=command)
    _shared_options(parser)
    for flag, settings in command.options.items():
        parser.add_argument(flag, **settings)


def _shared_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--content", type=Path, default=Path("content"), help="內容資料夾 (default: %(default)s)")
    add("--work", type=Path, default=Path("build"), help="工作資料夾 (default: %(default)s)")
    add("--site", type=Path, default=Path("site"), help="網站連結 (default: %(default)s)")
    add("--record", type=Path, help="封存資料夾，預設為內容旁的 .record (ledger)")
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
        by_clock=chosen.as_of is None,
        draft=chosen.draft,
        strict=chosen.strict,
        strict_figures=getattr(chosen, "strict_figures", False),
        environment=passed,
        workers=Workers(_jobs(chosen)),
        secret=_secret(chosen.lang),
        record=chosen.record,
        against=getattr(chosen, "against", None),
    )


def _secret(language: str) -> Secret:
    """The key of the environment, else that in the user's configuration folder."""

    def tell(notice: KeyNotice, path: Path | None) -> None:
        _say(_KEY[language][notice].format(path=path, variable=VARIABLE))

    return Secret(os.environ.get(VARIABLE), _configuration(), tell)


def _configuration() -> Path | None:
    """Where a user's programs keep their settings, as freedesktop.org has it; None without a home.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if named.is_absolute():  # any other counts as unset
        return named
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ".config" if home.is_absolute() else None


def _jobs(chosen: argparse.Namespace) -> int:
    """How many processes work: for a command that lets one choose, every core unless chosen."""
    if "jobs" not in chosen:
        return 1
    return chosen.jobs or len(os.sched_getaffinity(0))


def _console(chosen: argparse.Namespace) -> Console:
    return Console(
        show=lambda text: print(text, flush=True),
        say=_say,
        note=_unsaid if getattr(chosen, "quiet", False) else _say,
        line=_rewrite if sys.stderr.isatty() and not getattr(chosen, "quiet", False) else None,
        clock=monotonic,
        style=chosen.format,
        language=chosen.lang,
        content=chosen.content,
        site=chosen.site,
    )


def _failure(failed: PublishFailed) -> str:
    """What the disk refused and why, what readers see now, and what to do."""
    fault = failed.fault
    unnamed = (f"系統回報「{os.strerror(fault.errno or 0)}」", "請排除這個狀況")
    reason, remedy = _REASONS.get(fault.errno or 0, unnamed)
    path = fault.filename2 or fault.filename
    where = f"「{os.fsdecode(path)}」" if path else "檔案"
    return f"無法寫入{where}：{reason}。{_OUTCOMES[failed.outcome].format(remedy=remedy)}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _unsaid(_: str) -> None:
    """What is said where quiet is wanted: nothing."""


def _rewrite(text: str) -> None:
    """A text in place of the terminal's last line."""
    print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
