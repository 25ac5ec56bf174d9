"""The messages of commands: named lines, one per row, in one file per language.

The code contains neither language.  A count chooses its noun: `{pages:page|pages}` gives `1 page`
and `2 pages`.  In a row, `⏎` stands for a line feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, reduce

from generator import PROGRAM
from generator.content.messages import LANGUAGES


@cache
def command_lines(language: str) -> Mapping[str, str]:
    """All lines of a language by name."""
    path = PROGRAM / "content" / "messages" / f"commands.{language}.tsv"
    rows = (line.split("\t") for line in path.read_text("utf-8").removesuffix("\n").split("\n"))
    return {name: text.replace("⏎", "\n") for name, text in rows}


class _Count(int):
    """A number that a row may format with a noun in the singular and in the plural."""

    def __format__(self, form: str) -> str:
        singular, bar, plural = form.partition("|")
        if not bar:
            return super().__format__(form)
        return f"{int(self)} {singular if self == 1 else plural}"


def command_line(name: str, language: str, /, **values: object) -> str:
    """A line with its values inserted."""
    counted = {
        key: _Count(value) if isinstance(value, int) else value for key, value in values.items()
    }
    return command_lines(language)[name].format_map(counted)


def listed(texts: Iterable[str], language: str) -> str:
    """Texts joined with the separator of the language; "" for none."""
    every = list(texts)
    if not every:
        return ""
    return reduce(lambda a, b: command_line("joined", language, before=a, next=b), every)


def help_line(command: str, option: str, language: str) -> str:
    """The explanation of an option: the command's own if it has one, or else the common one."""
    lines = command_lines(language)
    own = f"help {command} {option}"
    return lines[own] if own in lines else lines[f"help {option}"]


def reworded(message: str, language: str) -> str:
    """An error message of argparse, translated into the language of the run.

    argparse words its messages in English only, so a message is recognised by the English row.  A
    message that no row matches is returned unchanged.
    """
    for name, english in command_lines(LANGUAGES[1]).items():
        if name.startswith("wrong-") and (match := _pattern(english).fullmatch(message)):
            values = match.groupdict()
            if "said" in values:
                values["said"] = reworded(values["said"], language)
            return command_line(name, language, **values)
    return message


@cache
def _pattern(line: str) -> re.Pattern[str]:
    """A pattern that finds the values inserted in a line."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*?)", re.escape(line)), re.DOTALL)
