"""Reads the content folder into records, with the cache's help.

The cache has the records of each folder under a digest of its files' bytes, the program and the
settings, so that unchanged folders are not parsed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct, structs

from generator.build.bundles.lazy_texts import SECTION as LATE
from generator.build.bundles.lazy_texts import Texts
from generator.build.bundles.record_storage import Alike, Types, read_records
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache
from generator.build.progress import Progress
from generator.build.workers.batches import run_batches
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
    """Everything in the content folder, as far as it can be read.

    `folders`, `beside` and `keys` give by folder the records, the files beside them, and a digest
    of all bytes of both.  The problems name each path that is `unreadable`.  `read_anew` is the
    number of records' files that were not in the cache.
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
    """Reads a content folder, and keeps in the cache what it read."""

    content: Path
    kinds: tuple[Kind, ...]
    world: bytes
    cache: Cache
    workers: Executor
    texts: Texts
    progress: Progress
    read_anew: int = 0

    def gather(self, survey: Survey, files: Files) -> Gathered:
        """All records and files of the content; `survey` says what each of the `files` is."""
        self.progress.stage("read")
        settings = read_settings(self.content, files.settings_meant)
        keys = {folder.name: self._key(folder, files) for folder in survey.folders}
        self.texts.expect(keys)
        choices = settings.settings.choices if settings.settings else {}
        parsed = joined((*self._parts(survey, keys, choices, files), self._set_aside(survey)))
        measured = {path: files.attachment(path) for path in (*survey.beside, *survey.static)}
        # one problem per file: what is odd or too large is not opened
        large = tuple(_too_large(measured, settings.settings))
        unopened = {*survey.odd, *(problem.origin.path for problem in large)}
        unfit = tuple(_unfit({path: o for path, o in measured.items() if path not in unopened}))
        unreadable = frozenset((*unopened, *(problem.origin.path for problem in unfit)))
        readable = {path: offer for path, offer in measured.items() if path not in unreadable}
        others = (*survey.problems, *parsed.problems, *large, *unfit)
        problems = settings.problems if settings.later else (*settings.problems, *others)
        folders: dict[str, list[Ref]] = {}
        for record in parsed.records:
            folders.setdefault(record.folder, []).append(record.ref)
        return Gathered(
            settings=settings.settings,
            parsed=parsed,
            problems=problems,
            folders={name: tuple(refs) for name, refs in folders.items()},
            beside=_by_folder(survey, readable),
            keys=_keys_with_files(keys, survey, measured),
            files={path: offer.size for path, offer in readable.items()},
            digests={path: offer.digest for path, offer in readable.items()},
            pictures={path: o.picture for path, o in readable.items() if o.picture},
            insides=self._insides(readable, files),
            unreadable=unreadable,
            read_anew=self.read_anew,
        )

    def _set_aside(self, survey: Survey) -> Parsed:
        """The records whose file or folder is odd or has a wrong name, as broken records.

        The survey reports these files, so no other problem needs to name the records.
        """
        paths = (*survey.odd, *survey.misnamed.values())
        broken = (ref for path in paths for kind in self.kinds for ref in _meant(path, kind))
        return structs.replace(NOTHING, broken=frozenset(broken))

    def _key(self, folder: Folder, files: Files) -> bytes:
        """A key of everything that reading a folder depends on: program, settings, files' bytes."""
        digest = hashlib.sha256(self.world)
        for path in folder.kinds:
            digest.update(f"{path}\0{files.digest(path)}\n".encode())
        return digest.digest()

    def _parts(
        self, survey: Survey, keys: Mapping[str, bytes], choices: Choices, files: Files
    ) -> Iterator[Parsed]:
        """The records of each folder, from the cache or read now and put there."""
        folders = {folder.name: folder for folder in survey.folders}
        parts = {name: self.cache.get(EARLY, name, keys[name]) for name in folders}
        stale = {name: len(folders[name].kinds) for name, part in parts.items() if part is None}
        self.read_anew = sum(stale.values())
        self.progress.expect(self.read_anew)
        shared = shared_contract(Contract({kind.name: kind for kind in self.kinds}, choices))

        def payload(name: str) -> list[tuple[str, str, bytes]]:
            kinds, most = folders[name].kinds, SIZE_LIMIT + 1  # one more shows that it is too large
            return [(p, kind.name, files.read(p, most)) for p, kind in kinds.items()]

        for name, (early, late) in run_batches(stale, READ, shared, payload, self.workers):
            parts[name] = early
            self.cache.put(EARLY, name, keys[name], early)
            self.texts.forget(name)
            self.cache.put(LATE, name, keys[name], late)
            self.progress.step(stale[name])
        alike, types = Alike(), {kind.name: kind.record_type for kind in self.kinds}
        yield from (self._part(part, types, alike) for part in parts.values() if part is not None)

    def _insides(self, offers: Mapping[str, Offer], files: Files) -> dict[str, Inside]:
        """The personal data inside attachments, from the cache or searched now."""
        names = {
            path: f"{ending(path)} {offer.digest}"
            for path, offer in offers.items()
            if not offer.fault and looks_at(path)
        }
        results = {
            name: stored
            for name in dict.fromkeys(names.values())
            if (stored := self.cache.get(INSIDES, name, worker_key())) is not None
        }
        first = {name: path for path, name in reversed(names.items()) if name not in results}
        # the time to search a file grows with its size
        sizes = {path: 1 + offers[path].size // LOOK_WEIGHT for path in sorted(first.values())}

        def payload(path: str) -> tuple[str, bytes]:
            return path, files.read(path, LARGEST + 1)

        for path, inside in run_batches(sizes, LOOK, UNSHARED, payload, self.workers):
            results[names[path]] = INSIDE.packed(inside)
            self.cache.put(INSIDES, names[path], worker_key(), results[names[path]])
        self.cache.keep_only(INSIDES, results)
        return {path: INSIDE.unpacked(results[name]) for path, name in names.items()}

    def _part(self, content: bytes, types: Types, alike: Alike) -> Parsed:
        early, broken, problems = READ_PART.unpacked(content)
        records = tuple(read_records(early, types, self.texts, alike))
        return Parsed(records=records, broken=broken, problems=problems)


def site_digest(files: Files) -> str:
    """SHA-256 of the site's settings, "" if there are none."""
    return files.digest(SITE_FILE) if files.has_settings else ""


def _meant(path: str, kind: Kind) -> Iterator[Ref]:
    """The records of a kind that belong to a path; for a folder of many, a reference without id."""
    steps, forms = path.split("/"), kind.glob.split("/")
    below = forms[len(steps) :]
    if kind.pattern.fullmatch("/".join((*steps, *below))):
        yield from named_by("/".join((*steps, *below)), kind)
    elif below and all(map(fnmatchcase, steps, forms)):
        yield Ref(kind.name, "")


def _by_folder(survey: Survey, paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The files beside records, by the folder of their record."""
    owners = {path.rsplit(".", 1)[0]: f.name for f in survey.folders for path in f.kinds}
    folders: dict[str, list[str]] = {}
    for path in paths:
        steps = path.split("/")
        above = ("/".join(steps[:depth]) for depth in range(len(steps), 0, -1))
        owner = next((owners[step] for step in above if step in owners), None)
        if owner is not None:
            folders.setdefault(owner, []).append(path)
    return {name: tuple(paths) for name, paths in folders.items()}


def _keys_with_files(
    keys: Mapping[str, bytes], survey: Survey, measured: Mapping[str, Offer]
) -> dict[str, bytes]:
    """The keys of folders, extended by the files beside their records.

    Odd files count too: a check reports a missing file, but not one replaced by a link.
    """
    words = {path: offer.digest for path, offer in measured.items()}
    words |= {path: " ".join(odd) for path, odd in survey.odd.items()}
    beside = _by_folder(survey, words)
    return {name: _with(key, beside.get(name, ()), words) for name, key in keys.items()}


def _with(key: bytes, paths: Iterable[str], words: Mapping[str, str]) -> bytes:
    digest = hashlib.sha256(key)
    for path in paths:
        digest.update(f"{path}\0{words[path]}\n".encode())
    return digest.digest()


def _too_large(measured: Mapping[str, Offer], settings: Settings | None) -> Iterator[Problem]:
    """Attachments above the site's limit, and pictures that are too large to open."""
    own = settings.largest_attachment if settings else None
    for path, offer in measured.items():
        picture = offer.fault == "large"
        limit = PICTURE_LIMIT if picture else own
        if limit is not None and offer.size > limit:
            # rounded up, so that the size in the message never equals the limit
            tenths = -(-offer.size * 10 // MEGABYTE)
            size = f"{tenths // 10}.{tenths % 10} MB"
            values = {"size": size, "limit": f"{limit // MEGABYTE} MB"}
            detail, place = "picture" if picture else "attachment", Origin(path=path)
            yield Problem(code="file-large", origin=place, detail=detail, values=values)


def _unfit(measured: Mapping[str, Offer]) -> Iterator[Problem]:
    for path, offer in measured.items():
        if offer.fault:
            code = "file-hollow" if offer.fault in _HOLLOW else "file-refused"
            yield Problem(code=code, origin=Origin(path=path), detail=offer.fault)
