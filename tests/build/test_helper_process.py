"""An helper does what it is asked in a process of its own, and nothing is lost with it."""

from __future__ import annotations

import os
import sys
from functools import partial

import pytest

from generator.build.workers.helper_process import HelperProcess, attended

BULK = 4 << 20
"""Bytes that no pipe holds."""
UNUSED = "wave"
"""A module that nothing of the program loads."""


def _where(word: str) -> tuple[str, int]:
    return word, os.getpid()


def _length(held: bytes) -> tuple[int, bytes]:
    return len(held), held


def _only_in(process: int) -> int:
    """Ends any other process without a word."""
    if os.getpid() != process:
        os._exit(3)
    return process


def _refused() -> None:
    raise OSError("no section")


def _knows(module: str) -> bool:
    return module in sys.modules


def test_one_process_does_everything() -> None:
    """Tracer wait until they are called for, in whatever order that is."""
    with attended(2) as helper:
        answers = [helper.begin(partial(_where, word)) for word in "abc"]
        (third, one), (first, two), (second, three) = answers[2](), answers[0](), answers[1]()
    assert (first, second, third) == ("a", "b", "c")
    assert one == two == three != os.getpid()


def test_for_one_job_nothing_is_begun() -> None:
    """It is this process then, and no sooner than the answer is wanted."""
    with attended(1) as helper:
        answer = helper.begin(partial(_where, "a"))
    assert answer() == ("a", os.getpid())


def test_more_than_a_pipe_holds() -> None:
    """Requests and answers of megabytes do not wait for each other."""
    with attended(2) as helper:
        answers = [helper.begin(partial(_length, bytes(BULK + n))) for n in range(3)]
        assert [answer() for answer in answers] == [(BULK + n, bytes(BULK + n)) for n in range(3)]


def test_what_a_killed_one_was_asked_is_done_here() -> None:
    """That, and all that it is asked later."""
    with attended(2) as helper:
        first = helper.begin(partial(_only_in, os.getpid()))
        second = helper.begin(partial(_where, "b"))
        assert first() == os.getpid()
        assert second() == ("b", os.getpid())
        assert helper.begin(partial(_length, bytes(BULK)))() == (BULK, bytes(BULK))
        assert helper.begin(partial(_where, "c"))() == ("c", os.getpid())


def test_a_fault_is_told_where_the_answer_is_wanted() -> None:
    """As if the work had been done here, and it has been tried."""
    with attended(2) as helper:
        answer = helper.begin(_refused)
        with pytest.raises(OSError, match="no section"):
            answer()


def test_it_ends_whatever_it_is_at() -> None:
    """Nobody took the answer, and another process has the pipes too."""
    reader, writer = os.pipe()
    with attended(2) as helper:
        _, process = helper.begin(partial(_where, "a"))()
        helper.begin(partial(_length, bytes(BULK)))
        other = os.fork()
        if not other:
            os.close(writer)
            os.read(reader, 1)
            os._exit(0)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    os.close(writer)
    os.waitpid(other, 0)
    os.close(reader)


def test_modules_are_loaded_there_beforehand() -> None:
    """And not here."""
    with attended(2) as helper:
        assert helper.begin(partial(_knows, UNUSED))() is False
        helper.load(UNUSED)
        assert helper.begin(partial(_knows, UNUSED))() is True
    assert UNUSED not in sys.modules
    HelperProcess().load(UNUSED)
    assert UNUSED not in sys.modules
