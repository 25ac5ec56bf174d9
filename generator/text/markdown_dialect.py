"""The Markdown that editors may write: little enough that it cannot damage legal text.

Headings `## `, **bold**, lists `- ` and `1. `, [links](…), ![images](…), tables, a rule `---`,
blocks between lines of three backticks, and a backslash before a sign that shall stand as
typed.  Everything else is text: `x<y`, `5*3*2`, `> 5`, `_a_` and indented lines show as typed,
and a list keeps the numbers typed.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import render_inner_html, slugify_unicode, strip_tags
from markdown.treeprocessors import Treeprocessor

from generator.text.markdown_blocks import FENCE, INDENT, NUMBER, Fenced, block_parser, fences
from generator.text.sanitize import anchor_of

ESCAPED = "\\*[]#-.|"

_TARGET = re.compile(r"(!?)\[([^\[\]\n]*)\]\((<[^<>\n]+>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
"""A link or an image; angle brackets around a target allow blanks in it."""
_ANGLED = re.compile(r"<[^<>\n]+>")
_STRONG = re.compile(r"(?<![0-9A-Za-z*])\*\*(?=[^\s*])([^*\n]+)(?<=\S)\*\*(?![0-9A-Za-z*])")
_BACKSLASH = re.compile(r"\\(.)", re.S)


_SPACES = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SIGNS = (*range(0x04, 0x09), *range(0x0E, 0x1C))
_VEILED = {typed: chr(sign) for typed, sign in zip(f"&{_SPACES}", _SIGNS, strict=False)}
"""Characters that the library would interpret or strip, with their temporary replacements, which
no text may contain."""
_KEPT = {sign: chr(0xFDD0 + place) for place, sign in enumerate(ESCAPED)}
"""Signs behind a backslash, with their replacements until all other signs have been read."""
_LINKED, _BREAK = "\ufdee", "\ufdef"
"""Temporary replacements within a text: of a link or an image, and of the end of a line."""
_OWN = (*_VEILED.values(), *_KEPT.values(), _LINKED, _BREAK)
_VEIL = str.maketrans({**dict.fromkeys(_OWN, "\N{REPLACEMENT CHARACTER}"), **_VEILED})
_UNKEPT = str.maketrans({v: k for k, v in _KEPT.items()})
_UNVEIL = {**str.maketrans({v: k for k, v in _VEILED.items()}), **_UNKEPT}
_UNVEIL_HTML = {point: typed for point, typed in _UNVEIL.items() if typed != "&"}
_MARK = re.compile(f"([{_LINKED}{_BREAK}\n])")
_HEAD = re.compile("h[1-6]")
_DIGITS = 4000
"""The most digits of a number in an anchor; Python's own limit is a little higher."""


def veil(text: str) -> str:
    """A text with ampersands and wide blanks replaced, so that the library leaves them alone."""
    return text.translate(_VEIL)


def unveil(text: str) -> str:
    """A veiled text as it was typed."""
    return text.translate(_UNVEIL)


def unveil_html(html: str) -> str:
    """HTML of a veiled text with its characters restored, except ampersands."""
    return html.translate(_UNVEIL_HTML)


def ampersands_back(html: str) -> str:
    """HTML with its ampersands restored; this comes last, as a parser is quadratic in them."""
    return html.replace(_VEILED["&"], "&amp;")


class Title(NamedTuple):
    """A heading as HTML without tags, its anchor and its level."""

    name: str
    anchor: str
    level: int


def engine() -> tuple[Markdown, list[Title]]:
    """A new engine of the dialect, and the list to which it adds the headings of a text."""
    titles: list[Title] = []
    return Markdown(tab_length=INDENT, extensions=[_Dialect(titles)]), titles


class _Dialect(Extension):
    """Replaces the library's readers with those of this dialect, which needs few of them."""

    def __init__(self, titles: list[Title]) -> None:
        super().__init__()
        self._titles = titles

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 -- the library's name
        """Changes the engine's registries."""
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(Fenced(md), "fenced", 25)
        md.parser = block_parser(md)
        md.treeprocessors.register(_Inline(md), "inline", 20)
        md.treeprocessors.register(_Headings(md, self._titles), "headings", 5)


class _Inline(Treeprocessor):
    """Parses inline markup: backslash escapes, links, hard line breaks, strong emphasis.

    Python-Markdown copies the whole text for each match.  This class searches once for each sort,
    in this order; a character replaces each match until all sorts have been read.
    """

    def run(self, root: ET.Element) -> None:
        """Replaces the signs of every text of a tree with elements."""
        for parent in list(root.iter()):
            children, text = list(parent), parent.text or ""
            parent[:], parent.text = (), None
            _append(parent, _read(text))
            for child in children:
                tail, child.tail = child.tail or "", None
                parent.append(child)
                _append(parent, _read(tail))


Piece = ET.Element | str


def _append(parent: ET.Element, pieces: Iterable[Piece]) -> None:
    """Adds words and elements at the end of an element."""
    last = parent[-1] if len(parent) else None
    for piece in pieces:
        if not isinstance(piece, str):
            parent.append(piece)
            last = piece
        elif last is None:
            parent.text = piece
        else:
            last.tail = piece


def _read(text: str) -> Iterator[Piece]:
    """The words and elements of a text, in order."""
    text = _BACKSLASH.sub(lambda match: _KEPT.get(match[1], match[0]), text)
    links = iter([_linked(*match.groups()) for match in _TARGET.finditer(text)])
    return _strong(_TARGET.sub(_LINKED, text), links)


def _linked(image: str, words: str, target: str) -> ET.Element:
    """A link or an image."""
    target = _unbracketed(target)
    if image:
        return ET.Element("img", src=target, alt=words)
    element = ET.Element("a", href=target)
    _append(element, _strong(words, iter(())))
    return element


def _strong(text: str, links: Iterator[ET.Element]) -> Iterator[Piece]:
    """Splits a text with marks for its links; two blanks may end a line in strong words."""
    text, place = text.replace("  \n", _BREAK), 0
    for match in _STRONG.finditer(text):
        yield from _lines(text[place : match.start()], links)
        element = ET.Element("strong")
        _append(element, _lines(match[1], links))
        yield element
        place = match.end()
    yield from _lines(text[place:], links)


def _lines(text: str, links: Iterator[ET.Element]) -> Iterator[Piece]:
    """Splits a text without strong words into words, links and line ends."""
    for piece in _MARK.split(text):
        if piece == _LINKED:
            yield from islice(links, 1)
        elif piece in (_BREAK, "\n"):
            yield ET.Element("br")
        elif piece:
            yield piece


class _Headings(Treeprocessor):
    """Gives each heading a unique anchor, and records the headings."""

    def __init__(self, md: Markdown, titles: list[Title]) -> None:
        super().__init__(md)
        self._titles = titles

    def run(self, root: ET.Element) -> None:
        """Sets the id of every heading."""
        anchors = Anchors()
        for element in root.iter():
            if _HEAD.fullmatch(element.tag):
                typed = strip_tags(render_inner_html(element, self.md))
                name = typed.translate(_UNKEPT)
                anchor = anchors.own(anchor_of(slugify_unicode(unescape(name), "-")))
                element.set("id", anchor)
                self._titles.append(Title(name, anchor, int(element.tag[1])))


class Anchors:
    """The anchors in use; a repeated name gets the next free number behind it."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._next: dict[tuple[str, int], int] = {}

    def own(self, name: str) -> str:
        """A new anchor for a name: `a`, then `a_1`; after `a_7` comes `a_8`."""
        anchor = name
        if not name or name in self._given:
            head, stroke, digits = name.rpartition("_")
            numbered = stroke and digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS
            base, number = (head, int(digits)) if numbered else (name, 0)
            anchor = f"{base}_{self._free(base, number + 1)}"
        self._given.add(anchor)
        return anchor

    def _free(self, base: str, number: int) -> int:
        """The first free number; stores for each number it passes where to go on next time."""
        passed: list[int] = []
        while f"{base}_{number}" in self._given:
            passed.append(number)
            number = self._next.get((base, number), number + 1)
        self._next |= dict.fromkeys(((base, number_passed) for number_passed in passed), number)
        return number


def text_of(html: str) -> str:
    """The text content of HTML, as a browser gives it."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        """Appends a piece of text to `parts`."""
        self.parts.append(data)


_ITEM = re.compile(rf"^[ ]*(?:(?:{NUMBER}|-)[ ]+)+", re.M)
_LAYOUT = frozenset(" \t\n")
_NO_LAYOUT = dict.fromkeys(map(ord, _LAYOUT))
_MARKUP = frozenset("*#|\\-:[]()!")


def first_loss(source: str, page_text: str) -> int | None:
    """The first place in a source whose character the page lacks or changes; None if none does.

    White space is layout; signs of the dialect and a list's numbers may be missing from the
    text, letters, digits and operators may not.
    """
    prose = without_targets(source)
    if prose.translate(_NO_LAYOUT) == page_text.translate(_NO_LAYOUT):
        return None  # the case of most texts; the slow search below is for the others
    marks = (*_ITEM.finditer(prose), *FENCE.finditer(prose))
    free = {place for mark in marks for place in range(*mark.span())}
    place = 0
    for character in page_text:
        if character in _LAYOUT:
            continue
        match = prose.find(character, place)
        end = match if match >= 0 else len(prose)
        fault = _missing(prose, place, end, free)
        if fault is not None or match < 0:
            return place if fault is None else fault
        place = match + 1
    return _missing(prose, place, len(prose), free)


def without_targets(text: str) -> str:
    """A text of the same length with blanks for the targets of links and images."""
    return outside_fences(text, lambda part: _TARGET.sub(_without_target, part))


def target_places(text: str) -> Mapping[str, list[int]]:
    """The places of the target of each link and image, in order."""
    places: dict[str, list[int]] = {}
    for match in _TARGET.finditer(text):
        places.setdefault(decoded(_unbracketed(match[3])), []).append(match.start(3))
    return places


def _unbracketed(target: str) -> str:
    return target[1:-1] if _ANGLED.fullmatch(target) else target


def is_own_file(typed: str) -> bool:
    """Whether a target names a file of the record's own folder, whether or not it exists."""
    return bool(typed) and ":" not in typed and not typed.startswith(("/", "#", "\\"))


def decoded(target: str) -> str:
    """A file's target without percent-encoding: `a%20b.pdf` is `a b.pdf`, as no name has `%`.

    Other targets stay as typed, as does one that names no own file when decoded.
    """
    if "%" not in target or not is_own_file(target):
        return target
    try:
        name = unquote(target, errors="strict")
    except UnicodeDecodeError:
        return target
    return name if is_own_file(name) else target


def outside_fences(text: str, change: Callable[[str], str]) -> str:
    """A text changed everywhere except in its blocks between lines of three backticks."""
    place, parts = 0, list[str]()
    for start, end in fences(text):
        parts += [change(text[place:start]), text[start:end]]
        place = end
    return "".join((*parts, change(text[place:])))


def fences_blanked(text: str) -> str:
    """A text of the same length without its blocks between lines of three backticks."""
    place, parts = 0, list[str]()
    for start, end in fences(text):
        parts += [text[place:start], re.sub(r"[^\n]", " ", text[start:end])]
        place = end
    return "".join((*parts, text[place:]))


def _missing(prose: str, start: int, end: int, free: set[int]) -> int | None:
    """The first place of a stretch whose character is neither layout nor markup."""
    signs = _LAYOUT | _MARKUP
    return next((i for i in range(start, end) if prose[i] not in signs and i not in free), None)


def _without_target(match: re.Match[str]) -> str:
    """A link with blanks for all but its words; an image as blanks."""
    words = "" if match[1] else match[2]
    before = match.start(2) - match.start()
    return (" " * before + words).ljust(len(match[0]))
