"""Compares the day of a run with days that have been published already.

A wrong clock would publish a site without the entries of the latest days, so the run is refused.
A day that the user names is obeyed, with a warning.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from generator.build.options import Options, way_to
from generator.content.model import Origin, Problem, Severity
from generator.ledger.log_files import CHECKPOINTS

_STATUS, _PACKAGE = "status.json", "datapackage.json"


class ClockRefused(Exception):  # noqa: N818 -- the machine's fault, not an error of ours
    """The clock's day is before the newest sealed or published day; `problems` name both."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems)


def early_day(options: Options) -> tuple[Problem, ...]:
    """Warnings if the run's day is before that of the newest checkpoint or of the visible site.

    Raises `ClockRefused` if the run's day comes from the clock.
    """
    problems = tuple(_problems(options))
    if problems and options.by_clock:
        raise ClockRefused(problems)
    return problems


def _problems(options: Options) -> Iterator[Problem]:
    for path, published, size in _published_days(options):
        if options.as_of < published:
            days = {"day": options.as_of.isoformat(), "known": published.isoformat()}
            yield Problem(
                code="clock-early" if options.by_clock else "day-early",
                origin=Origin(path=path),
                detail="sealed" if size else "",
                severity=Severity.ERROR if options.by_clock else Severity.WARNING,
                values={**days, "size": size} if size else days,
            )


def _published_days(options: Options) -> Iterator[tuple[str, date, str]]:
    """Published days: a file as seen from the content folder, its day, a checkpoint's size."""
    yield from _sealed_day(options)
    day = shown_day(options.site)
    # the settings take a quarter of a second to load, so they are loaded last
    if day and options.as_of < day and _is_site_of(options.site, options.content):
        way = way_to(options.site.absolute() / _STATUS, options.content.absolute())
        yield way, day, ""


def _sealed_day(options: Options) -> Iterator[tuple[str, date, str]]:
    """The day of the newest checkpoint; the gate reports one that cannot be read."""
    stems = [path.stem for path in (options.ledger / CHECKPOINTS).glob("*.txt")]
    sizes = [int(stem) for stem in stems if stem.isascii() and stem.isdecimal()]
    if not sizes:
        return
    from generator.ledger.checkpoint import read_checkpoint  # noqa: PLC0415 -- see `_published_days`
    from generator.text.public_key import NoteFault  # noqa: PLC0415

    name = f"{CHECKPOINTS}/{max(sizes)}.txt"
    try:
        newest = read_checkpoint((options.ledger / name).read_bytes())
    except (OSError, NoteFault):
        return
    if newest.day:
        yield f"{options.ledger_way}/{name}", newest.day, str(newest.size)


def shown_day(site: Path) -> date | None:
    """The day of the visible site; None if there is no site or no day in it."""
    try:
        return date.fromisoformat(json.loads((site / _STATUS).read_bytes())["as_of"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _is_site_of(site: Path, content: Path) -> bool:
    """Whether a site was made from this content: both contain the same address."""
    from generator.content.settings import read_settings  # noqa: PLC0415 -- see `_published_days`

    settings = read_settings(content).settings
    try:
        homepage = json.loads((site / _PACKAGE).read_bytes())["homepage"]
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return settings is not None and bool(homepage == settings.base_url)
