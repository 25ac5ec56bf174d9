"""Tasks in processes of this machine: few wait, and what one leaves does not stay.

What counts is kept by a task in this module, in the process that it runs in.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from weakref import ref

import pytest

from generator.build.workers.memory import WORTH
from generator.build.workers.pool import AHEAD, TURNS, WAITING, Shared, Workers

TASKS = 40
LEFT: list[ref[object]] = []


class _Knot:
    """An object that holds itself and much else, as finished pages do."""

    def __init__(self) -> None:
        self.me = self
        self.more = [[self] for _ in range(2 * WORTH)]


def _tie(_: object, __: bytes) -> bytes:
    """Leaves a knot; answers how many of those that were left before are still there."""
    alive = sum(knot() is not None for knot in LEFT)
    LEFT.append(ref(_Knot()))
    return alive.to_bytes(2, "big")


def _named(_: object, payload: bytes) -> bytes:
    """Tracer which task it was, and which process did it."""
    return b"%s %d" % (payload, os.getpid())


def _shared() -> Shared:
    return Shared("nothing", None, bytes, lambda content: content)


@contextmanager
def _unswept() -> Iterator[None]:
    """As the program runs: nobody looks for garbage by itself."""
    LEFT.clear()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_leaves_does_not_stay(jobs: int) -> None:
    """Objects that hold each other go with the task that made them, wherever it ran."""
    with _unswept():
        alive = list(Workers(jobs).run(_tie, _shared(), [b""] * TASKS))
    assert [int.from_bytes(held, "big") for held in alive] == [0] * TASKS


def test_tasks_that_are_begun_early_leave_nothing_either() -> None:
    """The same for tasks whose answers are asked for later."""
    with _unswept():
        alive = list(Workers(2).begin(_tie, _shared(), [b""] * TASKS))
    assert [int.from_bytes(held, "big") for held in alive] == [0] * TASKS


@pytest.mark.parametrize("jobs", [1, 2])
def test_few_payloads_are_in_memory(jobs: int) -> None:
    """Payloads are taken as answers are: never more than the workers need ahead."""
    taken = 0

    def payloads() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(TASKS):
            taken += 1
            yield b""

    answers = Workers(jobs).run(_tie, _shared(), payloads())
    for given, _ in enumerate(answers, 1):
        assert taken - given < jobs * AHEAD


MANY = [b"%d" % number for number in range(3 * 2 * TURNS + 1)]
"""More than two processes may do, twice over."""


def _done(answers: Iterator[bytes]) -> tuple[list[bytes], Counter[bytes]]:
    """Which tasks were done, in the order of their answers; how many by each process."""
    pairs = [answer.split() for answer in answers]
    return [task for task, _ in pairs], Counter(process for _, process in pairs)


def test_processes_are_renewed() -> None:
    """None lives through a large archive: each would come to hold a copy of it."""
    tasks, processes = _done(Workers(2).run(_named, _shared(), MANY))
    assert tasks == MANY
    assert max(processes.values()) <= 2 * TURNS
    tasks, processes = _done(Workers(2).begin(_named, _shared(), MANY))
    assert tasks == MANY
    assert max(processes.values()) <= WAITING


def test_processes_end_with_their_last_task() -> None:
    """What waits for somebody to ask is the answers, not the processes; nor do they go on."""
    others = {child.pid for child in multiprocessing.active_children()}
    answers = Workers(2).begin(_named, _shared(), MANY[: WAITING + 2])
    for taken in (0, WAITING, 1, 1):
        assert len(list(islice(answers, taken))) == taken
        children = multiprocessing.active_children()
        for child in (one for one in children if one.pid not in others):
            assert wait([child.sentinel], 60)  # its exit code may be asked for by another thread
