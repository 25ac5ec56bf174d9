"""Folders of the content through the workers, in batches: what one task takes.

A batch holds folders of one year, so that an archive is made by bundles; a year that is too
much for one task is cut further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Generic, TypeVar

from msgspec import Struct

from generator.build.cache.serialize import Form
from generator.build.workers.pool import Shared, Task, Workers

AskT = TypeVar("AskT")
AnswerT = TypeVar("AnswerT")
Sizes = Mapping[str, int]
"""Folders by name in their order, each with the records it holds."""


class Batched(Struct, Generic[AskT, AnswerT], frozen=True):
    """A task that takes and gives a list, and the forms of both."""

    task: Task
    asks: Form[list[AskT]]
    answers: Form[list[AnswerT]]


def worked(
    sizes: Sizes,
    limit: int,
    batched: Batched[AskT, AnswerT],
    shared: Shared,
    payload: Callable[[str], AskT],
    workers: Workers,
) -> Iterator[tuple[str, AnswerT]]:
    """What a task makes of each folder: its answer to the folder's own part of its bytes.

    Folders of more than `limit` records are cut into several tasks.
    """
    cut = list(batches(sizes, limit))
    payloads = (batched.asks.packed([payload(name) for name in batch]) for batch in cut)
    chosen = workers.over(sum(sizes.values()), limit)
    for batch, answer in zip(cut, chosen.run(batched.task, shared, payloads), strict=True):
        yield from zip(batch, batched.answers.unpacked(answer), strict=True)


def batches(sizes: Sizes, limit: int) -> Iterator[list[str]]:
    """Folders in their order, cut at each new year, and once a batch has reached the limit."""
    for _, held in groupby(sizes, lambda name: name.split("/")[:2]):
        yield from _cut(held, sizes, limit)


def _cut(names: Iterable[str], sizes: Sizes, limit: int) -> Iterator[list[str]]:
    batch: list[str] = []
    filled = 0
    for name in names:
        batch.append(name)
        filled += sizes[name]
        if filled >= limit:
            yield batch
            batch, filled = [], 0
    if batch:
        yield batch
