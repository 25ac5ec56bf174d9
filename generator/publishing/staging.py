"""From volumes to folders: the staged site and the host's docs are links to what is sealed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.printing import Kept
from generator.publishing.disk import discard
from generator.publishing.manifest import VOLUMES
from generator.reuse.stamps import DOCS, SITE

PAGE, SOURCE = "index.html", "index.md"


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
            os.symlink(f"{up}{VOLUMES}/{kept[name].shelf}/{SITE}/{inner}", path)


def lay_out(folder: Path, ways: Ways, kept: Mapping[str, Kept], hosts: Iterable[str]) -> None:
    """Makes the docs folder hold these volumes, but for `hosts`, which the host makes itself."""
    wanted: dict[str, str] = {}
    for name in ways.keys() - set(hosts):
        for place in ways[name]:
            inner = _source(place.removesuffix("/"))
            up = "../" * (inner.count("/") + 1)
            wanted[inner] = f"{up}{VOLUMES}/{kept[name].shelf}/{DOCS}/{inner}"
    _prune(folder, wanted)
    for inner, way in sorted(wanted.items()):
        path = folder / inner
        if not path.is_symlink():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(way)


def _source(place: str) -> str:
    """Where the host has what the site has at a place."""
    page = place == PAGE or place.endswith(f"/{PAGE}")
    return f"{place.removesuffix(PAGE)}{SOURCE}" if page else place


def _prune(folder: Path, wanted: Mapping[str, str]) -> None:
    """Removes what is not wanted, or leads elsewhere."""
    for above, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            path = Path(above, name)
            inner = path.relative_to(folder).as_posix()
            if path.is_symlink():
                if os.readlink(path) != wanted.get(inner):
                    path.unlink()
            elif path.is_file() or not any(path.iterdir()) or inner in wanted:
                discard(path)
