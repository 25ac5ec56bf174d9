"""From bundles to a site: a staged one is links to what is sealed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from generator.build.bundles.reuse import Kept
from generator.release.manifest import BUNDLES

Ways = Mapping[str, Iterable[str]]
"""By bundle, the folders (ending in `/`) and files that are its own alone."""


def stage(folder: Path, ways: Ways, kept: Mapping[str, Kept], before: str | None) -> None:
    """Fills an empty folder with the site; `before` is the release that readers see."""
    older = folder.parent / before if before else None
    known: set[str] = set()
    for name, places in ways.items():
        for place in places:
            inner = place.removesuffix("/")
            path = f"{folder}/{inner}"
            above = path.rpartition("/")[0]
            if above not in known:
                os.makedirs(above, exist_ok=True)
                known.add(above)
            up = "../" * (inner.count("/") + 2)
            way = f"{up}{BUNDLES}/{kept[name].folder}/{inner}"
            _lead(path, way, f"{older}/{inner}" if older else "")


def _lead(path: str, way: str, older: str) -> None:
    """A link; where the release before has the same, that very one: no inode, and soon removed."""
    with suppress(OSError, NotImplementedError):
        if older and os.readlink(older) == way:
            os.link(older, path, follow_symlinks=False)
            return
    os.symlink(way, path)
