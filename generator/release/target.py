"""Where a site is published, and how it is said that it cannot be."""

from __future__ import annotations

from collections.abc import Container
from enum import Enum
from pathlib import Path

from msgspec import Struct

LINK, COPY = "link", "copy"
KEEP = 3


class Place(Struct, frozen=True, kw_only=True):
    """A work folder and the site made in it.

    `keep` releases stay, the visible one among them, at least 1.  `way` is `LINK`, `COPY`, or
    None for whatever the site is now (a link where there is none yet).  `known` are the releases
    whose lists stand as this user's builds wrote them: what no list can be trusted for is read.
    """

    work: Path
    site: Path
    keep: int = KEEP
    way: str | None = None
    known: Container[str] = frozenset()

    @property
    def fresh(self) -> Path:
        """Where the next site is made ready, beside the one that readers see."""
        return self.site.with_name(f"{self.site.name}.new")


class PublishRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """A folder is taken by something that is not ours to replace; `detail` says which."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(str(path))
        self.path, self.detail = path, detail


class Outcome(Enum):
    """What readers see after a publication that the machine has stopped."""

    UNCHANGED = "unchanged"
    PUBLISHED = "published"
    PARTLY = "partly"


class PublishFailed(Exception):  # noqa: N818 -- the machine's to mend, not an error of ours
    """The disk has refused; `fault` says which file and why, `outcome` what readers see."""

    def __init__(self, fault: OSError, outcome: Outcome) -> None:
        super().__init__(str(fault))
        self.fault, self.outcome = fault, outcome
