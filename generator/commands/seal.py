"""`gongbao seal`: seals every published record in the ledger, and remembers published values."""

from __future__ import annotations

from argparse import Namespace

from generator.build.history import EARLIER
from generator.build.ledger_runs import LedgerRun, seal_site
from generator.build.options import Options
from generator.commands._console import CONTENT, USAGE, Command, Console
from generator.commands._job_options import AGAINST, WORKING, working
from generator.content.published_memory import MEMORY
from generator.ledger.sealing import SealRefused


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    reason = " ".join((chosen.backfill or "").split())
    if chosen.backfill is not None and not reason:
        console.tell("seal-reason")
        return USAGE
    try:
        with working(options, chosen, console, console.note) as (prepared, display):
            done = seal_site(prepared, reason, display.stage, display.count)
    except SealRefused as refused:
        console.tell(f"seal-{refused}")
        return USAGE
    console.report(done.examined.problems)
    code = console.close(done.examined, options)
    if done.ledger is None:
        console.tell("seal-nothing")
        return CONTENT
    _tell(done, console)
    return code


def _tell(done: LedgerRun, console: Console) -> None:
    if done.imported:
        console.tell("seal-taken", file=EARLIER, taken=done.imported)
    if done.written and done.ledger is not None:
        for record in done.added:
            console.show(str(record.ref))
        console.tell("sealed", added=len(done.added), total=len(done.ledger.leaves))
    if done.examined.site and not done.examined.site.settings.sealed:
        console.tell("seal-off")
    if done.memory:
        console.tell("seal-remembered", records=len(done.remembered), folder=MEMORY)
    if done.written or done.memory:
        console.tell("seal-commit")
    else:
        console.tell("seal-up-to-date")


COMMAND = Command(
    name="seal",
    run=_run,
    options={
        **WORKING,
        **AGAINST,
        "--backfill": {
            "metavar": "REASON",
        },
    },
    rank=40,
)
