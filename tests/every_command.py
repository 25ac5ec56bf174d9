"""Runs every command on a site, in one process, and says what came out of it.

`python tests/every_command.py FOLDER` is for a process that lacks something: what it prints must be
what `run` returns here.  FOLDER has a `content`, which the run changes; that of `sites/full` takes
half a minute and is no test of the suite:

    WITHOUT=windows,codec PYTHONPATH=tests/without:tests:. python tests/every_command.py FOLDER
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from generator.build.workers.executor import FORK, START
from generator.commands._cli import main
from generator.commands._http import PreviewServer
from generator.ledger.private_key import write_key
from generator.ledger.signed_note import verifier_of
from generator.release.disk import c_function

DAY = "2016-06-01"
ENTRY = Path("content/gazette/105/105-001/01.yaml")
SIGNER = "example.org/clerk"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ROW = {
    "title": "訂定要點",
    "date": "2016-01-05",
    "date_created": "2016-01-04",
    "agency": "市政府",
    "category": "行政規則",
    "doc_no": "市字第1號",
    "body": "第一條　甲",
}
FOLDERS = ("site", ".record", "build/docs", "our", "taken", "content")


def run(root: Path) -> dict[str, str]:
    """What each command printed and its exit code; at the end a digest of each folder they made."""
    done: dict[str, str] = {}
    with chdir(root), patch.object(PreviewServer, "serve_forever", lambda _: None):
        for number, typed in enumerate(_typed()):
            done[f"{number} {typed[0]}"] = _said(typed)
        done |= {name: _digest(Path(name)) for name in FOLDERS}
        cleaned, left = main(["clean"]), Path("site/index.html").is_file()
        done["clean"] = f"{cleaned} {left}"
    return done


def _typed() -> Iterator[Sequence[str]]:
    """Every command, as typed; between them the content changes."""
    write_key(Path("key.pem"), PRIVATE)
    sealing = f"sealing:\n  keys:\n    - key: {verifier_of(SIGNER, PRIVATE).text}\n"
    settings = Path("content/site.yaml")
    plain = settings.read_text("utf-8").partition("record: on\n")[0]
    settings.write_bytes(f"{plain}record: on\n{sealing}".encode())
    Path("rows.jsonl").write_text(json.dumps(ROW) + "\n", "utf-8")
    Path("text.txt").write_text("依據：第105號\n", "utf-8")
    yield ("check",)
    yield "build", "--markdown"
    _replace(settings, "description: ", "description: 新的")
    yield "build", "--jobs", "2", "--markdown"
    yield ("verify",)
    yield ("seal",)
    yield "key", "show", SIGNER, "--file", "key.pem"
    yield "sign", SIGNER, "--key", "key.pem"
    yield "build", "--markdown"
    yield "audit", "site"
    yield ("rollback",)
    yield "build", "--markdown"
    yield "build", "--again", "--markdown"
    yield "schema", "gazette"
    yield (
        *("init", "our", "--name", "我市公報", "--base-url", "https://our.example/"),
        *("--publisher", "我市政府", "--agency", "秘書處", "--kinds", "all", "--no-official"),
        *("--ci", "docker,github,netlify", "--engine", "git+https://git.example/gongbao@v1"),
    )
    yield "import", "rows.jsonl", "--into", "taken"
    yield ("figures",)
    yield ("links",)
    yield "sources", "text.txt"
    yield "serve", "--port", "0"
    yield "serve", "--built", "--port", "0"
    _replace(ENTRY, "本要點", "○○○")
    yield "redact", "gazette:105-001-01", "--ground", "個人資料保護法第11條"
    yield "new", "pages", "notes"


def _replace(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_bytes(text.replace(before, after, 1).encode())


def _said(typed: Sequence[str]) -> str:
    said = StringIO()
    with redirect_stdout(said):
        code = main([*typed, "--as-of", DAY])
    if typed[0] == "redact":  # it lists the releases that are kept, which depend on the way
        return f"{code}"
    return f"{code} {hashlib.sha256(said.getvalue().encode()).hexdigest()}"


def _digest(folder: Path) -> str:
    """A digest of the names and bytes of all files below a folder; the mark of a site tells how."""
    paths = [p for p in folder.rglob("*") if p.is_file() and p.name != ".gongbao"]
    lines = sorted(
        f"{path.relative_to(folder).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in paths
        if ".git/" not in path.as_posix()
    )
    whole = "\n".join(lines).encode()
    return f"{len(lines)} {hashlib.sha256(whole).hexdigest()}"


def failed(done: Mapping[str, str]) -> list[str]:
    """The commands that did not end with 0."""
    return [name for name, said in done.items() if name[0].isdigit() and said[0] != "0"]


def lacks() -> list[str]:
    """What this process lacks of what the program has alternatives for."""
    present = {
        "fork": START == FORK,
        "fcntl": "msvcrt" not in sys.modules,
        "affinity": hasattr(os, "sched_getaffinity"),
        "calls": c_function("renameat2") is not None,
    }
    return [name for name, there in present.items() if not there]


if __name__ == "__main__":
    commands = run(Path(sys.argv[1]))
    sys.stdout.write(f"{json.dumps([lacks(), commands])}\n")
    sys.exit(f"failed: {', '.join(failed(commands))}" if failed(commands) else 0)
