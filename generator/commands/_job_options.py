"""Options of long-running commands (workers, progress, timings), and the numbers of options."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.build.options import Options
from generator.build.workers.dask_executor import workers_of
from generator.commands._command_lines import command_line
from generator.commands._console import Console
from generator.commands._progress_line import Display
from generator.content.messages import LANGUAGES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


_COUNT = re.compile("0*[1-9][0-9]{0,5}")
_LONGEST_WAIT = 3600.0


def whole_number(text: str) -> int:
    """A count from 1 to 999,999 from the command line; raises `ArgumentTypeError`."""
    if not _COUNT.fullmatch(text):
        raise ArgumentTypeError(command_line("wrong-count", LANGUAGES[1], value=text))
    return int(text)


def seconds(text: str) -> float:
    """A time to wait from the command line, above 0; raises `ArgumentTypeError`.

    It is an hour at most: a system's calls refuse a time that does not fit their clock.
    """
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not 0 < number <= _LONGEST_WAIT:
        raise ArgumentTypeError(command_line("wrong-seconds", LANGUAGES[1], value=text))
    return number


QUIET: Mapping[str, Mapping[str, Any]] = {
    "--quiet": {"action": "store_true"},
}
"""The option of commands that report what they have done."""
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
"""The options of commands that read and check the whole content."""
AGAINST: Mapping[str, Mapping[str, Any]] = {
    "--against": {
        "type": Path,
        "metavar": "FILE|FOLDER",
    }
}
"""The option of commands that check the ledger."""
PHRASE: Mapping[str, Mapping[str, Any]] = {
    "--phrase-file": {"type": Path},
}
"""The option of commands that read or write a private key."""


def private_key(path: Path, phrase: Path | None, console: Console) -> Ed25519PrivateKey | None:
    """The private key of a file; None after a message if there is none."""
    from generator.ledger.private_key import KeyFault, read_key, read_phrase  # noqa: PLC0415 -- loads `cryptography`

    try:
        return read_key(path, read_phrase(phrase))
    except KeyFault:
        console.tell("key-not", file=path)
    except OSError as fault:
        if fault.errno is None:  # not an error of the operating system
            raise
        console.tell("unreadable", file=fault.filename)
    return None


@contextmanager
def working(
    options: Options,
    chosen: Namespace,
    console: Console,
    note: Callable[[str], None] | None = None,
) -> Iterator[tuple[Options, Display]]:
    """The options with the chosen workers, and a display of the progress.

    `note` prints stages if there is no terminal.  Raises `ClusterRefused`.
    """
    with closing(Display(console.clock, note, console.line, console.language)) as display:
        if chosen.executor is None:
            yield options, display
        else:
            with workers_of(chosen.executor) as workers:
                yield replace(options, workers=workers), display
    if chosen.timings:
        for line in display.timings():
            console.say(line)
