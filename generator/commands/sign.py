"""`gongbao sign`: signs the newest checkpoint and prints its text."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from generator.build.ledger_runs import LedgerRun, sign_ledger
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._job_options import PHRASE
from generator.ledger.private_key import KeyFault, read_key, read_phrase
from generator.ledger.sealing import SealRefused


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    try:
        key = read_key(chosen.key, read_phrase(chosen.phrase_file))
        done = sign_ledger(options, chosen.name, key)
    except SealRefused as refused:
        console.tell(f"sign-{refused}")
        return USAGE
    except KeyFault:
        console.tell("key-not", file=chosen.key)
        return USAGE
    except OSError as fault:
        if fault.errno is None:  # not an error of the operating system
            raise
        console.tell("unreadable", file=fault.filename)
        return USAGE
    if done.ledger is None:
        console.report(done.examined.problems)
        return CONTENT
    _tell(done, console)
    return CLEAN


def _tell(done: LedgerRun, console: Console) -> None:
    newest = done.ledger.newest if done.ledger else None
    if newest is None:
        return
    signed, needed = len(done.trust.signers(newest)), done.trust.needed(newest.size)
    console.show(newest.note.text.rstrip("\n"))
    console.tell("signed", signed=signed, needed=needed)


COMMAND = Command(
    name="sign",
    run=_run,
    options={
        "name": {},
        "--key": {"type": Path, "required": True},
        **PHRASE,
    },
    rank=44,
)
