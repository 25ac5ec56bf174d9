"""The ledger: every digest ever sealed, in order, with the checkpoints that cover them.

It is a folder of small text files: `.record/` beside the content, `log/` in the site.
Reading never repairs it: every deviation is a `Fault` with its file and line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from generator.ledger.checkpoint import (
    Checkpoint,
    hashes_text,
    new_checkpoint,
    read_checkpoint,
    read_hashes,
)
from generator.ledger.log_files import CHECKPOINTS, CONSISTENCY, LEAVES, REDACTIONS
from generator.ledger.merkle import Tree, leaf_hash
from generator.text.canonical_json import canonical_json
from generator.text.public_key import NoteFault

REDACTED = "redaction:"
"""The prefix of the name of a leaf that records a redaction."""
_LINE = re.compile(r"(0|[1-9][0-9]*) ([0-9a-f]{64}) ([a-z][a-z0-9_-]*:[^\s]+)")
_DIGEST = re.compile("[0-9a-f]{64}")
_NUMBERED = re.compile(rf"({CHECKPOINTS}|{REDACTIONS})/(0|[1-9][0-9]{{0,17}})\.(?:txt|json)")


class Leaf(NamedTuple):
    """A line of the log: a digest, and the name of its record (`gazette:105-001-03`)."""

    digest: bytes
    name: str


class Redaction(Struct, frozen=True, kw_only=True):
    """Permits a sealed record to differ from its seal.

    `number` and `leaf` are those of the sealed record, `address` is its page's, `left` is the
    leaf in hex of what remains of it, or "" if nothing does.
    """

    name: str
    number: int
    leaf: str
    address: str
    ground: str
    day: date
    left: str

    @property
    def content(self) -> bytes:
        """Its canonical bytes, whose hash is a leaf of the log."""
        fields = {
            "schema": "gongbao-redaction-1",
            "id": self.name,
            "number": str(self.number),
            "leaf": self.leaf,
            "address": self.address,
            "ground": self.ground,
            "date": self.day.isoformat(),
            "left": self.left,
        }
        return canonical_json(fields)


def read_redaction(content: bytes) -> Redaction:
    """A redaction from its bytes; raises `NoteFault` unless the bytes are canonical."""
    try:
        fields = json.loads(content)
        redaction = Redaction(
            name=fields["id"],
            number=int(fields["number"]),
            leaf=fields["leaf"],
            address=fields["address"],
            ground=fields["ground"],
            day=date.fromisoformat(fields["date"]),
            left=fields["left"],
        )
        canonical = redaction.content == content and _DIGEST.fullmatch(redaction.leaf)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise NoteFault("not a redaction") from None
    if not canonical:
        raise NoteFault("a redaction with loose ends")
    return redaction


class Fault(NamedTuple):
    """A fault of a ledger: file, line (0 for the whole file), sort of fault, faulty value."""

    path: str
    line: int
    detail: str
    value: str = ""


@dataclass(frozen=True)
class Ledger:
    """The log, its checkpoints with the smallest first, and redactions by their leaf's number."""

    leaves: tuple[Leaf, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    redactions: Mapping[int, Redaction] = field(default_factory=dict)

    @cached_property
    def tree(self) -> Tree:
        """The tree over all leaves."""
        return Tree(leaf.digest for leaf in self.leaves)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each record's leaf by the record's name, without redactions."""
        numbered = enumerate(self.leaves)
        return {leaf.name: n for n, leaf in numbered if not leaf.name.startswith(REDACTED)}

    @cached_property
    def redacted(self) -> Mapping[str, int]:
        """The leaf number of each redacted record's last redaction, by the record's name."""
        return {redaction.name: number for number, redaction in sorted(self.redactions.items())}

    def lawful(self, name: str) -> str:
        """The digest in hex that a sealed record must have now; "" if nothing may remain of it."""
        at = self.redacted.get(name)
        return self.redactions[at].left if at else self.leaves[self.numbers[name]].digest.hex()

    @property
    def covered(self) -> int:
        """How many leaves the newest checkpoint covers: all, unless a seal run was interrupted."""
        return self.newest.size if self.newest else 0

    def at(self, size: int) -> Checkpoint | None:
        """The checkpoint that covers exactly `size` leaves, if there is one."""
        return next(
            (checkpoint for checkpoint in self.checkpoints if checkpoint.size == size), None
        )

    @property
    def newest(self) -> Checkpoint | None:
        """The largest checkpoint."""
        return self.checkpoints[-1] if self.checkpoints else None

    def appended(
        self,
        leaves: Sequence[Leaf],
        origin: str,
        day: date,
        reason: str = "",
        redaction: Redaction | None = None,
    ) -> Ledger:
        """The ledger with more leaves and an unsigned checkpoint over all of them."""
        more = (*self.leaves, *leaves)
        added = {len(more) - 1: redaction} if redaction else {}
        grown = Ledger(more, self.checkpoints, {**self.redactions, **added})
        newest = new_checkpoint(origin, len(more), grown.tree.root(len(more)), day, reason)
        return replace(grown, checkpoints=(*self.checkpoints, newest))

    def signed(self, checkpoint: Checkpoint) -> Ledger:
        """The ledger with its newest checkpoint replaced by one with more signatures."""
        return replace(self, checkpoints=(*self.checkpoints[:-1], checkpoint))

    def files(self) -> dict[str, bytes]:
        """All its files by path."""
        files = {LEAVES: self.lines()} if self.leaves else {}
        for old, new in self.steps():
            files.update(self.step(old, new))
        return files

    def steps(self) -> Iterator[tuple[Checkpoint | None, Checkpoint]]:
        """Each checkpoint with the one before it."""
        before = (None, *self.checkpoints)
        yield from zip(before, self.checkpoints, strict=False)

    def step(self, old: Checkpoint | None, new: Checkpoint) -> dict[str, bytes]:
        """The files that checkpoint `new` adds to those of the one before it, by path.

        They are the checkpoint, the consistency proof from `old`, and the redactions between.
        """
        files = {f"{CHECKPOINTS}/{new.size}.txt": new.content}
        if old:
            steps = self.tree.consistency(old.size, new.size)
            files[f"{CONSISTENCY}/{old.size}-{new.size}.txt"] = hashes_text(steps).encode()
        for number, redaction in self.redactions.items():
            if (old.size if old else 0) <= number < new.size:
                files[f"{REDACTIONS}/{number}.json"] = redaction.content
        return files

    def lines(self) -> bytes:
        """The bytes of the log: number, digest and name of each leaf, one leaf per line."""
        numbered = enumerate(self.leaves)
        return "".join(f"{n} {digest.hex()} {name}\n" for n, (digest, name) in numbered).encode()


class LedgerReading(Struct):
    """The readable part of a ledger, and its faults."""

    ledger: Ledger = Ledger()
    faults: list[Fault] = []


def read_ledger(files: Mapping[str, bytes]) -> LedgerReading:
    """The ledger that files (by path) hold; files with other names are ignored."""
    reading = LedgerReading()
    leaves = tuple(_leaves(files.get(LEAVES, b""), reading.faults))
    numbered = {path: _NUMBERED.fullmatch(path) for path in files}
    parts = sorted((int(m[2]), m[1], path) for path, m in numbered.items() if m)
    checkpoints, redactions = [], {}
    for number, folder, path in parts:
        try:
            if folder == CHECKPOINTS:
                checkpoints.append(read_checkpoint(files[path]))
                if checkpoints[-1].size != number:
                    reading.faults.append(Fault(path, 2, "size"))
            else:
                redactions[number] = read_redaction(files[path])
        except NoteFault as fault:
            reading.faults.append(Fault(path, 0, "form", str(fault)))
    reading.ledger = Ledger(leaves, tuple(checkpoints), redactions)
    if not reading.faults:
        reading.faults += _checkpoint_faults(reading.ledger, files)
        reading.faults += _redaction_faults(reading.ledger)
    return reading


def _leaves(content: bytes, faults: list[Fault]) -> Iterator[Leaf]:
    text = content.decode(errors="replace")
    if text and not text.endswith("\n"):
        faults.append(Fault(LEAVES, text.count("\n") + 1, "end"))
    seen: dict[str, int] = {}
    for line, text_line in enumerate(text.split("\n")[:-1], start=1):
        match = _LINE.fullmatch(text_line)
        if match is None:
            faults.append(Fault(LEAVES, line, "line", text_line))
        elif int(match[1]) != line - 1:
            faults.append(Fault(LEAVES, line, "number", match[1]))
        elif match[3] in seen and not match[3].startswith(REDACTED):
            faults.append(Fault(LEAVES, line, "twice", match[3]))
        else:
            seen[match[3]] = line
            yield Leaf(bytes.fromhex(match[2]), match[3])


def _checkpoint_faults(ledger: Ledger, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """Compares the checkpoints with the leaves and with each other."""
    leaves = len(ledger.leaves)
    for checkpoint in ledger.checkpoints:
        path = f"{CHECKPOINTS}/{checkpoint.size}.txt"
        if checkpoint.size > leaves:
            yield Fault(LEAVES, leaves + 1, "short", str(checkpoint.size))
        elif ledger.tree.root(checkpoint.size) != checkpoint.root:
            yield Fault(path, 3, "root")
        elif checkpoint.origin != ledger.checkpoints[0].origin:
            yield Fault(path, 1, "origin", checkpoint.origin)
        elif checkpoint.day is None:
            yield Fault(path, 4, "day")
    for old, new in pairwise(ledger.checkpoints):
        path = f"{CONSISTENCY}/{old.size}-{new.size}.txt"
        if new.size <= leaves and not _leads_on(files.get(path, b""), old, new, ledger):
            yield Fault(path, 0, "consistency")
        if old.day and new.day and new.day < old.day:
            yield Fault(f"{CHECKPOINTS}/{new.size}.txt", 4, "day")


def _leads_on(content: bytes, old: Checkpoint, new: Checkpoint, ledger: Ledger) -> bool:
    try:
        return read_hashes(content) == ledger.tree.consistency(old.size, new.size)
    except NoteFault:
        return False


def _redaction_faults(ledger: Ledger) -> Iterator[Fault]:
    """Compares each redaction with its own leaf and with the leaf of the redacted record."""
    for number, leaf in enumerate(ledger.leaves):
        if leaf.name.startswith(REDACTED) and number not in ledger.redactions:
            yield Fault(LEAVES, number + 1, "redaction", leaf.name)
    for number, redaction in ledger.redactions.items():
        here = ledger.leaves[number] if number < len(ledger.leaves) else None
        about = ledger.leaves[redaction.number] if 0 <= redaction.number < number else None
        expected = Leaf(leaf_hash(redaction.content), REDACTED + redaction.name)
        if here != expected or about != Leaf(bytes.fromhex(redaction.leaf), redaction.name):
            yield Fault(f"{REDACTIONS}/{number}.json", 0, "redaction", redaction.name)
