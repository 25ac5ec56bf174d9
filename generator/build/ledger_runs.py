"""Runs that write the ledger and the memory: they examine the content, append and write.

They make no part of the site, but lock the work folder as a build does, so that they never run at
the same time as another.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct, structs

from generator.build.day_check import early_day
from generator.build.examine import passing_run
from generator.build.history import published_files, unremembered, write_memory
from generator.build.options import Examined, Options
from generator.build.progress import Count, Progress, Tell, unheard
from generator.content.model import Beside, Ref
from generator.content.record import Record
from generator.content.settings import read_settings
from generator.content.yaml_reader import read_bytes
from generator.ledger.git_branch import current_branch
from generator.ledger.log import Ledger, read_ledger
from generator.ledger.log_files import odd_files, own_ledger, write_ledger
from generator.ledger.merkle import leaf_hash
from generator.ledger.sealing import Sealed, SealRefused, redact, seal, sign
from generator.ledger.seals import Trust, seals_of, trust_of
from generator.release.manifest import BUNDLES, RELEASES, tree
from generator.release.ownership import MAILS
from generator.release.publish import publication
from generator.site.kind import Site
from generator.site.plan import plan_lists, shown

OPEN, BACKDATED = "record-open", "record-backdated"
EDITED = ("record-changed", "record-removed")


class LedgerRun(Struct, frozen=True, kw_only=True):
    """The result of a run: the examination, the new ledger, added records, files written.

    `trust` is set by `sign_ledger` alone: whose signatures count.  `remembered` names the records
    that are new or changed in the memory, `memory` its files written.  `imported` is the number of
    records from a memory of an earlier format in the work folder.
    """

    examined: Examined
    ledger: Ledger | None = None
    trust: Trust = Trust()
    added: tuple[Record, ...] = ()
    written: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    memory: tuple[str, ...] = ()
    imported: int = 0


def seal_site(
    options: Options, reason: str, tell: Tell = unheard, count: Count = unheard
) -> LedgerRun:
    """Seals all published records that are not sealed yet, and updates the memory.

    With a reason, it also seals records that are older than the newest sealed one.  For a site
    without seals it only updates the memory.  Raises `SealRefused`.
    """
    excused = frozenset({(OPEN, ""), *([(BACKDATED, "")] if reason else [])})
    examining = _examined(replace(options, excused=excused), Progress(tell, count), takes_over=True)
    with examining as examined:
        site = _publishable(examined, options)
        if site is None:
            return LedgerRun(examined=examined)
        sealed, written = Sealed(ledger=seals_of(site).ledger), list[str]()
        if site.settings.sealed:
            _check_branch(site, options)
            sealed = seal(site, examined.leaves, reason)
            written = write_ledger(options.ledger, sealed.ledger.files())
        remembered = tuple(str(record.ref) for record in unremembered(site))
        feeds = plan_lists(shown(site, draft=False), options.views).feeds
        memory = write_memory(options.ledger, published_files(site, feeds))
    return LedgerRun(
        examined=structs.replace(examined, unsealed=()),
        ledger=sealed.ledger,
        added=sealed.added,
        written=tuple(written),
        remembered=remembered,
        memory=memory,
        imported=len(site.memory.records) if site.memory.unborn else 0,
    )


def redact_record(options: Options, ref: Ref, ground: str, address: str) -> LedgerRun:
    """Adds a redaction, which makes the present state of a sealed record lawful.

    Raises `SealRefused`.
    """
    excused = frozenset((code, str(ref)) for code in EDITED)
    with _examined(replace(options, excused=excused), Progress()) as examined:
        site = _sealing(examined, options)
        if site is None:
            return LedgerRun(examined=examined)
        record = site.archive.find(ref)
        place = site.address(record) if record else address or _published(options, site, ref)
        ledger = redact(site, examined.leaves, ref, place, ground)
        written = write_ledger(options.ledger, ledger.files())
    return LedgerRun(examined=examined, ledger=ledger, written=tuple(written))


@contextmanager
def _examined(
    options: Options, progress: Progress, *, takes_over: bool = False
) -> Iterator[Examined]:
    """The result of examining the content, while no build runs.

    The cache is not used, so that what is sealed for good depends on nothing but the content.
    Raises `ClockRefused` if the clock's day is before a day of the ledger or the site.
    """
    early_day(options)
    with publication(options.place, options.content):
        run = passing_run(options, progress, takes_over=takes_over)
        with closing(run.cache):
            yield run.examine()


def _sealing(examined: Examined, options: Options) -> Site | None:
    """The site, or None if a problem stops it; raises `SealRefused` if it may not seal here."""
    site = _publishable(examined, options)
    if site is None:
        return None
    if not site.settings.sealed:
        raise SealRefused("off")
    _check_branch(site, options)
    return site


def _publishable(examined: Examined, options: Options) -> Site | None:
    """The site, or None if a problem stops its publication."""
    return None if options.strict and examined.problems else examined.site


def _check_branch(site: Site, options: Options) -> None:
    """Raises `SealRefused` if the settings name another branch for sealing."""
    branch = site.settings.sealing.branch if site.settings.sealing else ""
    if branch and current_branch(options.content) != branch:
        raise SealRefused("branch")


def _published(options: Options, site: Site, ref: Ref) -> str:
    """The address of a sealed record in the visible site, or ""."""
    ledger = seals_of(site).ledger
    number = ledger.numbers.get(str(ref))
    if number is None or not options.site.is_dir():
        return ""
    digest = ledger.leaves[number].digest
    for name, path in tree(options.site).files.items():
        if posixpath.basename(name) == Beside.RECORD and leaf_hash(read_bytes(path)) == digest:
            return name.removesuffix(Beside.RECORD)
    return ""


def sign_ledger(options: Options, name: str, key: Ed25519PrivateKey) -> LedgerRun:
    """Adds a signature to the newest checkpoint; raises `SealRefused`.

    It reads only the settings and the ledger, which must have no fault.
    """
    settings_read, reading = read_settings(options.content), read_ledger(own_ledger(options.ledger))
    examined = Examined(site=None, problems=settings_read.problems, records=0)
    settings = settings_read.settings
    if settings is None:
        return LedgerRun(examined=examined)
    if not settings.sealed:
        raise SealRefused("off")
    unsigned = len(reading.ledger.leaves) > reading.ledger.covered
    if reading.faults or odd_files(options.ledger) or unsigned:
        raise SealRefused("damaged")
    trust = trust_of(settings)
    ledger = sign(reading.ledger, trust, name, key)
    written = write_ledger(options.ledger, ledger.files())
    return LedgerRun(examined=examined, ledger=ledger, trust=trust, written=tuple(written))


def copies_of(options: Options, address: str) -> list[Path]:
    """Paths on this machine that may still contain the former files of an address."""
    folders = sorted((options.work / RELEASES).glob("*/"))
    releases = [folder for folder in (*folders, options.site) if (folder / address).is_dir()]
    others = [options.work / name for name in (BUNDLES, MAILS, "docs", "cache.sqlite", "preview")]
    return [*releases, *(path for path in others if path.exists())]
