"""What a run is asked for, and how it ends.

Light to load: a build that finds everything as it was needs nothing else of the program.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from generator.build.workers.executor import Executor
from generator.content.model import Problem, Ref
from generator.ledger.log_files import LEDGER
from generator.output.plugins import Plugins
from generator.release.releases import Release
from generator.release.secret_key import Secret
from generator.release.target import KEEP, Place
from generator.site.kind import Kind, Site, View

if TYPE_CHECKING:
    from jinja2 import BaseLoader


Excuse = tuple[str, str]
"""A code of the gate, and the one record that it is passed over for, "" for any."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a run works on: folders, the day the site speaks for, what it is made of.

    `record` is the ledger's folder where it is not beside the content, `against` what somebody
    outside remembers of it, `excused` what the gate lets pass in this run.  With `markdown` the
    host's pages are written too.  `by_clock` tells that nobody named the day.  `secret` has the
    key that authenticates what the work folder keeps; by itself it is of this run alone, so that
    nothing kept before is used.
    """

    content: Path
    work: Path
    site: Path
    as_of: date
    by_clock: bool = False
    draft: bool = False
    strict: bool = False
    strict_figures: bool = False
    plugins: Plugins = field(default_factory=Plugins)
    keep: int = KEEP
    way: str | None = None
    markdown: bool = False
    workers: Executor = field(default_factory=Executor)
    secret: Secret = field(default_factory=Secret)
    record: Path | None = None
    against: Path | None = None
    excused: frozenset[Excuse] = frozenset()

    @property
    def ledger(self) -> Path:
        """The folder of the ledger: `.record/` beside the content unless another is named."""
        return self.record or self.content.parent / LEDGER

    @property
    def ledger_way(self) -> str:
        """The way from the content folder to the ledger, for places of problems."""
        return Path(os.path.relpath(self.ledger, self.content)).as_posix()

    @property
    def place(self) -> Place:
        """Where the site is published, and how."""
        return Place(work=self.work, site=self.site, keep=self.keep, way=self.way)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The content types."""
        return self.plugins.kinds

    @property
    def views(self) -> tuple[View, ...]:
        """The pages that join several kinds."""
        return self.plugins.views

    @property
    def loader(self) -> BaseLoader:
        """The templates."""
        return self.plugins.loader


class Waiting(NamedTuple):
    """Records that are not published yet: how many, and the earliest of their days."""

    records: int
    earliest: date


class Examined(Struct, frozen=True, kw_only=True):
    """The content as read; `site` is None where there is none, or none to publish.

    `leaves` are the digests that seals cover; `figures` counts those in prose: cited, loose,
    excused.  `waiting` is None where every record has had its day.  `passed_over` are files that
    other programs left behind in the content.  `unsealed` names the published records that wait
    for a seal; none where nothing remembers what was published.  `codes` is the full address of
    the page that explains problem codes, "" for a site without a handbook.
    """

    site: Site | None
    problems: tuple[Problem, ...]
    records: int
    leaves: Mapping[Ref, str] = {}
    figures: tuple[int, int, int] = (0, 0, 0)
    waiting: Waiting | None = None
    passed_over: tuple[str, ...] = ()
    unsealed: tuple[str, ...] = ()
    codes: str = ""

    @property
    def errors(self) -> int:
        """How many problems stop publication."""
        return sum(problem.stops for problem in self.problems)


def _nothing() -> None:
    """What is left to do where nothing is."""


class Built(Struct, frozen=True, kw_only=True):
    """How a build ended: the release where there is one, else the problems.

    `rest` does what is left to do once the site is visible, and waits for what has been begun.
    """

    examined: Examined
    release: Release | None = None
    faults: tuple[Problem, ...] = ()
    pages: int = 0
    changed: int = 0
    rest: Callable[[], None] = _nothing
