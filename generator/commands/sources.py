"""`gongbao sources`: lists for each numeral of a source text the field that has it."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from pathlib import Path

from generator.build.examine import examine
from generator.build.options import Options
from generator.commands._command_lines import listed
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._source_check import numerals_of
from generator.content.yaml_reader import read_bytes


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    examined = examine(options)
    if examined.site is None:
        console.report(examined.problems)
        return console.close(examined, options)
    try:
        text = read_bytes(chosen.file).decode()
    except (OSError, UnicodeDecodeError):
        console.tell("sources-unreadable", file=chosen.file)
        return USAGE
    numerals = numerals_of(text, examined.site)
    for numeral in numerals:
        place = f"{chosen.file}:{numeral.line}:{numeral.column}"
        holder = numeral.holder or ("—" if numeral.forgotten else "")
        console.show("\t".join((place, numeral.text, numeral.what, holder, numeral.context)))
    counts = Counter(numeral.what.value for numeral in numerals)
    forgotten = sum(numeral.forgotten for numeral in numerals)
    each = listed((f"{what} {count}" for what, count in sorted(counts.items())), console.language)
    console.tell("sources-end", numerals=len(numerals), listed=each, forgotten=forgotten)
    return CONTENT if forgotten else CLEAN


COMMAND = Command(
    name="sources",
    run=_run,
    options={"file": {"type": Path}},
    rank=90,
)
