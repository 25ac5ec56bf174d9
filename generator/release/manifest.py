"""Digests of a site's files, in the form that `sha256sum -c` reads.

A site is a plain folder: links, pipes and the like are foreign and never followed.  Names at its
top that begin with a dot belong to somebody else (`.git`, our own mark), unless the site has them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from generator.content.model import Beside

RELEASES, BUNDLES = "releases", "bundles"
STARTED = "started"
"""A file in the work folder while a run changes it; it remains after an interrupted run."""
MANIFEST = Beside.MANIFEST.value
"""The list of a site's files in the site itself, or of an issue's in the issue."""


class Tree(Struct, frozen=True, kw_only=True):
    """The files of a site by address, sorted; `links` are links, pipes and the like."""

    files: dict[str, Path]
    links: dict[str, Path]


def tree(folder: Path, dotted: Collection[str] = ()) -> Tree:
    """The files of a site; of names that begin with a dot only the addresses in `dotted`."""
    ours = (PurePosixPath(address) for address in dotted if address.startswith("."))
    above = {path.as_posix() for address in ours for path in address.parents}
    files: dict[str, Path] = {}
    links: dict[str, Path] = {}
    pending = [""]
    while pending:
        prefix = pending.pop()
        with os.scandir(folder / prefix) as entries:
            for entry in entries:
                name = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not name.startswith(".") or name in above:  # else it may be unreadable
                        pending.append(f"{name}/")
                elif not name.startswith(".") or name in dotted:
                    regular = entry.is_file(follow_symlinks=False)
                    (files if regular else links)[name] = Path(entry.path)
    return Tree(files=dict(sorted(files.items())), links=dict(sorted(links.items())))


def listing(files: Mapping[str, str]) -> str:
    """The text of a list of SHA-256 by path, a line for each, in order of path."""
    return "".join([f"{digest}  {path}\n" for path, digest in sorted(files.items())])


def listed(text: str) -> dict[str, str]:
    """SHA-256 by path, from the text of a list."""
    rows = (line.partition("  ") for line in text.splitlines())
    return {path: digest for digest, _, path in rows}


def digests(folder: Path, dotted: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of every file of a site, in order of path."""
    contents = tree(folder, dotted)
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
