"""Making what is stale, keeping what is not: bundles in the store, and what is known of them.

A bundle is kept under the key of its plan.  It is stale when that key, an answer to what its
making asked, or a frame it is made with has changed, and when its files are not as they were
left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress

from msgspec import Struct, structs

from generator.build.bundles.bundle import Bundle, Made, Told
from generator.build.bundles.frame_cache import PageFrames
from generator.build.bundles.store import BundleStore
from generator.build.cache.file_state import Looked
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache, CacheDamaged, combined_key
from generator.build.cache.trace import Trace, Tracer
from generator.output.mkdocs.page_frame import FrameKey, frame_digest

SECTION = "volumes"


class Kept(Struct, frozen=True, kw_only=True):
    """A bundle in the store: its facts, its folder's name, and what it is to be judged by.

    `parts` are the keys of what was made with it and stands in sections of its own.
    """

    bundle: Bundle
    folder: str
    signature: str
    trace: Trace
    frames: Mapping[FrameKey, str]
    parts: Mapping[str, bytes] = {}


_KEPT: Form[Kept] = Form(Kept)


class Bundles(Struct):
    """The bundles of one build, by name.

    `world` stands for what all of them depend on: program, theme and the site's settings.
    """

    cache: Cache
    store: BundleStore
    looked: Looked
    tracer: Tracer
    frames: PageFrames
    world: bytes
    kept: dict[str, Kept] = {}
    fresh: dict[str, Told] = {}

    def reuse(self, name: str, key: bytes) -> bool:
        """Takes a bundle as it was kept; False where it must be made."""
        held = self.cache.get(SECTION, name, self._key(key))
        kept = _KEPT.unpacked(held) if held else None
        found = self._standing(kept) if kept and self._holds(kept) else None
        if found is None:
            return False
        if found is not kept:
            self.cache.put(SECTION, name, self._key(key), _KEPT.packed(found))
        self.kept[name] = judged(found)
        return True

    def _key(self, key: bytes) -> bytes:
        return combined_key(self.world, key)

    def _holds(self, kept: Kept) -> bool:
        return self.tracer.same(kept.trace) and all(
            frame_digest(self.frames.frame(key)) == digest for key, digest in kept.frames.items()
        )

    def _standing(self, kept: Kept) -> Kept | None:
        """A bundle as it stands in the store: it may have been moved or touched, not changed."""
        with suppress(OSError):
            if self.looked(kept.folder) == kept.signature:
                return kept
            if self.store.whole(kept.folder):
                return structs.replace(kept, signature=self.store.signature(kept.folder))
        return None

    def keep(
        self, name: str, key: bytes, made: Made, parts: Mapping[str, bytes] | None = None
    ) -> None:
        """Seals a bundle that was made and remembers it, with its parts by section.

        A part is found by its digest alone, so that none of another day can stand in for it.
        """
        keys = {section: combined_key(content) for section, content in (parts or {}).items()}
        for section, content in (parts or {}).items():
            self.cache.put(section, name, keys[section], content)
        told, sealed = made.told, made if made.folder else self.store.seal(made)
        kept = Kept(
            bundle=sealed.bundle,
            folder=sealed.folder,
            signature=sealed.signature,
            trace=self.tracer.trace(told.queries),
            frames={key: frame_digest(self.frames.frame(key)) for key in told.frames},
            parts=keys,
        )
        self.cache.put(SECTION, name, self._key(key), _KEPT.packed(kept))
        self.kept[name] = judged(kept)
        self.fresh[name] = told

    def part(self, section: str, name: str) -> bytes:
        """What was made with a bundle; raises `CacheDamaged` where the cache lost it."""
        held = self.cache.get(section, name, self.kept[name].parts.get(section, b""))
        if held is None:
            raise CacheDamaged(f"the cache lost {name}")
        return held

    def files(self) -> dict[str, str]:
        """Everything that the site holds: SHA-256 by address."""
        return {a: digest for kept in self.kept.values() for a, digest in kept.bundle.files.items()}

    def forget_others(self) -> None:
        """Drops what no bundle of this build stands for."""
        self.cache.keep_only(SECTION, self.kept.keys())


def judged(kept: Kept) -> Kept:
    """A bundle without what it was judged by, which takes more memory than all the rest."""
    return structs.replace(kept, trace=b"", frames={})


def plain(files: Mapping[str, bytes]) -> Made:
    """A bundle of finished files."""
    digests = {address: hashlib.sha256(content).hexdigest() for address, content in files.items()}
    return Made(bundle=Bundle(files=digests), site=files, items={})
