"""`gongbao sign`: signs the newest checkpoint, or a finished release, and prints the text."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.build.ledger_runs import LedgerRun, sign_ledger
from generator.build.options import Options
from generator.build.release_signing import sign_waiting
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._job_options import PHRASE, private_key
from generator.ledger.sealing import SealRefused
from generator.release.publish import publication

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    key = private_key(chosen.key, chosen.phrase_file, console)
    if key is None:
        return USAGE
    try:
        if chosen.release:
            return _sign_release(options, chosen.name, key, console)
        done = sign_ledger(options, chosen.name, key)
    except SealRefused as refused:
        console.tell(f"sign-{refused}")
        return USAGE
    if done.ledger is None:
        console.report(done.examined.problems)
        return CONTENT
    _tell(done, console)
    return CLEAN


def _sign_release(options: Options, name: str, key: Ed25519PrivateKey, console: Console) -> int:
    if not options.work.is_dir():
        raise SealRefused("release-nothing")
    with publication(options.place, options.content):
        signed = sign_waiting(options, name, key)
    console.show(signed.note.text.rstrip("\n"))
    console.tell("signed-release", day=signed.day.isoformat())
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
        "--release": {"action": "store_true"},
        **PHRASE,
    },
    rank=44,
)
