"""Tasks in processes of this machine: few wait, none is lost, and what one leaves does not stay.

What counts is kept by a task in this module, in the process that it runs in.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from multiprocessing.connection import wait
from pathlib import Path
from signal import SIGKILL
from weakref import ref

import pytest
from sample_sites import SITES, files_below, options

from generator.build.workers.executor import FORK, SPAWN, UNSHARED, Executor, Processes, Shared
from generator.build.workers.tuning import AHEAD, FORKED, GARBAGE_WORTH, SEARCH_AHEAD, TURNS
from generator.pipeline import build

TASKS = 40
LEFT: list[ref[object]] = []


class _Knot:
    """An object that holds itself and much else, as finished pages do."""

    def __init__(self) -> None:
        self.me = self
        self.more = [[self] for _ in range(2 * GARBAGE_WORTH)]


def _tie(_: object, __: bytes) -> bytes:
    """Leaves a knot; answers how many of those that were left before are still there."""
    alive = sum(knot() is not None for knot in LEFT)
    LEFT.append(ref(_Knot()))
    return alive.to_bytes(2, "big")


def _named(_: object, payload: bytes) -> bytes:
    """Answers which task it was, and which process did it."""
    return b"%s %d" % (payload, os.getpid())


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
        alive = list(Executor(jobs).map(_tie, UNSHARED, [b""] * TASKS))
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

    answers = Executor(jobs).map(_named, UNSHARED, payloads())
    assert taken == jobs * AHEAD
    for given, _ in enumerate(answers, 1):
        assert taken - given < jobs * AHEAD


MANY = [b"%d" % number for number in range(3 * 2 * TURNS + 1)]
"""More than two processes may do, twice over."""


def _done(answers: Iterator[bytes]) -> tuple[list[bytes], Counter[bytes]]:
    """Which tasks were done, in the order of their answers; how many by each process."""
    pairs = [answer.split() for answer in answers]
    return [task for task, _ in pairs], Counter(process for _, process in pairs)


@pytest.mark.parametrize("turns", [TURNS, 8])
def test_processes_are_renewed(turns: int) -> None:
    """None lives through a large archive: each would come to hold a copy of it."""
    tasks, processes = _done(Executor(2).map(_named, UNSHARED, MANY, turns=turns))
    assert tasks == MANY
    assert max(processes.values()) <= 2 * turns
    assert b"%d" % os.getpid() not in processes


def test_processes_end_with_their_last_task() -> None:
    """What waits for somebody to ask is the answers, not the processes; nor do they go on."""
    others = {child.pid for child in multiprocessing.active_children()}
    most, tasks = 2 * SEARCH_AHEAD, MANY[: 2 * SEARCH_AHEAD + 2]
    answers = Executor(2).map(_named, UNSHARED, tasks, turns=SEARCH_AHEAD, ahead=SEARCH_AHEAD)
    for taken in (0, most, 1, 1):
        assert len(list(islice(answers, taken))) == taken
        children = multiprocessing.active_children()
        for child in (one for one in children if one.pid not in others):
            assert wait([child.sentinel], 60)  # its exit code may be asked for by another thread


def _held(shared: bytes, payload: bytes) -> bytes:
    return shared + payload


def _turned(content: bytes) -> bytes:
    return content[::-1]


@pytest.mark.parametrize(("start", "known"), [(FORK, b"here"), (SPAWN, b"ereh")])
def test_what_is_shared_is_inherited_or_sent(start: str, known: bytes) -> None:
    """A forked process has the thing itself, any other what its bytes are unpacked to."""
    shared = Shared(b"here", lambda: b"here", _turned)
    workers = Executor(2, start)
    answers = workers.map(_held, shared, [b"1", b"2", b"3"])
    assert list(answers) == [known + b"1", known + b"2", known + b"3"]
    assert workers.submit(_held, shared, b"4").result() == known + b"4"
    assert workers.inherits == (start == FORK)


def test_a_pool_is_none_that_windows_cannot_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many cores a machine has, or somebody asks for."""
    begun: list[int] = []

    def pool(processes: int, *_: object, **__: object) -> None:
        begun.append(processes)

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", pool)
    with _unswept():
        for processes in (2, 100):
            Processes(UNSHARED, processes, SPAWN)
    assert begun == [2, 61]


def _only_in(process: int, payload: bytes) -> bytes:
    """Ends any other process without a word."""
    if os.getpid() != process and payload == b"9":
        os.kill(os.getpid(), SIGKILL)
    return payload


def test_what_a_killed_process_was_at_is_done_here() -> None:
    """No task is lost with it, none is out of order, and others begin after it."""
    shared, workers = Shared(os.getpid()), Executor(2)
    assert list(workers.map(_only_in, shared, MANY)) == MANY
    assert workers.submit(_only_in, shared, b"9").result() == b"9"


def _refused(_: object, __: bytes) -> bytes:
    raise OSError("no section")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_is_told_where_the_answer_is_wanted(jobs: int) -> None:
    """As if the work had been done here, and no sooner."""
    answer = Executor(jobs).submit(_refused, UNSHARED, b"")
    with pytest.raises(OSError, match="no section"):
        answer.result()


def _after(lock: Path, _: bytes) -> bytes:
    """Answers once the lock is gone."""
    while lock.exists():
        os.sched_yield()
    return b"%d" % os.getpid()


@pytest.mark.parametrize(("records", "early"), [(FORKED, True), (FORKED + 1, False)])
def test_few_processes_know_a_large_archive_at_once(
    records: int, early: bool, tmp_path: Path
) -> None:
    """Beside one that is at work others begin at once, or, for a large archive, when they must."""
    lock, taken = tmp_path / "lock", list[bytes]()
    lock.touch()
    workers = Executor(2)
    beside = workers.submit(_after, Shared(lock), b"")

    def payloads() -> Iterator[bytes]:
        for one in (b"1", b"2"):
            taken.append(one)
            yield one

    answers = workers.map(_named, Shared(None, records=records), payloads())
    assert bool(taken) == early
    lock.unlink()
    assert [answer.split()[0] for answer in answers] == [b"1", b"2"]
    assert beside.result() != b"%d" % os.getpid()


ORPHANS = """
import os, time
from generator.build.workers.executor import UNSHARED, Executor
def work(_, payload):
    os.write(1, b"begun")
    time.sleep(3600)
answers = [Executor(2).submit(work, UNSHARED, b"") for _ in range(2)]
time.sleep(3600)
"""


def test_processes_end_with_their_parent() -> None:
    """However it ends: nobody else would ever end them, and each may hold an archive."""
    command = [sys.executable, "-c", ORPHANS]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read(10) == b"begunbegun"
        parent.kill()
        # ends with the last process that can write to it
        assert parent.communicate(timeout=60)[0] == b""


FORKLESS = """
import ctypes, importlib, os, pkgutil, sys
del os.fork, os.sched_getaffinity
def unknown(name, *_, **__):
    raise TypeError(name)
ctypes.CDLL = unknown
import generator
for module in pkgutil.walk_packages(generator.__path__, "generator."):
    if module.name != "generator.__main__" and ".tests" not in module.name:
        importlib.import_module(module.name)
from generator.build.workers.executor import START
from generator.commands._cli import main
sys.exit(main(sys.argv[1:]) or START != "spawn")
"""


def test_the_program_runs_on_a_machine_without_fork() -> None:
    """Nor does it need Linux's way to count cores, or a C library that can be looked into."""
    words = ["check", "--content", str(SITES / "full"), "--as-of", "2016-06-01"]
    done = subprocess.run(
        [sys.executable, "-c", FORKLESS, *words], capture_output=True, check=False, text=True
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def _site(root: Path, workers: Executor) -> Mapping[str, bytes]:
    root.mkdir()
    wanted = replace(options(SITES / "full", root), workers=workers)
    assert build(wanted, lambda stage: None).release is not None
    return {name: path.read_bytes() for name, path in files_below(root / "site").items()}


def test_a_machine_without_fork_makes_the_same_site(tmp_path: Path) -> None:
    """Processes that get all they know as bytes make the bytes that forked ones make."""
    forked = _site(tmp_path / "fork", Executor(2, FORK))
    assert _site(tmp_path / "spawn", Executor(2, SPAWN)) == forked
