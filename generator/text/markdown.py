"""Editors' Markdown to safe HTML: rendered here, never by the host.

Raw HTML is off: `<` and `&` are shown as typed.  `sanitised` is the second layer.
The caller resolves links to records (`[文字](gazette:105-001-03)`) and to files of the record's
own folder; the same walk collects the links that `check` examines.
The proof that a page shows all that was typed comes before references to figures are filled in.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from functools import lru_cache

from markdown.treeprocessors import Treeprocessor
from msgspec import Struct

from generator.text.figure_references import Bind, as_typed, mask, unmask, unmask_text
from generator.text.markdown_dialect import (
    ampersands_back,
    decoded,
    engine,
    first_loss,
    is_own_file,
    text_of,
    unveil,
    unveil_html,
    veil,
)
from generator.text.sanitize import ANCHOR, sanitised

RECORD_LINK = re.compile(r"(?P<kind>[a-z_]+):(?P<id>[^\s/?#][^\s?#]*)")

Resolve = Callable[[str], str | None]
"""Turns a target as typed into an address, or None if it leads nowhere."""
Frame = Callable[[str], Mapping[str, str]]
"""Gives an image's attributes for its address as typed; none if it needs no more."""


def unframed(_: str) -> Mapping[str, str]:
    """No attributes."""
    return {}


class Heading(Struct, frozen=True):
    """A heading of a rendered text."""

    title: str
    anchor: str
    level: int


class RenderedProse(Struct, frozen=True, kw_only=True):
    """Safe HTML of a text, and the facts that checks need.

    `targets` are as typed and include those of `images`; `bare_images` have no words; `lost` is
    the first place in the source that the page would not show, None if it shows everything.
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

    `bind` gives the text that replaces each reference to a figure; without it, none is replaced.
    """
    links, (converter, titles) = _Links(resolve, frame), engine()
    converter.treeprocessors.register(links, "links", 4)
    masked, references = mask(text) if bind else (text, ())
    clean = ampersands_back(sanitised(unveil_html(converter.convert(veil(masked)))))
    return RenderedProse(
        html=unmask(clean, references, bind) if bind else clean,
        headings=tuple(
            Heading(
                unmask_text(unveil(title.name), references, bind or as_typed),
                title.anchor,
                title.level,
            )
            for title in titles
        ),
        targets=tuple(links.targets),
        images=tuple(links.images),
        bare_images=tuple(links.bare_images),
        lost=first_loss(text, text_of(unmask(clean, references, as_typed))),
    )


@lru_cache(maxsize=4096)
def read_prose(text: str, *, bound: bool = False) -> RenderedProse:
    """A text rendered with its targets as typed, for checks and indexes."""
    return render_prose(text, lambda typed: typed, as_typed if bound else None)


def plain_text(text: str) -> str:
    """A Markdown text's words without its signs, on one line: for descriptions and lists."""
    return " ".join(text_of(read_prose(text).html).split())


def gist(text: str, length: int) -> str:
    """The beginning of a text, at most `length` characters, with … where it goes on."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


class _Links(Treeprocessor):
    """Resolves every target, and records it as typed."""

    def __init__(self, resolve: Resolve, frame: Frame) -> None:
        super().__init__()
        self.resolve = resolve
        self.frame = frame
        self.targets: list[str] = []
        self.images: list[str] = []
        self.bare_images: list[str] = []

    def run(self, root: ET.Element) -> None:
        """Rewrites the targets of links and images in place; headings have their ids by now."""
        anchors = {element.get("id") for element in root.iter()}
        for element in root.iter():
            if element.tag == "h1":  # the page's own title is its only first heading
                element.tag = "h2"
            elif element.tag == "img":
                self._image(element)
            elif element.tag == "a":
                self._link(element, anchors)

    def _image(self, element: ET.Element) -> None:
        """An image must be a file of the record: another host would learn who reads the page."""
        typed = decoded(unveil(element.attrib.pop("src")))
        self.targets.append(typed)
        self.images.append(typed)
        if not element.get("alt", "").strip():
            self.bare_images.append(typed)
        self._lead(element, "src", self.resolve(typed) if is_own_file(typed) else None)
        if "src" in element.attrib:
            element.attrib.update({name: veil(value) for name, value in self.frame(typed).items()})

    def _link(self, element: ET.Element, anchors: set[str | None]) -> None:
        typed = decoded(unveil(element.attrib.pop("href")))
        self.targets.append(typed)
        anchor = f"{ANCHOR}{typed[1:]}" if typed.startswith("#") else ""
        self._lead(element, "href", self.resolve(f"#{anchor}" if anchor in anchors else typed))
        if "href" in element.attrib and is_own_file(typed):
            element.set("download", "")

    def _lead(self, element: ET.Element, name: str, address: str | None) -> None:
        if address is not None:
            element.set(name, veil(address))
