"""From the content folder to records: what was read before is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.afar import shared_contract
from generator.batches import batches
from generator.cache import Cache, CacheDamaged
from generator.fields import Choices
from generator.kind import Kind
from generator.late import packed, trust, unpacked, whole
from generator.load import Files, Folder, Survey
from generator.model import Origin, Problem, Ref
from generator.parse import Parsed, joined, named_by
from generator.progress import Progress
from generator.settings import SITE_FILE, Settings, read_settings
from generator.tasks import Contract, ReadPart, read_task
from generator.texts import ROOM as LATE
from generator.texts import Texts
from generator.workers import Workers

EARLY = "early"
BATCH = 200
"""Files that a task reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything the content folder holds, as far as it can be read.

    By folder: the records, the files beside them, a digest of all bytes that belong to it.
    """

    settings: Settings | None
    parsed: Parsed
    problems: tuple[Problem, ...]
    folders: Mapping[str, tuple[Ref, ...]]
    beside: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, bytes]
    files: Mapping[str, int]
    digests: Mapping[str, str]


@dataclass(slots=True)
class Reader:
    """Reads a content folder with the help of a cache."""

    content: Path
    kinds: tuple[Kind, ...]
    program: bytes
    cache: Cache
    workers: Workers
    texts: Texts
    progress: Progress

    def gather(self, found: Survey, files: Files) -> Gathered:
        """All records; `found` and `files` are what a look at the folder gave."""
        self.progress.stage("read")
        trust(kind.record_type for kind in self.kinds)
        settings = read_settings(self.content)
        keys = {folder.name: self._key(folder, files) for folder in found.folders}
        self._read(found.folders, keys, settings.settings, files)
        parts = [self._part(folder, keys[folder.name]) for folder in found.folders]
        parsed = joined((*parts, _links(found)))
        measured = {path: files.attachment(path) for path in found.beside}
        beside = _by_folder(found)
        problems = (*settings.problems, *found.problems, *parsed.problems, *_hollow(measured))
        return Gathered(
            settings=settings.settings,
            parsed=parsed,
            problems=problems,
            folders=_refs(parsed),
            beside=beside,
            keys={n: _beside_too(key, beside.get(n, ()), measured) for n, key in keys.items()},
            files={path: size for path, (_, size, _) in measured.items()},
            digests={path: digest for path, (digest, _, _) in measured.items()},
        )

    def _key(self, folder: Folder, files: Files) -> bytes:
        """Of all that reading a folder depends on: program, word lists, the files' bytes."""
        digest = hashlib.sha256(self.program)
        digest.update(site_digest(self.content, files).encode())
        for path in folder.kinds:
            digest.update(f"{path}\0{files.digest(path)}\n".encode())
        return digest.digest()

    def _read(
        self,
        folders: Iterable[Folder],
        keys: Mapping[str, bytes],
        settings: Settings | None,
        files: Files,
    ) -> None:
        """Brings the folders that are not in the cache into it."""
        known = self.cache.keys(EARLY)
        stale = [folder for folder in folders if known.get(folder.name) != keys[folder.name]]
        choices: Choices = settings.choices if settings else {}
        contract = Contract({kind.name: kind for kind in self.kinds}, choices)
        work = sum(map(_size, stale))
        self.progress.expect(work)
        cut = list(batches(stale, _name, _size, BATCH))
        payloads = (_payload(batch, files) for batch in cut)
        workers = self.workers.over(work, BATCH)
        answers = workers.run(read_task, shared_contract(contract), payloads)
        for batch, answer in zip(cut, answers, strict=True):
            for folder, (early, late) in zip(batch, unpacked(answer), strict=True):
                self.progress.step(_size(folder))
                self.cache.put(EARLY, folder.name, keys[folder.name], early)
                self.texts.forget(folder.name)
                self.cache.put(LATE, folder.name, keys[folder.name], late)

    def _part(self, folder: Folder, key: bytes) -> Parsed:
        held = self.cache.get(EARLY, folder.name, key)
        if held is None:
            raise CacheDamaged(f"the cache lost {folder.name}")
        part: ReadPart = unpacked(held)
        early, broken, problems = part
        return Parsed(records=tuple(whole(early, self.texts)), broken=broken, problems=problems)


def _name(folder: Folder) -> str:
    return folder.name


def _size(folder: Folder) -> int:
    return len(folder.kinds)


def site_digest(content: Path, files: Files) -> str:
    """SHA-256 of the site's settings, "" where there are none."""
    return files.digest(SITE_FILE) if (content / SITE_FILE).is_file() else ""


def _payload(folders: Sequence[Folder], files: Files) -> bytes:
    return packed(
        [
            [(path, kind.name, files.read(path)) for path, kind in folder.kinds.items()]
            for folder in folders
        ]
    )


def _links(found: Survey) -> Parsed:
    """Records whose file is a symbolic link: broken, and told already."""
    broken = (ref for path, kind in found.links.items() for ref in named_by(path, kind))
    return Parsed(records=(), broken=frozenset(broken), problems=())


def _refs(parsed: Parsed) -> dict[str, tuple[Ref, ...]]:
    folders: dict[str, list[Ref]] = {}
    for record in parsed.records:
        folders.setdefault(record.origin.path.rpartition("/")[0], []).append(record.ref)
    return {name: tuple(refs) for name, refs in folders.items()}


def _by_folder(found: Survey) -> dict[str, tuple[str, ...]]:
    """The files beside records, by the folder of the record that they belong to."""
    owners = {path.rsplit(".", 1)[0]: f.name for f in found.folders for path in f.kinds}
    folders: dict[str, list[str]] = {}
    for path in found.beside:
        steps = path.split("/")
        above = ("/".join(steps[:depth]) for depth in range(len(steps) - 1, 0, -1))
        owner = next((owners[step] for step in above if step in owners), None)
        if owner is not None:
            folders.setdefault(owner, []).append(path)
    return {name: tuple(paths) for name, paths in folders.items()}


def _beside_too(
    key: bytes, paths: Iterable[str], measured: Mapping[str, tuple[str, int, str]]
) -> bytes:
    digest = hashlib.sha256(key)
    for path in paths:
        digest.update(f"{path}\0{measured[path][0]}\n".encode())
    return digest.digest()


def _hollow(measured: Mapping[str, tuple[str, int, str]]) -> Iterator[Problem]:
    for path, (_, _, detail) in measured.items():
        if detail:
            yield Problem(code="file-hollow", origin=Origin(path=path), detail=detail)
