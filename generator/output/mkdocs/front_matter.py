"""Writes the YAML header of a page's Markdown file, line by line, exactly as PyYAML would.

PyYAML takes a quarter of a millisecond per page, so text that is certainly plain skips it.  All
other text goes through it, because MkDocs silently drops a damaged header.
"""

from __future__ import annotations

import re

import yaml

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_HAN = "\u4e00-\u9fff"
_WIDE = "、。「」『』《》〈〉（），；：！？／％\u2026"
_PLAIN = f"[{_HAN}「『《（](?: ?[0-9A-Za-z{_HAN}{_WIDE}().&;_-])*"
"""Text that YAML reads as itself: no indicator or keyword at its start, no colon, no comment.

A string and not a compiled pattern, because compiling it takes long and most runs do not need it.
"""
_QUOTABLE = "[ -~\u00a1-\u167f\u2010-\u2027\u3001-\ud7ff\uff01-\uffee]*"
"""Text that single quotes keep as it is: no line breaks, no controls, no unusual blanks."""
_PATH = re.compile("[a-z]+/[0-9a-z/_-]+[.](?:yaml|md)")


def header_lines(header: object) -> str:
    """A mapping as YAML, in its own order, with each text on one line."""
    text: str = yaml.dump(
        header, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10_000_000
    )
    return text


def header_line(name: str, text: str) -> str:
    """One name and text as a line of YAML."""
    if re.fullmatch(_PLAIN, text) or _PATH.fullmatch(text):
        return f"{name}: {text}\n"
    return header_lines({name: text})


def quoted_line(name: str, text: str) -> str:
    """The same for a text with much punctuation: in quotes, if possible without PyYAML."""
    if re.fullmatch(_QUOTABLE, text):
        doubled = text.replace("'", "''")
        return f"{name}: '{doubled}'\n"
    return header_lines({name: text})
