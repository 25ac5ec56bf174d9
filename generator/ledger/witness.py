"""The ledger against itself, and against what somebody outside remembers of it.

A ledger that is whole may still be one that was cut short or written anew: only a checkpoint
that was kept elsewhere tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from generator.content.files import SITE_FILE
from generator.content.model import Origin, Problem, Severity
from generator.ledger.checkpoint import PROOF, Checkpoint, read_checkpoint, read_proof
from generator.ledger.leaf_digests import Leaves, unsealed
from generator.ledger.log import Leaf, Ledger, LedgerReading, read_ledger
from generator.ledger.log_files import CHECKPOINTS, LEAVES
from generator.ledger.merkle import Tree
from generator.ledger.seals import seals_of
from generator.site.kind import Site
from generator.text.public_key import NoteFault


def ledger_faults(
    reading: LedgerReading, site: Site, leaves: Leaves, way: str
) -> Iterator[Problem]:
    """What is wrong with the ledger itself; `way` leads from the content to its folder."""
    ledger = reading.ledger
    for fault in (*reading.faults, *seals_of(site).faults()):
        place = Origin(path=f"{way}/{fault.path}", line=fault.line, column=1 if fault.line else 0)
        values = {"value": fault.value}
        if fault.detail == "short":
            held = next(c for c in ledger.checkpoints if str(c.size) == fault.value)
            values["names"] = "、".join(leaf.name for leaf in _guessed(held, site, leaves)) or "？"
        yield Problem(code="record-ledger", origin=place, detail=fault.detail, values=values)
    if ledger.newest and ledger.newest.origin != site.settings.origin:
        place = Origin(path=f"{way}/{CHECKPOINTS}/{ledger.newest.size}.txt", line=1, column=1)
        values = {"value": ledger.newest.origin}
        yield Problem(code="record-ledger", origin=place, detail="origin", values=values)
    yield from _half_signed(ledger.newest, site, way)
    if not reading.faults and len(ledger.leaves) > ledger.covered:
        place = Origin(path=f"{way}/{LEAVES}", line=ledger.covered + 1, column=1)
        yield Problem(code="record-open", origin=place)


def _half_signed(newest: Checkpoint | None, site: Site, way: str) -> Iterator[Problem]:
    """A newest checkpoint that some have signed, and not enough of those that count now."""
    trust = seals_of(site).trust
    if newest and newest.note.signatures and not trust.complete(newest):
        with suppress(NoteFault):  # false signatures are told of elsewhere
            have, need = len(trust.signers(newest)), trust.needed(newest.size)
            place = Origin(path=f"{way}/{CHECKPOINTS}/{newest.size}.txt")
            values = {"size": str(newest.size), "have": str(have), "need": str(need)}
            code, severity = "record-unsigned", Severity.WARNING
            yield Problem(code=code, origin=place, severity=severity, values=values)


def switched_off(ledger: Ledger, site: Site, leaves: Leaves) -> Iterator[Problem]:
    """Whether this very site has sealed before, and no longer says so."""
    named = ledger.newest is not None and ledger.newest.origin == site.settings.origin
    if named or not {leaf.digest.hex() for leaf in ledger.leaves}.isdisjoint(leaves.values()):
        values = {"count": str(len(ledger.leaves))}
        yield Problem(code="record-off", origin=Origin(path=SITE_FILE), values=values)


def remembered_faults(
    remembered: Mapping[str, bytes], ledger: Ledger, site: Site, leaves: Leaves, way: str
) -> Iterator[Problem]:
    """Where the ledger does not begin with what somebody outside remembers of it."""
    own, known = ledger.files() if remembered else {}, read_ledger(remembered).ledger.leaves
    for path, content in sorted(remembered.items()):
        if path.startswith(CHECKPOINTS) and content != own.get(path):
            try:
                held = checkpoint_in(content)
                held.note.signers(seals_of(site).trust.known(held.size))
            except NoteFault as fault:
                values = {"value": str(fault), "size": "？"}
                yield _told("record-forked", "form", f"{way}/{LEAVES}", 0, values)
            else:
                yield from _missing(held, known or _guessed(held, site, leaves), ledger, way)


def checkpoint_in(content: bytes) -> Checkpoint:
    """The checkpoint that a file is, or that a proof in it is against; raises `NoteFault`."""
    return (
        read_proof(content).checkpoint
        if content.startswith(PROOF.encode())
        else read_checkpoint(content)
    )


def _missing(
    held: Checkpoint, known: Sequence[Leaf], ledger: Ledger, way: str
) -> Iterator[Problem]:
    """What a remembered checkpoint covers and the ledger does not."""
    have, path = len(ledger.leaves), f"{way}/{LEAVES}"
    values = {"size": str(held.size), "have": str(have), "value": held.origin}
    if ledger.newest and held.origin != ledger.newest.origin:
        yield _told("record-forked", "origin", path, 0, values)
    elif held.size > have:
        lost = [(number, leaf.name) for number, leaf in enumerate(known[: held.size])][have:]
        for number, name in lost or [(have, "？")]:
            more = {**values, "id": name, "number": str(number)}
            yield _told("record-truncated", "", path, 0, more)
    elif ledger.tree.root(held.size) != held.root:
        pairs = enumerate(zip(ledger.leaves, known[: held.size], strict=False))
        other = next((n for n, (here, there) in pairs if here != there), None)
        name = "？" if other is None else known[other].name
        line = 0 if other is None else other + 1
        yield _told("record-forked", "", path, line, {**values, "id": name})
    elif (own := ledger.at(held.size)) and own.note.text != held.note.text:
        file = f"{way}/{CHECKPOINTS}/{held.size}.txt"
        yield _told("record-forked", "text", file, 0, values)


def _guessed(held: Checkpoint, site: Site, leaves: Leaves) -> Sequence[Leaf]:
    """The leaves that a checkpoint stands for, where those not sealed now complete them."""
    known = seals_of(site).ledger.leaves
    more = [
        Leaf(bytes.fromhex(leaves[record.ref]), str(record.ref))
        for record in unsealed(site, leaves)
    ]
    guess = (*known, *more)[: held.size]
    whole = len(guess) == held.size
    return (
        guess if whole and Tree(leaf.digest for leaf in guess).root(held.size) == held.root else ()
    )


def _told(code: str, detail: str, path: str, line: int, values: Mapping[str, str]) -> Problem:
    place = Origin(path=path, line=line, column=1 if line else 0)
    return Problem(code=code, origin=place, detail=detail, values=values)
