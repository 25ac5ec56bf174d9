"""The place of publication, and the errors of publishing there."""

from __future__ import annotations

from collections.abc import Container
from enum import Enum
from pathlib import Path

from msgspec import Struct

LINK, COPY = "link", "copy"
KEEP = 3


class Place(Struct, frozen=True, kw_only=True):
    """A work folder and the site made in it.

    `keep` is the number of releases to keep, including the visible one, at least 1.  `way` is
    `LINK`, `COPY`, or None for whatever the site is now (a link if there is none yet).  `trusted`
    are the releases whose lists are as this user's builds wrote them; the files of others are
    read and digested anew.
    """

    work: Path
    site: Path
    keep: int = KEEP
    way: str | None = None
    trusted: Container[str] = frozenset()

    @property
    def fresh(self) -> Path:
        """The path beside the site at which the next one is prepared."""
        return self.site.with_name(f"{self.site.name}.new")


class PublishRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """Publication would overwrite or use something that is not ours; `detail` says what."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(str(path))
        self.path, self.detail = path, detail


class Outcome(Enum):
    """What readers see after a publication that failed."""

    UNCHANGED = "unchanged"
    PUBLISHED = "published"
    PARTLY = "partly"


class PublishFailed(Exception):  # noqa: N818 -- the machine's to mend, not an error of ours
    """An error of the disk: `fault` has the file and the reason, `outcome` what readers see."""

    def __init__(self, fault: OSError, outcome: Outcome) -> None:
        super().__init__(str(fault))
        self.fault, self.outcome = fault, outcome
