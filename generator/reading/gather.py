"""From the content folder to records: what was read before is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, structs

from generator.console.progress import Progress
from generator.kind import Kind
from generator.model import Origin, Picture, Problem, Ref
from generator.parallel.afar import shared_contract
from generator.parallel.batches import worked
from generator.parallel.tasks import READ, READ_PART, Contract
from generator.parallel.workers import Workers
from generator.reading.fields import Choices
from generator.reading.files import SITE_FILE, Files, Offer
from generator.reading.late import Alike, Types, whole
from generator.reading.load import Folder, Survey
from generator.reading.parse import NOTHING, Parsed, joined, named_by
from generator.reading.texts import ROOM as LATE
from generator.reading.texts import Texts
from generator.reuse.cache import Cache
from generator.settings import Settings, read_settings

EARLY = "early"
BATCH = 200
"""Files that a task reads."""
_HOLLOW = ("empty", "pointer")


class Gathered(Struct, frozen=True, kw_only=True):
    """Everything the content folder holds, as far as it can be read.

    By folder: the records, the files beside them, a digest of all bytes that belong to it.
    `read_anew` counts the files of records that no earlier run had read.
    """

    settings: Settings | None = None
    parsed: Parsed = NOTHING
    problems: tuple[Problem, ...] = ()
    folders: Mapping[str, tuple[Ref, ...]] = {}
    beside: Mapping[str, tuple[str, ...]] = {}
    keys: Mapping[str, bytes] = {}
    files: Mapping[str, int] = {}
    digests: Mapping[str, str] = {}
    pictures: Mapping[str, Picture] = {}
    read_anew: int = 0


class Reader(Struct):
    """Reads a content folder with the help of a cache."""

    content: Path
    kinds: tuple[Kind, ...]
    world: bytes
    cache: Cache
    workers: Workers
    texts: Texts
    progress: Progress
    read_anew: int = 0

    def gather(self, found: Survey, files: Files) -> Gathered:
        """All records; `found` and `files` are what a look at the folder gave."""
        self.progress.stage("read")
        settings = read_settings(self.content)
        keys = {folder.name: self._key(folder, files) for folder in found.folders}
        self.texts.expect(keys)
        choices = settings.settings.choices if settings.settings else {}
        parsed = joined((*self._parts(found, keys, choices, files), _links(found)))
        measured = {path: files.attachment(path) for path in found.beside}
        beside = _by_folder(found)
        problems = (*settings.problems, *found.problems, *parsed.problems, *_unfit(measured))
        return Gathered(
            settings=settings.settings,
            parsed=parsed,
            problems=problems,
            folders=_refs(parsed),
            beside=beside,
            keys={n: _beside_too(key, beside.get(n, ()), measured) for n, key in keys.items()},
            files={path: offer.size for path, offer in measured.items()},
            digests={path: offer.digest for path, offer in measured.items()},
            pictures={path: o.picture for path, o in measured.items() if o.picture},
            read_anew=self.read_anew,
        )

    def _key(self, folder: Folder, files: Files) -> bytes:
        """Of all that reading a folder depends on: program, settings, the files' bytes."""
        digest = hashlib.sha256(self.world)
        for path in folder.kinds:
            digest.update(f"{path}\0{files.digest(path)}\n".encode())
        return digest.digest()

    def _parts(
        self, found: Survey, keys: Mapping[str, bytes], choices: Choices, files: Files
    ) -> Iterator[Parsed]:
        """What each folder holds: from the cache, or read now and put there."""
        folders = {folder.name: folder for folder in found.folders}
        held = {name: self.cache.get(EARLY, name, keys[name]) for name in folders}
        stale = {name: len(folders[name].kinds) for name, part in held.items() if part is None}
        self.read_anew = sum(stale.values())
        self.progress.expect(self.read_anew)
        shared = shared_contract(Contract({kind.name: kind for kind in self.kinds}, choices))

        def payload(name: str) -> list[tuple[str, str, bytes]]:
            return [(p, kind.name, files.read(p)) for p, kind in folders[name].kinds.items()]

        for name, (early, late) in worked(stale, BATCH, READ, shared, payload, self.workers):
            held[name] = early
            self.cache.put(EARLY, name, keys[name], early)
            self.texts.forget(name)
            self.cache.put(LATE, name, keys[name], late)
            self.progress.step(stale[name])
        alike, types = Alike(), {kind.name: kind.record_type for kind in self.kinds}
        yield from (self._part(part, types, alike) for part in held.values() if part is not None)

    def _part(self, content: bytes, types: Types, alike: Alike) -> Parsed:
        early, broken, problems = READ_PART.unpacked(content)
        records = tuple(whole(early, types, self.texts, alike))
        return Parsed(records=records, broken=broken, problems=problems)


def site_digest(content: Path, files: Files) -> str:
    """SHA-256 of the site's settings, "" where there are none."""
    return files.digest(SITE_FILE) if (content / SITE_FILE).is_file() else ""


def _links(found: Survey) -> Parsed:
    """Records whose file is a symbolic link: broken, and told already."""
    broken = (ref for path, kind in found.links.items() for ref in named_by(path, kind))
    return structs.replace(NOTHING, broken=frozenset(broken))


def _refs(parsed: Parsed) -> dict[str, tuple[Ref, ...]]:
    folders: dict[str, list[Ref]] = {}
    for record in parsed.records:
        folders.setdefault(record.folder, []).append(record.ref)
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


def _beside_too(key: bytes, paths: Iterable[str], measured: Mapping[str, Offer]) -> bytes:
    digest = hashlib.sha256(key)
    for path in paths:
        digest.update(f"{path}\0{measured[path].digest}\n".encode())
    return digest.digest()


def _unfit(measured: Mapping[str, Offer]) -> Iterator[Problem]:
    for path, offer in measured.items():
        if offer.fault:
            code = "file-hollow" if offer.fault in _HOLLOW else "file-refused"
            yield Problem(code=code, origin=Origin(path=path), detail=offer.fault)
