"""A notice at the addresses of each record that the site no longer shows."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.model import Page
from generator.site.kind import Expired, Site, View
from generator.text.translations import words_of
from generator.text.urls import ENGLISH, counterpart, language_of


def _pages(site: Site) -> Iterator[Page]:
    for record in site.expired:
        yield _notice(record, record.address)
        if record.title_en:
            yield _notice(record, counterpart(record.address))


def _notice(record: Expired, address: str) -> Page:
    language = language_of(address)
    label, words = record.label_en if language == ENGLISH else record.label, words_of(language)
    name = f"{label} {record.ref.id}"
    return Page(
        address=address,
        template="expired.html",
        title=words["expired"]["title"].format(name=name),
        description=words["expired"]["description"].format(name=name),
        updated=record.last,
        private=True,
        context={"expired": record},
    )


VIEW = View(name="expired", label="已下架", label_en="Withdrawn records", pages=_pages)
