"""`gongbao figures`: every figure, what proves it, and the numbers in prose that cite none."""

from __future__ import annotations

from argparse import Namespace

from generator.build.examine import examine
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, Command, Console
from generator.site.figures.cells import Sort
from generator.site.figures.inventory import Inventory, as_json, inventory

CONTEXT = 20
"""Characters on either side of a number that the list shows."""
SORTS = {Sort.EXACT: "精確", Sort.ROUNDED: "四捨五入", Sort.BOUND: "上限或下限"}
"""The sorts of rules, the firmest first."""


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    examined = examine(options)
    if examined.site is None:
        console.report(examined.problems)
        return console.close(examined, options)
    found = inventory(examined.site)
    if console.style == "json":
        console.show(as_json(found, console.content.as_posix()))
    else:
        _list(found, console)
        console.close(examined, options)
    return CONTENT if found.loose and (options.strict or chosen.strict_figures) else CLEAN


def _list(found: Inventory, console: Console) -> None:
    """The numbers that cite nothing, each with its place and surroundings."""
    for one, number in found.loose:
        text, mention = number.leaf.value, number.mention
        around = text[max(0, mention.start - CONTEXT) : mention.end + CONTEXT]
        origin = number.origin(one.record)
        place = f"{console.content.as_posix()}/{origin.path}:{origin.line}:{origin.column}"
        console.show("\t".join((place, mention.text, " ".join(around.split()))))
    under = found.under
    each = "、".join(f"{SORTS[sort]} {count}" for sort, count in under.items())
    console.say(
        f"統計的數值 {len(found.held)} 個，其中 {sum(under.values())} 個有規則核對：{each}。"
    )


COMMAND = Command(
    name="figures",
    about="列出每個數值的出處、規則與引用處 (every figure, its proof and its places)",
    run=_run,
    options={
        "--strict-figures": {
            "action": "store_true",
            "help": "內文的數值未引用統計即為失敗 (a figure that cites nothing is an error)",
        },
    },
    rank=80,
)
