"""Defines the options of a run and its results.

The module loads fast, as a build without any change needs little else of the program.
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
from generator.release.target import KEEP, Place, Shown
from generator.site.kind import Kind, Site, View

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from jinja2 import BaseLoader


Excuse = tuple[str, str]
"""A code of the gate, and the record for which it is ignored, "" for any."""


def way_to(path: Path, folder: Path) -> str:
    """The path that leads from a folder to another place, for messages.

    It is an absolute one on another drive, which Windows has.
    """
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.absolute().as_posix()


@dataclass(frozen=True, kw_only=True)
class Options:
    """The folders of a run, the day of the site, its plugins, and how it works.

    `record` is the ledger's folder if it is not beside the content, `against` files of the ledger
    that somebody keeps elsewhere, `excused` the gate's problems to ignore in this run.  With
    `again` content that a rollback took back is shown again.  `release_key` signs the release of a
    site that signs its releases.  With `markdown` the site is also written for MkDocs.  `by_clock`
    is true if the day comes from the clock.  `secret` has the key that authenticates files in the
    work folder; the default is a key for this run alone, so that no stored result is used.
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
    again: bool = False
    release_key: Ed25519PrivateKey | None = None
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
        """The path from the content folder to the ledger, for places of problems."""
        return way_to(self.ledger, self.content)

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
    """Records that are not published yet: their number, and the earliest of their days."""

    records: int
    earliest: date


class Examined(Struct, frozen=True, kw_only=True):
    """The result of an examination; `site` is None if there is none, or none to publish.

    `leaves` are the digests that seals cover; `figures` counts those in prose: cited, loose,
    excused.  `waiting` is None if no record has a future day.  `passed_over` are files of other
    programs in the content folder.  `unsealed` names the published records that wait for a seal;
    it is empty if there is no memory of published records.  `codes` is the full address of the
    page that explains problem codes, "" for a site without a handbook.
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
    """Does nothing."""


class UnsignedRelease(Struct, frozen=True, kw_only=True):
    """A finished release that nobody sees before it is signed.

    `digest` is that of its root list, `signer` the name of a key that may sign it.
    """

    digest: str
    day: date
    folder: Path
    signer: str


class Built(Struct, frozen=True, kw_only=True):
    """The result of a build: the release, or the problems that prevented it.

    `shown` says how it was shown; `held` is the release that stays, as a rollback took back what
    this build would show; `unsigned` is a release that waits for its signature.  `rest` is work
    that can wait until the site is visible: it removes old releases and notes the build.
    """

    examined: Examined
    release: Release | None = None
    shown: Shown = Shown()
    held: str = ""
    unsigned: UnsignedRelease | None = None
    faults: tuple[Problem, ...] = ()
    pages: int = 0
    changed: int = 0
    rest: Callable[[], None] = _nothing
