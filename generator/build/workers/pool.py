"""Tasks that take and return bytes, in this process, in others of this machine, or elsewhere.

What all tasks of a run share is made once: forked processes inherit it, others get it as
bytes.  The same tasks give the same bytes wherever they run.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import chain, islice
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec import Struct

from generator.build.workers.helper_process import HelperProcess
from generator.build.workers.memory import let_go

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Task = Callable[[Any, bytes], bytes]
"""A task gets what is shared, and its own bytes."""
WAITING = 16
"""Tasks whose answers may wait, where they are begun before they are wanted."""
TURNS = 32
"""Tasks that a process does before a fresh one takes its place.

What it touches of its parent's memory becomes its own, if only by being counted: of a hundred
thousand records each process would hold half by the end.
"""
AHEAD = 2
"""Tasks handed out for each worker beyond the one it works on: bounds what is in memory."""
_SHARED: dict[str, Any] = {}
_TURN = Lock()
"""An executor may run tasks as threads of one process; what they share is for one at a time."""


class Shared(Struct, frozen=True):
    """What the tasks of a run have in common; `packed` and `unpack` carry it elsewhere.

    `name` tells one such thing from another.
    """

    name: str
    value: Any
    packed: Callable[[], bytes]
    unpack: Callable[[bytes], Any]


class Afar(Struct, frozen=True):
    """An executor whose workers inherit nothing.

    `share` hands bytes to all of them and gives what stands for these as a task's argument;
    `guard` stands around all that is asked of them, and words what goes wrong there.
    """

    executor: Executor
    share: Callable[[bytes], Any] = lambda content: content
    guard: Callable[[], AbstractContextManager[None]] = nullcontext


class Workers(Struct, frozen=True):
    """Runs tasks: `jobs` of them at once, in forked processes unless they are to run afar.

    The `helper` does what needs to know nothing of what this process knows.
    """

    jobs: int = 1
    afar: Afar | None = None
    helper: HelperProcess = HelperProcess()

    def over(self, work: int, worth: int) -> Workers:
        """These workers, or this process alone for work that is not worth a fork."""
        return self if self.afar or work > worth else Workers()

    def run(self, task: Task, shared: Shared, payloads: Iterable[bytes]) -> Iterator[bytes]:
        """Each task's answer, in the order of the payloads."""
        if self.afar is not None:
            yield from self._sent(self.afar, task, shared, payloads)
        elif self.jobs == 1:
            yield from (_done(task, shared.value, payload) for payload in payloads)
        else:
            yield from self._forked(task, shared, payloads)

    def begin(self, task: Task, shared: Shared, payloads: Iterable[bytes]) -> Iterator[bytes]:
        """The same; other processes of this machine work on while the answers are not asked for.

        Payloads are taken at once, and so must be small; some answers wait in memory.  What is
        beyond these is begun, by fresh processes, once they have all been taken.
        """
        if self.afar is not None or self.jobs == 1:
            return self.run(task, shared, payloads)
        held, most = list(payloads), max(WAITING, self.jobs)
        runs = [held[at : at + most] for at in range(0, len(held), most)]
        first = [self._begun(task, shared, some) for some in runs[:1]]
        later = (self._begun(task, shared, some) for some in runs[1:])
        return chain.from_iterable(chain(first, later))

    def _begun(self, task: Task, shared: Shared, held: Sequence[bytes]) -> Iterator[bytes]:
        if len(held) == 1:  # not worth a pool
            answer = self.aside(partial(task, shared.value, held[0]))
            return (ask() for ask in (answer,))
        with _inherited(shared):
            pool = _forks(self.jobs)
            begun = [pool.submit(_near, task, shared.name, payload) for payload in held]
        pool.shutdown(wait=False)  # the processes end with their last task, not with the run
        return _answers(deque(begun))

    def aside(self, work: Callable[[], bytes]) -> Callable[[], bytes]:
        """Has one piece of work done beside this process; what it gives waits for the answer."""
        if self.jobs == 1:
            return work
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.close(reader)
            _answer(writer, work)
        os.close(writer)
        return partial(_asked, reader, child, work)

    def map(self, work: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """What `map` does, on as many processes; tasks and results must be fit to be sent."""
        if self.afar is not None:
            with self.afar.guard():
                yield from _ordered(self.afar.executor, work, (), tasks, self.jobs)
        elif self.jobs == 1:
            yield from map(work, tasks)
        else:
            with _forks(self.jobs) as pool:
                yield from _ordered(pool, work, (), tasks, self.jobs)

    def _sent(
        self, afar: Afar, task: Task, shared: Shared, payloads: Iterable[bytes]
    ) -> Iterator[bytes]:
        packed = shared.packed()
        name = f"{shared.name} {hashlib.sha256(packed).hexdigest()}"
        with afar.guard():
            held = (task, shared.unpack, name, afar.share(packed))
            yield from _ordered(afar.executor, _afar, held, payloads, self.jobs)

    def _forked(self, task: Task, shared: Shared, payloads: Iterable[bytes]) -> Iterator[bytes]:
        rest = iter(payloads)
        for first in rest:
            some = chain((first,), islice(rest, TURNS * self.jobs - 1))
            with _inherited(shared), _forks(self.jobs) as pool:
                yield from _ordered(pool, _near, (task, shared.name), some, self.jobs)


@contextmanager
def _inherited(shared: Shared) -> Iterator[None]:
    """Processes that begin inside know what is shared without a copy."""
    _SHARED[shared.name] = shared.value
    gc.freeze()  # nor do they copy it by counting what could be thrown away
    try:
        yield
    finally:
        del _SHARED[shared.name]


def _forks(jobs: int) -> Executor:
    """Processes that begin with all that this one knows."""
    # loaded by those who have work for them
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 -- one process needs none
    from multiprocessing import get_context  # noqa: PLC0415 -- one process needs none

    return ProcessPoolExecutor(jobs, mp_context=get_context("fork"))


def _answer(writer: int, work: Callable[[], bytes]) -> NoReturn:
    """The whole life of a process beside another: its answer, or none."""
    status = 1
    try:
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(work())
        status = 0
    finally:
        os._exit(status)  # nothing of its parent is its own to end


def _asked(reader: int, child: int, work: Callable[[], bytes]) -> bytes:
    """The answer of such a process; where it gave none, the work is done here."""
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    return work() if status else answer


def _ordered(
    pool: Executor,
    work: Callable[..., Any],
    held: tuple[Any, ...],
    payloads: Iterable[Any],
    jobs: int,
) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    for payload in payloads:
        waiting.append(pool.submit(work, *held, payload))
        if len(waiting) >= jobs * AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _answers(begun: deque[Future[Any]]) -> Iterator[Any]:
    """The answers in order; one that was taken is not kept."""
    while begun:
        yield begun.popleft().result()


def _near(task: Task, name: str, payload: bytes) -> bytes:
    return _done(task, _SHARED[name], payload)


def _done(task: Task, value: Any, payload: bytes) -> bytes:
    """A task's answer; of its work nothing else stays."""
    try:
        return task(value, payload)
    finally:
        let_go()


def _afar(
    task: Task, unpack: Callable[[bytes], Any], name: str, packed: bytes, payload: bytes
) -> bytes:
    with _TURN:
        if name not in _SHARED:
            _SHARED.clear()  # what the run before shared
            _SHARED[name] = unpack(packed)
        return task(_SHARED[name], payload)
