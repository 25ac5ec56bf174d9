"""The exception for a word that no words file has: who asks for it, and the file to add it to.

It stands apart from the words because every command reports it, and few commands read words.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from generator import PROGRAM


class MissingWord(Exception):  # noqa: N818 -- carries what is to be told
    """A word that a template or a module asks for and no file has.

    `asker` is the template or the module, `kind` the folder of the kind whose page is made, ""
    where that is not known.
    """

    def __init__(self, word: str, language: str, asker: str, kind: str = "") -> None:
        super().__init__(word, language, asker, kind)
        self.word, self.language, self.asker, self.kind = word, language, asker, kind

    @property
    def file(self) -> Path:
        """The file to add it to: that of the kind that asks or whose page it is, or the shared."""
        kinds, name = PROGRAM / "kinds", f"{self.language}.yaml"
        asker = Path(self.asker)
        kind = asker.relative_to(kinds).parts[0] if asker.is_relative_to(kinds) else self.kind
        return kinds / kind / f"words.{name}" if kind else PROGRAM / "text/words" / name


def asker(words: str) -> str:
    """The file that asks for a word: what called, Jinja and the module of words aside."""
    calls = (call.filename for call in reversed(traceback.extract_stack()))
    passed = (__file__, words)
    return next(c for c in calls if c not in passed and Path(c).parent.name != "jinja2")
