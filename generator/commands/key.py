"""`gongbao key new`: a key pair; the private half goes to a file, the public half is shown."""

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
        return _NEEDS[chosen.what](chosen, console)
    except NoteFault:
        console.say("金鑰的名稱不可空白，也不可有空格與加號，例如 example.org/secretariat。")
    except KeyFault:
        console.say(f"「{chosen.file}」不是 Ed25519 私鑰，或通行語不對。")
    except FileExistsError:
        console.say(f"「{chosen.file}」已存在，未更動。")
    except OSError as fault:
        console.say(f"無法讀寫「{fault.filename}」。")
    return USAGE


def _new(chosen: Namespace, console: Console) -> int:
    key = Ed25519PrivateKey.generate()
    public = verifier_of(chosen.name, key)
    write_key(chosen.file, key, read_phrase(chosen.phrase_file))
    console.show(public.text)
    console.say(f"私鑰在「{chosen.file}」：請離線保存，不要放進 git；公開金鑰請列入 site.yaml：")
    console.say(f"sealing:\n  keys:\n    - key: {public.text}")
    return CLEAN


def _show(chosen: Namespace, console: Console) -> int:
    console.show(
        verifier_of(chosen.name, read_key(chosen.file, read_phrase(chosen.phrase_file))).text
    )
    return CLEAN


_NEEDS = {"new": _new, "show": _show}
COMMAND = Command(
    name="key",
    about="產生簽署用的金鑰 (a key pair for signing)",
    run=_run,
    options={
        "what": {"choices": tuple(_NEEDS), "help": "new：產生；show：再印一次公開金鑰"},
        "name": {"help": "簽署者的名稱，會公開，例如 example.org/secretariat"},
        "--file": {"type": Path, "required": True, "help": "私鑰檔 (private key, PEM)"},
        **PHRASE,
    },
    rank=43,
)
