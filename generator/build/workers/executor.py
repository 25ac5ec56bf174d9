"""Runs tasks in this process, in others of this machine, or on a cluster: one interface.

A task takes and returns bytes.  What all tasks of a run share is handed over once: a forked
process inherits it, any other gets it as bytes.  The same tasks give the same bytes wherever
they run.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future
from functools import partial
from itertools import chain, islice
from threading import Thread
from typing import Any
from weakref import ref

from msgspec import Struct

from generator.build.workers.memory import let_go
from generator.build.workers.tuning import AHEAD, FORKED, TURNS

Task = Callable[[Any, bytes], bytes]
"""A task gets what is shared, and its own bytes."""
FORK, SPAWN = "fork", "spawn"
START = FORK if hasattr(os, "fork") else SPAWN
"""How processes start: a forked one knows at once all that this one knows."""
_KNOWN: list[Any] = []
"""In a worker process: what its tasks share."""


def _not_sent(*_: Any) -> Any:
    raise TypeError("only a forked process can have this")


class Shared(Struct, frozen=True):
    """What the tasks of a run have in common; `packed` and `unpack` carry it elsewhere.

    `records` says how many records one knows who has it.
    """

    value: Any
    packed: Callable[[], bytes] = _not_sent
    unpack: Callable[[bytes], Any] = _not_sent
    records: int = 0


def _nothing(_: bytes) -> None:
    """What tasks share that need no more than their own bytes."""


UNSHARED = Shared(None, bytes, _nothing)


class Answer:
    """What a task gives: the part of a `Future` that builds need.

    Where no other process is at work on it, or that process was killed, the task is done in this
    one, when its result is asked for.
    """

    def __init__(self, here: Callable[[], bytes], elsewhere: Future[bytes] | None = None) -> None:
        self._here, self._elsewhere = here, elsewhere

    def result(self) -> bytes:
        """The task's answer; raises what the task raised."""
        try:
            return self._elsewhere.result() if self._elsewhere else self._here()
        except BrokenExecutor:
            return self._here()

    def done(self) -> bool:
        """Whether no other process is at work on it."""
        return self._elsewhere is None or self._elsewhere.done()

    def wait(self) -> None:
        """Waits until none is."""
        if self._elsewhere:
            self._elsewhere.exception()


class Executor:
    """Runs tasks in at most `jobs` processes; for one job here, as results are asked for.

    `start` is how a process starts.  Where it `inherits`, tasks know all that this process knows.
    """

    def __init__(self, jobs: int = 1, start: str = START) -> None:
        self.jobs = jobs
        self.inherits = jobs == 1 or start == FORK
        self._start = start
        self._beside: Callable[[], Answer | None] = lambda: None

    def over(self, work: int, worth: int) -> Executor:
        """The same executor, or this process alone for work that is not worth another."""
        return self if work > worth else Executor()

    def submit(self, task: Task, shared: Shared, payload: bytes) -> Answer:
        """Begins one task, in a process of its own."""
        pool = self._pool(shared, 1)
        answer = pool.submit(task, payload)
        pool.close()
        self._beside = ref(answer)
        return answer

    def map(
        self,
        task: Task,
        shared: Shared,
        payloads: Iterable[bytes],
        *,
        turns: int = TURNS,
        ahead: int = AHEAD,
    ) -> Iterator[bytes]:
        """Each task's answer, in the order of the payloads.

        The first tasks begin at once, and `ahead` for each process are under way before their
        answers are asked for.  A process is replaced after `turns` tasks.
        """
        begun = self._begun(task, shared, iter(payloads), turns)
        waiting = deque(islice(begun, ahead * self.jobs if self._room(shared) else 0))
        return _ordered(begun, waiting, ahead * self.jobs)

    def _room(self, shared: Shared) -> bool:
        """Whether processes may begin now: few of those that know a large archive fit in memory."""
        beside = self._beside()
        return shared.records <= FORKED or beside is None or beside.done()

    def _begun(
        self, task: Task, shared: Shared, payloads: Iterator[bytes], turns: int
    ) -> Iterator[Answer]:
        """Tasks that have begun, one each time that another is asked for."""
        first = list(islice(payloads, self.jobs))
        most = turns * len(first) if self.inherits else sys.maxsize
        pool: Here | None = None
        answer: Answer | None = None
        for number, payload in enumerate(chain(first, payloads), start=1):
            if pool is None:
                if answer is not None:
                    answer.wait()  # those processes end before others begin
                pool = self._pool(shared, len(first))
            answer = pool.submit(task, payload)
            if not number % most:
                pool.close()
                pool = None
            yield answer
        if pool is not None:
            pool.close()

    def _pool(self, shared: Shared, processes: int) -> Here:
        return Here(shared) if self.jobs == 1 else Processes(shared, processes, self._start)


def _ordered(begun: Iterator[Answer], waiting: deque[Answer], ahead: int) -> Iterator[bytes]:
    """Answers in order; one that was taken is not kept."""
    while True:
        waiting.extend(islice(begun, ahead - len(waiting)))
        if not waiting:
            return
        yield waiting.popleft().result()


class Here:
    """Where tasks run that share one thing: in this process, once their answers are asked for."""

    def __init__(self, shared: Shared) -> None:
        self._value = shared.value

    def submit(self, task: Task, payload: bytes) -> Answer:
        """Begins a task."""
        return Answer(partial(_done, task, self._value, payload))

    def close(self) -> None:
        """Says that no other task will follow."""


class Processes(Here):
    """Processes of this machine; they end with their last task."""

    def __init__(self, shared: Shared, processes: int, start: str) -> None:
        # loaded by those who have work for them
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 -- one process needs none
        from multiprocessing import get_context  # noqa: PLC0415 -- one process needs none

        super().__init__(shared)
        gc.freeze()  # forked processes do not copy memory by counting what could be thrown away
        forked = start == FORK
        self._pool = ProcessPoolExecutor(
            processes,
            get_context(start),
            initializer=_know,
            initargs=(_same, shared.value) if forked else (shared.unpack, shared.packed()),
        )

    def submit(self, task: Task, payload: bytes) -> Answer:
        """Begins a task in the next process that is free."""
        here = super().submit(task, payload)
        try:
            return Answer(here.result, self._pool.submit(_known_task, task, payload))
        except BrokenExecutor:  # one of them was killed
            return here

    def close(self) -> None:
        """Has the processes end."""
        self._pool.shutdown(wait=False)


def _same(value: Any) -> Any:
    return value


def _know(make: Callable[[Any], Any], content: Any) -> None:
    """Begins the life of a worker process; it ends with its parent, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # its parent is interrupted, and ends it
    Thread(target=_end_with_parent, daemon=True).start()
    _KNOWN.append(make(content))


def _end_with_parent() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415 -- as above

    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _known_task(task: Task, payload: bytes) -> bytes:
    return _done(task, _KNOWN[-1], payload)


def _done(task: Task, value: Any, payload: bytes) -> bytes:
    """A task's answer; of its work nothing else stays."""
    try:
        return task(value, payload)
    finally:
        let_go()
