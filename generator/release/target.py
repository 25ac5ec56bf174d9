"""The place of publication, and the errors of publishing there."""

from __future__ import annotations

from collections.abc import Container
from enum import Enum
from pathlib import Path

from msgspec import Struct

EXCHANGE, IN_PLACE = "exchange", "in-place"
KEEP = 3


class Place(Struct, frozen=True, kw_only=True):
    """A work folder and the site made in it.

    `keep` is the number of releases to keep, including the visible one, at least 1.  `way` is
    `EXCHANGE`, `IN_PLACE`, or None for the one that was chosen last (`EXCHANGE` if none was).
    `trusted` are the releases whose lists are as this user's builds wrote them.
    """

    work: Path
    site: Path
    keep: int = KEEP
    way: str | None = None
    trusted: Container[str] = frozenset()

    @property
    def fresh(self) -> Path:
        """The path beside the site at which the first folder is prepared."""
        return fresh_path(self.site)


def fresh_path(site: Path) -> Path:
    """A path beside a site with a name that nobody gives to a folder of their own."""
    return site.with_name(f".{site.name}.gongbao")


class Obstacle(Enum):
    """Why a site was changed in place and not exchanged."""

    CHOSEN = "chosen"
    FOREIGN = "foreign"
    DISK = "disk"
    MOUNT = "mount"
    SYSTEM = "system"
    RIGHTS = "rights"


class Shown(Struct, frozen=True, kw_only=True):
    """How a release was shown: by an exchange, or in place for this reason; `name` is whose."""

    obstacle: Obstacle | None = None
    name: str = ""


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
