"""`gongbao redact`: records in the log that the law hides or removes a sealed record."""

from __future__ import annotations

from argparse import Namespace

from generator.build.ledger_runs import copies_of, redact_record
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.content.model import Ref
from generator.ledger.sealing import SealRefused


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    kind, _, record_id = chosen.named.partition(":")
    if not record_id or not chosen.ground.strip():
        console.tell("redact-use")
        return USAGE
    try:
        done = redact_record(options, Ref(kind, record_id), chosen.ground, chosen.address)
    except SealRefused as refused:
        console.tell(f"redact-{refused}")
        return USAGE
    if done.ledger is None:
        console.report(done.examined.problems)
        console.close(done.examined, options)
        return CONTENT
    redaction = done.ledger.redactions[len(done.ledger.leaves) - 1]
    console.tell("redact-done", name=redaction.name, number=redaction.number)
    console.tell("redact-copies")
    for path in copies_of(options, redaction.address):
        console.show(path.as_posix())
    for place in _ELSEWHERE:
        console.show(console.words(f"copies-{place}", address=redaction.address))
    return CLEAN


_ELSEWHERE = ("caches", "search", "feeds", "git", "archives")
"""The places outside this machine where a record's text may remain."""
COMMAND = Command(
    name="redact",
    run=_run,
    options={
        "named": {},
        "--ground": {"required": True},
        "--address": {"default": ""},
    },
    rank=42,
)
