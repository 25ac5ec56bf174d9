"""The command `gongbao`: parses the arguments, runs one command, returns its exit code.

Only this module uses the clock, the environment and standard output; everything else gets them as
values.  The other modules of this folder define what each command does.
"""

from __future__ import annotations

import argparse
import gc
import os
import pkgutil
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from errno import errorcode
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import generator.commands
from generator import PROGRAM
from generator.build.day_check import ClockRefused
from generator.build.options import Options
from generator.build.workers.dask_executor import ClusterRefused
from generator.build.workers.executor import Executor
from generator.commands._command_lines import command_line, command_lines, help_line
from generator.commands._console import CONTENT, FAULT, USAGE, Command, Console
from generator.commands._usage import Parser, language_of
from generator.content.files import replaced_problem
from generator.content.messages import LANGUAGES
from generator.content.safe_open import Replaced
from generator.output.mkdocs.host_settings import ThemeRefused
from generator.release.secret_key import SHORTEST, VARIABLE, KeyNotice, KeyTooShort, Secret
from generator.release.target import PublishFailed, PublishRefused
from generator.text.dates import TAIPEI, DateFault, parse_date
from generator.text.missing_word import MissingWord

DAY_VARIABLE = "GONGBAO_AS_OF"
"""The environment variable that names the day where MkDocs is the door."""
MAIL_VARIABLES = ("GONGBAO_SMTP_USER", "GONGBAO_SMTP_PASSWORD")
"""The environment variables with the login at a mail server."""


class DayRefused(ValueError):  # noqa: N818 -- carries what was named as a day
    """What the environment names as the day is no date."""


REFUSALS = (
    PublishRefused,
    KeyTooShort,
    ClusterRefused,
    PublishFailed,
    MissingWord,
    ThemeRefused,
)
"""What stops a command that cannot work here; `refusal` words them."""


def run() -> NoReturn:
    """The program: runs one command and exits with its code.

    A run needs its objects until the end, so garbage collection is off (it takes a fifth of a
    build), and the process exits without destroying them (that takes a tenth).
    """
    gc.disable()
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # the reader of a pipe may have gone
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    typed = sys.argv[1:] if arguments is None else arguments
    chosen = _parsed(typed, language_of(typed))
    console = _console(chosen)
    try:
        return _ran(chosen, console)
    except ClockRefused as early:
        console.report(early.problems)
    except REFUSALS as refused:
        _say(refusal(refused, console))
    except KeyboardInterrupt:
        pass
    except Exception:  # noqa: BLE001 -- any other exception is a bug of the program, and the message says so
        traceback.print_exc()
        console.tell("bug")
        return FAULT
    return USAGE


def _ran(chosen: argparse.Namespace, console: Console) -> int:
    """Runs the command; a content file that changed since it was read is a problem."""
    command: Command = chosen.command
    try:
        return command.run(_options(chosen), chosen, console)
    except Replaced as replaced:
        console.report([replaced_problem(chosen.content, replaced.path)])
        return CONTENT


def refusal(refused: Exception, console: Console) -> str:
    """The message for a command that cannot work here: the reason, and what to do."""
    if isinstance(refused, PublishRefused):
        return console.words(f"refused-{refused.detail}", path=refused.path)
    if isinstance(refused, ClusterRefused):
        return console.words(f"cluster-{refused.lack}", address=refused.address)
    if isinstance(refused, MissingWord):
        word, asker, file = refused.word, _shown(refused.asker), _shown(refused.file)
        return console.words("word-missing", word=word, asker=asker, file=file)
    if isinstance(refused, PublishFailed):
        return _failure(refused, console)
    if isinstance(refused, ThemeRefused):
        return console.words("theme-refused", fault=refused)
    return console.words("key-short", variable=VARIABLE, least=SHORTEST)


@cache
def all_commands() -> tuple[Command, ...]:
    """Every command of the folder `commands/`, in the order in which the help lists them."""
    commands = (import_module(f"generator.commands.{name}").COMMAND for name in _modules())
    return tuple(sorted(commands, key=lambda command: (command.rank, command.name)))


def _parsed(typed: Sequence[str], language: str) -> argparse.Namespace:
    """The command and its options; after the command, names and options come in any order."""
    command = _named(typed[0]) if typed else None
    if command is None:
        return _overview(language).parse_args(typed)
    about = command_line(f"about-{command.name}", language)
    parser = Parser(prog=f"gongbao {command.name}", description=about, language=language)
    _all_options(parser, command)
    parser.keep_usage()
    # else an option between two names would end the names: `new gazette --personal-data 106-001`
    return parser.parse_intermixed_args(typed[1:])


def _named(name: str) -> Command | None:
    """A command by its name; only its own module is imported if that has the same name."""
    if name in _modules():
        command: Command = import_module(f"generator.commands.{name}").COMMAND
        return command
    return next((command for command in all_commands() if command.name == name), None)


def _modules() -> list[str]:
    """The modules of commands; a leading underscore marks modules that commands share."""
    names = (module.name for module in pkgutil.iter_modules(generator.commands.__path__))
    return [name for name in names if not name.startswith("_")]


def _overview(language: str) -> Parser:
    """The parser that lists all commands and rejects an unknown command name."""
    parser = Parser(prog="gongbao", description=command_line("about", language), language=language)
    parser.add("--version", {"action": _Version}, help_line("", "--version", language))
    parser.add("--lang", _lang(language), help_line("", "--lang", language))
    title = command_line("positionals", language)
    chosen = parser.add_subparsers(title=title, required=True, metavar="command")
    for command in all_commands():
        about = command_line(f"about-{command.name}", language)
        added = chosen.add_parser(command.name, help=about, description=about, language=language)
        _all_options(added, command)
    return parser


class _Version(argparse.Action):
    """Prints the version, which is looked up only on request."""

    def __init__(self, option_strings: Sequence[str], dest: str, **others: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **others)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        print(f"gongbao {metadata.version('gongbao')}")
        parser.exit()


def _all_options(parser: Parser, command: Command) -> None:
    parser.set_defaults(command=command)
    for name, settings in {**_SHARED, "--lang": _lang(parser.language), **command.options}.items():
        parser.add(name, settings, help_line(command.name, name, parser.language))


def _lang(language: str) -> Mapping[str, Any]:
    """The language option; a value given before the command's name is the default after it."""
    return {"choices": LANGUAGES, "default": language}


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except DateFault:
        wrong = command_line("wrong-day", LANGUAGES[1], value=text)
        raise argparse.ArgumentTypeError(wrong) from None


_SHARED: Mapping[str, Mapping[str, Any]] = {
    "--content": {"type": Path, "default": Path("content")},
    "--work": {"type": Path, "default": Path("build")},
    "--site": {"type": Path, "default": Path("site")},
    "--record": {"type": Path},
    "--as-of": {"type": _day},
    "--draft": {"action": "store_true"},
    "--format": {"choices": ("text", "json", "github"), "default": "text"},
    "--strict": {"action": "store_true"},
}
"""The options of every command, apart from the language."""


def _options(chosen: argparse.Namespace) -> Options:
    return Options(
        content=chosen.content,
        work=chosen.work,
        site=chosen.site,
        as_of=chosen.as_of or _today(),
        by_clock=chosen.as_of is None,
        draft=chosen.draft,
        strict=chosen.strict,
        strict_figures=getattr(chosen, "strict_figures", False),
        workers=Executor(_jobs(chosen)),
        secret=_secret(chosen.lang),
        record=chosen.record,
        against=getattr(chosen, "against", None),
    )


def _today() -> date:
    return datetime.now(TAIPEI).date()


def options_in_host(content: Path, language: str, *, draft: bool) -> Options:
    """The options where MkDocs is the door: folders beside the content, the day from the variable.

    Raises `DayRefused`.
    """
    named, root = os.environ.get(DAY_VARIABLE), content.parent
    try:
        day = parse_date(named) if named else _today()
    except DateFault:
        raise DayRefused(named) from None
    return Options(
        content=content,
        work=root / "build",
        site=root / "site",
        as_of=day,
        by_clock=not named,
        draft=draft,
        secret=_secret(language),
    )


def console_in_host(content: Path, language: str, note: Callable[[str], None]) -> Console:
    """The output where MkDocs is the door, which writes to the standard error stream alone."""
    return Console(
        show=_say,
        say=_say,
        note=note,
        line=None,
        clock=monotonic,
        style="text",
        language=language,
        content=content,
        site=content.parent / "site",
    )


def _secret(language: str) -> Secret:
    """The secret key from the environment, or else from the user's configuration folder."""

    def tell(notice: KeyNotice, path: Path | None) -> None:
        _say(command_line(f"key-{notice}", language, path=path, variable=VARIABLE))

    # a CI sets a secret that it does not have to nothing
    return Secret(os.environ.get(VARIABLE) or None, _configuration(), tell)


def _configuration() -> Path | None:
    """The user's configuration folder as freedesktop.org defines it; None without a home.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if named.is_absolute():  # the specification ignores a relative path
        return named
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ".config" if home.is_absolute() else None


def _jobs(chosen: argparse.Namespace) -> int:
    """The number of processes: every core by default, but 1 for a command without `--jobs`."""
    if "jobs" not in chosen:
        return 1
    if hasattr(os, "sched_getaffinity"):  # not everywhere; it knows of cores that others have
        return chosen.jobs or len(os.sched_getaffinity(0))
    return chosen.jobs or os.cpu_count() or 1


def _console(chosen: argparse.Namespace) -> Console:
    return Console(
        show=lambda text: print(text, flush=True),
        say=_say,
        note=_unsaid if getattr(chosen, "quiet", False) else _say,
        line=_rewrite if _rewrites() and not getattr(chosen, "quiet", False) else None,
        clock=monotonic,
        ask=_ask if sys.stdin.isatty() and sys.stderr.isatty() else None,
        style=chosen.format,
        language=chosen.lang,
        content=chosen.content,
        site=chosen.site,
        login=_login,
    )


def _login() -> tuple[str, str]:
    """Name and password for a mail server, which no list of processes shows."""
    name, password = (os.environ.get(variable, "") for variable in MAIL_VARIABLES)
    return name, password


def _failure(failed: PublishFailed, console: Console) -> str:
    """The message for a failed publication: what failed and why, what readers see, what to do."""
    fault, words = failed.fault, console.words
    number = fault.errno or 0
    name = f"disk-{errorcode.get(number, '')}"
    if name not in command_lines(console.language):
        name = "disk-other"
    reason, remedy = words(name, said=os.strerror(number)), words(f"{name}-remedy")
    outcome = words(f"outcome-{failed.outcome.value}", remedy=remedy)
    path = fault.filename2 or fault.filename
    if path:
        return words("disk-failed", path=os.fsdecode(path), reason=reason, outcome=outcome)
    return words("disk-failed-unnamed", reason=reason, outcome=outcome)


def _shown(path: Path | str) -> str:
    """A file of the program as its maintainers name it."""
    return Path(path).as_posix().removeprefix(f"{PROGRAM.parent.as_posix()}/")


def _ask(prompt: str) -> str:
    """What is typed after a prompt; the end of input ends the command like Ctrl-C."""
    try:
        return input(prompt)
    except EOFError:
        raise KeyboardInterrupt from None


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _unsaid(_: str) -> None:
    """Prints nothing, for `--quiet`."""


def _rewrites() -> bool:
    """Whether the output is a terminal that clears a line; Windows' older consoles do not."""
    named = any(name in os.environ for name in ("WT_SESSION", "ANSICON", "TERM"))
    return sys.stderr.isatty() and (os.name != "nt" or named)


def _rewrite(text: str) -> None:
    """Rewrites the terminal's last line."""
    print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
