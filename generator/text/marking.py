"""Words of a finished text that were corrected later, set off where they stand.

The text stays as it is: a link is put around the words, and nothing is said of them there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_TAG = re.compile("<[^>]*>")


def set_off(html: str, words: Iterable[str], anchor: str) -> Markup:
    """HTML with a link to `anchor` around each of the words that stands there exactly once.

    Which of several is meant nobody can tell; words that run over a tag or stand in a link
    already are left alone.
    """
    plain = _TAG.sub(lambda tag: "\0" * len(tag[0]), html)  # of the same length
    for word in filter(None, map(str, map(escape, words))):
        place = plain.find(word)
        if plain.count(word) == 1 and html.count("<a ", 0, place) <= html.count("</a>", 0, place):
            before = f'<a class="gb-wrong" href="#{anchor}" title="經更正">'
            end = place + len(word)
            html = f"{html[:place]}{before}{word}</a>{html[end:]}"
            plain = "".join((plain[:place], "\0" * len(before), word, "\0" * 4, plain[end:]))
    return Markup(html)  # noqa: S704 -- of a template
