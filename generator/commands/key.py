"""`gongbao key`: `new` makes a key pair and prints the public half; `show` prints it again."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from generator.build.options import Options
from generator.commands._console import CLEAN, USAGE, Command, Console
from generator.commands._job_options import PHRASE
from generator.ledger.private_key import KeyFault, read_key, read_phrase, write_key
from generator.ledger.signed_note import verifier_of
from generator.text.public_key import NoteFault


def _run(_: Options, chosen: Namespace, console: Console) -> int:
    try:
        return _ACTIONS[chosen.what](chosen, console)
    except NoteFault:
        console.tell("key-name")
    except KeyFault:
        console.tell("key-not", file=chosen.file)
    except FileExistsError:
        console.tell("file-exists", file=chosen.file)
    except OSError as fault:
        if fault.errno is None:  # not an error of the operating system
            raise
        console.tell("key-file", file=fault.filename)
    return USAGE


def _new(chosen: Namespace, console: Console) -> int:
    key = Ed25519PrivateKey.generate()
    public = verifier_of(chosen.name, key)
    write_key(chosen.file, key, read_phrase(chosen.phrase_file))
    console.show(public.text)
    console.tell("key-made", file=chosen.file)
    console.say(f"sealing:\n  keys:\n    - key: {public.text}")
    return CLEAN


def _show(chosen: Namespace, console: Console) -> int:
    console.show(
        verifier_of(chosen.name, read_key(chosen.file, read_phrase(chosen.phrase_file))).text
    )
    return CLEAN


_ACTIONS = {"new": _new, "show": _show}
COMMAND = Command(
    name="key",
    run=_run,
    options={
        "what": {"choices": tuple(_ACTIONS)},
        "name": {},
        "--file": {"type": Path, "required": True},
        **PHRASE,
    },
    rank=43,
)
