"""The sanitizer of the HTML of editors' texts: only tags and attributes on these lists pass.

The renderer writes no others; this layer protects readers if it or its library errs.  No class,
style, name or handler passes, and no id that collides with a script's or the browser's names.
"""

from __future__ import annotations

import nh3

ANCHOR = "h-"
"""The prefix of an anchor of plain ASCII: `location` and `forms` are names of the browser's,
`q` and `main` of our pages'; no such name has a Han character."""
_TAGS = frozenset(
    ("a", "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "hr", "br", "img", "pre")
) | frozenset(("table", "thead", "tbody", "tr", "th", "td"))
_FRAME = frozenset(("srcset", "sizes", "width", "height", "loading", "decoding"))
"""Attributes of an image that the program adds; editors cannot type them."""
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # without this entry the library lets `lang` and `title` pass anywhere
    "a": {"href", "download"},
    "img": {"src", "alt", *_FRAME},
    "th": {"align"},
    "td": {"align"},
    "li": {"value"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_SET = {"th": {"scope": "col"}}
"""Markdown has no other table heads than those of columns."""
_SCHEMES = {"http", "https", "mailto", "tel"}


def anchor_of(words: str) -> str:
    """An id made of words that collides with no other name in a page."""
    return f"{ANCHOR}{words}" if words.isascii() else words


def _attribute(_: str, name: str, value: str) -> str:
    renamed = name == "id" and not value.startswith(ANCHOR)
    return anchor_of(value) if renamed else value


_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    set_tag_attribute_values=_SET,
    url_schemes=_SCHEMES,
    link_rel=None,
)


def sanitised(html: str) -> str:
    """HTML of the listed tags, attributes and schemes alone, well formed."""
    return _CLEANER.clean(html)
