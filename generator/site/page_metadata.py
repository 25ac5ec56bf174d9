"""Metadata of pages for machines: tags in the head, and schema.org terms as JSON-LD.

Open Graph serves sharing, citation tags serve reference managers, and a graph for search engines
gives the page's place in the site and its subject.  schema.org has services, articles and datasets
for governments, but a document of a gazette is none of these: a legal norm is `Legislation`
("enforceable or not", so a draft too), every other document a `DigitalDocument`.  Both are part of
the `PublicationIssue` of a `Periodical` and published by a `GovernmentOrganization`;
`GovernmentService` would mean that one can apply for it.
A private page gets no metadata: a page that must not be listed must not be described either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape

from generator.content.model import Card, Page
from generator.content.settings import Settings
from generator.site.report_link import mail_of
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH, ENGLISH_HOME, absolute, alternates, language_of

CARDS = "assets/cards/"
"""The folder of the theme's pictures for sharing, each with the name of a `Card`."""
CARD_SIZE = (1200, 630)
"""The size of each in pixels, as readers of Open Graph recommend."""
LOCALES = {CHINESE: "zh_TW", ENGLISH: "en_US"}
"""Maps languages to Open Graph's locales."""
_CONTEXT = "https://schema.org"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_UNSAFE = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""Maps characters that would end or break a script to JSON's escapes."""

Thing = Mapping[str, object]
"""An object in schema.org's terms."""


def stated(**values: object) -> dict[str, object]:
    """The values that are not empty; JSON-LD leaves out what is unknown."""
    return {name: value for name, value in values.items() if value}


def organization(name: str, **more: object) -> Thing:
    """A public body in schema.org's terms."""
    return stated(**{"@type": "GovernmentOrganization"}, name=name, **more)


def publisher(settings: Settings) -> Thing:
    """The site's publisher in schema.org's terms."""
    body = settings.publisher
    return organization(
        body.name, **{"@id": f"{settings.base_url}#publisher"}, alternateName=body.name_en
    )


def contact_point(settings: Settings) -> Thing:
    """Where the publisher is reached, for the thing of the publisher."""
    contact = settings.contact
    if contact is None:
        return {}
    point = stated(
        **{"@type": "ContactPoint"},
        contactType="customer service",
        name=contact.unit,
        telephone=contact.telephone,
        faxNumber=contact.fax,
        email=mail_of(settings),
    )
    return stated(address=contact.address, telephone=contact.telephone, contactPoint=point)


def head_lines(page: Page, settings: Settings) -> tuple[str, ...]:
    """The page's own tags for its head, a line of HTML for each."""
    if page.private:
        return ()
    versions = alternates(settings.base_url, page.address) if page.paired else ()
    links = (f'<link rel="alternate" hreflang="{k}" href="{escape(url)}">' for k, url in versions)
    card = _card_tags(page.about.card, language_of(page.address), settings)
    own = (f'<meta name="{name}" content="{escape(content)}">' for name, content in page.about.tags)
    return (*links, *_open_graph(page, settings), card, *own)


def head_tags(page: Page, settings: Settings) -> str:
    """The page's own tags for its head as one text."""
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
    properties = {
        "og:locale": LOCALES[language],
        "og:image": f"{settings.base_url}{CARDS}{card.name}.png",
        "og:image:type": "image/png",
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": card.alt_en if language == ENGLISH else card.alt,
    }
    tags = (
        f'<meta property="{name}" content="{escape(content)}">'
        for name, content in properties.items()
    )
    return "".join((*tags, '<meta name="twitter:card" content="summary_large_image">'))


def described(page: Page, settings: Settings) -> str:
    """The page's graph as JSON that is safe within a script; "" if it has no objects."""
    if page.private:
        return ""
    things = list(_breadcrumbs(page, settings))
    address = absolute(settings.base_url, page.address)
    own = _of_page(page, settings)
    if page.about.thing:
        subject = {"@id": f"{address}#thing", **page.about.thing, "url": address}
        page_itself = page.about.thing.get("@type") == "WebPage"
        things.append({**subject, **own} if page_itself else subject)
        own = {} if page_itself else own
    if own:
        things.append({"@type": "WebPage", "@id": f"{address}#page", **own})
    if not things:
        return ""
    text = _ENCODER.encode({"@context": _CONTEXT, "@graph": things})
    for sign, escaped in _UNSAFE.items():
        text = text.replace(sign, escaped)  # `translate` takes ten times as long
    return text


def _of_page(page: Page, settings: Settings) -> Thing:
    """What holds for the page itself: under which licence, by whom, how new."""
    if settings.licensed is None:
        return {}
    return stated(
        license=settings.licensed.url,
        publisher={"@id": f"{settings.base_url}#publisher"},
        dateModified=page.updated.isoformat() if page.updated else "",
    )


def _breadcrumbs(page: Page, settings: Settings) -> Iterator[Thing]:
    """The breadcrumbs from the home page to this one; the home page has none."""
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
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": absolute(settings.base_url, address),
            }
            for position, (name, address) in enumerate(steps, start=1)
        ],
    }
