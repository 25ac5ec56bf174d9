"""References from prose to figures: `{{ venues.hall | 萬 }}`, and to what stands on its own line.

A reference is `record.cell`, with `kind:` before it where two kinds have such a record, and
formats after bars.  `{{ 表：fleet-loans }}` alone on a line places a table.  While the library
reads a text, each reference is one character that no text may hold, so that its signs are safe.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from msgspec import Struct

PLACED = {
    **dict.fromkeys(("表", "表格", "table"), "table"),
    **dict.fromkeys(("圖", "圖表", "chart"), "chart"),
    **dict.fromkeys(("清單", "list"), "list"),
}
"""What is placed on a line of its own, by the word that editors type."""

_ANY = re.compile(r"\{\{([^{}\n]*)\}\}")
_LOOSE = re.compile(r"\{\{|\}\}")
_PLACING = re.compile(rf"(?P<word>{'|'.join(PLACED)})[ ]*[:：][ ]*(?P<record>\S.*)")
_RECORD = re.compile(r"(?:(?P<kind>[a-z_]+):)?(?P<record>[^.:|]+)(?:\.(?P<cell>[^|]+))?")
_SIGN, _FIRST = "\x1a", 0xF0000
_MASKED = re.compile(f"{_SIGN}([\U000f0000-\U000ffffd])")
_TAG = re.compile(r'<(?:"[^"]*+"|[^">]++)*+>')


class Binding(Struct, frozen=True, kw_only=True):
    """A reference as typed, and what it asks for; one that cannot be read names no record.

    `placed` is `table`, `chart` or `list` for what stands on a line of its own, else "".
    """

    typed: str
    start: int
    record: str = ""
    kind: str = ""
    cell: str = ""
    formats: tuple[str, ...] = ()
    placed: str = ""


class Bound(NamedTuple):
    """What stands in the place of a reference: HTML, and the words alone for attributes."""

    html: str
    text: str


Bind = Callable[[Binding], Bound]


def as_typed(binding: Binding) -> Bound:
    """A reference as its editor wrote it."""
    return Bound(escape(binding.typed, quote=False), binding.typed)


def bindings(text: str) -> tuple[Binding, ...]:
    """Every reference of a text, in order."""
    return tuple(_binding(match) for match in _ANY.finditer(text))


def loose(text: str) -> tuple[tuple[int, str], ...]:
    """Double braces that open or close no reference: their place and sign."""
    blanked = _ANY.sub(lambda match: " " * len(match[0]), text)
    return tuple((match.start(), match[0]) for match in _LOOSE.finditer(blanked))


def unbound(text: str) -> str:
    """A text of the same length with blanks in the place of references."""
    return _ANY.sub(lambda match: " " * len(match[0]), text)


def _binding(match: re.Match[str]) -> Binding:
    typed, start = match[0], match.start()
    asked, *formats = (part.strip() for part in re.split("[|｜]", match[1]))
    placing = _PLACING.fullmatch(asked)
    named = _RECORD.fullmatch(placing["record"] if placing else asked)
    if named is None or not all(formats) or (placing and (named["cell"] or formats)):
        return Binding(typed=typed, start=start)
    return Binding(
        typed=typed,
        start=start,
        record=named["record"].strip(),
        kind=named["kind"] or "",
        cell=(named["cell"] or "").strip(),
        formats=tuple(formats),
        placed=PLACED[placing["word"]] if placing else "",
    )


def mask(text: str) -> tuple[str, tuple[Binding, ...]]:
    """A text with a sign for each reference, and the references by their number."""
    found = bindings(text)
    signs = iter(range(_FIRST, _FIRST + len(found)))
    return _ANY.sub(lambda _: _SIGN + chr(next(signs)), text), found


def unmask(html: str, found: tuple[Binding, ...], bind: Bind) -> str:
    """HTML of a masked text with what its references stand for.

    What is placed takes its whole paragraph; within a tag (a picture's words) stand words alone.
    """
    if not found:
        return html
    made = {number: bind(binding) for number, binding in enumerate(found)}

    def number(match: re.Match[str]) -> int:
        return ord(match[1]) - _FIRST

    def paragraph(match: re.Match[str]) -> str:
        place = number(match)
        return made[place].html if found[place].placed else match[0]

    alone = re.sub(f"<p>{_MASKED.pattern}</p>", paragraph, html)
    in_tags = _TAG.sub(
        lambda tag: _MASKED.sub(lambda match: escape(made[number(match)].text), tag[0]), alone
    )
    return _MASKED.sub(lambda match: made[number(match)].html, in_tags)


def unmask_text(text: str, found: tuple[Binding, ...], bind: Bind) -> str:
    """Words of a masked text with the words of its references."""
    return _MASKED.sub(lambda match: bind(found[ord(match[1]) - _FIRST]).text, text)
