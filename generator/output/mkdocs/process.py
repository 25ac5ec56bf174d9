"""The host: MkDocs and its theme make a page around a block.  All that the program knows of it.

It runs as a process of its own with the folders in its environment, so that
`mkdocs build` by hand does exactly the same.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import chain
from os.path import commonprefix
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import escape
from msgspec import Struct

from generator import PROJECT
from generator.content.model import Artifact, Page
from generator.text.urls import alternates

_MARK = "gongbao-mark-"
SITEMAP, PART = "sitemap.xml", "sitemap-"
MOST, WEIGHT = 45_000, 45_000_000
"""Addresses and bytes of a sitemap; https://www.sitemaps.org/protocol.html allows some more."""
_INDEX_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
"""
HOST_FILES = ("404.html", SITEMAP)
"""What the host itself adds for the site as a whole, beside its theme's `assets/`."""


class HostFailed(Exception):  # noqa: N818 -- carries the host's words to whoever mends the program
    """The host could not do its work; the message is what it said."""


class Stage(Struct, frozen=True, kw_only=True):
    """Where the host works: its settings, its pages, what it makes, its environment."""

    nav: Path
    docs: Path
    target: Path
    environment: Mapping[str, str]


class PageHost:
    """The host in a process of its own that makes single pages, byte for byte as a build does."""

    def __init__(self, stage: Stage) -> None:
        module, settings = "generator.output.mkdocs.worker", str(PROJECT / "mkdocs.yml")
        command = [sys.executable, "-m", module, settings]
        self._process = subprocess.Popen(  # noqa: S603 -- every argument is ours
            command,
            env={**stage.environment, **_folders(stage)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._turn = Lock()

    def site(self) -> None:
        """Builds the docs of the stage into its target; warnings count as failure.

        Raises `HostFailed`.
        """
        said = self._ask({"site": True})["said"]
        if said:
            raise HostFailed(said)

    def page(self, path: str, text: str) -> str:
        """The HTML of a page from its Markdown; raises `HostFailed`."""
        return self._ask({"path": path, "text": text})["html"]

    def _ask(self, request: Mapping[str, object]) -> dict[str, str]:
        with self._turn:
            answer = self._answer(json.dumps(request))
            if not answer:
                raise HostFailed(self._last_words())
        held: dict[str, str] = json.loads(answer)
        return held

    def _answer(self, request: str) -> str:
        """A line for a line; "" where the process has ended."""
        sent, got = self._process.stdin, self._process.stdout
        if sent is None or got is None:
            return ""
        with suppress(BrokenPipeError):
            sent.write(f"{request}\n")
            sent.flush()
        return got.readline()

    def _last_words(self) -> str:
        self._process.kill()
        return self._process.communicate()[1]

    def close(self) -> None:
        """Ends the process."""
        with self._turn:
            self._process.kill()
            self._process.communicate()


class Listed(NamedTuple):
    """A page as the sitemap lists it; `updated` is "" where it shows nothing with a date."""

    address: str
    updated: str
    private: bool
    paired: bool


def listed_page(page: Page) -> Listed:
    """How the sitemap lists a page."""
    updated = page.updated.isoformat() if page.updated else ""
    return Listed(page.address, updated, private=page.private, paired=page.paired)


def sitemaps(
    listed: Iterable[Listed], base_url: str, most: int = MOST, weight: int = WEIGHT
) -> Iterator[Artifact]:
    """The sitemap of all pages that are not private, in the order of the host.

    One file as long as it holds no more than `most` addresses and `weight` bytes; beyond that
    `sitemap.xml` is an index of parts, for readers of sitemaps take no larger ones.
    """
    order = sorted(listed, key=lambda page: host_order(page.address))
    pages = [page for page in order if not page.private]
    head, lines, tail = _worded(pages, base_url)
    if len(lines) <= most and sum(map(len, (head, *lines, tail))) <= weight:
        yield Artifact(address=SITEMAP, content=b"".join((head, *lines, tail)))
        return
    rows = []
    for run in _runs(pages, lines, most, weight - len(head) - len(tail)):
        name = f"{PART}{sha256(pages[run.start].address.encode()).hexdigest()[:12]}.xml"
        yield Artifact(address=name, content=b"".join((head, *lines[run.start : run.stop], tail)))
        newest = max(page.updated for page in pages[run.start : run.stop])
        day = f"<lastmod>{newest}</lastmod>" if newest else ""
        rows.append(f"<sitemap><loc>{base_url}{name}</loc>{day}</sitemap>\n")
    index = f"{_INDEX_HEAD}{''.join(rows)}</sitemapindex>"
    yield Artifact(address=SITEMAP, content=index.encode())


def _runs(
    pages: Sequence[Listed], lines: Sequence[bytes], most: int, weight: int
) -> Iterator[range]:
    """The pages of each part of a sitemap.

    A part begins at a page whose digest says so, so that a new page changes the part in which it
    stands and no other; the limits cut what would become too long all the same.
    """
    start = size = 0
    for place, page in enumerate(pages):
        digest = int.from_bytes(sha256(page.address.encode()).digest()[:8], "big")
        begins = digest % (most // 3) == 0
        if place > start and (begins or place - start == most or size + len(lines[place]) > weight):
            yield range(start, place)
            start, size = place, 0
        size += len(lines[place])
    yield range(start, len(pages))


def _worded(pages: Sequence[Listed], base_url: str) -> tuple[bytes, list[bytes], bytes]:
    """The theme's sitemap: its head, a line a page, its end.

    A page with a counterpart has the addresses of `alternates` too.  The theme says it of one page
    of each sort; its words for all others are the same but for these.
    """
    loader = FileSystemLoader(PROJECT / "theme")
    environment = Environment(loader=loader)  # noqa: S701 -- as the host has it: templates escape
    template = environment.get_template(SITEMAP)
    none, languages = template.render(pages=[]), tuple(name for name, _ in alternates("", ""))
    sorts = {
        (dated, len(named)): _sort_of_line(template, named, dated=dated)
        for dated in (True, False)
        for named in ((), languages)
    }
    head = commonprefix((none, "".join(sorts[True, 0])))  # noqa: RUF071 -- of texts, not of paths
    tail = none.removeprefix(head)
    pieces = {
        sort: (before[len(head) :], *between, after[: len(after) - len(tail)])
        for sort, (before, *between, after) in sorts.items()
    }
    others = [_other_urls(page, base_url) for page in pages]
    held = zip(pages, others, strict=True)
    texts = [
        text
        for page, urls in held
        for text in (base_url + page.address, *filter(None, (page.updated,)), *urls)
    ]
    given = iter(str(escape("\0".join(texts))).split("\0"))  # once, for all that must be escaped
    lines = []
    for page, urls in zip(pages, others, strict=True):
        *before, last = pieces[bool(page.updated), len(urls)]
        lines.append("".join((*chain.from_iterable(zip(before, given, strict=False)), last)))
    return head.encode(), [line.encode() for line in lines], tail.encode()


def _other_urls(page: Listed, base_url: str) -> tuple[str, ...]:
    """The addresses of a page by language, where it has two."""
    return tuple(url for _, url in alternates(base_url, page.address)) if page.paired else ()


def _sort_of_line(template: Template, languages: tuple[str, ...], *, dated: bool) -> list[str]:
    """A sitemap of one page, cut where its address, day and other addresses stand."""
    others = dict.fromkeys(languages, f"{_MARK}other")
    meta = {"updated": f"{_MARK}day" if dated else "", "alternates": others}
    page = {"canonical_url": f"{_MARK}address", "meta": meta}
    return re.split(rf"{_MARK}(?:address|day|other)", template.render(pages=[{"page": page}]))


def host_order(address: str) -> str:
    """Sorts addresses as the host lists its pages: a folder's own page, then its folders."""
    return address.rpartition("/")[0].replace("/", "\0")  # before whatever a name may hold


def _folders(stage: Stage) -> dict[str, str]:
    return {
        "GONGBAO_NAV": str(stage.nav.resolve()),
        "GONGBAO_DOCS": str(stage.docs.resolve()),
        "GONGBAO_PLAIN": str(stage.target.resolve()),
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
