"""The site's settings for MkDocs: name, address, navigation, in memory or as a file.

The navigation contains only sections, so that the cost of a page does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import yaml

from generator.content.model import Artifact, Entrance
from generator.output.html import day_text
from generator.output.security_headers import lost_policy
from generator.site.kind import Site
from generator.text.content_policy import policy
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH, ENGLISH_HOME, address_in

NAV_FILE = "nav.yml"


def theme_settings(entrances: Iterable[Entrance], site: Site) -> Mapping[str, Any]:
    """The site's name and address, its navigation, values for the theme.

    The theme prints them unescaped, so they are escaped here.
    """
    settings, listed = site.settings, tuple(entrances)
    english = words_of(ENGLISH)["frame"]
    return {
        "site_name": escape(settings.title),
        "site_url": settings.base_url,
        "site_author": escape(settings.publisher.name),
        "site_description": escape(settings.description),
        "nav": [{entrance.label: f"{entrance.address}index.md"} for entrance in listed],
        "extra": {
            "official": settings.official,
            "as_of": site.as_of.isoformat(),
            "repository": settings.repository,
            "handbook": settings.handbook,
            "look_up": settings.has_gazette,
            "policy": policy(),
            "lost_policy": lost_policy(),
            "visitors": escape(f"{english['demo']}. {english['demo_note']}"),
            "frames": {name: _frame(name, listed, site) for name in settings.languages},
        },
    }


def nav_file(settings: Mapping[str, Any]) -> Artifact:
    """`nav.yml` with these settings; the `mkdocs.yml` of exported Markdown inherits from it."""
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=10_000)
    return Artifact(address=NAV_FILE, content=text.encode())


def _frame(language: str, entrances: tuple[Entrance, ...], site: Site) -> dict[str, object]:
    """The theme's values for header and footer of the pages in a language."""
    settings, english = site.settings, language == ENGLISH
    publisher, other = settings.publisher, CHINESE if english else ENGLISH
    name = (publisher.name_en if english else "") or publisher.name
    return {
        "root": ENGLISH_HOME if english else "",
        "title": escape(settings.title_in(language)),
        "publisher": escape(name),
        "as_of": day_text(site.as_of, language),
        "other": other,
        "other_name": words_of(other)["name"],
        "entrances": [
            {
                "label": escape(e.label_en if english else e.label),
                "address": address_in(language, e.address),
            }
            for e in entrances
        ],
        "words": {name: escape(word) for name, word in words_of(language)["frame"].items()},
    }
