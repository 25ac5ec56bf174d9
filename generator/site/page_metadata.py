"""What machines are told of a page: tags in its head, and schema.org's words as JSON-LD.

Open Graph for whoever shares it, citation tags for reference managers, one graph for search
engines: the page's place in the site, and what it is about.  schema.org offers services,
articles and datasets to a government, but a document of a gazette is none of these: a legal norm
is `Legislation` ("enforceable or not", so a draft too), every other document a
`DigitalDocument`, both `isPartOf` the `PublicationIssue` of a `Periodical` and published by a
`GovernmentOrganization`; `GovernmentService` would say that one can apply for it.
Of a private page nothing is told: what must not be listed must not be described either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from generator.content.model import Card, Page
from generator.content.settings import Settings
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH, ENGLISH_HOME, absolute, alternates, language_of

CARDS = "assets/cards/"
"""Where the theme's pictures for sharing stand, each with the name of a `Card`."""
CARD_SIZE = (1200, 630)
"""Pixels of each, as Open Graph's readers want them."""
LOCALES = {CHINESE: "zh_TW", ENGLISH: "en_US"}
"""Languages as Open Graph names them."""
_CONTEXT = "https://schema.org"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_UNSAFE = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""Signs that would end or break a script, as JSON writes them by number."""

Thing = Mapping[str, object]
"""A thing in schema.org's words."""


def stated(**values: object) -> dict[str, object]:
    """What is known of these: nothing is said of the rest."""
    return {name: value for name, value in values.items() if value}


def organization(name: str, **more: object) -> Thing:
    """A public body."""
    return stated(**{"@type": "GovernmentOrganization"}, name=name, **more)


def publisher(settings: Settings) -> Thing:
    """The site's publisher."""
    held = settings.publisher
    return organization(
        held.name, **{"@id": f"{settings.base_url}#publisher"}, alternateName=held.name_en
    )


def head_lines(page: Page, settings: Settings) -> tuple[str, ...]:
    """The page's own tags for its head, each a line of HTML."""
    if page.private:
        return ()
    own = (f'<meta name="{name}" content="{escape(held)}">' for name, held in page.about.tags)
    card = _card_tags(page.about.card, language_of(page.address), settings)
    return (*_alternates(page, settings), *_open_graph(page, settings), card, *own)


def _alternates(page: Page, settings: Settings) -> Iterator[str]:
    for language, url in alternates(settings.base_url, page.address) if page.paired else ():
        yield f'<link rel="alternate" hreflang="{language}" href="{escape(url)}">'


def head_tags(page: Page, settings: Settings) -> str:
    """The same as one text."""
    return "".join(head_lines(page, settings))


def _open_graph(page: Page, settings: Settings) -> Iterator[str]:
    yield f'<meta property="og:title" content="{escape(page.title)}">'
    yield f'<meta property="og:description" content="{escape(page.description)}">'
    yield f'<meta property="og:type" content="{"article" if page.about.article else "website"}">'
    yield f'<meta property="og:url" content="{escape(absolute(settings.base_url, page.address))}">'
    language = language_of(page.address)
    yield f'<meta property="og:site_name" content="{escape(settings.title_in(language))}">'
    if page.paired:
        other = LOCALES[CHINESE if language == ENGLISH else ENGLISH]
        yield f'<meta property="og:locale:alternate" content="{other}">'


@lru_cache(maxsize=64)  # a site has a handful of pictures
def _card_tags(card: Card, language: str, settings: Settings) -> str:
    width, height = CARD_SIZE
    named = {
        "og:locale": LOCALES[language],
        "og:image": f"{settings.base_url}{CARDS}{card.name}.png",
        "og:image:type": "image/png",
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": card.alt_en if language == ENGLISH else card.alt,
    }
    tags = (f'<meta property="{name}" content="{escape(held)}">' for name, held in named.items())
    return "".join((*tags, '<meta name="twitter:card" content="summary_large_image">'))


def described(page: Page, settings: Settings) -> str:
    """The page's graph as JSON that no `</script>` ends; "" where there is nothing to tell."""
    things = () if page.private else (*_way(page, settings), *_about(page, settings))
    if not things:
        return ""
    text = _ENCODER.encode({"@context": _CONTEXT, "@graph": things})
    for sign, escaped in _UNSAFE.items():
        text = text.replace(sign, escaped)  # `translate` takes ten times as long
    return text


def _about(page: Page, settings: Settings) -> Iterator[Thing]:
    if page.about.thing:
        address = absolute(settings.base_url, page.address)
        yield {"@id": f"{address}#thing", **page.about.thing, "url": address}


def _way(page: Page, settings: Settings) -> Iterator[Thing]:
    """The way from the home page to this one; the home page has none."""
    language = language_of(page.address)
    home = ENGLISH_HOME if language == ENGLISH else ""
    if page.address == home:
        return
    first = (words_of(language)["page"]["home"], home)
    steps = [first, *((c.title, c.address) for c in page.breadcrumbs)]
    steps.append((page.title, page.address))
    yield {
        "@type": "BreadcrumbList",
        "itemListElement": [
            _step(place, name, absolute(settings.base_url, address))
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }


def _step(place: int, name: str, address: str) -> dict[str, Any]:
    return {"@type": "ListItem", "position": place, "name": name, "item": address}
