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
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain
from os.path import commonprefix
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import escape
from msgspec import Struct

from generator.addresses import alternates
from generator.model import Page
from generator.reuse.program import PROJECT

_MARK = "gongbao-mark-"
SITEMAP = "sitemap.xml"
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
        command = [sys.executable, "-m", "generator.host.page_host", str(PROJECT / "mkdocs.yml")]
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


def sitemap(listed: Iterable[Listed], base_url: str) -> bytes:
    """The theme's sitemap of all pages that are not private, in the order of the host.

    A page with a counterpart has the addresses of `alternates` too.  The theme says it of one page
    of each sort; its words for all others are the same but for these.
    """
    pages = [
        (base_url + page.address, page.updated, _other_urls(page, base_url))
        for page in sorted(listed, key=lambda page: host_order(page.address))
        if not page.private
    ]
    loader = FileSystemLoader(PROJECT / "theme")
    environment = Environment(loader=loader)  # noqa: S701 -- as the host has it: templates escape
    template = environment.get_template("sitemap.xml")
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
    texts = [
        text
        for address, day, others in pages
        for text in (address, *filter(None, (day,)), *others, "")
    ]
    frames = [piece for _, day, others in pages for piece in pieces[bool(day), len(others)]]
    given = str(escape("\0".join(texts))).split("\0")  # of no page one empty text
    lines = chain.from_iterable(zip(frames, given, strict=False))
    return "".join((head, *lines, tail)).encode()


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
