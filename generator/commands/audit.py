"""`gongbao audit`: checks a site against its own log, without the content."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from generator import SETTINGS
from generator.build.audit import audit
from generator.build.options import Options
from generator.commands._command_lines import listed
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._job_options import AGAINST
from generator.content.files import SITE_FILE
from generator.output.mkdocs.host_settings import settings_file
from generator.text.public_key import NoteFault


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    if not chosen.folder.is_dir():
        console.tell("audit-folder", folder=chosen.folder)
        return USAGE
    try:
        audited = audit(chosen.folder, chosen.keys, chosen.against)
    except (NoteFault, OSError):
        console.tell("audit-keys", keys=chosen.keys)
        return USAGE
    # in the site's own repository the pages have the theme that its `mkdocs.yml` names
    own = (options.content / SITE_FILE).is_file()
    settings = settings_file(options.content) if own else SETTINGS
    audited = replace(audited, plugins=options.plugins, settings=settings)
    if audited.signed:
        note, signers = audited.signed
        names = listed([signer.name for signer in signers], console.language)
        console.tell("audit-signed", names=names, day=note.day.isoformat())
    else:
        console.tell("audit-unsigned")
    problems = sorted(audited.problems(), key=lambda problem: problem.order)
    words = listed(dict.fromkeys(audited.words), console.language)
    if words and not audited.signed:
        console.tell("audit-words", words=words)
    console.report((), problems, chosen.folder)
    newest = audited.log.ledger.newest
    if newest:
        console.tell("audit-log", origin=newest.origin, size=newest.size, day=newest.day)
    if chosen.keys is None:
        console.tell("audit-own-keys")
    stops = sum(problem.stops for problem in problems)
    console.tell("audit-end", records=len(audited.records), stops=stops)
    return CONTENT if stops or (options.strict and problems) else CLEAN


COMMAND = Command(
    name="audit",
    run=_run,
    options={
        "folder": {"type": Path},
        "--keys": {"type": Path},
        **AGAINST,
    },
    rank=45,
)
