"""Restores the content of a copied site from its published records, for an audit.

The readers that a build uses read the records back.  For words that no record holds, such as the
name of the site or of a category, the wording of most pages counts.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from html import unescape
from typing import Any

from jinja2 import BaseLoader

from generator.content.archive import Archive
from generator.content.field_types import Choices, Reading
from generator.content.image_sizes import is_picture, measured
from generator.content.model import (
    MappingNode,
    Node,
    Origin,
    Picture,
    ScalarNode,
    SequenceNode,
)
from generator.content.record import Record, read_group
from generator.content.settings import Settings
from generator.content.static_files import STATIC
from generator.ledger.checkpoint import Checkpoint
from generator.ledger.seals import Seal, Seals
from generator.site.intake import Row
from generator.site.kind import Kind, Site, View, folder_of, shown_pictures
from generator.site.site_description import FRAME, SITE_JSON
from generator.site.unsealing import UNKNOWN, PageWords, Unsealing
from generator.text.dates import ROC_OFFSET
from generator.text.translations import words_of
from generator.text.urls import CHINESE

FAR_DAY = date(9999, 12, 31)
"""The site's day if no page names one: by then every record has reached its final state."""
MISSHAPEN = (KeyError, TypeError, AttributeError)
"""The exceptions that a kind raises for a row of another shape than its own documents have."""
FLAGS = ("official", "english", "nature")
"""The words that are no texts but flags or choices, by the part of their name before a slash."""
_TITLES = (
    re.compile(r'<meta property="og:site_name" content="(.*?)">'),
    re.compile(r'<a class="gb-brand" href="[^"]*">(?:<img [^<>]*>)?(.*?)</a>'),
)
"""Places of the site's name: the metadata, which a theme of the site's own keeps; else the frame,
as pages with personal data have no metadata."""
_ADDRESS = re.compile(r'<link rel="canonical" href="(.*?)">')
_PUBLISHER = re.compile(r'<footer class="gb-foot"[^>]*>\n<p>(.*?)</p>')
_PUBLISHER_NAME = re.compile(r'"publisher":\{[^{}]*"name":("(?:[^"\\]|\\.)*")')
_PUBLISHER_EN = re.compile(r'"publisher":\{[^{}]*"alternateName":("(?:[^"\\]|\\.)*")')
_WAITING = re.compile(
    r"<summary>[^\n]*：已封存，等候簽署</summary>\n.*?<dd>([0-9]{1,18})</dd>", re.S
)
_DAY = re.compile(
    re.escape(words_of(CHINESE)["state"]["as_of"]).replace(
        r"\{day\}", "([0-9]{2,3})年([0-9]{1,2})月([0-9]{1,2})日"
    )
)


@dataclass(frozen=True)
class CopiedSeals(Seals):
    """The seals of a copy: those of its log, and those beside its records by the records' names."""

    beside: Mapping[str, Seal] = field(default_factory=dict)
    digests: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def complete(self) -> tuple[Checkpoint, ...]:
        """All checkpoints of the copied log: a site publishes only those that count."""
        leaves = len(self.ledger.leaves)
        return tuple(
            checkpoint for checkpoint in self.ledger.checkpoints if checkpoint.size <= leaves
        )

    def of(self, name: str) -> Seal | None:
        """The seal of a record from the log, or else from the files beside the record."""
        return super().of(name) or self.beside.get(name)

    def leaf(self, name: str) -> bytes:
        """The digest of a record as the copy has it; b"" if the copy lacks it."""
        return self.digests.get(name, b"")


@dataclass(frozen=True, kw_only=True)
class Source:
    """The published records to restore: rows by address, the most trusted first.

    `read` returns the bytes of a file of the copy; `whole` is true if no record is missing.
    """

    kind: Kind
    unsealing: Unsealing
    kinds: tuple[Kind, ...]
    views: tuple[View, ...]
    loader: BaseLoader
    rows: Mapping[str, Row]
    read: Callable[[str], bytes]
    whole: bool

    def page(self, address: str) -> str:
        """The HTML of a page of the copy; "" if there is none."""
        return self.read(f"{address}index.html").decode(errors="replace")


@dataclass(frozen=True)
class PageFacts:
    """Facts on the pages that are not in the records.

    `words` are the site's; the rest is by a page's address: `own` fields of its record, texts
    `beside` it that no seal covers, and the leaf number of a record whose seal is `waiting` for
    signatures.
    """

    words: Mapping[str, str]
    own: Mapping[str, Mapping[str, Any]]
    beside: Mapping[str, tuple[str, ...]]
    waiting: Mapping[str, int]


def page_facts(source: Source) -> PageFacts:
    """Reads the pages of a copy; of differing wordings of the site's words the commonest counts."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    own, waiting = dict[str, Mapping[str, Any]](), dict[str, int]()
    beside: dict[str, tuple[str, ...]] = {}
    for address, row in source.rows.items():
        html = source.page(address)
        try:
            page_words = source.unsealing.words(row, html)
        except MISSHAPEN:
            page_words = PageWords(site={}, own={})
        own[address], beside[address] = page_words.own, page_words.beside
        if number := _WAITING.search(html):
            waiting[address] = int(number[1])
        for name, word in (*_frame_words(html, address), *page_words.site.items()):
            counted[name][word] += 1
    words = {n: min(votes, key=lambda w: (-votes[w], w)) for n, votes in sorted(counted.items())}
    return PageFacts(words, own, beside, waiting)


def _frame_words(html: str, address: str) -> Iterator[tuple[str, str]]:
    """The site's words in the frame of a page: names with their values."""
    if match := next(filter(None, (pattern.search(html) for pattern in _TITLES)), None):
        yield "title", unescape(match[1])
    if match := _ADDRESS.search(html):
        yield "base_url", unescape(match[1]).removesuffix(address)
    if match := _PUBLISHER_NAME.search(html):
        yield "publisher.name", str(json.loads(match[1]))
    elif match := _PUBLISHER.search(html):
        yield "publisher.name", unescape(match[1])
    if match := _PUBLISHER_EN.search(html):
        yield "publisher.name_en", str(json.loads(match[1]))
    for year, month, day in _DAY.findall(html):
        with suppress(ValueError):
            yield "as_of", date(int(year) + ROC_OFFSET, int(month), int(day)).isoformat()
    if html:
        hidden = '<meta property="og:title"' in html and '<meta name="robots"' in html
        announced = hidden or '<p class="gb-announce">' in html
        yield "official", "" if announced else "true"
        translated = '<meta property="og:locale:alternate"' in html or '<a class="gb-other"' in html
        # in a frame of the site's own a page without a translation says nothing of the others
        if translated or '<a class="gb-brand"' in html:
            yield "english", "true" if translated else ""


@dataclass(frozen=True)
class Restored:
    """A site restored from a copy, and its records by address.

    `faults` names, by a record's address, the field that this program does not know.
    """

    site: Site
    records: Mapping[str, Record]
    faults: Mapping[str, str]


def restored(source: Source, facts: PageFacts, seals: Seals) -> Restored | None:
    """The content of a copy; None if the site's own words are no valid settings."""
    settings = _settings(source, facts.words)
    if settings is None:
        return None
    records, faults = _records(source, facts, settings.choices)
    kind, site = source.kind, _site(source, settings, records, facts.words)
    site = replace(site, seals=seals)
    own = {kind.address(r): r for r in records if r.kind == kind.name}
    return Restored(site, own, faults)


def _settings(source: Source, words: Mapping[str, str]) -> Settings | None:
    described = _described(source)
    given: dict[str, Any] = {name: described[name] for name in FRAME if name in described}
    if not described:
        given |= {name: words[name] for name in ("repository", "contact") if words.get(name)}
    publisher = {"id": words.get("publisher.id", ""), "name": words.get("publisher.name", "")}
    if words.get("publisher.name_en"):
        publisher["name_en"] = words["publisher.name_en"]
    if words.get("english"):
        given["title_en"] = UNKNOWN  # no page in Chinese has it
    typed = {
        "title": words.get("title", ""),
        "description": UNKNOWN,  # pages of records have their own
        "base_url": words.get("base_url", ""),
        "publisher": publisher,
        "official": words.get("official") or "false",
        "record": "on",
        **given,
        **source.unsealing.site(source.rows.values(), words),
    }
    return read_group(Settings, _node(typed, ""), Reading([], {}))


def _described(source: Source) -> dict[str, Any]:
    """What the copy's `site.json` has of the frame of each page; empty in a part of a copy.

    Like the wording of the pages it is nobody's promise: pages that differ from it are told.
    """
    with suppress(ValueError, RecursionError):
        described = json.loads(source.read(SITE_JSON))
        if isinstance(described, dict) and _is_typed(described):
            return described
    return {}


def _is_typed(value: Any) -> bool:
    """Whether a value has only the types that the reader of the settings knows."""
    if isinstance(value, dict):
        return all(map(_is_typed, value.values()))
    return isinstance(value, str) or (isinstance(value, list) and all(map(_is_typed, value)))


def _records(
    source: Source, facts: PageFacts, choices: Choices
) -> tuple[list[Record], dict[str, str]]:
    """The records of all rows, and by address the field that this program does not know."""
    files, rows, faults = dict[str, Any](), list[Row](), dict[str, str]()
    for address, row in source.rows.items():
        try:
            files |= source.unsealing.files(row, facts.own[address])
            rows.append(row)
        except MISSHAPEN as wrong:
            faults[address] = str(wrong)
    records: list[Record] = []
    for path, typed in (*files.items(), *source.unsealing.shared(rows, facts.words).items()):
        for kind in source.kinds:
            match = kind.pattern.fullmatch(path)
            id_ = kind.identify(match) if match and not kind.authority else ""
            for fields in () if match is None else typed if kind.authority else (typed,):
                record, fault = _record(fields, path, kind, id_, choices)
                place = source.unsealing.address(id_)
                if record is not None:
                    records.append(record)
                elif place is not None:
                    faults[place] = fault
    return records, faults


def _record(
    typed: Any, path: str, kind: Kind, id_: str, choices: Choices
) -> tuple[Record | None, str]:
    """The record that an editor may have typed so, or None and the field that is unknown."""
    given: dict[str, Any] = {"kind": kind.name, "origin": Origin(path=path)}
    reading = Reading([], choices)
    try:
        named = {} if kind.authority else {"id": id_}
        record = read_group(kind.record_type, _node(typed, path), reading, **given, **named)
    except RecursionError:
        return None, "…"
    errors = (problem.values for problem in reading.problems if problem.stops)
    fields = (values.get("field") or values.get("value") for values in errors)
    return record, next(filter(None, fields), "…")


def _node(typed: Any, path: str) -> Node:
    """A value as the tree of nodes that the YAML reader gives for it, all at one place."""
    place = Origin(path=path)
    if isinstance(typed, Mapping):
        pairs = (
            (ScalarNode(text=name, origin=place, plain=False), _node(value, path))
            for name, value in typed.items()
        )
        return MappingNode(pairs=tuple(pairs), origin=place)
    if isinstance(typed, str):
        return ScalarNode(text=typed, origin=place, plain=False)
    return SequenceNode(nodes=tuple(_node(value, path) for value in typed), origin=place)


def _site(
    source: Source, settings: Settings, records: Iterable[Record], words: Mapping[str, str]
) -> Site:
    """The site of these records, with the attachments and pictures of the copy."""
    restored_records, kind = tuple(records), source.kind
    sizes, digests, pictures = dict[str, int](), dict[str, str](), dict[str, Picture]()
    if icon := _described(source).get("icon"):  # the frame of each page depends on its name
        sizes[f"{STATIC}{icon}"], digests[f"{STATIC}{icon}"] = 0, ""
    for record in restored_records:
        address = kind.address(record) if record.kind == kind.name else ""
        for attachment in source.rows.get(address, {}).get("attachments", ()):
            if "path" in attachment:
                path = f"{folder_of(record)}/{attachment['path']}"
                sizes[path], digests[path] = int(attachment["bytes"]), attachment["sha256"]
        for name in shown_pictures(record) if address else ():
            content = source.read(address + name)
            if is_picture(content):
                pictures[f"{folder_of(record)}/{name}"] = measured(content)
    return Site(
        settings=settings,
        archive=Archive(restored_records, {other.name: other.order for other in source.kinds}),
        kinds=source.kinds,
        as_of=date.fromisoformat(words.get("as_of", FAR_DAY.isoformat())),
        files=sizes,
        digests=digests,
        pictures=pictures,
        views=source.views,
    )
