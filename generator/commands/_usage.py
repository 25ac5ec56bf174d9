"""The parser of the command line, with help and errors in the language of the run."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

from generator.commands._command_lines import command_line, command_lines, reworded
from generator.content.messages import LANGUAGES

_LANG = "--lang"


def language_of(typed: Sequence[str]) -> str:
    """The language that the arguments choose, at any place.

    It is needed before they are parsed, because errors of parsing are worded in it.
    """
    language = LANGUAGES[0]
    for place, word in enumerate(typed):
        flag, equals, value = word.partition("=")
        if len(flag) > len("--") and _LANG.startswith(flag):  # argparse accepts a prefix too
            named = value if equals else "".join(typed[place + 1 : place + 2])
            language = named if named in LANGUAGES else language
    return language


class Parser(argparse.ArgumentParser):
    """A parser with its own groups, because the headings of argparse are in English."""

    def __init__(self, *, language: str, **others: Any) -> None:
        super().__init__(
            add_help=False, formatter_class=partial(_Usage, language=language), **others
        )
        self.language = language
        self.names = self.add_argument_group(command_line("positionals", language))
        self.flags = self.add_argument_group(command_line("options", language))
        words = command_line("help --help", language)
        self.flags.add_argument("-h", "--help", action="help", help=words)

    def add(self, name: str, settings: Mapping[str, Any], words: str) -> None:
        """Adds an option or a positional argument with its explanation."""
        group = self.flags if name.startswith("-") else self.names
        group.add_argument(name, help=words, **settings)

    def keep_usage(self) -> None:
        """Fixes the usage text now: Python 3.11 cuts off `usage: ` by length, in any language."""
        begin = command_lines(self.language)["usage"]
        self.usage = self.format_usage().removeprefix(begin).strip()

    def error(self, message: str) -> NoReturn:
        """Prints what is wrong with the arguments and exits."""
        words = reworded(message, self.language)
        line = command_line("error", self.language, prog=self.prog, message=words)
        self.exit(2, f"{self.format_usage()}{line}\n")


class _Usage(argparse.HelpFormatter):
    """A help formatter whose word `usage` is in the language of the run."""

    def __init__(self, *, language: str, **others: Any) -> None:
        super().__init__(**others)
        self._begin = f"{command_lines(language)['usage']} "

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Adds the usage line; argparse passes "" as prefix for the names of commands."""
        super().add_usage(usage, actions, groups, self._begin if prefix is None else prefix)
