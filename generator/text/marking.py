"""Words of a finished text that were corrected later, set off where they stand.

The text stays as it is: a link is put around the words, and nothing is said of them there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_TAG = re.compile(r"(<[^>]*>)")


def set_off(html: str, words: Iterable[str], anchor: str) -> Markup:
    """HTML with a link to `anchor` around each of the words that stands there exactly once.

    Which of several is meant nobody can tell; words that run over a tag or stand in a link
    already are left alone.
    """
    for word in filter(None, words):
        html = _set_off(html, str(escape(word)), anchor)
    return Markup(html)  # noqa: S704 -- of a template


def _set_off(html: str, word: str, anchor: str) -> str:
    parts = _TAG.split(html)  # texts at even places
    found = [place for place in range(0, len(parts), 2) if word in parts[place]]
    if len(found) != 1 or parts[found[0]].count(word) != 1 or _in_link(parts[: found[0]]):
        return html
    before, after = parts[found[0]].split(word)
    link = f'<a class="gb-wrong" href="#{anchor}" title="經更正">{word}</a>'
    return "".join((*parts[: found[0]], before, link, after, *parts[found[0] + 1 :]))


def _in_link(parts: list[str]) -> bool:
    opened = sum(part.startswith("<a ") for part in parts)
    return opened > parts.count("</a>")
