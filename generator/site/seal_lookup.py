"""What a site asks the log of signatures; the ledger answers, which stands above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class RecordSeal(Protocol):
    """A record's place in the log: its leaf's number and digest, the files that prove it."""

    @property
    def number(self) -> int:
        """The number of its leaf."""

    @property
    def leaf(self) -> bytes:
        """The digest under which it was sealed."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files beside its page by which anybody can check it, by name."""


class SealLookup(Protocol):
    """What the log says of records, which are named `kind:id`."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """The leaf of each sealed record."""

    @property
    def redacted(self) -> Mapping[str, int]:
        """The leaf of each redaction."""

    def of(self, name: str) -> RecordSeal | None:
        """The seal of a record, if it has one."""

    def leaf(self, name: str) -> bytes:
        """The digest under which a record was sealed; b"" where it was not."""

    def answer(self, name: str) -> str:
        """In short, all that a record's page and proofs depend on."""


class NothingSealed:
    """The log of a site that has none."""

    numbers: Mapping[str, int] = {}
    redacted: Mapping[str, int] = {}

    def of(self, name: str) -> RecordSeal | None:
        """No seal."""

    def leaf(self, name: str) -> bytes:  # noqa: ARG002 -- as of any log
        """No digest."""
        return b""

    def answer(self, name: str) -> str:  # noqa: ARG002 -- the same
        """Nothing."""
        return ""
