"""Decides for each bundle whether the stored one can be reused; stores new ones.

A bundle is stored under the key of its plan.  It is stale if that key, the result of a query of
its making or one of its page frames changed, or if its files on disk were changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress

from msgspec import Struct, structs

from generator.build.bundles.bundle import Bundle, BundleReport, NewBundle
from generator.build.bundles.frame_cache import PageFrames
from generator.build.bundles.store import BundleStore
from generator.build.cache.file_state import BundleStates
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache, CacheDamaged, combined_key
from generator.build.cache.trace import Trace, Tracer
from generator.content.model import Copy
from generator.output.mkdocs.page_frame import FrameKey, frame_digest

SECTION = "bundles"


class StoredBundle(Struct, frozen=True, kw_only=True):
    """A bundle in the store: its facts, its folder's name, and what it depends on.

    `signature` is that of its files as this build found or wrote them; `trace` and `frames` contain
    the digests of query results and page frames.  `parts` has the keys of its parts, by the cache's
    section.
    """

    bundle: Bundle
    folder: str
    signature: str
    trace: Trace
    frames: Mapping[FrameKey, str]
    parts: Mapping[str, bytes] = {}


_STORED: Form[StoredBundle] = Form(StoredBundle)


class Bundles(Struct):
    """The bundles of one build: all `stored` ones by name, the `reports` of those it made.

    `world` is a key of what all of them depend on: program, theme and the site's settings.
    `states` has the signatures of the store's folders as the build began, `noted` those that the
    build before noted when it ended.
    """

    cache: Cache
    store: BundleStore
    states: BundleStates
    tracer: Tracer
    frames: PageFrames
    world: bytes
    noted: Mapping[str, str] = {}
    stored: dict[str, StoredBundle] = {}
    reports: dict[str, BundleReport] = {}

    def reuse(self, name: str, key: bytes) -> bool:
        """Adds the stored bundle to this build; False if it must be made again."""
        row = self.cache.get(SECTION, name, self._key(key))
        stored = _STORED.unpacked(row) if row else None
        valid = self._undamaged(stored) if stored and self._up_to_date(stored) else None
        if valid is None:
            return False
        self.stored[name] = _without_dependencies(valid)
        return True

    def _key(self, key: bytes) -> bytes:
        return combined_key(self.world, key)

    def _up_to_date(self, stored: StoredBundle) -> bool:
        return self.tracer.same(stored.trace) and all(
            frame_digest(self.frames.frame(key)) == digest for key, digest in stored.frames.items()
        )

    def _undamaged(self, stored: StoredBundle) -> StoredBundle | None:
        """A bundle with its current signature, or None if a file of it is missing or changed.

        The signature may differ without a change: after a move of the work folder, or where a
        killed build or somebody else made hard links.
        """
        folder = stored.folder
        if not folder:
            return stored
        state = self.states(folder)
        if state in (self.noted.get(folder), stored.signature):
            return structs.replace(stored, signature=state)
        with suppress(OSError):
            if self.store.is_intact(folder):
                return structs.replace(stored, signature=self.store.signature(folder))
        return None

    def keep(
        self, name: str, key: bytes, new: NewBundle, parts: Mapping[str, bytes] | None = None
    ) -> None:
        """Puts a new bundle in the store and the cache, with its parts by section.

        The key of a part is its digest, so that a part of an older bundle is never used for it.
        """
        keys = {section: combined_key(content) for section, content in (parts or {}).items()}
        for section, content in (parts or {}).items():
            self.cache.put(section, name, keys[section], content)
        # a worker on this machine has written its bundle already
        written = new if new.folder else self.store.write(new)
        stored = StoredBundle(
            bundle=written.bundle,
            folder=written.folder,
            signature=written.signature,
            trace=self.tracer.trace(new.report.queries),
            frames={key: frame_digest(self.frames.frame(key)) for key in new.report.frames},
            parts=keys,
        )
        self.cache.put(SECTION, name, self._key(key), _STORED.packed(stored))
        self.stored[name] = _without_dependencies(stored)
        self.reports[name] = new.report

    def part(self, section: str, name: str) -> bytes:
        """A part of a bundle; raises `CacheDamaged` if the cache does not have it."""
        content = self.cache.get(section, name, self.stored[name].parts.get(section, b""))
        if content is None:
            raise CacheDamaged(f"the cache lost {name}")
        return content

    def files(self) -> dict[str, str]:
        """SHA-256 of all files of the site, by address."""
        return {
            address: digest
            for stored in self.stored.values()
            for address, digest in stored.bundle.files.items()
        }

    def forget_others(self) -> None:
        """Removes all bundles from the cache that this build does not use."""
        self.cache.keep_only(SECTION, self.stored.keys())


def _without_dependencies(stored: StoredBundle) -> StoredBundle:
    """A bundle without trace and frames, which take more memory than all the rest."""
    return structs.replace(stored, trace=b"", frames={})


def plain(files: Mapping[str, bytes]) -> NewBundle:
    """A bundle of files that depend on no query and no page frame."""
    digests = {address: hashlib.sha256(content).hexdigest() for address, content in files.items()}
    return NewBundle(bundle=Bundle(files=digests), site=files, items={})


def copied(copies: Iterable[Copy]) -> NewBundle:
    """A bundle of files of the content folder."""
    copies = tuple(copies)
    files = {copy.address: copy.digest for copy in copies}
    return NewBundle(bundle=Bundle(files=files, copies=copies), site={}, items={})
