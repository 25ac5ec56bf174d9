"""The long texts of records, folder by folder from the cache, when they are asked for."""

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
    """A text is asked for that is neither at hand nor in a cache."""


class Texts:
    """Answers a record that asks for its texts.

    `opened` opens the cache anew: a forked process must not share that of its parent.
    Each folder's texts are those of the key under which its records were read (`expect`).
    `before` answers records that were read earlier and are still shown: it keeps what goes.
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
        """Takes for the texts of a folder what was put under this key, and nothing else."""
        self._keys = keys

    def __call__(self, record: Record) -> Mapping[str, Any]:
        """The texts and places of a record; raises `TextsMissing`."""
        last, values = self._last
        if record is not last:  # most are asked for several texts, one after the other
            folder = record.folder
            if folder not in self._folders:
                self.bring(folder, self.packed(folder))
            values = self._folders[folder].of(record)
            self._last = (record, values)
        return values

    def bring(self, folder: str, content: bytes) -> None:
        """Puts the texts of a folder at hand."""
        while len(self._folders) >= KEPT:
            del self._folders[next(iter(self._folders))]
        self._folders[folder] = LatePart(content)

    def lend(self, held: Mapping[str, bytes]) -> None:
        """Has texts at hand as the cache elsewhere holds them, in place of any lent before."""
        self._lent = held
        for folder in held:
            self._folders.pop(folder, None)

    def forget(self, folder: str) -> None:
        """Drops the texts of a folder that are about to be replaced in the cache."""
        if self.before:
            self.before.keep(folder)
        self._folders.pop(folder, None)

    def keep(self, folder: str) -> None:
        """Keeps the texts of a folder as the cache has them now, unless older ones are kept."""
        content = self._stored(folder)
        if content is not None:
            self._replaced.setdefault(folder, content)

    def packed(self, folder: str) -> bytes:
        """The texts of a folder as the cache holds them; raises `TextsMissing`."""
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
