"""What was read before, for a program that reads the same content again and again.

A file counts as unread as soon as one byte differs; an attachment, which may be large, as soon
as its time or size does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from generator.model import Problem, RawRecord
from generator.record import Record

Found = tuple[RawRecord | Problem, ...]
Parsed = tuple[RawRecord, Record | None, tuple[Problem, ...]]


@dataclass(slots=True)
class Memory:
    """Trees by path and content, records by tree, digests of attachments by path and date."""

    trees: dict[str, tuple[bytes, Found]] = field(default_factory=dict)
    records: dict[int, Parsed] = field(default_factory=dict)
    digests: dict[str, tuple[tuple[int, int], tuple[str, int, str]]] = field(default_factory=dict)

    def tree(self, path: str, content: bytes, read: Callable[[], Found]) -> Found:
        """What `read` makes of a file, once for the same content."""
        held = self.trees.get(path)
        if held is None or held[0] != content:
            held = self.trees[path] = (content, read())
        return held[1]

    def record(self, raw: RawRecord, read: Callable[[], Parsed]) -> Parsed:
        """What `read` makes of a tree, once for the same tree."""
        held = self.records.get(id(raw))
        if held is None or held[0] is not raw:
            held = self.records[id(raw)] = read()
        return held

    def digest(
        self, path: str, stamp: tuple[int, int], read: Callable[[], tuple[str, int, str]]
    ) -> tuple[str, int, str]:
        """What `read` says of an attachment, once for the same time and size."""
        held = self.digests.get(path)
        if held is None or held[0] != stamp:
            held = self.digests[path] = (stamp, read())
        return held[1]

    def forget_words(self) -> None:
        """Forgets every record: the site's word lists, which records are read by, changed."""
        self.records.clear()
