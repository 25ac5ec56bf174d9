"""Runs tasks on a Dask cluster: `--executor dask://HOST:PORT`.

Its workers need the same program and the same packages, and nothing else: no content, no work
folder, no theme.  A cluster executes any code that it is sent, so it must be the user's own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from threading import Lock
from typing import Any

from generator.build.workers.executor import Answer, Executor, Here, Shared, Task
from generator.output.fingerprint import worker_key

PATIENCE = 10
"""Seconds to wait for a cluster's answer."""
_ADDRESS = re.compile(r"dask://(?P<place>(\[[0-9a-fA-F:]+\]|[^/:\s]+):\d{1,5})")
_SHARED: dict[str, Any] = {}
"""In a worker: the shared value of the last run's tasks, by its digest."""
_TURN = Lock()
"""One task at a time: a worker may run tasks as threads of one process, with one shared value."""


class Lack(StrEnum):
    """What a cluster lacks."""

    ADDRESS = "address"
    EXTRA = "extra"
    ANSWER = "answer"
    WORKERS = "workers"
    PROGRAM = "program"
    LOST = "lost"


@dataclass
class ClusterRefused(Exception):  # noqa: N818 -- the user's to mend, no error of ours
    """A cluster cannot be used, or cannot be used any more."""

    lack: Lack
    address: str


@contextmanager
def workers_of(address: str) -> Iterator[Executor]:
    """The workers of a cluster, as a context; raises `ClusterRefused`."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ClusterRefused(Lack.ADDRESS, address)
    try:
        distributed = import_module("distributed")
        place = f"tcp://{match['place']}"
        client = distributed.Client(place, timeout=PATIENCE, set_as_default=False)
    except ImportError:
        raise ClusterRefused(Lack.EXTRA, address) from None
    except OSError:  # an unknown name, a closed port, a timeout
        raise ClusterRefused(Lack.ANSWER, address) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ClusterRefused(Lack.WORKERS, address) from None
        keys = client.run(worker_key, on_error="return")
        if set(keys.values()) != {worker_key()}:
            raise ClusterRefused(Lack.PROGRAM, address)
        lost = (distributed.KilledWorker, distributed.comm.CommClosedError)
        yield Cluster(client, address, (*lost, CancelledError, TimeoutError))


class Cluster(Executor):
    """Runs tasks on a cluster; `lost_errors` are the exceptions of a cluster that is lost."""

    def __init__(
        self, client: Any, address: str, lost_errors: tuple[type[BaseException], ...]
    ) -> None:
        super().__init__(sum(client.nthreads().values()))
        self.inherits = False
        self._client, self._address, self._lost_errors = client, address, lost_errors

    def over(self, *_: int) -> Executor:
        """The same executor, however little work there is."""
        return self

    def map(
        self, task: Task, shared: Shared, payloads: Iterable[bytes], **tuning: int
    ) -> Iterator[bytes]:
        """Each task's answer, in order; begins with the first one.  Raises `ClusterRefused`."""
        try:
            yield from super().map(task, shared, payloads, **tuning)
        except self._lost_errors as lost:  # the command line would take it for an error of the disk
            raise ClusterRefused(Lack.LOST, self._address) from lost

    def _pool(self, shared: Shared, *_: int) -> Here:
        return Sent(shared, self._client)


class Sent(Here):
    """The workers of a cluster; all of them receive the shared value before the first task."""

    def __init__(self, shared: Shared, client: Any) -> None:
        super().__init__(shared)
        content, unpack = shared.packed(), shared.unpack
        name = f"{unpack.__qualname__} {hashlib.sha256(content).hexdigest()}"
        self._executor = client.get_executor(pure=False)
        self._shared = name, unpack, client.scatter(content, broadcast=True, hash=False)

    def submit(self, task: Task, payload: bytes) -> Answer:
        """Begins a task on any worker."""
        running = self._executor.submit(_sent_task, task, *self._shared, payload)
        return Answer(super().submit(task, payload).result, running)


def _sent_task(
    task: Task, name: str, unpack: Callable[[bytes], Any], content: bytes, payload: bytes
) -> bytes:
    with _TURN:
        if name not in _SHARED:
            _SHARED.clear()
            _SHARED[name] = unpack(content)
        return task(_SHARED[name], payload)
