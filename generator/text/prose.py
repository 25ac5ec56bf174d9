"""Editors' Markdown to safe HTML: rendered here, never by the host.

Raw HTML is off: `<` and `&` are shown as typed.  nh3 is the second layer.
Links to records (`[文字](gazette:105-001-03)`) and files of the record's own folder are
resolved by whoever renders; the same walk tells `check` which links a text holds.
What is typed is proved to be shown before references to figures are filled in.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from generator.figures.binding import Bind, Binding, as_typed, mask, unmask, unmask_text
from generator.text.dialect import engine, lost, text_of, unveil, unveil_html, veil

_TAGS = frozenset(
    ("a", "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "hr", "br", "img", "pre")
) | frozenset(("table", "thead", "tbody", "tr", "th", "td"))
_SET = {"th": {"scope": "col"}}
"""Markdown has no other table heads than those of columns."""
_FRAME = frozenset(("srcset", "sizes", "width", "height", "loading", "decoding"))
"""What an image has beside its address, never typed by an editor."""
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", *_FRAME},
    "th": {"align"},
    "td": {"align"},
    "li": {"value"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
RECORD_LINK = re.compile(r"(?P<kind>[a-z_]+):(?P<id>[^\s/?#][^\s?#]*)")

Resolve = Callable[[str], str | None]
"""Turns what an editor wrote as a target into an address, or None where it leads nowhere."""
Frame = Callable[[str], Mapping[str, str]]
"""The attributes of an image by what was typed as its address; none where it stays as it is."""


def unframed(_: str) -> Mapping[str, str]:
    """No attributes."""
    return {}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a rendered text."""

    title: str
    anchor: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedProse:
    """Safe HTML of a text, and what a check asks of it.

    Headings, the targets of links and images as typed, those of images alone, images without
    words, and the first place where the page would not show what was typed.
    """

    html: str
    headings: tuple[Heading, ...]
    targets: tuple[str, ...]
    images: tuple[str, ...]
    bare_images: tuple[str, ...]
    lost: int | None


def render_prose(
    text: str, resolve: Resolve, bind: Bind | None = None, frame: Frame = unframed
) -> RenderedProse:
    """The HTML of a Markdown text; targets that `resolve` does not know lose their link.

    Where `bind` is given, it says what stands in the place of each reference to a figure.
    """
    links, converter = _Links(resolve, frame), engine()
    converter.treeprocessors.register(links, "links", 5)
    masked, found = mask(text) if bind else (text, ())
    clean = nh3.clean(
        unveil_html(converter.convert(veil(masked))),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        set_tag_attribute_values=_SET,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return RenderedProse(
        html=unmask(clean, found, bind) if bind else clean,
        headings=_headings(converter, found, bind or as_typed),
        targets=tuple(links.targets),
        images=tuple(links.images),
        bare_images=tuple(links.bare_images),
        lost=lost(text, text_of(unmask(clean, found, as_typed))),
    )


@lru_cache(maxsize=4096)
def read_prose(text: str, *, bound: bool = False) -> RenderedProse:
    """A text with its targets as typed: for whoever asks what it holds."""
    return render_prose(text, lambda typed: typed, as_typed if bound else None)


def plain_text(text: str) -> str:
    """A Markdown text's words without its signs, on one line: for descriptions and lists."""
    return " ".join(text_of(read_prose(text).html).split())


def gist(text: str, length: int) -> str:
    """The beginning of a text, at most `length` characters, with … where it goes on."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _headings(
    converter: Markdown, bindings: tuple[Binding, ...], bind: Bind
) -> tuple[Heading, ...]:
    found: list[Heading] = []
    pending = list(getattr(converter, "toc_tokens", ()))
    while pending:
        token = pending.pop(0)
        title = unmask_text(unveil(token["name"]), bindings, bind)
        found.append(Heading(title, token["id"], token["level"]))
        pending = [*token["children"], *pending]
    return tuple(found)


class _Links(Treeprocessor):
    """Resolves every target, and remembers what was typed."""

    def __init__(self, resolve: Resolve, frame: Frame) -> None:
        super().__init__()
        self.resolve = resolve
        self.frame = frame
        self.images: list[str] = []
        self.targets: list[str] = []
        self.bare_images: list[str] = []

    def run(self, root: ET.Element) -> None:
        """Rewrites the targets of links and images in place."""
        for element in root.iter():
            if element.tag == "h1":  # the page's own title is its only first heading
                element.tag = "h2"
            if element.tag == "img" and not element.get("alt", "").strip():
                self.bare_images.append(element.get("src", ""))
            for name in ("href", "src"):
                if name in element.attrib:
                    self._rewrite(element, name)
            if element.tag == "img" and "src" in element.attrib:
                self._framed(element, self.targets[-1])

    def _framed(self, image: ET.Element, typed: str) -> None:
        self.images.append(typed)
        for name, value in self.frame(typed).items():
            image.attrib[name] = veil(value)

    def _rewrite(self, element: ET.Element, name: str) -> None:
        typed = unveil(element.attrib[name])
        self.targets.append(typed)
        address = self.resolve(typed)
        if address is None:
            del element.attrib[name]
        else:
            element.attrib[name] = veil(address)
