"""Addresses within the site: relative, so that it works under any path."""

from __future__ import annotations

from urllib.parse import quote


def relative(here: str, target: str) -> str:
    """How a page at `here` (ends in `/`, the root is "") links to `target`.

    `relative("gazette/105/", "visits/")` is `../../visits/`; names are percent-encoded,
    a fragment is kept.
    """
    path, hash_, fragment = target.partition("#")
    steps = here.split("/")[:-1]
    goal = path.split("/")
    shared = 0
    while shared < min(len(steps), len(goal) - 1) and steps[shared] == goal[shared]:
        shared += 1
    way = "../" * (len(steps) - shared) + "/".join(map(quote, goal[shared:]))
    return (way or "./") + hash_ + quote(fragment)


def absolute(base_url: str, target: str) -> str:
    """The same as a full address below `base_url` (ends in `/`)."""
    path, hash_, fragment = target.partition("#")
    return base_url + quote(path) + hash_ + quote(fragment)
