"""What commands say, in the language of the run: named lines, one a row, a file a language.

Neither language stands in code.  A count picks its noun itself: `{pages:page|pages}` gives
`1 page` and `2 pages`.  In a row `⏎` stands for a line feed.
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
    """A number that a row may follow by a noun in the singular and in the plural."""

    def __format__(self, form: str) -> str:
        one, bar, many = form.partition("|")
        return f"{int(self)} {one if self == 1 else many}" if bar else super().__format__(form)


def command_line(name: str, language: str, /, **values: object) -> str:
    """A line with its values filled in."""
    counted = {
        key: _Count(value) if isinstance(value, int) else value for key, value in values.items()
    }
    return command_lines(language)[name].format_map(counted)


def listed(texts: Iterable[str], language: str) -> str:
    """Texts in a row, parted as the language has it; "" for none."""
    every = list(texts)
    if not every:
        return ""
    return reduce(lambda a, b: command_line("joined", language, before=a, next=b), every)


def help_line(command: str, option: str, language: str) -> str:
    """What an option is for: a command's own words where it has some, else those of all."""
    lines = command_lines(language)
    own = f"help {command} {option}"
    return lines[own] if own in lines else lines[f"help {option}"]


def reworded(message: str, language: str) -> str:
    """What is wrong with an argument, in the language of the run.

    argparse words this in English and knows no other place for it: a message is recognised by
    the English row.  One that no row has stays as argparse words it.
    """
    for name, english in command_lines(LANGUAGES[1]).items():
        if name.startswith("wrong-") and (found := _pattern(english).fullmatch(message)):
            values = found.groupdict()
            if "said" in values:
                values["said"] = reworded(values["said"], language)
            return command_line(name, language, **values)
    return message


@cache
def _pattern(line: str) -> re.Pattern[str]:
    """What finds the values of a line that has been filled in."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*?)", re.escape(line)), re.DOTALL)
