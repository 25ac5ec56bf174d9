"""A Dask cluster on this machine's loopback: each process in an empty folder of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

HERE = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--no-dashboard")
"""No port is open to anybody else."""
WORKER = ("worker", "--nthreads", "1", "--no-nanny")


@contextmanager
def cluster(root: Path, workers: int) -> Iterator[str]:
    """Runs a scheduler and some workers; their address as `--executor` takes it."""
    file = root / "scheduler.json"
    options = ("--scheduler-file", str(file))
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_started(root / "scheduler", "scheduler", "--port", "0", *options))
        started.extend(_started(root / f"worker-{n}", *WORKER, *options) for n in range(workers))
        with Client(scheduler_file=str(file), set_as_default=False, timeout=30) as client:
            client.wait_for_workers(workers, timeout=30)
            address = str(client.scheduler.address)
        yield address.replace("tcp://", "dask://")
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _started(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    folder.mkdir()
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words, *HERE], cwd=folder, stdout=log, stderr=log
        )
