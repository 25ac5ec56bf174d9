"""The header of a page's Markdown file, line by line, as a YAML dumper would write it.

A dumper takes a quarter of a millisecond a page; text that is certainly plain needs none.
All other text goes through it: the host drops a damaged header without a word.
"""

from __future__ import annotations

import re

import yaml

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_HAN = "\u4e00-\u9fff"
_WIDE = "、。「」『』《》〈〉（），；：！？／％\u2026"
_PLAIN = f"[{_HAN}「『《（](?: ?[0-9A-Za-z{_HAN}{_WIDE}().&;_-])*"
"""Begins with no sign or word of YAML's own, holds no colon, comment or double blank.

A pattern, compiled when it is first asked for: that takes long.
"""
_QUOTABLE = "[ -~\u00a1-\u167f\u2010-\u2027\u3001-\ud7ff\uff01-\uffee]*"
"""Characters that stand for themselves between single quotes: no breaks, controls or blanks of
other scripts."""
_PATH = re.compile("[a-z]+/[0-9a-z/_-]+[.](?:yaml|md)")


def header_lines(header: object) -> str:
    """A mapping as YAML, in its own order, each text on one line."""
    text: str = yaml.dump(
        header, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10_000_000
    )
    return text


def header_line(name: str, text: str) -> str:
    """The same of one text."""
    if re.fullmatch(_PLAIN, text) or _PATH.fullmatch(text):
        return f"{name}: {text}\n"
    return header_lines({name: text})


def quoted_line(name: str, text: str) -> str:
    """The same of a text that is mostly signs: in quotes, without asking the dumper."""
    if re.fullmatch(_QUOTABLE, text):
        doubled = text.replace("'", "''")
        return f"{name}: '{doubled}'\n"
    return header_lines({name: text})
