"""The interface by which a site queries the log of signatures; the ledger implements it.

The ledger is a higher layer, so that this package cannot import it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class RecordSeal(Protocol):
    """A record's place in the log: its leaf's number and digest, the files that prove it."""

    @property
    def number(self) -> int:
        """The number of the record's leaf."""

    @property
    def leaf(self) -> bytes:
        """The digest under which the record was sealed."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files beside the record's page by which anybody can verify it, by name."""


class SealLookup(Protocol):
    """The log's facts about records, which are named `kind:id`."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """The leaf of each sealed record."""

    @property
    def redacted(self) -> Mapping[str, int]:
        """The leaf of each redaction."""

    def of(self, name: str) -> RecordSeal | None:
        """The seal of a record, if it has one."""

    def leaf(self, name: str) -> bytes:
        """The digest under which a record was sealed; b"" if it was not."""

    def answer(self, name: str) -> str:
        """A key of everything in the log that a record's page and proofs depend on."""


class NothingSealed:
    """The log of a site without one."""

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
