"""Tells whether an SVG drawing is only a drawing: no script, no link, nothing from elsewhere.

A browser that opens an SVG file by its address runs what stands in it, as in a page.  So elements
are allowed by name, and whatever could run, lead away or load is refused.  Expat reads the text as
a stream and stops at a document type, so that no entity is ever expanded.
"""

from __future__ import annotations

import re
from xml.parsers import expat

LIMIT = 2 * 1024 * 1024
"""The most bytes of a drawing, which is read as a whole."""
_SVG = "http://www.w3.org/2000/svg"
_LIVE = frozenset(
    (
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/1998/Math/MathML",
        "http://www.mozilla.org/keymaster/gatekeeper/there.is.only.xul",
        "http://www.w3.org/2001/xml-events",
    )
)
"""Namespaces that browsers act on; they ignore the drawing programs' own ones."""
_DRAWN = frozenset(
    (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "style", "view"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "marker"),
        *("text", "tspan", "textPath", "switch", "clipPath", "mask", "pattern", "filter"),
        *("linearGradient", "radialGradient", "stop"),
        *("feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix"),
        *("feDiffuseLighting", "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood"),
        *("feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode"),
        *("feMorphology", "feOffset", "fePointLight", "feSpecularLighting", "feSpotLight"),
        *("feTile", "feTurbulence"),
    )
)
_BETWEEN = "\n"
"""Stands between namespace and name, as no name can contain it."""
_ELSEWHERE = re.compile(
    r"url\(\s*+['\"]?+\s*+(?!#)|@import|@charset|image-set|(?:image|src|expression)\(|\\|javascript:",
    re.I,
)
"""In a style: whatever could load or run, and escapes, which could spell it otherwise."""


class _Live(Exception):  # noqa: N818 -- an answer, no fault
    """The drawing contains something active."""


def is_drawing(content: bytes) -> bool:
    """Whether a file is SVG in UTF-8 with nothing active in it."""
    if len(content) > LIMIT or b"\0" in content:
        return False
    parser = expat.ParserCreate("utf-8", _BETWEEN)
    parser.buffer_text = True
    depth, styles = 0, list[str]()
    style = False

    def refuse(*_: object) -> None:
        raise _Live

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, style
        space, _, tag = name.rpartition(_BETWEEN)
        drawn = space == _SVG and tag in _DRAWN
        root = depth == 0 and (space, tag) != (_SVG, "svg")
        live = any(_is_live(named, value) for named, value in attributes.items())
        # browsers join the texts of a style around a child, so none may stand there
        if style or root or live or space in _LIVE or (space == _SVG and not drawn):
            raise _Live
        depth += 1
        style = drawn and tag == "style"

    def end(_: str) -> None:
        nonlocal depth, style
        depth -= 1
        style = False

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = lambda text: styles.append(text) if style else None
    parser.StartDoctypeDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        content.decode()  # a browser follows the declaration, expat what it is told here
        parser.Parse(content, True)  # noqa: FBT003 -- it takes no names
    except (expat.ExpatError, UnicodeDecodeError, _Live):
        return False
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*['\"]([^'\"]+)", content)
    utf8 = declared is None or declared[1].lower() in (b"utf-8", b"us-ascii")
    return utf8 and not _ELSEWHERE.search("".join(styles))


def _is_live(name: str, value: str) -> bool:
    """Whether an attribute could run, lead away or load something."""
    plain = name.rpartition(_BETWEEN)[2].casefold()
    if plain.startswith("on") or plain in ("base", "src"):
        return True
    if plain == "href":
        return not value.strip().startswith("#")
    return bool(_ELSEWHERE.search(value))
