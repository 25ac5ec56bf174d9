"""Runs tasks in this process, in others of this machine, or on a cluster: one interface.

A task takes and returns bytes.  The value that all tasks of a run share is passed once: a forked
process inherits it, any other receives it as bytes.  The results are the same wherever tasks run.
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
"""A function of the shared value and of the task's own bytes."""
FORK, SPAWN = "fork", "spawn"
START = FORK if hasattr(os, "fork") and sys.platform != "darwin" else SPAWN
"""How processes start: a forked one inherits the memory of this one.

Windows cannot fork; on macOS the system's libraries, numpy's algebra among them, may crash or hang
in a forked process: https://docs.python.org/3/library/multiprocessing.html
"""
MOST = 61
"""The most processes that a pool on Windows can wait for."""
_SHARED: list[Any] = []
"""In a worker process: the shared value of its tasks, the last element."""


def _not_sent(*_: Any) -> Any:
    raise TypeError("only a forked process can have this")


class Shared(Struct, frozen=True):
    """The value that the tasks of a run share; `packed` and `unpack` carry it to other machines.

    `records` is the number of records that it contains.
    """

    value: Any
    packed: Callable[[], bytes] = _not_sent
    unpack: Callable[[bytes], Any] = _not_sent
    records: int = 0


def _nothing(_: bytes) -> None:
    """The shared value of tasks that need only their own bytes."""


UNSHARED = Shared(None, bytes, _nothing)


class Answer:
    """The answer of a task: the part of a `Future` that builds need.

    If no other process works on the task, or that process was killed, `result` runs it here.
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
        """Whether no other process works on it."""
        return self._elsewhere is None or self._elsewhere.done()

    def wait(self) -> None:
        """Waits until no other process works on it."""
        if self._elsewhere:
            self._elsewhere.exception()


class Executor:
    """Runs tasks in at most `jobs` processes; with one job in this one, when results are needed.

    `start` is how a process starts.  If it `inherits`, tasks can use all memory of this process.
    """

    def __init__(self, jobs: int = 1, start: str = START) -> None:
        self.jobs = jobs
        self.inherits = jobs == 1 or start == FORK
        self._start = start
        self._beside: Callable[[], Answer | None] = lambda: None

    def over(self, work: int, worth: int) -> Executor:
        """The same executor, or this process alone if the work is not worth another."""
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
        """Whether more processes may begin: few with a large archive fit in memory."""
        beside = self._beside()
        return shared.records <= FORKED or beside is None or beside.done()

    def _begun(
        self, task: Task, shared: Shared, payloads: Iterator[bytes], turns: int
    ) -> Iterator[Answer]:
        """Begins tasks, one for each answer that the caller takes."""
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
    """Answers in order; each is dropped after use."""
    while True:
        waiting.extend(islice(begun, ahead - len(waiting)))
        if not waiting:
            return
        yield waiting.popleft().result()


class Here:
    """Runs tasks with one shared value in this process, when their results are needed."""

    def __init__(self, shared: Shared) -> None:
        self._value = shared.value

    def submit(self, task: Task, payload: bytes) -> Answer:
        """Begins a task."""
        return Answer(partial(_done, task, self._value, payload))

    def close(self) -> None:
        """Ends the submission of tasks."""


class Processes(Here):
    """Processes of this machine; they end with their last task."""

    def __init__(self, shared: Shared, processes: int, start: str) -> None:
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 -- one process needs none
        from multiprocessing import get_context  # noqa: PLC0415 -- one process needs none

        super().__init__(shared)
        processes = min(processes, MOST)
        gc.freeze()  # forked processes copy no memory by searching it for garbage
        forked = start == FORK
        self._pool = ProcessPoolExecutor(
            processes,
            get_context(start),
            initializer=_begin_worker,
            initargs=(_same, shared.value) if forked else (shared.unpack, shared.packed()),
        )

    def submit(self, task: Task, payload: bytes) -> Answer:
        """Begins a task in the next process that is free."""
        here = super().submit(task, payload)
        try:
            return Answer(here.result, self._pool.submit(_worker_task, task, payload))
        except BrokenExecutor:  # one of them was killed
            return here

    def close(self) -> None:
        """Has the processes end."""
        self._pool.shutdown(wait=False)


def _same(value: Any) -> Any:
    return value


def _begin_worker(make: Callable[[Any], Any], content: Any) -> None:
    """Initializes a worker process; it ends with its parent, even if that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends it
    Thread(target=_end_with_parent, daemon=True).start()
    _SHARED.append(make(content))


def _end_with_parent() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415 -- as above

    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _worker_task(task: Task, payload: bytes) -> bytes:
    return _done(task, _SHARED[-1], payload)


def _done(task: Task, value: Any, payload: bytes) -> bytes:
    """A task's answer; the garbage of its work is freed."""
    try:
        return task(value, payload)
    finally:
        let_go()
