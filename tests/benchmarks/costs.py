"""What a command costs: seconds, processor seconds, memory of all its processes, files written.

Memory is the sum of the proportional set sizes (PSS, from `smaps_rollup`) of every process of
the command's session, looked at every 50 ms: a page that two processes share counts once.
Looking at much memory takes long; it is done less often then, for a twentieth of the time.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS, LOOK_SHARE = 0.05, 20
SESSION = 3
"""Place of the session among the fields of /proc/PID/stat that follow the name."""
LAST_WORDS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a run cost: wall and processor seconds, bytes of memory at the peak, files written.

    `fault` says why there is no result: the figures are then those until the failure.
    """

    seconds: float
    processor: float
    memory: int
    files: int
    size: int
    fault: str = ""

    def __add__(self, other: Cost) -> Cost:
        """One after the other."""
        return Cost(
            seconds=self.seconds + other.seconds,
            processor=self.processor + other.processor,
            memory=max(self.memory, other.memory),
            files=self.files + other.files,
            size=self.size + other.size,
            fault=self.fault or other.fault,
        )


def median(costs: Sequence[Cost]) -> Cost:
    """Each figure's median; a failure stays one."""
    return Cost(
        seconds=statistics.median(cost.seconds for cost in costs),
        processor=statistics.median(cost.processor for cost in costs),
        memory=round(statistics.median(cost.memory for cost in costs)),
        files=round(statistics.median(cost.files for cost in costs)),
        size=round(statistics.median(cost.size for cost in costs)),
        fault=next((cost.fault for cost in costs if cost.fault), ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A command, the folder it runs in, what it gets from the environment beside ours."""

    command: Sequence[str | Path]
    folder: Path
    environment: Mapping[str, str]
    written: tuple[Path, ...]
    """The folders that it writes into."""


def cost_of(job: Job, limit: float) -> Cost:
    """Runs the command; after `limit` seconds it is stopped, and that is a fault."""
    os.sync()  # what was written before is not to be paid for now
    before = set(_files(job.written))
    begun = time.perf_counter()
    log = job.folder / "benchmark.log"
    with log.open("wb") as words:
        process = _start(job, words.fileno())
        code, processor, memory = _watch(process, limit)
    seconds = time.perf_counter() - begun
    written = set(_files(job.written)) - before
    return Cost(
        seconds=seconds,
        processor=processor,
        memory=memory,
        files=len(written),
        size=sum(size for *_, size in written),
        fault=_fault(code, seconds, limit, log),
    )


def _start(job: Job, words: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        job.command,
        cwd=job.folder,
        env={**os.environ, **job.environment},
        stdin=subprocess.DEVNULL,
        stdout=words,
        stderr=words,
        start_new_session=True,
    )


def _fault(code: int, seconds: float, limit: float, log: Path) -> str:
    if code == 0:
        return ""
    if seconds >= limit:
        return f"not finished after {limit:g} s"
    words = log.read_text(encoding="utf-8", errors="replace").split()
    return f"exit code {code}: {' '.join(words)[-LAST_WORDS:]}"


def _watch(process: subprocess.Popen[bytes], limit: float) -> tuple[int, float, int]:
    """Exit code, processor seconds of all descendants waited for, bytes at the peak."""
    peak = 0
    over = threading.Event()

    def look() -> None:
        nonlocal peak
        took = 0.0
        session = Session(process.pid)
        while not over.wait(max(LOOK_SECONDS, LOOK_SHARE * took)):
            begun = time.perf_counter()
            peak = max(peak, sum(map(_proportional, session.processes())))
            took = time.perf_counter() - begun

    looking = threading.Thread(target=look)
    stopping = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
    looking.start()
    stopping.start()
    _, status, usage = os.wait4(process.pid, 0)
    stopping.cancel()
    over.set()
    looking.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, peak


class Session:
    """The processes of a session; each process is asked only once which session it is of."""

    def __init__(self, leader: int) -> None:
        self._leader = leader
        self._known: dict[Path, bool] = {}

    def processes(self) -> list[Path]:
        """Their folders below /proc, now."""
        there = [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]
        self._known = {folder: self._holds(folder) for folder in there}
        return [folder for folder, held in self._known.items() if held]

    def _holds(self, folder: Path) -> bool:
        if folder not in self._known:
            try:
                fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            except OSError:  # the process has ended
                return False
            return int(fields[SESSION]) == self._leader
        return self._known[folder]


def _proportional(folder: Path) -> int:
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()
    except OSError:  # the process has ended
        return 0
    kilobytes = (line.split()[1] for line in lines if line.startswith("Pss:"))
    return int(next(kilobytes, "0")) * 1024


def _files(folders: Sequence[Path]) -> Iterator[tuple[int, int, int]]:
    """Each file's inode, time of change and size: links to one file are one file."""
    for folder in folders:
        if folder.is_symlink():
            yield _identity(folder.lstat())
        elif folder.is_dir():
            for parent, _, names in os.walk(folder):
                yield from (_identity(Path(parent, name).lstat()) for name in names)


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size
