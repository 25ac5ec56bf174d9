"""Small sites made by hand, published by the program's own steps.

Run as a program, it publishes the folder that waits in a work folder: what a test stops.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Collection, Container, Mapping
from pathlib import Path

from msgspec.structs import replace

from generator.release.manifest import BUNDLES, digests, listed, listing, tree
from generator.release.publish import (
    drop_older,
    finish,
    publication,
    published,
    release_name,
    show,
)
from generator.release.releases import Release, complete_releases, current
from generator.release.staging import Part, begin, carry, fill, inode_digest
from generator.release.target import Place, PublishFailed, PublishRefused, Shown

WAITING = "waiting"
"""Where a site waits in the work folder for the program below: one rename makes it a bundle."""


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with these texts in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def manifest_text(folder: Path, dotted: Collection[str] = ()) -> str:
    """SHA-256 and path of every file of a site, a line for each, in order of path."""
    return listing(dict(digests(folder, dotted)))


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


def manifest_of(site: Path, work: Path | None = None) -> Path:
    """The list of a published site's files; the work folder is beside it unless it is named."""
    return published(work or site.parent / "build", site).manifest


def publish(place: Place, files: Mapping[str, str]) -> Release:
    """Publishes these files as a build does, from one bundle."""
    publish_shown(place, files)
    return published(place.work, place.site)


def publish_shown(place: Place, files: Mapping[str, str]) -> Shown:
    """The same; how they were shown."""
    with publication(place, place.work.parent / "content"):
        name = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
        bundle = place.work / BUNDLES / name
        if not bundle.exists():
            write_files(bundle, files)
        shown = show(place, finish_staged(place, name))
        drop_older(place)
    return shown


def finish_staged(place: Place, name: str, trusted: Container[str] | None = None) -> Release:
    """Makes a release of one bundle of the store; all older releases are trusted by default."""
    known = complete_releases(place.work, current(place.site)) if trusted is None else trusted
    place = replace(place, trusted=known)
    bundle = place.work / BUNDLES / name
    text = manifest_text(bundle, [p.relative_to(bundle).as_posix() for p in bundle.rglob("*")])
    digest = release_name(text)
    staged = begin(place, digest)
    carried = carry(place, text, digest)
    addresses = sorted(listed(text))
    inodes = inode_digest((address, (bundle / address).stat().st_ino) for address in addresses)
    part = Part(folder=name, addresses=addresses, inodes=inodes)
    fill(staged, place.work / BUNDLES, [part], {path: file for path, (_, file) in carried.items()})
    older = {path: digest for path, (digest, _) in carried.items()}
    return finish(place, staged, text, older)


def served(place: Place) -> dict[str, bytes]:
    """What a reader gets at each address; nothing where there is no site."""
    if not place.site.exists():
        return {}
    if place.site.is_symlink():  # as an older version made it
        found = os.walk(place.site, followlinks=True)
        paths = (Path(above, name) for above, _, names in found for name in names)
        return {path.relative_to(place.site).as_posix(): path.read_bytes() for path in paths}
    shown = published(place.work, place.site)
    site_tree = tree(shown.folder, shown.files())
    assert not site_tree.links
    return {name: path.read_bytes() for name, path in site_tree.files.items()}


def _publish_waiting(place: Place) -> int:
    try:
        with publication(place, place.work.parent / "content"):
            (place.work / BUNDLES).mkdir(exist_ok=True)
            (place.work / WAITING).rename(place.work / BUNDLES / WAITING)
            show(place, finish_staged(place, WAITING))
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
