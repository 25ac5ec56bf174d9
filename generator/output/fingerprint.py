"""Digests of the program, its theme and the packages that it depends on.

Every cache key contains one of them, so that nothing made by another version is reused.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from generator import INSTALLED, PROGRAM, SETTINGS, SHIPPED, THEME

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
    """A digest of the program, the theme, `mkdocs.yml` and the versions of the packages."""
    digest = hashlib.sha256(worker_key())
    _add(digest, SHIPPED, (SETTINGS, *files_of(THEME)))
    return digest.digest()


@cache
def worker_key() -> bytes:
    """The same digest without theme and settings: a worker on another machine has neither."""
    digest = hashlib.sha256(sys.version.encode())
    for name in PACKAGES:
        digest.update(f"{name} {installed()[name]}\n".encode())
    _add(digest, PROGRAM, program_files())
    return digest.digest()


@cache
def installed() -> dict[str, str]:
    """The names of installed packages' folders of metadata, by the package's lower-case name.

    The folder's name contains the version; reading the metadata in it takes longer than most
    builds.
    """
    # in reverse, since Python imports a package from the first folder that has it; pip before 23.1
    # installs a source distribution with `.egg-info`, Debian 12 has such a pip
    names = [
        folder.name
        for path in reversed(sys.path)
        for ending in ("*.egg-info", "*.dist-info")
        for folder in Path(path).glob(ending)
    ]
    return {name.partition("-")[0].lower().replace("_", "-"): name for name in names}


def _add(digest: hashlib._Hash, above: Path, paths: Iterable[Path]) -> None:
    for path in paths:
        digest.update(f"{path.relative_to(above).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())


def program_files() -> list[Path]:
    """The files that the program consists of, the same wherever its theme lies.

    The tests in a kind's folder change no site.
    """
    below = [(path, path.relative_to(PROGRAM).parts) for path in files_of(PROGRAM)]
    return [path for path, parts in below if parts[2:3] != _TESTS and parts[0] != INSTALLED.name]


def files_of(folder: Path) -> list[Path]:
    """The files of the program, sorted, without the bytecode that Python writes beside them."""
    paths: list[str] = []
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != _CODE]
        paths += [f"{above}/{name}" for name in names if not name.endswith(_ENDINGS)]
    # an editor's lock file may be a symbolic link to nothing
    return [path for path in map(Path, sorted(paths)) if path.is_file()]
