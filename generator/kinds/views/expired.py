"""In the place of each record that is shown no longer: its addresses stay, with a notice."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.model import Page
from generator.site.kind import Expired, Site, View
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, counterpart, language_of


def _pages(site: Site) -> Iterator[Page]:
    for held in site.expired:
        yield _notice(held, held.address)
        if held.title_en:
            yield _notice(held, counterpart(held.address))


def _notice(held: Expired, address: str) -> Page:
    language = language_of(address)
    label, words = held.label_en if language == ENGLISH else held.label, words_of(language)
    named = f"{label} {held.ref.id}"
    return Page(
        address=address,
        template="expired.html",
        title=words["expired"]["title"].format(name=named),
        description=words["expired"]["description"].format(name=named),
        updated=held.last,
        private=True,
        context={"expired": held},
    )


VIEW = View(name="expired", label="已下架", label_en="Withdrawn records", pages=_pages)
