"""Checkpoints: a signed text with the size of the log and the root hash of its tree.

The formats are C2SP's: c2sp.org/tlog-checkpoint, and c2sp.org/tlog-proof for the proof beside an
entry.  Lines below the hash give the day of sealing and, for records sealed late, the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from generator.ledger.merkle import EMPTY, included
from generator.ledger.signed_note import Note, read_note
from generator.text.public_key import NoteFault, decoded, encoded

PROOF = "c2sp.org/tlog-proof@v1"
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_DAY = "date "
_REASON = "backfill "


class Checkpoint(Struct, frozen=True, kw_only=True):
    """A parsed checkpoint: origin of the log, number of leaves, root hash, day and reason.

    Lines that this program does not know are kept in `note` only.
    """

    origin: str
    size: int
    root: bytes
    day: date | None = None
    reason: str = ""
    note: Note

    @property
    def content(self) -> bytes:
        """The bytes of its file."""
        return str(self.note).encode()


_LEAST = 3
"""The number of lines that every checkpoint has: origin, size, hash."""


def new_checkpoint(origin: str, size: int, root: bytes, day: date, reason: str = "") -> Checkpoint:
    """A checkpoint without signatures."""
    lines = [origin, str(size), encoded(root), f"{_DAY}{day.isoformat()}"]
    lines += [_REASON + " ".join(reason.split())] if reason else []
    return checkpoint_of(Note("".join(f"{line}\n" for line in lines)))


def read_checkpoint(content: bytes) -> Checkpoint:
    """A checkpoint from its file's bytes; raises `NoteFault`."""
    return checkpoint_of(read_note(content))


def checkpoint_of(note: Note) -> Checkpoint:
    """The checkpoint that a note holds; raises `NoteFault`."""
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) < _LEAST or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise NoteFault("not origin, size and hash")
    root = decoded(lines[2])
    if len(root) != len(EMPTY):
        raise NoteFault("the hash has not 32 bytes")
    return Checkpoint(
        origin=lines[0],
        size=int(lines[1]),
        root=root,
        day=_day(_line(lines[3:], _DAY)),
        reason=_line(lines[3:], _REASON),
        note=note,
    )


def _line(lines: Sequence[str], word: str) -> str:
    return next((line.removeprefix(word) for line in lines if line.startswith(word)), "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NoteFault("not a day") from None


class Proof(Struct, frozen=True, kw_only=True):
    """An inclusion proof: leaf `index` is in the tree of `checkpoint`.  It needs no other file."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    @property
    def content(self) -> bytes:
        """The bytes of its file."""
        head = "".join(f"{line}\n" for line in (PROOF, f"index {self.index}"))
        return (head + hashes_text(self.path) + f"\n{self.checkpoint.note}").encode()

    def shows(self, leaf: bytes) -> bool:
        """Whether it proves this leaf."""
        size, root = self.checkpoint.size, self.checkpoint.root
        return included(self.index, size, leaf, self.path, root)


def read_proof(content: bytes) -> Proof:
    """A proof from its file's bytes; raises `NoteFault`."""
    head, between, rest = content.partition(b"\n\n")
    first, _, more = head.partition(b"\n")
    index, _, path = more.partition(b"\n")
    if not between or first != PROOF.encode() or not index.startswith(b"index "):
        raise NoteFault("not a proof")
    number = index.removeprefix(b"index ").decode(errors="replace")
    if not _SIZE.fullmatch(number):
        raise NoteFault("not a number of a leaf")
    hashes = read_hashes(path + b"\n" if path else b"")
    return Proof(index=int(number), path=hashes, checkpoint=read_checkpoint(rest))


def hashes_text(hashes: Sequence[bytes]) -> str:
    """Hashes in base 64, one per line."""
    return "".join(f"{encoded(digest)}\n" for digest in hashes)


def read_hashes(content: bytes) -> tuple[bytes, ...]:
    """The hashes of a text that `hashes_text` wrote; raises `NoteFault`."""
    text = content.decode("ascii", errors="replace")
    *lines, rest = text.split("\n")
    hashes = tuple(map(decoded, lines))
    if rest or any(len(digest) != len(EMPTY) for digest in hashes):
        raise NoteFault("not hashes, one a line")
    return hashes
