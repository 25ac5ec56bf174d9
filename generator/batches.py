"""The folders of a content in batches: what one task takes.

A batch holds folders of one year, so that an archive is made by volumes; a year that is too
much for one task is cut further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

FolderT = TypeVar("FolderT")


def batches(
    folders: Iterable[FolderT],
    name: Callable[[FolderT], str],
    size: Callable[[FolderT], int],
    limit: int,
) -> Iterator[list[FolderT]]:
    """Folders in their order, cut at each new year, and once a batch has reached the limit."""
    for _, held in groupby(folders, lambda folder: name(folder).split("/")[:2]):
        yield from _cut(held, size, limit)


def _cut(
    folders: Iterable[FolderT], size: Callable[[FolderT], int], limit: int
) -> Iterator[list[FolderT]]:
    batch: list[FolderT] = []
    filled = 0
    for folder in folders:
        batch.append(folder)
        filled += size(folder)
        if filled >= limit:
            yield batch
            batch, filled = [], 0
    if batch:
        yield batch
