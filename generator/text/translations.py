"""Words of the interface: the text of templates and the theme that is not content.

They are in groups by where they stand; scripts, mails and spreadsheets have a few words of their
own.  Each kind adds to the groups: `kinds/<name>/words.<language>.yaml`.  The files of both
languages have the same keys.  Who asks for a word that none of them has is told the file to add it
to.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator import PROGRAM
from generator.text.missing_word import MissingWord, asker

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Words = Mapping[str, Any]
"""Maps groups to words by name."""


class _Group(dict[str, Any]):
    """Words by name; raises `MissingWord`, which templates do not take for an undefined value.

    Templates read an attribute before a word of the same name, so that its own begin with `_`.
    """

    def __init__(self, language: str, above: str = "") -> None:
        super().__init__()
        self._language, self._above = language, above

    def __missing__(self, key: str) -> Any:
        raise MissingWord(f"{self._above}{key}", self._language, asker(__file__))

    def inner(self, name: str) -> _Group:
        """A group of this group, without words yet."""
        return _Group(self._language, f"{self._above}{name}.")


def word_files(language: str, program: Path = PROGRAM) -> tuple[Path, ...]:
    """The files of a language: the shared one, then those of kinds, sorted by folder."""
    shared = program / "text" / "words" / f"{language}.yaml"
    return shared, *sorted(program.glob(f"kinds/*/words.{language}.yaml"))


@cache
def words_of(language: str, program: Path = PROGRAM) -> Words:
    """All words of a language; raises `ValueError` for a word that two files have."""
    joined = _Group(language)
    for path in word_files(language, program):
        words: Words = yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 -- a safe one
        _join(joined, words, path)
    return joined


def _join(joined: _Group, words: Words, path: Path) -> None:
    """Adds words to those of other files, group by group."""
    for name, word in words.items():
        if isinstance(word, dict) and isinstance(
            joined.setdefault(name, joined.inner(name)), _Group
        ):
            _join(joined[name], word, path)
        elif name in joined:
            raise ValueError(
                f"{path}: another file has the word {name!r}, which says {joined[name]!r}"
            )
        else:
            joined[name] = word
