"""The content folder: which files there are, and what they are."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from unicodedata2 import normalize

from generator.content.files import SITE_FILE, Files, is_text, odd_problem
from generator.content.model import Origin, Problem
from generator.content.safe_open import Odd
from generator.site.kind import Kind


class Folder(Struct, frozen=True, kw_only=True):
    """Content files of one folder that are read as a whole; path to kind."""

    name: str
    kinds: Mapping[str, Kind]


class Survey(Struct, frozen=True, kw_only=True):
    """What lies in a content folder: records' files by folder, files beside them, problems.

    `odd` are links, devices and the like, which are told among the problems and never read;
    `misnamed` are files whose names look like those of records, with these names.
    """

    folders: tuple[Folder, ...]
    odd: Mapping[str, Odd]
    misnamed: Mapping[str, str]
    beside: tuple[str, ...]
    problems: tuple[Problem, ...]


def survey(files: Files, kinds: tuple[Kind, ...]) -> Survey:
    """Everything below the content folder, in order of path; of what is odd nothing else is told.

    What is odd about `site.yaml` is told by whoever reads it.
    """
    found = [(path, odd) for path, odd in files.paths if not _is_settings(path, files)]
    unspelled = {path for path, _ in found if not is_text(path)}
    odd = {path: one for path, one in found if one and path not in unspelled}
    paths = [path for path, one in found if not one and path not in unspelled]
    tops = _by_top(kinds)
    matched = {path: kind for path in paths if (kind := _kind_of(path, tops))}
    owners = {path.rsplit(".", 1)[0] for path in (*matched, *(p for p in odd if _kind_of(p, tops)))}
    beside = tuple(path for path in paths if path not in matched and _owned(path, owners))
    strays = sorted({*paths} - {*matched} - {*beside})
    misnamed = {path: meant for path in (*strays, *odd) if (meant := _record_meant(path, tops))}
    problems = [_stray(path, tops, misnamed.get(path, ""), {*paths}) for path in strays]
    problems += _clashes(path for path in paths if path not in misnamed)
    problems += map(_unspelled, sorted(unspelled))
    problems += [odd_problem(path, one) for path, one in odd.items()]
    return Survey(
        folders=_folders(matched),
        odd=odd,
        misnamed=misnamed,
        beside=beside,
        problems=tuple(problems),
    )


def _is_settings(path: str, files: Files) -> bool:
    """Whether a file is told of by whoever reads the settings: it is these, or looks like them."""
    return path in (SITE_FILE, files.settings_meant)


def _record_meant(path: str, tops: Mapping[str, Sequence[Kind]]) -> str:
    """The name of a record's file that a path looks like: in small letters and half width."""
    meant = normalize("NFKC", path).casefold()
    return meant if meant != path and _kind_of(meant, tops) else ""


def _by_top(kinds: Iterable[Kind]) -> Mapping[str, Sequence[Kind]]:
    """The kinds whose files stand in a folder of the content: a path fits few patterns."""
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


def _stray(path: str, tops: Container[str], meant: str, there: Container[str]) -> Problem:
    if meant:
        values = {"value": path, "near": meant}
        # to rename it would take the place of the right file
        detail = "beside-near" if meant in there else "near"
        return Problem(code="file-stray", origin=Origin(path=path), detail=detail, values=values)
    known = path.partition("/")[0] in tops
    return Problem(code="file-stray", origin=Origin(path=path), detail="" if known else "folder")


def _unspelled(path: str) -> Problem:
    """A name in an encoding of old, as ZIP files from other systems have them."""
    return Problem(code="file-stray", origin=Origin(path=path), detail="encoding")


def _clashes(paths: Iterable[str]) -> Iterator[Problem]:
    """Names that another system takes for one: they differ in case or Unicode form alone."""
    seen: dict[str, str] = {}
    for path in paths:
        first = seen.setdefault(normalize("NFC", path).casefold(), path)
        if first != path:
            values = {"other": first, "value": path, "near": first}
            yield Problem(code="file-name-clash", origin=Origin(path=path), values=values)
