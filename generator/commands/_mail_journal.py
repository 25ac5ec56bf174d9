"""The journal of a mailing: what was handed to the server for whom, line by line.

A run may be killed at any moment, and nobody may get a letter twice.  So a line is on the disk
before a mail is handed over, and another when the server has answered; an address with the first
alone is uncertain, and only a person can decide on it.  Lines are only ever added.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from generator.content.open_flags import NO_LINK, WRITE
from generator.release.disk import settle_folder
from generator.release.lock import system_lock
from generator.text.characters import visible


class State(StrEnum):
    """The last that is known of an address; the words stand in the file."""

    BEGUN = "begun"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"


class JournalRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """The journal cannot be used: `detail` says why (`busy`, `other`, `link`, `disk`)."""

    def __init__(self, detail: str, reason: str = "") -> None:
        super().__init__(detail)
        self.detail, self.reason = detail, reason


_HEAD, _ROUND = "letter", "round"
_MODE = 0o600
_FIELDS = 3
_STATES = frozenset(State)
_LONGEST = 300
"""The most characters of a server's answer that are kept."""


class Journal:
    """An open and locked journal; `states` has what it says of each address, in lower case.

    Raises `JournalRefused`.
    """

    def __init__(self, path: Path, letter: str) -> None:
        self.path, self.states = path, dict[str, State]()
        if path.is_symlink():
            raise JournalRefused("link")
        try:
            self._file = os.open(path, WRITE | NO_LINK | os.O_APPEND | os.O_CREAT, _MODE)
        except OSError as fault:
            raise JournalRefused("disk", os.strerror(fault.errno or 0)) from None
        try:
            system_lock()(self._file)
        except (BlockingIOError, PermissionError):  # the second from Windows
            os.close(self._file)
            raise JournalRefused("busy") from None
        self._begin(letter)

    def close(self) -> None:
        """Lets another run use the file."""
        os.close(self._file)

    def write(self, state: State, address: str, answer: str = "") -> None:
        """Adds a line, which is then on the disk; raises `JournalRefused` if it may not be."""
        self._add(state, address, visible(" ".join(answer.split()))[:_LONGEST])
        self.states[address.lower()] = state

    def begin_round(self) -> None:
        """Forgets what was sent: everybody gets the letter once more."""
        self._add(_ROUND, "", "")
        self.states.clear()

    def _begin(self, letter: str) -> None:
        with os.fdopen(os.dup(self._file), "rb") as file:
            content = file.read()
        lines = content.decode("utf-8", "replace").split("\n")
        head = f"{_HEAD}\t{letter}\t"
        if content and lines[0] != head:
            if len(lines) > 1 or not head.startswith(lines[0]):
                self.close()
                raise JournalRefused("other")
            os.ftruncate(self._file, 0)  # killed at its first line, before anything was sent
            content = b""
        if not content:
            self._add(_HEAD, letter, "")
            settle_folder(self.path.parent)
        elif lines[-1]:
            self._put(b"\n")  # killed within a line: it stays, and counts for nothing
        for line in lines[1:-1]:
            self._read(line.split("\t"))

    def _read(self, fields: list[str]) -> None:
        if len(fields) == _FIELDS and fields[0] == _ROUND:
            self.states.clear()
        elif len(fields) == _FIELDS and fields[0] in _STATES:
            self.states[fields[1].lower()] = State(fields[0])

    def _add(self, *fields: str) -> None:
        self._put("\t".join(fields).encode() + b"\n")

    def _put(self, line: bytes) -> None:
        try:
            while line:
                line = line[os.write(self._file, line) :]
            os.fsync(self._file)
        except OSError as fault:
            raise JournalRefused("disk", os.strerror(fault.errno or 0)) from None
