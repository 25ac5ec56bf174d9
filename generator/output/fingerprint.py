"""What made the site: a digest of the program, its theme and the packages it stands on."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from generator import PROGRAM, PROJECT

PACKAGES = (
    "babel",
    "feedgen",
    "jinja2",
    "lxml",
    "markdown",
    "mkdocs",
    "mkdocs-material",
    "msgspec",
    "nh3",
    "numpy",
    "pillow",
    "pypdf",
    "pyyaml",
    "unicodedata2",
)
_CODE, _ENDINGS = "__pycache__", (".pyc", ".new")
_TESTS = ("tests",)


@cache
def program_key() -> bytes:
    """Differs as soon as a byte of program, theme or settings does, or a version of a package."""
    digest = hashlib.sha256(worker_key())
    _add(digest, (PROJECT / "mkdocs.yml", *files_of(PROJECT / "theme")))
    return digest.digest()


@cache
def worker_key() -> bytes:
    """The same without theme and settings, which a worker elsewhere need not have."""
    digest = hashlib.sha256(sys.version.encode())
    for name in PACKAGES:
        digest.update(f"{name} {installed()[name]}\n".encode())
    _add(digest, program_files())
    return digest.digest()


@cache
def installed() -> dict[str, str]:
    """The folders that name installed packages and their versions, by name in lower case.

    Reading the metadata in them takes longer than most builds.
    """
    found = (one.name for path in reversed(sys.path) for one in Path(path).glob("*.dist-info"))
    return {name.partition("-")[0].lower().replace("_", "-"): name for name in found}


def _add(digest: hashlib._Hash, paths: Iterable[Path]) -> None:
    for path in paths:
        digest.update(f"{path.relative_to(PROJECT).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())


def program_files() -> list[Path]:
    """The files that the program consists of; the tests in a kind's folder change no site."""
    return [path for path in files_of(PROGRAM) if path.relative_to(PROGRAM).parts[2:3] != _TESTS]


def files_of(folder: Path) -> list[Path]:
    """The files of the program; Python writes beside them while it runs, under passing names."""
    found: list[str] = []
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != _CODE]
        found += [f"{above}/{name}" for name in names if not name.endswith(_ENDINGS)]
    # an editor's lock is a link to nothing
    return [path for path in map(Path, sorted(found)) if path.is_file()]
