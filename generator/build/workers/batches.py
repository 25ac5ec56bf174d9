"""Folders of the content through the workers, in batches: what one task takes.

A batch holds folders of one year, so that an archive is made by bundles; a year that is too
much for one task is cut further.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Any

from generator.build.workers.executor import UNSHARED, Executor, Shared
from generator.build.workers.tasks import AnswerT, AskT, Batched, batch_task
from generator.output.search.documents import Spread

Sizes = Mapping[str, int]
"""Folders by name in their order, each with the records it holds."""


def worked(
    sizes: Sizes,
    batched: Batched[AskT, AnswerT],
    shared: Shared,
    payload: Callable[[str], AskT],
    workers: Executor,
) -> Iterator[tuple[str, AnswerT]]:
    """What comes of each folder, from its own part of a task's bytes.

    Folders of more than its limit are cut into several tasks.  What a task could not do is done
    in this process.
    """
    cut = list(batches(sizes, batched.limit))
    payloads = (batched.asks.packed([payload(name) for name in batch]) for batch in cut)
    chosen = workers.over(sum(sizes.values()), batched.limit)
    answers = chosen.map(partial(batch_task, batched.name), shared, payloads)
    for batch, answer in zip(cut, answers, strict=True):
        for name, made in zip(batch, batched.answers.unpacked(answer), strict=True):
            yield name, batched.work(shared.value, payload(name)) if made is None else made


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
