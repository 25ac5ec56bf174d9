"""A feed reader that keeps what it has read, and the files of feeds as a site publishes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from generator.content.model import Feed, FeedDocument, FeedForm
from generator.content.record import Record
from generator.output.formats.feed_documents import FullText, feed_artifacts, feed_entry
from generator.output.formats.feed_parts import FeedEntry
from generator.site.feed_items import feed_item
from generator.site.kind import Site
from generator.site.plan import plan_lists, shown

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEME = "gongbao:"


def feeds_of(site: Site, names: Iterable[str]) -> tuple[Feed, ...]:
    """The feeds of these names, as the site has them on its day."""
    site = shown(site, draft=False)
    return tuple(feed for feed in plan_lists(site, site.views).feeds if feed.name in names)


@dataclass
class Press:
    """Writes feeds; each item is rendered once, as in a build."""

    full_text: FullText
    entries: dict[tuple[str, bool], FeedEntry] = field(default_factory=dict)

    def files(self, site: Site, names: Iterable[str]) -> dict[str, bytes]:
        """The documents of the feeds of these names on the site's day, by address."""
        documents = [
            document
            for feed in feeds_of(site, names)
            for document in (feed.current, *feed.archived)
        ]
        artifacts = (
            artifact
            for document in documents
            for artifact in feed_artifacts(
                document, site.settings, self._entries(document, site), site.as_of
            )
        )
        return {artifact.address: artifact.content for artifact in artifacts}

    def _entries(self, document: FeedDocument, site: Site) -> list[FeedEntry]:
        records: Iterable[Record] = document.items.sources  # type: ignore[attr-defined]
        whole, base_url = not document.quarter, site.settings.base_url
        for record in records:
            if (record.digest, whole) not in self.entries:
                item = feed_item(record, site)
                entry = feed_entry(item, base_url, self.full_text if whole else None)
                self.entries[record.digest, whole] = entry
        return [self.entries[record.digest, whole] for record in records]


def ids_and_archive(content: bytes, form: FeedForm) -> tuple[list[str], str]:
    """The identifiers of a document's items, as RSS has them, and where its archive stands."""
    if form is FeedForm.JSON:
        read = json.loads(content)
        return [item["id"] for item in read["items"]], read.get("next_url", "")
    root = etree.fromstring(content)
    links = [
        link.get("href") for link in root.iter(f"{ATOM}link") if link.get("rel") == "prev-archive"
    ]
    if form is FeedForm.RSS:
        ids = [str(guid.text) for guid in root.iter("guid")]
    else:
        ids = [
            str(entry.findtext(f"{ATOM}id")).removeprefix(SCHEME)
            for entry in root.iter(f"{ATOM}entry")
        ]
    return ids, str(links[0]) if links else ""


@dataclass
class Reader:
    """Follows a feed in one form, and its archives back to the first that it knows."""

    name: str
    form: FeedForm
    base_url: str
    known: set[str] = field(default_factory=set)
    read: list[str] = field(default_factory=list)

    def poll(self, files: Mapping[str, bytes]) -> list[str]:
        """Reads what is new; returns the identifiers."""
        new: list[str] = []
        address = f"feeds/{self.name}.{self.form}"
        while address not in self.known:
            ids, before = ids_and_archive(files[address], self.form)
            new += [id_ for id_ in ids if id_ not in self.read and id_ not in new]
            if "/archive/" in address:
                self.known.add(address)
            if not before:
                break
            address = before.removeprefix(self.base_url)
        self.read += new
        return new
