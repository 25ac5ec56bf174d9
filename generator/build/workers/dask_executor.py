"""A Dask cluster as the place where tasks run: `--executor dask://HOST:PORT`.

Its workers need the same program and the same packages, and nothing else: no content, no work
folder, no theme.  A cluster runs what it is sent, and so must be one's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib import import_module
from typing import Any

from generator.build.workers.pool import Afar, Workers
from generator.output.fingerprint import worker_key

PATIENCE = 10
"""Seconds until a cluster that does not answer counts as not there."""
_ADDRESS = re.compile(r"dask://(?P<place>(\[[0-9a-fA-F:]+\]|[^/:\s]+):\d{1,5})")


class Lack(StrEnum):
    """What a cluster lacks."""

    ADDRESS = "address"
    EXTRA = "extra"
    ANSWER = "answer"
    WORKERS = "workers"
    PROGRAM = "program"
    LOST = "lost"


@dataclass
class ClusterRefused(Exception):  # noqa: N818 -- carries what is to be told
    """A cluster cannot be used, or no longer."""

    lack: Lack
    address: str


@contextmanager
def workers_of(address: str) -> Iterator[Workers]:
    """The workers of a cluster, for as long as they are used; raises `ClusterRefused`."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ClusterRefused(Lack.ADDRESS, address)
    distributed = _extra(address)
    client = _client(distributed, match["place"], address)
    try:
        jobs = _jobs(client, address)
        executor: Executor = client.get_executor(pure=False)
        share, guard = partial(_spread, client), partial(_told, distributed, address)
        yield Workers(jobs, Afar(executor, share, guard))
    finally:
        client.close()


@contextmanager
def _told(distributed: Any, address: str) -> Iterator[None]:
    """Words a cluster that is gone; its own words would pass for those of a disk."""
    gone = (distributed.KilledWorker, distributed.comm.CommClosedError, CancelledError)
    try:
        yield
    except (*gone, TimeoutError) as lost:
        raise ClusterRefused(Lack.LOST, address) from lost


def _extra(address: str) -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise ClusterRefused(Lack.EXTRA, address) from None


def _client(distributed: Any, place: str, address: str) -> Any:
    try:
        return distributed.Client(f"tcp://{place}", timeout=PATIENCE, set_as_default=False)
    except OSError:  # a name that is not known, a port where nobody listens, time that ran out
        raise ClusterRefused(Lack.ANSWER, address) from None


def _jobs(client: Any, address: str) -> int:
    """How many tasks a cluster runs at once, all of them with this program."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise ClusterRefused(Lack.WORKERS, address) from None
    keys = client.run(worker_key, on_error="return")
    if set(keys.values()) != {worker_key()}:
        raise ClusterRefused(Lack.PROGRAM, address)
    return sum(client.nthreads().values())


def _spread(client: Any, content: bytes) -> Any:
    """Bytes on every worker before the first task asks for them."""
    return client.scatter(content, broadcast=True, hash=False)
