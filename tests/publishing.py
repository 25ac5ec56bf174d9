"""Small sites made by hand, published by the program's own steps.

Run as a program, it publishes the folder that waits in a work folder: what a test stops.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from generator.release.manifest import tree
from generator.release.publish import (
    current,
    drop_older,
    finish,
    publication,
    published,
    show,
    staging,
)
from generator.release.releases import Release, kept
from generator.release.target import Place, PublishFailed, PublishRefused

WAITING = "waiting"
"""Where a site waits in the work folder for the program below: one rename makes it staged."""


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with these texts in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def version(number: int | str) -> dict[str, str]:
    """A site of four files; its page names the hashed files that go with it."""
    segment = f"search/{_digest(f'segment {number}')}/p0.bin"
    folds = f"search/fold-{_digest(f'folds {number}')}.bin"
    return {
        "index.html": f"{number}\n{segment}\n{folds}\n",
        "gazette/105/index.html": f"year {number}",
        segment: f"segment {number}",
        folds: f"folds {number}",
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def publish(place: Place, files: Mapping[str, str]) -> Release:
    """Publishes these files as a build does, without a build."""
    with publication(place, place.work.parent / "content"):
        place = replace(place, trusted=kept(place.work, current(place.site)))
        release = finish(place, write_files(staging(place.work), files))
        show(place, release)
        drop_older(place)
    return release


def served(place: Place) -> dict[str, bytes]:
    """What a reader gets at each address; nothing where there is no site."""
    if not place.site.exists():
        return {}
    site_tree = tree(published(place.work, place.site).folder)
    assert not site_tree.links
    return {name: (place.site / name).read_bytes() for name in site_tree.files}


def _publish_waiting(place: Place) -> int:
    try:
        with publication(place, place.work.parent / "content"):
            staged = place.work / "releases/staging"
            (place.work / WAITING).rename(staged)
            place = replace(place, trusted=kept(place.work, current(place.site)))
            show(place, finish(place, staged))
            drop_older(place)
    except PublishFailed as failed:
        sys.stdout.write(failed.outcome.value)
        return 2
    except PublishRefused as refused:
        sys.stdout.write(refused.detail)
        return 2
    return 0


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    chosen = Place(work=folder / "build", site=folder / "site", keep=2, way=sys.argv[2])
    sys.exit(_publish_waiting(chosen))
