"""`gongbao import`: converts rows of another system to a content folder.

If `--content` has a site, the rows get the ids of its categories by their names.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._importer import IntakeRefused, read_rows, rejects_text, take_in, write_tree
from generator.content.settings import read_settings
from generator.site.intake import Categories


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    kind, intake = next((kind, kind.intake) for kind in options.kinds if kind.intake)
    try:
        rows = read_rows(chosen.file, chosen.mapping)
        result = take_in(rows, kind, intake, _categories(options.content))
        text = rejects_text(result.rejected, lambda problem: console.wording(problem).sentence)
        rejects = write_tree(chosen.into, result.files, text)
    except IntakeRefused as refused:
        console.tell("import-refused", refused=refused)
        return USAGE
    console.tell("import-done", rows=len(rows), imported=result.imported, folder=chosen.into)
    console.tell("import-rejected", rejected=len(result.rejected), rejects=rejects)
    return CONTENT if result.rejected else CLEAN


def _categories(content: Path) -> Categories:
    settings = read_settings(content).settings
    words = settings.gazette.categories if settings else ()
    return {word.title: word.id for word in words}


COMMAND = Command(
    name="import",
    run=_run,
    options={
        "file": {"type": Path},
        "--into": {"type": Path, "required": True},
        "--mapping": {"type": Path},
    },
    rank=80,
)
