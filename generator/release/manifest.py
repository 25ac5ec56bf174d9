"""Digests of a site's files, in the form that `sha256sum -c` reads.

A release may have links to stored bundles of its work folder, each a folder that several releases
share; every other link is foreign and is never followed.  A site outside the work folder is a
copy, and names at its top that begin with a dot (our own mark, what a web server put there) are
part of it only where its list has them.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from generator.content.model import Beside

RELEASES, BUNDLES = "releases", "volumes"
STARTED = "started"
"""A file in the work folder while a run changes it; it remains after an interrupted run."""
MANIFEST = Beside.MANIFEST.value
"""The list of a site's files in the site itself, or of an issue's in the issue."""
_NAME = re.compile(r"[0-9a-f]{8,64}")


class Tree(Struct, frozen=True, kw_only=True):
    """The files of a site by address, sorted; `links` are foreign links, pipes and the like."""

    files: dict[str, Path]
    links: dict[str, Path]


def tree(folder: Path, known: Container[str] = ()) -> Tree:
    """The files of a site, including those behind links to bundles of its work folder.

    `known` has the names that begin with a dot and are part of a copy.
    """
    place = folder.absolute()
    released = place.parent.name == RELEASES
    bundles = place.parents[1] / BUNDLES if released else None
    files: dict[str, Path] = {}
    links: dict[str, Path] = {}
    for name, path in _reached(folder, "", bundles):
        if released or not name.startswith(".") or name in known:
            (files if path.is_file() and not path.is_symlink() else links)[name] = path
    return Tree(files=dict(sorted(files.items())), links=dict(sorted(links.items())))


def _reached(folder: Path, prefix: str, bundles: Path | None) -> Iterator[tuple[str, Path]]:
    with os.scandir(folder) as iterator:
        entries = list(iterator)
    for entry in entries:
        name, path = f"{prefix}{entry.name}", Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _reached(path, f"{name}/", bundles)
        elif entry.is_symlink() and bundles and bundle_of(path, bundles):
            if entry.is_dir():
                yield from _reached(path, f"{name}/", None)
            else:
                yield name, path.resolve()
        else:
            yield name, path


def bundle_of(link: Path, bundles: Path) -> str | None:
    """The name of the stored bundle to which a relative link leads; else None.

    No step of the path may be a link, so that the path as written is the path that is followed.
    """
    way, base = os.readlink(link), f"{os.path.abspath(bundles)}/"
    target = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(link)), way))
    if way.startswith("/") or not target.startswith(base):
        return None
    inner = target.removeprefix(base).split("/")
    steps = [base + "/".join(inner[:depth]) for depth in range(1, len(inner) + 1)]
    whole = os.path.exists(target) and not any(map(os.path.islink, steps))
    return inner[0] if whole and _NAME.fullmatch(inner[0]) else None


def manifest_text(folder: Path) -> str:
    """SHA-256 and path of every file of a site, a line for each, in order of path."""
    return listing(dict(digests(folder)))


def listing(files: Mapping[str, str]) -> str:
    """The text of a list of SHA-256 by path, a line for each, in order of path."""
    return "".join([f"{digest}  {path}\n" for path, digest in sorted(files.items())])


def listed(text: str) -> dict[str, str]:
    """SHA-256 by path, from the text of a list."""
    rows = (line.partition("  ") for line in text.splitlines())
    return {path: digest for digest, _, path in rows}


def digests(folder: Path, known: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of every file of a site, in order of path; for `known` see `tree`."""
    contents = tree(folder, known)
    for name, path in sorted({**contents.files, **contents.links}.items()):
        yield name, digest_of(path)


def digest_of(path: Path) -> str:
    """SHA-256 of a file; for a link, that of its target's path; for a pipe, that of no bytes."""
    if path.is_symlink():
        return hashlib.sha256(str(path.readlink()).encode()).hexdigest()
    if not path.is_file():  # opening a pipe would block
        return hashlib.sha256(b"").hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
