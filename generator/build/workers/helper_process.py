"""A process that is begun while this one is small, and does what this one need not wait for.

To fork a process that holds an archive costs both of them some hundredths of a second, as each
page of memory that either touches is copied; this one holds nothing, and is asked by its pipes.
"""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from io import FileIO
from signal import SIGKILL
from typing import Any, BinaryIO, NoReturn, TypeVar

AnswerT = TypeVar("AnswerT")
_SMALL = 4096
"""Bytes of a request that fit into a pipe beside others: it may be sent before it is its turn."""


class _Request:
    """What was asked for; `answer` holds what came of it, once that is known."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.answer: tuple[Any] | None = None


class HelperProcess:
    """Does one piece of work after the other; without pipes it is this process, once it is asked.

    Work and answers must be fit to be sent.
    """

    def __init__(self, asked: FileIO | None = None, told: BinaryIO | None = None) -> None:
        self._asked, self._told = asked, told
        self._waiting: deque[_Request] = deque()

    def begin(self, work: Callable[[], AnswerT]) -> Callable[[], AnswerT]:
        """Has a piece of work done; what it gives waits until it is called for."""
        if self._asked is None:
            return work
        request, sent = _Request(work), pickle.dumps(work)
        while self._waiting and len(sent) > _SMALL:  # else both might write, and neither read
            self._hear()
        self._waiting.append(request)
        with suppress(BrokenPipeError):  # `_hear` finds out
            _send(self._asked, sent)
        return partial(self._answer, request)

    def load(self, module: str) -> None:
        """Has a module at hand there before it is needed."""
        if self._asked is not None:
            self.begin(partial(_load, module))

    def _answer(self, request: _Request) -> Any:
        while request.answer is None:
            self._hear()
        return request.answer[0]

    def _hear(self) -> None:
        """Takes the next answer; where there is none, the work is done here."""
        request = self._waiting.popleft()
        held = _received(self._told)
        request.answer = held if held is not None else (request.work(),)


def _send(pipe: FileIO, content: bytes) -> None:
    """Writes all of it, and keeps none of what nobody takes."""
    left = memoryview(content)
    while left:
        left = left[pipe.write(left) :]


def _load(module: str) -> None:
    import_module(module)


def _received(pipe: BinaryIO | None) -> tuple[Any] | None:
    """What comes next out of a pipe from a process of our own; None at its end."""
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        return (pickle.load(pipe),) if pipe is not None else None  # noqa: S301 -- we wrote it
    return None


@contextmanager
def attended(jobs: int) -> Iterator[HelperProcess]:
    """An helper, which ends with what stands inside; for one job alone it is no process.

    What it is at then nobody waits for.  Processes that were begun meanwhile may hold its pipes
    too, so that it would not see their end.
    """
    if jobs == 1:
        yield HelperProcess()
        return
    (asked, ask), (told, tell) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        _attend(asked, tell)
    os.close(asked)
    os.close(tell)
    try:
        with os.fdopen(told, "rb") as answers, FileIO(ask, "w") as requests:
            yield HelperProcess(requests, answers)
    finally:
        os.kill(child, SIGKILL)
        os.waitpid(child, 0)


def _attend(asked: int, tell: int) -> NoReturn:
    """The whole life of an helper."""
    try:
        with os.fdopen(asked, "rb") as requests, os.fdopen(tell, "wb") as answers:
            while (work := _received(requests)) is not None:
                pickle.dump(work[0](), answers)
                answers.flush()
    finally:
        os._exit(0)  # nothing of its parent is its own to end
