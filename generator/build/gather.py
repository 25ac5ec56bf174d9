"""From the content folder to records: what was read before is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct, structs

from generator.build.bundles.lazy_texts import SECTION as LATE
from generator.build.bundles.lazy_texts import Texts
from generator.build.bundles.record_storage import Alike, Types, whole
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache
from generator.build.progress import Progress
from generator.build.workers.batches import worked
from generator.build.workers.executor import UNSHARED, Executor
from generator.build.workers.remote_context import shared_contract
from generator.build.workers.tasks import LOOK, READ, READ_PART, Contract
from generator.build.workers.tuning import LOOK_WEIGHT
from generator.content.attachment_parts import LARGEST, ending, looks_at
from generator.content.field_types import Choices
from generator.content.files import PICTURE_LIMIT, SITE_FILE, Files, Offer
from generator.content.model import Inside, Origin, Picture, Problem, Ref
from generator.content.settings import MEGABYTE, Settings, read_settings
from generator.content.yaml_reader import SIZE_LIMIT
from generator.output.fingerprint import worker_key
from generator.site.kind import Kind
from generator.site.parse import NOTHING, Parsed, joined, named_by
from generator.site.survey import Folder, Survey

EARLY = "early"
INSIDES = "insides"
INSIDE: Form[Inside] = Form(Inside)
_HOLLOW = ("empty", "pointer")


class Gathered(Struct, frozen=True, kw_only=True):
    """Everything the content folder holds, as far as it can be read.

    By folder: the records, the files beside them, a digest of all bytes that belong to it.
    The problems tell of each path that is `unreadable`.  `read_anew` counts the files of records
    that no earlier run had read.
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
    insides: Mapping[str, Inside] = {}
    unreadable: frozenset[str] = frozenset()
    read_anew: int = 0


class Reader(Struct):
    """Reads a content folder with the help of a cache."""

    content: Path
    kinds: tuple[Kind, ...]
    world: bytes
    cache: Cache
    workers: Executor
    texts: Texts
    progress: Progress
    read_anew: int = 0

    def gather(self, found: Survey, files: Files) -> Gathered:
        """All records; `found` and `files` are what a look at the folder gave."""
        self.progress.stage("read")
        settings = read_settings(self.content, files.settings_meant)
        keys = {folder.name: self._key(folder, files) for folder in found.folders}
        self.texts.expect(keys)
        choices = settings.settings.choices if settings.settings else {}
        parsed = joined((*self._parts(found, keys, choices, files), self._set_aside(found)))
        measured = {path: files.attachment(path) for path in found.beside}
        large = tuple(_too_large(measured, settings.settings))
        told = {*found.odd, *(problem.origin.path for problem in large)}
        unfit = tuple(_unfit({path: o for path, o in measured.items() if path not in told}))
        unreadable = frozenset((*told, *(problem.origin.path for problem in unfit)))
        held = {path: offer for path, offer in measured.items() if path not in unreadable}
        others = (*found.problems, *parsed.problems, *large, *unfit)
        problems = settings.problems if settings.later else (*settings.problems, *others)
        return Gathered(
            settings=settings.settings,
            parsed=parsed,
            problems=problems,
            folders=_refs(parsed),
            beside=_by_folder(found, held),
            keys=_beside_too(keys, found, measured),
            files={path: offer.size for path, offer in held.items()},
            digests={path: offer.digest for path, offer in held.items()},
            pictures={path: o.picture for path, o in held.items() if o.picture},
            insides=self._insides(held, files),
            unreadable=unreadable,
            read_anew=self.read_anew,
        )

    def _set_aside(self, found: Survey) -> Parsed:
        """The records in whose place, or in the place of whose folder, something odd stands.

        And those whose files have another name than was meant: that is told, and nothing else.
        """
        paths = (*found.odd, *found.misnamed.values())
        broken = (ref for path in paths for kind in self.kinds for ref in _meant(path, kind))
        return structs.replace(NOTHING, broken=frozenset(broken))

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
            kinds, most = folders[name].kinds, SIZE_LIMIT + 1  # one more shows that it is too large
            return [(p, kind.name, files.read(p, most)) for p, kind in kinds.items()]

        for name, (early, late) in worked(stale, READ, shared, payload, self.workers):
            held[name] = early
            self.cache.put(EARLY, name, keys[name], early)
            self.texts.forget(name)
            self.cache.put(LATE, name, keys[name], late)
            self.progress.step(stale[name])
        alike, types = Alike(), {kind.name: kind.record_type for kind in self.kinds}
        yield from (self._part(part, types, alike) for part in held.values() if part is not None)

    def _insides(self, held: Mapping[str, Offer], files: Files) -> dict[str, Inside]:
        """What attachments hold of persons; bytes that were looked at before are not read again."""
        wanted = {
            path: offer.digest for path, offer in held.items() if not offer.fault and looks_at(path)
        }
        names = {path: f"{ending(path)} {digest}" for path, digest in wanted.items()}
        known = {
            name: stored
            for name in dict.fromkeys(names.values())
            if (stored := self.cache.get(INSIDES, name, worker_key())) is not None
        }
        first = {name: path for path, name in reversed(names.items()) if name not in known}
        # what a file takes is told by its size
        sizes = {path: 1 + held[path].size // LOOK_WEIGHT for path in sorted(first.values())}

        def payload(path: str) -> tuple[str, bytes]:
            return path, files.read(path, LARGEST + 1)

        looked = worked(sizes, LOOK, UNSHARED, payload, self.workers)
        for path, found in looked:
            known[names[path]] = stored = INSIDE.packed(found)
            self.cache.put(INSIDES, names[path], worker_key(), stored)
        self.cache.keep_only(INSIDES, known)
        return {path: INSIDE.unpacked(known[name]) for path, name in names.items()}

    def _part(self, content: bytes, types: Types, alike: Alike) -> Parsed:
        early, broken, problems = READ_PART.unpacked(content)
        records = tuple(whole(early, types, self.texts, alike))
        return Parsed(records=records, broken=broken, problems=problems)


def site_digest(files: Files) -> str:
    """SHA-256 of the site's settings, "" where there are none."""
    return files.digest(SITE_FILE) if files.has_settings else ""


def _meant(path: str, kind: Kind) -> Iterator[Ref]:
    """The records of a kind that a path or what is below it would hold; any, where many may be."""
    steps, forms = path.split("/"), kind.glob.split("/")
    below = forms[len(steps) :]
    if kind.pattern.fullmatch("/".join((*steps, *below))):
        yield from named_by("/".join((*steps, *below)), kind)
    elif below and all(map(fnmatchcase, steps, forms)):
        yield Ref(kind.name, "")


def _refs(parsed: Parsed) -> dict[str, tuple[Ref, ...]]:
    folders: dict[str, list[Ref]] = {}
    for record in parsed.records:
        folders.setdefault(record.folder, []).append(record.ref)
    return {name: tuple(refs) for name, refs in folders.items()}


def _by_folder(found: Survey, paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The files beside records, by the folder of the record that they belong to."""
    owners = {path.rsplit(".", 1)[0]: f.name for f in found.folders for path in f.kinds}
    folders: dict[str, list[str]] = {}
    for path in paths:
        steps = path.split("/")
        above = ("/".join(steps[:depth]) for depth in range(len(steps), 0, -1))
        owner = next((owners[step] for step in above if step in owners), None)
        if owner is not None:
            folders.setdefault(owner, []).append(path)
    return {name: tuple(paths) for name, paths in folders.items()}


def _beside_too(
    keys: Mapping[str, bytes], found: Survey, measured: Mapping[str, Offer]
) -> dict[str, bytes]:
    """The keys of folders, of what stands beside their records too.

    What is odd is part of them: a check says of a link nothing, and of a missing file that it is.
    """
    words = {path: offer.digest for path, offer in measured.items()}
    words |= {path: " ".join(odd) for path, odd in found.odd.items()}
    beside = _by_folder(found, words)
    return {name: _with(key, beside.get(name, ()), words) for name, key in keys.items()}


def _with(key: bytes, paths: Iterable[str], words: Mapping[str, str]) -> bytes:
    digest = hashlib.sha256(key)
    for path in paths:
        digest.update(f"{path}\0{words[path]}\n".encode())
    return digest.digest()


def _too_large(measured: Mapping[str, Offer], settings: Settings | None) -> Iterator[Problem]:
    """Attachments beyond the site's limit, and pictures that are too large to be opened."""
    own = settings.largest_attachment if settings else None
    for path, offer in measured.items():
        picture = offer.fault == "large"
        limit = PICTURE_LIMIT if picture else own
        if limit is not None and offer.size > limit:
            tenths = -(-offer.size * 10 // MEGABYTE)  # rounded up: what is beyond shows as beyond
            size = f"{tenths // 10}.{tenths % 10} MB"
            values = {"size": size, "limit": f"{limit // MEGABYTE} MB"}
            detail, place = "picture" if picture else "attachment", Origin(path=path)
            yield Problem(code="file-large", origin=place, detail=detail, values=values)


def _unfit(measured: Mapping[str, Offer]) -> Iterator[Problem]:
    for path, offer in measured.items():
        if offer.fault:
            code = "file-hollow" if offer.fault in _HOLLOW else "file-refused"
            yield Problem(code=code, origin=Origin(path=path), detail=offer.fault)
