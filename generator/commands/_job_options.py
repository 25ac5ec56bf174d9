"""The options of commands that take their time: how many work, where, and what is told of it."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.build.options import Options
from generator.build.workers.dask_executor import workers_of
from generator.commands._console import Console
from generator.commands._progress_line import Display, shown


def whole_number(text: str) -> int:
    """A count from the command line, 1 or more; raises `ArgumentTypeError`."""
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise ArgumentTypeError(f"須為 1 以上的整數：{text}")
    return int(text)


QUIET: Mapping[str, Mapping[str, Any]] = {
    "--quiet": {"action": "store_true", "help": "只說問題與錯誤 (problems and errors only)"},
}
"""The option of commands that say what they have done."""
WORKING: Mapping[str, Mapping[str, Any]] = {
    "--jobs": {
        "type": whole_number,
        "metavar": "N",
        "help": "同時工作的程序數，預設為處理器核心數 (processes, default: all cores)",
    },
    "--executor": {
        "metavar": "dask://HOST:PORT",
        "help": "改由 Dask 叢集工作，須安裝 gongbao[dask] (run on a Dask cluster)",
    },
    **QUIET,
    "--strict-figures": {
        "action": "store_true",
        "help": "內文的數值未引用統計即為錯誤 (a figure that cites nothing is an error)",
    },
    "--timings": {"action": "store_true", "help": "最後列出各階段的秒數 (seconds by stage)"},
}
"""The options, for the commands that have them."""
AGAINST: Mapping[str, Mapping[str, Any]] = {
    "--against": {
        "type": Path,
        "metavar": "FILE|FOLDER",
        "help": "與外部保存的檢查點比對：檔案、網站或封存資料夾 (compare with a kept checkpoint)",
    }
}
"""The option of commands that look at the ledger."""
PHRASE: Mapping[str, Mapping[str, Any]] = {
    "--phrase-file": {"type": Path, "help": "存放通行語的檔案 (file with the key's phrase)"},
}
"""The option of commands that open a private key."""


@contextmanager
def working(
    options: Options,
    chosen: Namespace,
    console: Console,
    note: Callable[[str], None] | None = None,
) -> Iterator[tuple[Options, Display]]:
    """The options with the workers asked for, and a display of how far they have come.

    `note` tells of stages where there is no terminal.  Raises `ClusterRefused`.
    """
    with shown(Display(console.clock, note, console.line)) as display:
        if chosen.executor is None:
            yield options, display
        else:
            with workers_of(chosen.executor) as workers:
                yield replace(options, workers=workers), display
    if chosen.timings:
        for line in display.timings():
            console.say(line)
