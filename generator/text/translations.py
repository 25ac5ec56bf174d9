"""Words of the interface, one file a language: what templates and the theme say beside content.

Content has words of its own; whatever else readers see comes from here, in groups by where it
stands.  Both files have the same keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from generator import PROGRAM

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Words = Mapping[str, Any]
"""Words by name, in groups by name."""


@cache
def words_of(language: str) -> Words:
    """All words of a language."""
    text = (PROGRAM / "text" / "words" / f"{language}.yaml").read_text("utf-8")
    held: Words = yaml.load(text, Loader=_LOADER)  # noqa: S506 -- a safe one
    return held
