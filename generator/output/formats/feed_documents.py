"""Writes the documents of feeds in all forms, from items that are rendered once.

An item is the same in every form and document.  Its HTML takes longest to make, and only current
documents have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from generator.content.model import Artifact, FeedDocument, FeedForm, FeedItem
from generator.content.settings import Settings
from generator.output.formats.atom import atom, atom_entry
from generator.output.formats.feed_parts import FeedEntry, item_text
from generator.output.formats.json_feed import json_feed, json_item
from generator.output.formats.rss import rss, rss_item

FullText = Callable[[FeedItem], str]
"""Gives an item's HTML with absolute addresses."""
_ITEMS = {FeedForm.RSS: rss_item, FeedForm.ATOM: atom_entry, FeedForm.JSON: json_item}


def feed_entry(item: FeedItem, base_url: str, full_text: FullText | None) -> FeedEntry:
    """An item in all forms: in short, and whole if `full_text` is given."""
    short = item_text(item, base_url, None)
    texts = {"short": {form.value: write(short) for form, write in _ITEMS.items()}}
    if full_text and not item.title_only:
        whole = item_text(item, base_url, full_text(item))
        texts["whole"] = {form.value: write(whole) for form, write in _ITEMS.items()}
    return FeedEntry(published=item.published, updated=item.updated, **texts)


def feed_artifacts(
    document: FeedDocument, settings: Settings, entries: Sequence[FeedEntry], day: date
) -> Iterator[Artifact]:
    """A document in all forms; `day` stands for its last change if it has no items."""
    contents = {
        FeedForm.RSS: rss(document, settings, entries),
        FeedForm.ATOM: atom(document, settings, entries, day),
        FeedForm.JSON: json_feed(document, settings, entries),
    }
    for form, content in contents.items():
        yield Artifact(address=document.address(form), content=content)
