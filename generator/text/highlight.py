"""Marks, in rendered HTML, the words that a later correction replaces.

The published text does not change: each such word gets a link to the correction around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_TAG, _LINK = re.compile("<[^>]*>"), re.compile("<a .*?</a>", re.S)
_BOLD = re.compile("</?b>")


def set_off(html: str, words: Iterable[str], anchor: str) -> Markup:
    """HTML with a link to `anchor` around each of the words that occurs exactly once.

    A word that occurs more often is ambiguous and gets no link; neither does one that runs over
    a tag or already stands in a link.
    """
    wanted = [word for word in map(str, map(escape, words)) if word]
    if not wanted:
        return Markup(html)  # noqa: S704 -- of a template
    if not all(_places(word, _TAG.sub(_NONE, html)) for word in wanted):
        # a word that begins with an article's bold number would run over its tag
        html = _BOLD.sub("", html)
    begin = f'<a class="gb-wrong" href="#{anchor}" title="經更正">'
    # both are as long as the HTML, so that places agree: its text, and its text outside links
    texts = _blanked(_TAG, html)
    free = _blanked(_TAG, _blanked(_LINK, html))
    for word in wanted:
        places = _places(word, texts)
        if len(places) != 1:
            continue
        place, end = places[0], places[0] + len(word)
        if _NONE in free[place:end]:
            continue
        html = f"{html[:place]}{begin}{word}</a>{html[end:]}"
        before, after = _NONE * len(begin), _NONE * len("</a>")
        texts = f"{texts[:place]}{before}{word}{after}{texts[end:]}"
        free = f"{free[:place]}{before}{_NONE * len(word)}{after}{free[end:]}"
    return Markup(html)  # noqa: S704 -- of a template


_NONE = "\0"
"""Replaces each character of a tag; no text contains it."""


def _places(word: str, html: str) -> list[int]:
    """Where a word in HTML begins; the spelling of an entity is no text, so it is skipped whole."""
    form = re.compile(f"({re.escape(word)})|&#?[0-9A-Za-z]+;")
    return [match.start() for match in form.finditer(html) if match[1]]


def _blanked(form: re.Pattern[str], html: str) -> str:
    return form.sub(lambda match: _NONE * len(match[0]), html)
