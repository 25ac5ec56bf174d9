"""`gongbao new`: writes a commented file for a new record, at its place, with the next number."""

from __future__ import annotations

import secrets
from argparse import Namespace

from msgspec import structs

from generator.build.examine import gather
from generator.build.options import Options
from generator.commands._command_lines import listed
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._starter_site import begun_text, folder_name
from generator.content.messages import Named
from generator.output.plugins import all_kinds
from generator.site.kind import Kind, Site, Start, StartRefused
from generator.site.starter import starter_text, write_new
from generator.text.dates import roc, roc_typed

NONCE_BYTES = 16


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    gathered = gather(options)
    if gathered.site is None:
        console.report(gathered.problems)
        return CONTENT
    kind = next(kind for kind in options.kinds if kind.name == chosen.kind)
    try:
        start = _start(kind, gathered.site, chosen)
    except StartRefused as refused:
        choices = listed(refused.choices, console.language)
        day = Named(roc(refused.day)) if refused.day else ""
        example = f"gongbao new {kind.name} {kind.example}"
        console.tell(f"new-{refused.wanted}", choices=choices, day=day, example=example)
        return USAGE
    values = {
        "publisher": gathered.site.settings.publisher.name,
        "today": roc_typed(options.as_of),
    }
    begun = begun_text(folder_name(kind), start.path, values)
    text = begun or starter_text(kind, start, gathered.site.settings.choices)
    if not write_new(options.content, start.path, text):
        console.tell("file-exists", file=options.content / start.path)
        return USAGE
    console.show((options.content / start.path).as_posix())
    return CLEAN


def _start(kind: Kind, site: Site, chosen: Namespace) -> Start:
    if kind.start is None:
        raise StartRefused("name")
    start = kind.start(site, chosen.name)
    fields = dict(start.values)
    if chosen.corrects:
        if kind.correction is None:
            raise StartRefused("correction")
        fields |= kind.correction(site, chosen.corrects)
    if chosen.personal_data:
        nonce = secrets.token_hex(NONCE_BYTES)
        fields |= {"personal_data": "true", "nonce": nonce, "expires_on": ""}
    return structs.replace(start, values=fields)


COMMAND = Command(
    name="new",
    run=_run,
    options={
        "kind": {
            "choices": [kind.name for kind in all_kinds() if kind.start],
        },
        "name": {
            "nargs": "?",
            "default": "",
        },
        "--personal-data": {
            "action": "store_true",
        },
        "--corrects": {
            "metavar": "ID",
        },
    },
    rank=60,
)
