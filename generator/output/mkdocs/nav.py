"""The site's settings for MkDocs: name, address, navigation, in memory or as a file.

The navigation contains only sections, so that the cost of a page does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

import yaml

from generator.content.model import Artifact, Entrance
from generator.content.public_identity import FootLink, telephone_link
from generator.content.settings import Settings
from generator.content.static_files import icon_of
from generator.output.html import day_text
from generator.output.security_headers import LOST, lost_policy
from generator.site.kind import Site
from generator.site.report_link import report_link
from generator.site.static_copies import static_copies
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
            "can_report": bool(report_link(settings, "", "")),
            "lost_report": escape(_lost_report(settings)),
            "icon": icon_of(site.files),
            "logo": escape(settings.logo),
            "colours": settings.colours.pairs if settings.colours else (),
            "mark": _mark(site),
            "handbook": settings.handbook,
            "static": [copy.address for copy in static_copies(site)],
            "look_up": settings.has_gazette,
            "policy": policy(),
            "lost_policy": lost_policy(),
            "visitors": escape(f"{english['demo']}. {english['demo_note']}"),
            "frames": {name: _frame(name, listed, site) for name in settings.languages},
        },
    }


def nav_file(settings: Mapping[str, Any]) -> Artifact:
    """`nav.yml` with these settings; the `mkdocs.yml` of exported Markdown inherits from it.

    MkDocs leaves out names that begin with a dot unless it is told not to.
    """
    dotted = [name for name in settings["extra"]["static"] if name.startswith(".")]
    more = {"exclude_docs": "".join(f"!/{name}\n" for name in dotted)} if dotted else {}
    text = yaml.safe_dump({**settings, **more}, allow_unicode=True, sort_keys=False, width=10_000)
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
        "contact": [*_contact_lines(settings, language)],
        "licence": _licence(settings, language),
        "foot": [*_foot_links(site, language)],
        "links": [_link(link, language) for link in settings.links],
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


def _lost_report(settings: Settings) -> str:
    """Where to report from the page for addresses that lead nowhere."""
    return report_link(settings, words_of(CHINESE)["frame"]["lost"], LOST)


def _mark(site: Site) -> dict[str, str]:
    """The accessibility mark as the home page has it; nothing after its last day."""
    mark = site.settings.accessibility_mark
    if mark is None or (mark.until and mark.until < site.as_of):
        return {}
    values = {"picture": mark.picture, "title": mark.title, "url": mark.url}
    return {name: escape(value) for name, value in values.items()}


def _contact_lines(settings: Settings, language: str) -> Iterator[dict[str, str]]:
    """The lines of the foot that say where the office is reached: name, text, perhaps a link."""
    contact, words = settings.contact, words_of(language)["contact"]
    for name in ("unit", "address", "telephone", "fax", "mail", "hours", "note"):
        text = getattr(contact, name, "")
        if text:
            href = {"telephone": telephone_link, "mail": "mailto:{}".format}.get(name, _no_link)
            shown = "remark" if name == "note" and contact and contact.unit else name
            line = {"name": words[shown], "text": text, "href": href(text)}
            yield {key: escape(value) for key, value in line.items()}


def _no_link(_: str) -> str:
    return ""


def _licence(settings: Settings, language: str) -> dict[str, str]:
    licence = settings.licensed
    if licence is None:
        return {}
    title = licence.title_en if language == ENGLISH else licence.title
    return {"title": escape(title), "url": escape(licence.url)}


def _foot_links(site: Site, language: str) -> Iterator[dict[str, str]]:
    """The pages that the foot leads to, in the language or else in Chinese."""
    for view in site.views:
        for entrance in view.entrances if view.foot and view.has(site.settings) else ():
            english = bool(language == ENGLISH and entrance.label_en)
            yield {
                "label": escape(entrance.label_en if english else entrance.label),
                "address": address_in(language if english else CHINESE, entrance.address),
                "language": "" if english or language == CHINESE else CHINESE,
            }


def _link(link: FootLink, language: str) -> dict[str, str]:
    title = (link.title_en if language == ENGLISH else "") or link.title
    return {"title": escape(title), "url": escape(link.url)}
