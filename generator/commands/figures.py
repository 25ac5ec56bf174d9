"""`gongbao figures`: lists every figure with its proof, and numbers in prose that cite none."""

from __future__ import annotations

from argparse import Namespace

from generator.build.examine import examine
from generator.build.options import Options
from generator.commands._command_lines import listed
from generator.commands._console import CLEAN, CONTENT, Command, Console
from generator.site.figures.inventory import Inventory, as_json, inventory

CONTEXT = 20
"""The characters on either side of a number that the list shows."""


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    examined = examine(options)
    if examined.site is None:
        console.report(examined.problems)
        return console.close(examined, options)
    figures = inventory(examined.site)
    if console.style == "json":
        console.show(as_json(figures, console.content.as_posix()))
    else:
        _list(figures, console)
        console.close(examined, options)
    return CONTENT if figures.loose and (options.strict or chosen.strict_figures) else CLEAN


def _list(figures: Inventory, console: Console) -> None:
    """Lists the numbers that cite nothing, each with its place and context."""
    for account, number in figures.loose:
        text, mention = number.leaf.value, number.mention
        around = text[max(0, mention.start - CONTEXT) : mention.end + CONTEXT]
        origin = number.origin(account.record)
        place = f"{console.content.as_posix()}/{origin.path}:{origin.line}:{origin.column}"
        console.show("\t".join((place, mention.text, " ".join(around.split()))))
    under = figures.under
    sorts = [console.words(f"sort-{sort}", count=count) for sort, count in under.items()]
    each = listed(sorts, console.language)
    console.tell("figures-held", held=len(figures.figures), under=sum(under.values()), each=each)


COMMAND = Command(
    name="figures",
    run=_run,
    options={
        "--strict-figures": {
            "action": "store_true",
        },
    },
    rank=80,
)
