"""From volumes to a site: a staged one is links to what is sealed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.printing import Kept
from generator.publishing.manifest import VOLUMES

Ways = Mapping[str, Iterable[str]]
"""By volume, the folders (ending in `/`) and files that are its own alone."""


def stage(folder: Path, ways: Ways, kept: Mapping[str, Kept]) -> None:
    """Fills an empty folder with the site."""
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
            os.symlink(f"{up}{VOLUMES}/{kept[name].shelf}/{inner}", path)
