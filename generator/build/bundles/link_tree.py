"""Stages a site as a tree of symbolic links to the folders of its bundles.

Links cost little however large the site is, and a file of a bundle is stored once for all
releases.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from generator.build.bundles.reuse import StoredBundle
from generator.release.manifest import BUNDLES

Ways = Mapping[str, Iterable[str]]
"""By bundle, the folders (ending in `/`) and files that are its own alone."""


def stage(
    folder: Path, ways: Ways, bundles: Mapping[str, StoredBundle], before: str | None
) -> None:
    """Fills an empty folder with the site; `before` is the release that readers see."""
    older = folder.parent / before if before else None
    folders: set[str] = set()
    for name, places in ways.items():
        for place in places:
            inner = place.removesuffix("/")
            path = f"{folder}/{inner}"
            above = path.rpartition("/")[0]
            if above not in folders:
                os.makedirs(above, exist_ok=True)
                folders.add(above)
            up = "../" * (inner.count("/") + 2)
            way = f"{up}{BUNDLES}/{bundles[name].folder}/{inner}"
            _link(path, way, f"{older}/{inner}" if older else "")


def _link(path: str, way: str, older: str) -> None:
    """Makes a symbolic link, or a second name of the `older` one if that is the same.

    A second name needs no inode and is removed faster.
    """
    with suppress(OSError, NotImplementedError):
        if older and os.readlink(older) == way:
            os.link(older, path, follow_symlinks=False)
            return
    os.symlink(way, path)
