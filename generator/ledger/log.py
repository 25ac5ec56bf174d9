"""The ledger: every digest ever sealed, in order, with the checkpoints that stand for them.

It is a folder of small texts, `.record/` beside the content and `log/` in the site alike.
Whatever in it is not as it was written is a fault with its file and line: nothing is mended.
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
"""What the name of a leaf begins with that tells of a redaction."""
_LINE = re.compile(r"(0|[1-9][0-9]*) ([0-9a-f]{64}) ([a-z][a-z0-9_-]*:[^\s]+)")
_DIGEST = re.compile("[0-9a-f]{64}")
_NUMBERED = re.compile(rf"({CHECKPOINTS}|{REDACTIONS})/(0|[1-9][0-9]{{0,17}})\.(?:txt|json)")


class Leaf(NamedTuple):
    """A line of the log: a digest, and whose it is (`gazette:105-001-03`)."""

    digest: bytes
    name: str


class Redaction(Struct, frozen=True, kw_only=True):
    """Why a sealed record may differ from its seal; `left` is the leaf of what is left, or "".

    `address` is where its page stands.
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
        """Its canonical bytes, which are a leaf of the log."""
        held = {
            "schema": "gongbao-redaction-1",
            "id": self.name,
            "number": str(self.number),
            "leaf": self.leaf,
            "address": self.address,
            "ground": self.ground,
            "date": self.day.isoformat(),
            "left": self.left,
        }
        return canonical_json(held)


def read_redaction(content: bytes) -> Redaction:
    """A redaction from its bytes; raises `NoteFault` unless it is one to the letter."""
    try:
        held = json.loads(content)
        found = Redaction(
            name=held["id"],
            number=int(held["number"]),
            leaf=held["leaf"],
            address=held["address"],
            ground=held["ground"],
            day=date.fromisoformat(held["date"]),
            left=held["left"],
        )
        whole = found.content == content and _DIGEST.fullmatch(found.leaf)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise NoteFault("not a redaction") from None
    if not whole:
        raise NoteFault("a redaction with loose ends")
    return found


class Fault(NamedTuple):
    """What is wrong in a ledger: file, line (0 for all of it), what, and the words for it."""

    path: str
    line: int
    detail: str
    value: str = ""


@dataclass(frozen=True)
class Ledger:
    """The log and its checkpoints, the smallest first; redactions by the number of their leaf."""

    leaves: tuple[Leaf, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    redactions: Mapping[int, Redaction] = field(default_factory=dict)

    @cached_property
    def tree(self) -> Tree:
        """The tree over all leaves."""
        return Tree(leaf.digest for leaf in self.leaves)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each record's leaf, by its name; redactions left out."""
        held = enumerate(self.leaves)
        return {leaf.name: n for n, leaf in held if not leaf.name.startswith(REDACTED)}

    @cached_property
    def redacted(self) -> Mapping[str, int]:
        """The number of the last redaction of each record that has one, by the record's name."""
        return {held.name: number for number, held in sorted(self.redactions.items())}

    def lawful(self, name: str) -> str:
        """The digest that a sealed record must have, in hex; "" where nothing may be left of it."""
        at = self.redacted.get(name)
        return self.redactions[at].left if at else self.leaves[self.numbers[name]].digest.hex()

    @property
    def covered(self) -> int:
        """How many leaves the newest checkpoint stands for: all, unless a seal was cut short."""
        return self.newest.size if self.newest else 0

    def at(self, size: int) -> Checkpoint | None:
        """The checkpoint of so many leaves, if there is one."""
        return next((held for held in self.checkpoints if held.size == size), None)

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
        """The ledger with more leaves, and a checkpoint over all that nobody has signed yet."""
        more = (*self.leaves, *leaves)
        told = {len(more) - 1: redaction} if redaction else {}
        held = Ledger(more, self.checkpoints, {**self.redactions, **told})
        newest = new_checkpoint(origin, len(more), held.tree.root(len(more)), day, reason)
        return replace(held, checkpoints=(*self.checkpoints, newest))

    def signed(self, checkpoint: Checkpoint) -> Ledger:
        """The ledger with its newest checkpoint in a form with more signatures."""
        return replace(self, checkpoints=(*self.checkpoints[:-1], checkpoint))

    def files(self) -> dict[str, bytes]:
        """All its files by path."""
        held = {LEAVES: self.lines()} if self.leaves else {}
        for old, new in self.steps():
            held.update(self.step(old, new))
        return held

    def steps(self) -> Iterator[tuple[Checkpoint | None, Checkpoint]]:
        """Each checkpoint with the one before it."""
        before = (None, *self.checkpoints)
        yield from zip(before, self.checkpoints, strict=False)

    def step(self, old: Checkpoint | None, new: Checkpoint) -> dict[str, bytes]:
        """The files of one checkpoint.

        It stands with the proof that it begins with the one before, and what was redacted
        between the two.
        """
        held = {f"{CHECKPOINTS}/{new.size}.txt": new.content}
        if old:
            steps = self.tree.consistency(old.size, new.size)
            held[f"{CONSISTENCY}/{old.size}-{new.size}.txt"] = hashes_text(steps).encode()
        for number, told in self.redactions.items():
            if (old.size if old else 0) <= number < new.size:
                held[f"{REDACTIONS}/{number}.json"] = told.content
        return held

    def lines(self) -> bytes:
        """The bytes of the log: number, digest and name, a leaf a line."""
        held = enumerate(self.leaves)
        return "".join(f"{n} {digest.hex()} {name}\n" for n, (digest, name) in held).encode()


class LedgerReading(Struct):
    """A ledger as far as it could be read, and what is wrong with it."""

    ledger: Ledger = Ledger()
    faults: list[Fault] = []


def read_ledger(files: Mapping[str, bytes]) -> LedgerReading:
    """The ledger of a folder's files by path; files of other names are not looked at."""
    reading = LedgerReading()
    leaves = tuple(_leaves(files.get(LEAVES, b""), reading.faults))
    numbered = {path: _NUMBERED.fullmatch(path) for path in files}
    held = sorted((int(m[2]), m[1], path) for path, m in numbered.items() if m)
    checkpoints, redactions = [], {}
    for number, folder, path in held:
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
        reading.faults += [*_checked(reading.ledger, files), *_told(reading.ledger)]
    return reading


def _leaves(content: bytes, faults: list[Fault]) -> Iterator[Leaf]:
    text = content.decode(errors="replace")
    if text and not text.endswith("\n"):
        faults.append(Fault(LEAVES, text.count("\n") + 1, "end"))
    seen: dict[str, int] = {}
    for line, held in enumerate(text.split("\n")[:-1], start=1):
        match = _LINE.fullmatch(held)
        if match is None:
            faults.append(Fault(LEAVES, line, "line", held))
        elif int(match[1]) != line - 1:
            faults.append(Fault(LEAVES, line, "number", match[1]))
        elif match[3] in seen and not match[3].startswith(REDACTED):
            faults.append(Fault(LEAVES, line, "twice", match[3]))
        else:
            seen[match[3]] = line
            yield Leaf(bytes.fromhex(match[2]), match[3])


def _checked(ledger: Ledger, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """What checkpoints say, against the leaves and each other."""
    leaves = len(ledger.leaves)
    for held in ledger.checkpoints:
        path = f"{CHECKPOINTS}/{held.size}.txt"
        if held.size > leaves:
            yield Fault(LEAVES, leaves + 1, "short", str(held.size))
        elif ledger.tree.root(held.size) != held.root:
            yield Fault(path, 3, "root")
        elif held.origin != ledger.checkpoints[0].origin:
            yield Fault(path, 1, "origin", held.origin)
        elif held.day is None:
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


def _told(ledger: Ledger) -> Iterator[Fault]:
    """Redactions against the leaves that stand for them, and those that they tell of."""
    for number, leaf in enumerate(ledger.leaves):
        if leaf.name.startswith(REDACTED) and number not in ledger.redactions:
            yield Fault(LEAVES, number + 1, "redaction", leaf.name)
    for number, held in ledger.redactions.items():
        here = ledger.leaves[number] if number < len(ledger.leaves) else None
        about = ledger.leaves[held.number] if 0 <= held.number < number else None
        said = Leaf(leaf_hash(held.content), REDACTED + held.name)
        if here != said or about != Leaf(bytes.fromhex(held.leaf), held.name):
            yield Fault(f"{REDACTIONS}/{number}.json", 0, "redaction", held.name)
