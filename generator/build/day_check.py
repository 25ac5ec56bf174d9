"""Compares the day that a run speaks for with days that have been published already.

A clock that is wrong would publish a site without the entries of the days that it has not
reached, so it is refused.  A day that somebody names is obeyed, with a warning.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from generator.build.options import Options
from generator.content.model import Origin, Problem, Severity
from generator.ledger.log_files import CHECKPOINTS

_STATUS, _PACKAGE = "status.json", "datapackage.json"


class ClockRefused(Exception):  # noqa: N818 -- the machine's fault, not an error of ours
    """The clock says a day before one that was sealed or is shown; `problems` name both."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems)


def early_day(options: Options) -> tuple[Problem, ...]:
    """Warnings where the run's day lies before the newest checkpoint's or the shown site's.

    Raises `ClockRefused` where that day comes from the clock.
    """
    found = tuple(_early(options))
    if found and options.by_clock:
        raise ClockRefused(found)
    return found


def _early(options: Options) -> Iterator[Problem]:
    for path, known, size in _known(options):
        if options.as_of < known:
            days = {"day": options.as_of.isoformat(), "known": known.isoformat()}
            yield Problem(
                code="clock-early" if options.by_clock else "day-early",
                origin=Origin(path=path),
                detail="sealed" if size else "",
                severity=Severity.ERROR if options.by_clock else Severity.WARNING,
                values={**days, "size": size} if size else days,
            )


def _known(options: Options) -> Iterator[tuple[str, date, str]]:
    """Days on record: the way from the content to the file, the day, a checkpoint's size."""
    yield from _sealed(options)
    shown = shown_day(options.site)
    # settings take a quarter of a second to load, and are asked for only where it matters
    if shown and options.as_of < shown and _is_site_of(options.site, options.content):
        way = os.path.relpath(options.site.absolute() / _STATUS, options.content.absolute())
        yield Path(way).as_posix(), shown, ""


def _sealed(options: Options) -> Iterator[tuple[str, date, str]]:
    """The day of the newest checkpoint; one that cannot be read is named by the gate."""
    stems = [path.stem for path in (options.ledger / CHECKPOINTS).glob("*.txt")]
    sizes = [int(stem) for stem in stems if stem.isascii() and stem.isdecimal()]
    if not sizes:
        return
    from generator.ledger.checkpoint import read_checkpoint  # noqa: PLC0415 -- see `_known`
    from generator.text.public_key import NoteFault  # noqa: PLC0415

    name = f"{CHECKPOINTS}/{max(sizes)}.txt"
    try:
        newest = read_checkpoint((options.ledger / name).read_bytes())
    except (OSError, NoteFault):
        return
    if newest.day:
        yield f"{options.ledger_way}/{name}", newest.day, str(newest.size)


def shown_day(site: Path) -> date | None:
    """The day of the site that readers see; None where there is none, or one that tells no day."""
    try:
        return date.fromisoformat(json.loads((site / _STATUS).read_bytes())["as_of"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _is_site_of(site: Path, content: Path) -> bool:
    """Whether a site was made of this content: both name the same address."""
    from generator.content.settings import read_settings  # noqa: PLC0415 -- see `_known`

    settings = read_settings(content).settings
    try:
        told = json.loads((site / _PACKAGE).read_bytes())["homepage"]
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return settings is not None and bool(told == settings.base_url)
