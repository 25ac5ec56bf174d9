"""Runs that write the ledger and the memory: examine, append, write; nothing is made of the site.

They hold the work folder as a build does, so that none of them meets another.
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
from generator.release.manifest import RELEASES, tree
from generator.release.publish import publication
from generator.site.kind import Site
from generator.site.plan import plan_lists, shown

OPEN, BACKDATED = "record-open", "record-backdated"
EDITED = ("record-changed", "record-removed")


class LedgerRun(Struct, frozen=True, kw_only=True):
    """How it ended: what was found, the ledger as it is now, what was added, files written.

    `trust` says whose signatures count, where one was asked for.  `remembered` names the records
    that the memory has anew or otherwise, `memory` its files written; `taken` counts the records
    that came from the work folder, where builds once kept them.
    """

    examined: Examined
    ledger: Ledger | None = None
    trust: Trust = Trust()
    added: tuple[Record, ...] = ()
    written: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    memory: tuple[str, ...] = ()
    taken: int = 0


def seal_site(
    options: Options, reason: str, tell: Tell = unheard, count: Count = unheard
) -> LedgerRun:
    """Everything published and not yet sealed is sealed, and remembered; raises `SealRefused`.

    With a reason, records may come in that are older than the newest sealed one.  A site that
    seals nothing remembers what it publishes all the same.
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
        out = shown(site, draft=False)
        feeds = plan_lists(out, options.views).feeds
        memory = write_memory(options.ledger, published_files(site, feeds))
    return LedgerRun(
        examined=structs.replace(examined, unsealed=()),
        ledger=sealed.ledger,
        added=sealed.added,
        written=tuple(written),
        remembered=remembered,
        memory=memory,
        taken=len(site.memory.records) if site.memory.unborn else 0,
    )


def redact_record(options: Options, ref: Ref, ground: str, address: str) -> LedgerRun:
    """What is left of a sealed record is made lawful; raises `SealRefused`."""
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
    """The content, examined while no build is at work.

    It is read anew: what is sealed for good rests on nothing that a build remembers.
    Raises `ClockRefused` where the clock says a day that the ledger or the site has passed.
    """
    early_day(options)
    with publication(options.place, options.content):
        run = passing_run(options, progress, takes_over=takes_over)
        with closing(run.cache):
            yield run.examine()


def _sealing(examined: Examined, options: Options) -> Site | None:
    """The site, where its ledger may grow; raises `SealRefused` where it never may."""
    site = _publishable(examined, options)
    if site is None:
        return None
    if not site.settings.sealed:
        raise SealRefused("off")
    _check_branch(site, options)
    return site


def _publishable(examined: Examined, options: Options) -> Site | None:
    """The site, where nothing stops its publication."""
    return None if options.strict and examined.problems else examined.site


def _check_branch(site: Site, options: Options) -> None:
    """Raises `SealRefused` on any other branch than the one that seals."""
    branch = site.settings.sealing.branch if site.settings.sealing else ""
    if branch and current_branch(options.content) != branch:
        raise SealRefused("branch")


def _published(options: Options, site: Site, ref: Ref) -> str:
    """Where the site that readers see has the record that was sealed under a name, or ""."""
    ledger = seals_of(site).ledger
    number = ledger.numbers.get(str(ref))
    if number is None or not options.site.is_dir():
        return ""
    wanted = ledger.leaves[number].digest
    for name, path in tree(options.site.resolve()).files.items():
        if posixpath.basename(name) == Beside.RECORD and leaf_hash(read_bytes(path)) == wanted:
            return name.removesuffix(Beside.RECORD)
    return ""


def sign_ledger(options: Options, name: str, key: Ed25519PrivateKey) -> LedgerRun:
    """The newest checkpoint is signed by one more; raises `SealRefused`.

    Nothing is read but the settings and the ledger, which must be without a fault.
    """
    reading, held = read_settings(options.content), read_ledger(own_ledger(options.ledger))
    examined = Examined(site=None, problems=reading.problems, records=0)
    settings = reading.settings
    if settings is None:
        return LedgerRun(examined=examined)
    if not settings.sealed:
        raise SealRefused("off")
    unread = odd_files(options.ledger)
    if held.faults or unread or len(held.ledger.leaves) > held.ledger.covered:
        raise SealRefused("damaged")
    trust = trust_of(settings)
    ledger = sign(held.ledger, trust, name, key)
    written = write_ledger(options.ledger, ledger.files())
    return LedgerRun(examined=examined, ledger=ledger, trust=trust, written=tuple(written))


def copies_of(options: Options, address: str) -> list[Path]:
    """The places on this machine that may still hold what stood at an address."""
    held = sorted((options.work / RELEASES).glob("*/"))
    releases = [folder for folder in held if (folder / address).is_dir()]
    rest = [options.work / name for name in ("volumes", "docs", "cache.sqlite", "preview")]
    return [*releases, *(path for path in rest if path.exists())]
