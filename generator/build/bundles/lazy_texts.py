"""Loads the long texts of records from the cache on first use, folder by folder.

The texts of a hundred thousand records do not fit in memory, so only those of a few folders stay.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from generator.build.bundles.record_storage import LatePart
from generator.build.cache.store import Cache, CacheDamaged
from generator.content.record import Record

SECTION = "late"
KEPT = 16
"""Folders whose texts stay in memory."""


class TextsMissing(CacheDamaged):
    """A text is neither in memory nor in a cache."""


class Texts:
    """Brings a record its texts, when called with it.

    `opened` opens the cache again: a forked process must not share that of its parent.
    The key under which a folder's records were read also finds its texts (`expect`).
    `before` serves records that were read earlier and are still shown: it keeps texts that a new
    version replaces.
    """

    def __init__(
        self,
        cache: Cache | None = None,
        opened: Callable[[], Cache] | None = None,
        before: Texts | None = None,
    ) -> None:
        self._cache = cache
        self._opened = opened
        self.before = before
        self._keys: Mapping[str, bytes] = {}
        self._replaced: dict[str, bytes] = {}
        self._lent: Mapping[str, bytes] = {}
        self._process = os.getpid()
        self._folders: dict[str, LatePart] = {}
        self._last: tuple[Record | None, Mapping[str, Any]] = (None, {})

    def expect(self, keys: Mapping[str, bytes]) -> None:
        """Sets the keys of all folders; texts under any other key are not used."""
        self._keys = keys

    def __call__(self, record: Record) -> Mapping[str, Any]:
        """The texts and places of a record; raises `TextsMissing`."""
        last, values = self._last
        if record is not last:  # a record's texts are mostly read one after the other
            folder = record.folder
            if folder not in self._folders:
                self.load(folder, self.packed(folder))
            values = self._folders[folder].of(record)
            self._last = (record, values)
        return values

    def load(self, folder: str, content: bytes) -> None:
        """Puts the texts of a folder in memory; drops the oldest if they are too many."""
        while len(self._folders) >= KEPT:
            del self._folders[next(iter(self._folders))]
        self._folders[folder] = LatePart(content)

    def lend(self, late_parts: Mapping[str, bytes]) -> None:
        """Uses these texts, in the form of the cache, instead of any that were lent before."""
        self._lent = late_parts
        for folder in late_parts:
            self._folders.pop(folder, None)

    def forget(self, folder: str) -> None:
        """Drops the texts of a folder before the cache gets new ones."""
        if self.before:
            self.before.keep(folder)
        self._folders.pop(folder, None)

    def keep(self, folder: str) -> None:
        """Keeps the current texts of a folder in memory, unless older ones are there already."""
        content = self._stored(folder)
        if content is not None:
            self._replaced.setdefault(folder, content)

    def packed(self, folder: str) -> bytes:
        """The texts of a folder in the form of the cache; raises `TextsMissing`."""
        if folder in self._replaced:
            return self._replaced[folder]
        if folder in self._lent:
            return self._lent[folder]
        if self._process != os.getpid():
            self._process = os.getpid()
            self._cache = self._opened() if self._opened else None
        content = self._stored(folder)
        if content is None:
            raise TextsMissing(folder)
        return content

    def _stored(self, folder: str) -> bytes | None:
        if self._cache is None or folder not in self._keys:
            return None
        return self._cache.get(SECTION, folder, self._keys[folder])
