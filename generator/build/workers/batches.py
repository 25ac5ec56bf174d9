"""Folders of the content through the workers, in batches: what one task takes.

A batch holds folders of one year, so that an archive is made by bundles; a year that is too
much for one task is cut further.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Generic, TypeVar

from msgspec import Struct

from generator.build.cache.serialize import Form
from generator.build.workers.executor import UNSHARED, Executor, Shared, Task
from generator.output.search.documents import Spread

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
    workers: Executor,
) -> Iterator[tuple[str, AnswerT]]:
    """What a task makes of each folder: its answer to the folder's own part of its bytes.

    Folders of more than `limit` records are cut into several tasks.
    """
    cut = list(batches(sizes, limit))
    payloads = (batched.asks.packed([payload(name) for name in batch]) for batch in cut)
    chosen = workers.over(sum(sizes.values()), limit)
    for batch, answer in zip(cut, chosen.map(batched.task, shared, payloads), strict=True):
        yield from zip(batch, batched.answers.unpacked(answer), strict=True)


def spread_of(workers: Executor) -> Spread:
    """What `map` does, by an executor: for values that travel as pickles."""

    def spread(work: Callable[[AskT], AnswerT], tasks: Iterable[AskT]) -> Iterator[AnswerT]:
        payloads = (pickle.dumps((work, task)) for task in tasks)
        return map(pickle.loads, workers.map(_called, UNSHARED, payloads))

    return spread


def _called(_: Any, payload: bytes) -> bytes:
    work, task = pickle.loads(payload)  # noqa: S301 -- a run of our own sent it
    return pickle.dumps(work(task))


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
