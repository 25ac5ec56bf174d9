"""Releases: complete before anyone sees them, then switched in with one rename.

`releases/<digest>/` holds a site, `releases/<digest>.sha256` the digests of its files in the
form that `sha256sum -c` reads; the release is named after the digest of that list, so a file
that changes afterwards is found out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from generator.manifest import manifest_text

RELEASES = "releases"
MARK = "CACHEDIR.TAG"
MARK_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by gongbao; may be deleted.\n"
"""https://bford.info/cachedir/"""


class PublishRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """A folder is taken by something that is not ours to replace; `detail` says which."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(str(path))
        self.path, self.detail = path, detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A finished site: its folder, the list of its files, its name."""

    folder: Path
    manifest: Path
    digest: str


def claim(work: Path, site: Path, content: Path) -> None:
    """Makes `work` ours before anything is written; raises `PublishRefused` where it is not.

    A folder of ours bears the mark that backup programs know as "made again when needed".
    """
    ours, theirs = work.resolve(), content.resolve()
    if ours == theirs or ours in theirs.parents or theirs in ours.parents:
        raise PublishRefused(work, "work-content")
    mark = work / MARK
    if work.exists() and not mark.is_file() and (not work.is_dir() or any(work.iterdir())):
        raise PublishRefused(work, "work")
    if os.path.lexists(site) and not _is_ours(site):
        raise PublishRefused(site, "site")
    fresh = _fresh(site)
    if fresh.is_dir() and not fresh.is_symlink():
        raise PublishRefused(fresh, "site")
    work.mkdir(parents=True, exist_ok=True)
    mark.write_text(MARK_TEXT, encoding="utf-8")


def _is_ours(site: Path) -> bool:
    return site.is_symlink() and site.readlink().parent.name == RELEASES


def _fresh(site: Path) -> Path:
    return site.with_name(f"{site.name}.new")


def staging(work: Path) -> Path:
    """An empty folder for the site that is being made."""
    folder = work / RELEASES / "staging"
    if folder.exists():
        remove_tree(folder)
    folder.mkdir(parents=True)
    return folder


def finish(work: Path, staged: Path) -> Release:
    """Names the staged site after its content and makes it read-only."""
    listing = manifest_text(staged)
    digest = hashlib.sha256(listing.encode()).hexdigest()[:16]
    release = _release(work, digest)
    if release.folder.exists():
        if manifest_text(release.folder) == listing:
            remove_tree(staged)
            return release
        remove_tree(release.folder)
    release.manifest.write_text(listing, encoding="utf-8")
    staged.rename(release.folder)
    _freeze(release.folder)
    return release


def switch(site: Path, release: Release) -> None:
    """Points the link `site` at a release; readers see the old site or the new, nothing else."""
    site.parent.mkdir(parents=True, exist_ok=True)
    fresh = _fresh(site)
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(release.folder, site.parent.resolve()))
    fresh.replace(site)


def drop_older(work: Path, current: Release) -> None:
    """Removes every release but the current one."""
    for folder in sorted((work / RELEASES).iterdir()):
        if folder.is_dir() and folder != current.folder:
            remove_tree(folder)
            _release(work, folder.name).manifest.unlink(missing_ok=True)


def manifest_of(site: Path) -> Path:
    """Where the list of a published site's files stands."""
    folder = site.resolve()
    return folder.with_name(f"{folder.name}.sha256")


def remove_tree(folder: Path) -> None:
    """Removes a folder, read-only or not."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def _release(work: Path, digest: str) -> Release:
    folder = work / RELEASES / digest
    return Release(folder=folder, manifest=folder.with_name(f"{digest}.sha256"), digest=digest)


def _freeze(folder: Path) -> None:
    for path in sorted((*folder.rglob("*"), folder), reverse=True):
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)
