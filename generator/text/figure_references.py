"""References from prose to figures: `{{ venues.hall | 萬 }}`, and to tables, charts and lists.

A reference is `record.cell`, with `kind:` before it where two kinds have such a record, and
formats after bars.  `{{ 表：fleet-loans }}` alone on a line places a table.  While Python-Markdown
reads a text, a character that no text may hold stands for each reference, so that the library
does not read the reference's signs as Markdown.
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
"""Maps the words that editors type on a line of its own to the sort of thing that they place."""

_ANY = re.compile(r"\{\{([^{}\n]*)\}\}")
_LOOSE = re.compile(r"\{\{|\}\}")
_PLACING = re.compile(rf"(?P<word>{'|'.join(PLACED)})[ ]*[:：][ ]*(?P<record>\S.*)")
_RECORD = re.compile(r"(?:(?P<kind>[a-z_]+):)?(?P<record>[^.:|]+)(?:\.(?P<cell>[^|]+))?")
_SIGN, _FIRST = "\x1a", 0xF0000
_MASKED = re.compile(f"{_SIGN}([\U000f0000-\U000ffffd])")
_TAG = re.compile(r'<(?:"[^"]*+"|[^">]++)*+>')


class Binding(Struct, frozen=True, kw_only=True):
    """A reference as typed, and its parts; `record` is "" if it cannot be read.

    `placed` is `table`, `chart` or `list` for a reference on a line of its own, else "".
    """

    typed: str
    start: int
    record: str = ""
    kind: str = ""
    cell: str = ""
    formats: tuple[str, ...] = ()
    placed: str = ""


class Bound(NamedTuple):
    """The text that replaces a reference: as HTML, and as plain words for attributes."""

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
    return tuple((match.start(), match[0]) for match in _LOOSE.finditer(unbound(text)))


def unbound(text: str) -> str:
    """A text of the same length with blanks in the place of references."""
    return _ANY.sub(lambda match: " " * len(match[0]), text)


def _binding(match: re.Match[str]) -> Binding:
    typed, start = match[0], match.start()
    subject, *formats = (part.strip() for part in re.split("[|｜]", match[1]))
    placing = _PLACING.fullmatch(subject)
    target = _RECORD.fullmatch(placing["record"] if placing else subject)
    if target is None or not all(formats) or (placing and (target["cell"] or formats)):
        return Binding(typed=typed, start=start)
    return Binding(
        typed=typed,
        start=start,
        record=target["record"].strip(),
        kind=target["kind"] or "",
        cell=(target["cell"] or "").strip(),
        formats=tuple(formats),
        placed=PLACED[placing["word"]] if placing else "",
    )


def mask(text: str) -> tuple[str, tuple[Binding, ...]]:
    """A text with a sign for each reference, and the references by their number."""
    references = bindings(text)
    signs = iter(range(_FIRST, _FIRST + len(references)))
    return _ANY.sub(lambda _: _SIGN + chr(next(signs)), text), references


def unmask(html: str, references: tuple[Binding, ...], bind: Bind) -> str:
    """HTML of a masked text with its references replaced.

    A table, chart or list replaces its whole paragraph; within a tag (a picture's words) a
    reference becomes words without HTML.
    """
    if not references:
        return html
    bound = {number: bind(binding) for number, binding in enumerate(references)}

    def number(match: re.Match[str]) -> int:
        return ord(match[1]) - _FIRST

    def paragraph(match: re.Match[str]) -> str:
        place = number(match)
        return bound[place].html if references[place].placed else match[0]

    alone = re.sub(f"<p>{_MASKED.pattern}</p>", paragraph, html)
    in_tags = _TAG.sub(
        lambda tag: _MASKED.sub(lambda match: escape(bound[number(match)].text), tag[0]), alone
    )
    return _MASKED.sub(lambda match: bound[number(match)].html, in_tags)


def unmask_text(text: str, references: tuple[Binding, ...], bind: Bind) -> str:
    """The plain words of a masked text with its references replaced by plain words."""
    return _MASKED.sub(lambda match: bind(references[ord(match[1]) - _FIRST]).text, text)
