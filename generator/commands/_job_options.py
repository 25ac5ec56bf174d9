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
from generator.commands._command_lines import command_line
from generator.commands._console import Console
from generator.commands._progress_line import Display, shown
from generator.content.messages import LANGUAGES


def whole_number(text: str) -> int:
    """A count from the command line, 1 or more; raises `ArgumentTypeError`."""
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise ArgumentTypeError(command_line("wrong-count", LANGUAGES[1], value=text))
    return int(text)


QUIET: Mapping[str, Mapping[str, Any]] = {
    "--quiet": {"action": "store_true"},
}
"""The option of commands that say what they have done."""
WORKING: Mapping[str, Mapping[str, Any]] = {
    "--jobs": {
        "type": whole_number,
        "metavar": "N",
    },
    "--executor": {
        "metavar": "dask://HOST:PORT",
    },
    **QUIET,
    "--strict-figures": {
        "action": "store_true",
    },
    "--timings": {"action": "store_true"},
}
"""The options, for the commands that have them."""
AGAINST: Mapping[str, Mapping[str, Any]] = {
    "--against": {
        "type": Path,
        "metavar": "FILE|FOLDER",
    }
}
"""The option of commands that look at the ledger."""
PHRASE: Mapping[str, Mapping[str, Any]] = {
    "--phrase-file": {"type": Path},
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
    with shown(Display(console.clock, note, console.line, console.language)) as display:
        if chosen.executor is None:
            yield options, display
        else:
            with workers_of(chosen.executor) as workers:
                yield replace(options, workers=workers), display
    if chosen.timings:
        for line in display.timings():
            console.say(line)
