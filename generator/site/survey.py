"""Classifies the files of the content folder."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from unicodedata2 import normalize

from generator.content.files import SITE_FILE, Files, is_text, odd_problem
from generator.content.model import Origin, Problem
from generator.content.safe_open import Odd
from generator.content.static_files import STATIC
from generator.site.kind import Kind
from generator.text.likeness import looks


class Folder(Struct, frozen=True, kw_only=True):
    """The records' files of one folder, which are read together, each path with its kind."""

    name: str
    kinds: Mapping[str, Kind]


class Survey(Struct, frozen=True, kw_only=True):
    """The files of a content folder: records' files by folder, files beside them, problems.

    `static` are the site's own files.
    `odd` are links, devices and the like, which are reported and never read; `misnamed` maps files
    with names similar to those of records to these names.
    """

    folders: tuple[Folder, ...]
    odd: Mapping[str, Odd]
    misnamed: Mapping[str, str]
    beside: tuple[str, ...]
    static: tuple[str, ...]
    problems: tuple[Problem, ...]


def survey(files: Files, kinds: tuple[Kind, ...]) -> Survey:
    """The survey of everything below the content folder, in order of path.

    A file gets one problem at most.  The reader of the settings reports on `site.yaml` and on
    files with a similar name.
    """
    settings = (SITE_FILE, files.settings_meant)
    entries = [(path, odd) for path, odd in files.paths if path not in settings]
    unspelled = {path for path, _ in entries if not is_text(path)}
    odd = {path: sort for path, sort in entries if sort and path not in unspelled}
    paths = [path for path, sort in entries if not sort and path not in unspelled]
    tops = _by_top(kinds)
    matched = {path: kind for path in paths if (kind := _kind_of(path, tops))}
    owners = {path.rsplit(".", 1)[0] for path in (*matched, *(p for p in odd if _kind_of(p, tops)))}
    beside = tuple(path for path in paths if path not in matched and _owned(path, owners))
    static = tuple(path for path in paths if path.startswith(STATIC))
    strays = sorted({*paths} - {*matched} - {*beside} - {*static})
    misnamed = {path: near for path in (*strays, *odd) if (near := _record_lookalike(path, tops))}
    problems = [_stray(path, tops, misnamed.get(path, ""), {*paths}) for path in strays]
    problems += _clashes(path for path in paths if path not in misnamed)
    problems += map(_unspelled, sorted(unspelled))
    problems += [odd_problem(path, sort) for path, sort in odd.items()]
    return Survey(
        folders=_folders(matched),
        odd=odd,
        misnamed=misnamed,
        beside=beside,
        static=static,
        problems=tuple(problems),
    )


def _record_lookalike(path: str, tops: Mapping[str, Sequence[Kind]]) -> str:
    """The path as a record's file has it, "" if no small change makes it one.

    In lower case and half width first; then with the usual ending, hyphens, and a number of two
    digits too.
    """
    name = normalize("NFKC", path).casefold()
    if name == path or not _kind_of(name, tops):
        for slip, right in _SLIPS:
            name = slip.sub(right, name)
    return name if name != path and _kind_of(name, tops) else ""


_SLIPS = (
    (re.compile(r"(\.yaml|\.yml|\.md)\.txt\Z"), r"\1"),
    (re.compile(r"\.yml\Z"), ".yaml"),
    (re.compile(r"\.markdown\Z"), ".md"),
    (re.compile(r"(?<=[a-z0-9])[ _]+(?=[a-z0-9])"), "-"),
    (re.compile(r"/([0-9])(?=\.yaml\Z|-[^/]*\Z)"), r"/0\1"),
)
"""Other endings and spellings of names, each with the right one."""


def _by_top(kinds: Iterable[Kind]) -> Mapping[str, Sequence[Kind]]:
    """The kinds by the top folder of their files, so that a path is matched with few patterns."""
    tops: dict[str, list[Kind]] = {}
    for kind in kinds:
        tops.setdefault(kind.glob.partition("/")[0], []).append(kind)
    return tops


def _kind_of(path: str, tops: Mapping[str, Sequence[Kind]]) -> Kind | None:
    for kind in tops.get(path.partition("/")[0], ()):
        if kind.pattern.fullmatch(path):
            return kind
    return None


def _owned(path: str, owners: set[str]) -> bool:
    steps = path.split("/")
    return any("/".join(steps[:depth]) in owners for depth in range(1, len(steps)))


def _folders(matched: Mapping[str, Kind]) -> tuple[Folder, ...]:
    folders: dict[str, dict[str, Kind]] = {}
    for path, kind in matched.items():
        folders.setdefault(path.rpartition("/")[0], {})[path] = kind
    return tuple(Folder(name=name, kinds=kinds) for name, kinds in folders.items())


def _stray(
    path: str, tops: Mapping[str, Sequence[Kind]], near: str, there: Container[str]
) -> Problem:
    if near:
        values = {"value": path, "near": near}
        # if the right file exists too, renaming this one would overwrite it
        letters = "near" if looks(path) == looks(near) else "name-near"
        detail = "beside-near" if near in there else letters
        return Problem(code="file-stray", origin=Origin(path=path), detail=detail, values=values)
    globs = "、".join(kind.glob for kind in tops.get(path.partition("/")[0], ()))
    detail = "" if globs else "folder"
    values = {"expected": globs}
    return Problem(code="file-stray", origin=Origin(path=path), detail=detail, values=values)


def _unspelled(path: str) -> Problem:
    """The problem of a name in a legacy encoding, as ZIP files from other systems have them."""
    return Problem(code="file-stray", origin=Origin(path=path), detail="encoding")


def _clashes(paths: Iterable[str]) -> Iterator[Problem]:
    """Names that some systems take for the same: they differ in case or Unicode form alone."""
    first_paths: dict[str, str] = {}
    for path in paths:
        first = first_paths.setdefault(normalize("NFC", path).casefold(), path)
        if first != path:
            values = {"other": first, "value": path, "near": first}
            yield Problem(code="file-name-clash", origin=Origin(path=path), values=values)
