"""The Markdown that editors may write: little enough that it cannot damage legal text.

Headings `## `, **bold**, lists `- ` and `1. `, [links](…), ![images](…), tables, a rule `---`,
blocks between lines of three backticks, and a backslash before a sign that shall stand as
typed.  Everything else is text: `x<y`, `5*3*2`, `> 5`, `_a_` and indented lines show as typed,
and a list keeps the numbers typed.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor, HRProcessor
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.nl2br import Nl2BrExtension
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.inlinepatterns import InlineProcessor

from generator.text.sanitising import anchor_of

INDENT = 2
"""Spaces that a list within a list stands further in."""
LIST_DEPTH = 8
"""Lists within lists; a deeper one shows as typed."""
ESCAPED = "\\*[]#-.|"

_LINK = r"(!?)\[([^\[\]\n]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)"
_STRONG = r"(?<![0-9A-Za-z*])\*\*(?=[^\s*])([^*\n]+)(?<=\S)\*\*(?![0-9A-Za-z*])"
_NUMBER = r"(?:0|[1-9][0-9]{0,3})\."
_BLOCKS = ("code", "setextheader", "quote", "reference")
_INLINES = (
    *("backtick", "reference", "link", "image_link", "image_reference", "short_reference"),
    *("short_image_ref", "autolink", "automail", "html", "entity", "em_strong"),
)


_SPACES = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SIGNS = (*range(0x04, 0x09), *range(0x0E, 0x1C))
_VEILED = {typed: chr(sign) for typed, sign in zip(f"&{_SPACES}", _SIGNS, strict=False)}
"""Characters that the library would read as its own or strip, and the signs, which no text may
hold, that stand for them meanwhile."""
_VEIL, _UNVEIL = str.maketrans(_VEILED), str.maketrans({v: k for k, v in _VEILED.items()})


def veil(text: str) -> str:
    """A text whose ampersands and wide blanks the library leaves alone."""
    return text.translate(_VEIL)


def unveil(text: str) -> str:
    """The same text as typed."""
    return text.translate(_UNVEIL)


def unveil_html(html: str) -> str:
    """HTML of a veiled text with its characters back."""
    return unveil(html.replace(_VEILED["&"], "&amp;"))


def engine() -> Markdown:
    """A fresh engine of the dialect; its `toc_tokens` hold the headings after a conversion."""
    return Markdown(
        tab_length=INDENT,
        extensions=[
            TableExtension(use_align_attribute=True),
            TocExtension(slugify=_slug, marker=""),
            Nl2BrExtension(),
            FencedCodeExtension(),
            _Dialect(),
        ],
    )


def _slug(words: str, separator: str) -> str:
    return anchor_of(slugify_unicode(words, separator))


class _Dialect(Extension):
    """Takes away what is not wanted, and puts stricter readers in place of lenient ones."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 -- the library's name
        """Changes the engine's registries."""
        md.ESCAPED_CHARS = list(ESCAPED)
        md.preprocessors.deregister("html_block")
        for name in _BLOCKS:
            md.parser.blockprocessors.deregister(name)
        for name in _INLINES:
            md.inlinePatterns.deregister(name)
        blocks = md.parser.blockprocessors
        blocks.register(_Heading(md.parser), "hashheader", 70)
        blocks.register(_Rule(md.parser), "hr", 50)
        blocks.register(_Numbered(md.parser), "olist", 40)
        blocks.register(_Bulleted(md.parser), "ulist", 30)
        md.inlinePatterns.register(_Link(_LINK, md), "link", 160)
        md.inlinePatterns.register(_Strong(_STRONG, md), "strong", 60)


class _Heading(HashHeaderProcessor):
    """A heading needs a space after its signs: `#1` is a number."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ ]+(?P<header>[^\n]*[^\s#\n])[ ]*#*[ ]*(?:\n|$)")


class _Rule(HRProcessor):
    """A rule is a line of hyphens alone."""

    SEARCH_RE = re.compile(r"^-{3,}[ ]*$", re.M)


class _Numbered(SaneOListProcessor):
    """A numbered list whose items keep the numbers typed."""

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.RE = re.compile(rf"^[ ]?{_NUMBER}[ ]+(.*)")
        self.CHILD_RE = re.compile(rf"^[ ]?(({_NUMBER}))[ ]+(.*)")
        self.INDENT_RE = re.compile(rf"^[ ]{{2,3}}(({_NUMBER})|-)[ ]+.*")

    def test(self, parent: ET.Element, block: str) -> bool:
        """Whether a block is such a list, and not too deep."""
        return super().test(parent, block) and len(self.parser.state) < LIST_DEPTH

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Builds the list; each item's `value` is the number typed."""
        matches = (self.CHILD_RE.match(line) for line in blocks[0].split("\n"))
        numbers = [match[1].rstrip(".") for match in matches if match]
        super().run(parent, blocks)
        made = parent if parent.tag in ("ol", "ul") else self.lastChild(parent)
        if made is not None:
            made.attrib.pop("start", None)
            for item, number in zip(list(made)[-len(numbers) :], numbers, strict=False):
                item.set("value", number)


class _Bulleted(SaneUListProcessor):
    """A list of points; `*` and `+` are signs of the text."""

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]?-[ ]+(.*)")
        self.CHILD_RE = re.compile(r"^[ ]?((-))[ ]+(.*)")
        self.INDENT_RE = re.compile(rf"^[ ]{{2,3}}(({_NUMBER})|-)[ ]+.*")

    def test(self, parent: ET.Element, block: str) -> bool:
        """Whether a block is such a list, and not too deep."""
        return super().test(parent, block) and len(self.parser.state) < LIST_DEPTH


class _Link(InlineProcessor):
    """A link or an image; its target holds no blank, its words no bracket."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 -- its name; differs from Pattern's
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        """The element with the target as typed."""
        del data
        image, words, target = m[1], m[2], m[3]
        element = ET.Element("img", src=target, alt=words) if image else ET.Element("a")
        if not image:
            element.set("href", target)
            element.text = words
        return element, m.start(0), m.end(0)


class _Strong(InlineProcessor):
    """Words between double asterisks that stand on their own."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 -- its name; differs from Pattern's
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element, int, int]:
        """The element; what is in it is read on."""
        del data
        element = ET.Element("strong")
        element.text = m[1]
        return element, m.start(0), m.end(0)


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
        """Takes a run of text."""
        self.parts.append(data)


_TARGET = re.compile(_LINK)
_ITEM = re.compile(rf"^[ ]*(?:(?:{_NUMBER}|-)[ ]+)+", re.M)
_FENCED = re.compile(r"^```[a-z]*[ ]*\n.*?^```[ ]*$", re.S | re.M)
_FENCE = re.compile("^```[a-z]*[ ]*$", re.M)
_LAYOUT = frozenset(" \t\n")
_MARKUP = frozenset("*#|\\-:[]()!")


def lost(source: str, shown: str) -> int | None:
    """Where the shown text lacks or changes a character of its source; None where it does not.

    White space is layout; signs of the dialect and a list's numbers may be missing from the
    text, letters, digits and operators may not.
    """
    kept = without_targets(source)
    marks = (*_ITEM.finditer(kept), *_FENCE.finditer(kept))
    free = {place for mark in marks for place in range(*mark.span())}
    place = 0
    for character in shown:
        if character in _LAYOUT:
            continue
        found = kept.find(character, place)
        end = found if found >= 0 else len(kept)
        fault = _missing(kept, place, end, free)
        if fault is not None or found < 0:
            return place if fault is None else fault
        place = found + 1
    return _missing(kept, place, len(kept), free)


def without_targets(text: str) -> str:
    """A text of the same length with blanks for what links and images lead to."""
    return outside_fences(text, lambda part: _TARGET.sub(_without_target, part))


def outside_fences(text: str, change: Callable[[str], str]) -> str:
    """A text changed everywhere but in its blocks between lines of three backticks."""
    place, parts = 0, list[str]()
    for fenced in _FENCED.finditer(text):
        parts += [change(text[place : fenced.start()]), fenced[0]]
        place = fenced.end()
    return "".join((*parts, change(text[place:])))


def fences_blanked(text: str) -> str:
    """A text of the same length without its blocks between lines of three backticks."""
    return _FENCED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _missing(kept: str, start: int, end: int, free: set[int]) -> int | None:
    """The first place of a stretch that no markup explains."""
    known = _LAYOUT | _MARKUP
    return next((i for i in range(start, end) if kept[i] not in known and i not in free), None)


def _without_target(match: re.Match[str]) -> str:
    """A link's words at their place, all else blank; of an image nothing."""
    words = "" if match[1] else match[2]
    before = match.start(2) - match.start()
    return (" " * before + words).ljust(len(match[0]))
