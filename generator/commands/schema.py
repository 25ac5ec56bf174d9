"""`gongbao schema`: writes JSON Schemas, with which text editors complete and check files."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from generator.build.examine import gather
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.output.plugins import all_kinds
from generator.release.write import write_file
from generator.site.json_schema import SITE, schema_text, schemas


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    if not (chosen.kind or chosen.into):
        console.tell("schema-use")
        return USAGE
    gathered = gather(options)
    if gathered.site is None:
        console.report(gathered.problems)
        return CONTENT
    for name, _, schema in schemas(options.kinds, gathered.site.settings.choices):
        if name == chosen.kind:
            console.show(schema_text(schema).rstrip("\n"))
        if chosen.into:
            write_file(chosen.into / f"{name}.json", schema_text(schema).encode())
    return CLEAN


COMMAND = Command(
    name="schema",
    run=_run,
    options={
        "kind": {
            "nargs": "?",
            "default": "",
            "choices": ["", SITE, *(kind.name for kind in all_kinds())],
        },
        "--into": {"type": Path},
    },
    rank=70,
)
