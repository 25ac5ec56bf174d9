"""Words of a finished text that were corrected later, set off where they stand.

The text stays as it is: a link is put around the words, and nothing is said of them there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_TAG, _LINK = re.compile("<[^>]*>"), re.compile("<a .*?</a>", re.S)


def set_off(html: str, words: Iterable[str], anchor: str) -> Markup:
    """HTML with a link to `anchor` around each of the words that stands there exactly once.

    Which of several is meant nobody can tell; words that run over a tag or stand in a link
    already are left alone.
    """
    begin = f'<a class="gb-wrong" href="#{anchor}" title="經更正">'
    # as long as the HTML: its texts, and those of them that no link holds
    texts = _without(_TAG, html)
    free = _without(_TAG, _without(_LINK, html))
    for word in filter(None, map(str, map(escape, words))):
        place = texts.find(word)
        end = place + len(word)
        if place < 0 or texts.find(word, end) >= 0 or _NONE in free[place:end]:
            continue
        html = f"{html[:place]}{begin}{word}</a>{html[end:]}"
        before, after = _NONE * len(begin), _NONE * len("</a>")
        texts = f"{texts[:place]}{before}{word}{after}{texts[end:]}"
        free = f"{free[:place]}{before}{_NONE * len(word)}{after}{free[end:]}"
    return Markup(html)  # noqa: S704 -- of a template


_NONE = "\0"
"""What stands for each character of a tag; no text holds it."""


def _without(form: re.Pattern[str], html: str) -> str:
    return form.sub(lambda found: _NONE * len(found[0]), html)
