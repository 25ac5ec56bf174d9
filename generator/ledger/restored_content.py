"""The content of a copied site, as far as its records tell it.

Records are read back by the readers that a build uses.  Words that no record holds (the site's
name, a category's) are those that most pages agree on.
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
from generator.ledger.checkpoint import Checkpoint
from generator.ledger.seals import Seal, Seals
from generator.site.intake import Row
from generator.site.kind import Kind, Site, View, folder_of, shown_pictures
from generator.site.unsealing import UNKNOWN, PageWords, Unsealing
from generator.text.dates import ROC_OFFSET
from generator.text.translations import words_of
from generator.text.urls import CHINESE

FAR_DAY = date(9999, 12, 31)
"""The site's day where no page names one: then every state that is shown is a last one."""
MISSHAPEN = (KeyError, TypeError, AttributeError)
"""What a kind raises over a row that has other shapes than its own documents."""
FLAGS = ("official", "english")
"""The words that only tell whether something is so: "true" or ""."""
_TITLE = re.compile(r'<a class="gb-brand" href="[^"]*">(.*?)</a>')
_ADDRESS = re.compile(r'<link rel="canonical" href="(.*?)">')
_PUBLISHER = re.compile(r'<footer class="gb-foot">\n<p>(.*?)</p>')
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
    """Seals as they stand beside the records, by the records' names; all checkpoints are out."""

    beside: Mapping[str, Seal] = field(default_factory=dict)
    digests: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def complete(self) -> tuple[Checkpoint, ...]:
        """The checkpoints of the copied log: a site publishes those alone that count."""
        leaves = len(self.ledger.leaves)
        return tuple(held for held in self.ledger.checkpoints if held.size <= leaves)

    def of(self, name: str) -> Seal | None:
        """The seal of a record as the log has it, else as it stands beside the record."""
        return super().of(name) or self.beside.get(name)

    def leaf(self, name: str) -> bytes:
        """The digest of a record as it is in the copy."""
        return self.digests.get(name, b"")


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is restored: rows of records by address, in the order in which they are believed.

    `read` gives the bytes of a file of the copy; `whole` says that no record is missing.
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
        """A page of the copy."""
        return self.read(f"{address}index.html").decode(errors="replace")


@dataclass(frozen=True)
class Told:
    """What pages say beside their records: words of the site, and by address what is of one page.

    That is fields of its record, texts that no seal covers, and the number of a record whose seal
    waits for a signature.
    """

    words: Mapping[str, str]
    own: Mapping[str, Mapping[str, Any]]
    beside: Mapping[str, tuple[str, ...]]
    waiting: Mapping[str, int]


def told(source: Source) -> Told:
    """What the pages of a copy say; of the site's words, what most of them do."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    own, waiting = dict[str, Mapping[str, Any]](), dict[str, int]()
    beside: dict[str, tuple[str, ...]] = {}
    for address, row in source.rows.items():
        html = source.page(address)
        try:
            said = source.unsealing.words(row, html)
        except MISSHAPEN:
            said = PageWords(site={}, own={})
        own[address], beside[address] = said.own, said.beside
        if number := _WAITING.search(html):
            waiting[address] = int(number[1])
        for name, word in (*_frame_words(html, address), *said.site.items()):
            counted[name][word] += 1
    words = {n: min(held, key=lambda w: (-held[w], w)) for n, held in sorted(counted.items())}
    return Told(words, own, beside, waiting)


def _frame_words(html: str, address: str) -> Iterator[tuple[str, str]]:
    """The site's words in the frame of any page."""
    found = {"title": _TITLE, "publisher.name": _PUBLISHER, "base_url": _ADDRESS}
    for name, pattern in found.items():
        if match := pattern.search(html):
            yield name, unescape(match[1]).removesuffix(address)
    if match := _PUBLISHER_EN.search(html):
        yield "publisher.name_en", str(json.loads(match[1]))
    for year, month, day in _DAY.findall(html):
        with suppress(ValueError):
            yield "as_of", date(int(year) + ROC_OFFSET, int(month), int(day)).isoformat()
    if html:
        yield "official", "" if '<p class="gb-announce">' in html else "true"
        yield "english", "true" if '<a class="gb-other"' in html else ""


@dataclass(frozen=True)
class Restored:
    """A site that holds what a copy tells, and its records by address.

    `faults` names by address what of a record this program does not know.
    """

    site: Site
    records: Mapping[str, Record]
    faults: Mapping[str, str]


def restored(source: Source, said: Told, seals: Seals) -> Restored | None:
    """The content of a copy; None where the site's own words can be nobody's."""
    settings = _settings(source, said.words)
    if settings is None:
        return None
    records, faults = _records(source, said, settings.choices)
    kind, site = source.kind, _site(source, settings, records, said.words)
    site = replace(site, seals=seals)
    own = {kind.address(r): r for r in records if r.kind == kind.name}
    return Restored(site, own, faults)


def _settings(source: Source, words: Mapping[str, str]) -> Settings | None:
    given = {name: words[name] for name in ("repository", "contact") if words.get(name)}
    publisher = {"id": words.get("publisher.id", ""), "name": words.get("publisher.name", "")}
    if words.get("publisher.name_en"):
        publisher["name_en"] = words["publisher.name_en"]
    if words.get("english"):
        given["title_en"] = UNKNOWN  # no page in Chinese says it
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


def _records(source: Source, said: Told, choices: Choices) -> tuple[list[Record], dict[str, str]]:
    """All records that the rows tell of, and by address what this program does not know."""
    files, rows, faults = dict[str, Any](), list[Row](), dict[str, str]()
    for address, row in source.rows.items():
        try:
            files |= source.unsealing.files(row, said.own[address])
            rows.append(row)
        except MISSHAPEN as wrong:
            faults[address] = str(wrong)
    records: list[Record] = []
    for path, typed in (*files.items(), *source.unsealing.shared(rows, said.words).items()):
        for kind in source.kinds:
            match = kind.pattern.fullmatch(path)
            id_ = kind.identify(match) if match and not kind.authority else ""
            for one in () if match is None else typed if kind.authority else (typed,):
                record, fault = _record(one, path, kind, id_, choices)
                place = source.unsealing.address(id_)
                if record is not None:
                    records.append(record)
                elif place is not None:
                    faults[place] = fault
    return records, faults


def _record(
    typed: Any, path: str, kind: Kind, id_: str, choices: Choices
) -> tuple[Record | None, str]:
    """A record from what may have been typed, or the field of it that is not known."""
    given: dict[str, Any] = {"kind": kind.name, "origin": Origin(path=path)}
    reading = Reading([], choices)
    try:
        named = {} if kind.authority else {"id": id_}
        record = read_group(kind.record_type, _node(typed, path), reading, **given, **named)
    except RecursionError:
        return None, "…"
    found = (problem.values for problem in reading.problems if problem.stops)
    fields = (values.get("field") or values.get("value") for values in found)
    return record, next(filter(None, fields), "…")


def _node(typed: Any, path: str) -> Node:
    """What may have been typed as a tree of texts."""
    place = Origin(path=path)
    if isinstance(typed, str):
        return ScalarNode(text=typed, origin=place, plain=False)
    if isinstance(typed, Mapping):
        named = ((_scalar(name, place), _node(held, path)) for name, held in typed.items())
        return MappingNode(pairs=tuple(named), origin=place)
    return SequenceNode(nodes=tuple(_node(one, path) for one in typed), origin=place)


def _scalar(name: str, place: Origin) -> ScalarNode:
    return ScalarNode(text=name, origin=place, plain=False)


def _site(
    source: Source, settings: Settings, records: Iterable[Record], words: Mapping[str, str]
) -> Site:
    """The site of these records, with what lies beside them in the copy."""
    held, kind = tuple(records), source.kind
    sizes, digests, pictures = dict[str, int](), dict[str, str](), dict[str, Picture]()
    for record in held:
        address = kind.address(record) if record.kind == kind.name else ""
        for one in source.rows.get(address, {}).get("attachments", ()):
            if "path" in one:
                path = f"{folder_of(record)}/{one['path']}"
                sizes[path], digests[path] = int(one["bytes"]), one["sha256"]
        for name in shown_pictures(record) if address else ():
            content = source.read(address + name)
            if is_picture(content):
                pictures[f"{folder_of(record)}/{name}"] = measured(content)
    return Site(
        settings=settings,
        archive=Archive(held, {one.name: one.order for one in source.kinds}),
        kinds=source.kinds,
        as_of=date.fromisoformat(words.get("as_of", FAR_DAY.isoformat())),
        files=sizes,
        digests=digests,
        pictures=pictures,
        views=source.views,
    )
