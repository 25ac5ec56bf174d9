"""Addresses within the site: relative, so that it works under any path.

The language of a page follows from its address: what visitors read in English stands below
`en/`, at the address of the Chinese page.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

CHINESE, ENGLISH = "zh-Hant-TW", "en"
"""The languages of the site, as BCP 47 has them: that of all records, that of visitors."""
ENGLISH_HOME = f"{ENGLISH}/"

_quoted = lru_cache(maxsize=1 << 16)(quote)
"""Steps of addresses are few, and stand in nearly every address of the site."""


def relative(here: str, target: str) -> str:
    """How a page at `here` (ends in `/`, the root is "") links to `target`.

    `relative("gazette/105/", "visits/")` is `../../visits/`; names are percent-encoded,
    a fragment is kept.
    """
    path, hash_, fragment = target.partition("#")
    steps = here.split("/")[:-1]
    goal = path.split("/")
    most = min(len(steps), len(goal) - 1)
    shared = 0
    while shared < most and steps[shared] == goal[shared]:
        shared += 1
    way = "../" * (len(steps) - shared) + "/".join(map(_quoted, goal[shared:]))
    return (way or "./") + hash_ + _quoted(fragment)


def absolute(base_url: str, target: str) -> str:
    """The same as a full address below `base_url` (ends in `/`)."""
    path, hash_, fragment = target.partition("#")
    return base_url + _quoted(path) + hash_ + _quoted(fragment)


def language_of(address: str | None) -> str:
    """The language of the page at an address; what stands in no page (None) is Chinese."""
    return ENGLISH if address and address.startswith(ENGLISH_HOME) else CHINESE


def counterpart(address: str) -> str:
    """Where a page stands in the other language, if it does: `en/visits/` for `visits/`."""
    if address.startswith(ENGLISH_HOME):
        return address.removeprefix(ENGLISH_HOME)
    return ENGLISH_HOME + address


def alternates(base_url: str, address: str) -> tuple[tuple[str, str], ...]:
    """Both full addresses of a page by language; who reads neither is best served in English."""
    english = language_of(address) == ENGLISH
    pair = (counterpart(address), address) if english else (address, counterpart(address))
    chinese, visited = (absolute(base_url, one) for one in pair)
    return (CHINESE, chinese), (ENGLISH, visited), ("x-default", visited)
