"""Checks the ledger against itself, and against a checkpoint that somebody else kept.

A ledger that is consistent in itself may still have been truncated or rewritten.  Only a
checkpoint from elsewhere can show that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import structs

from generator.content.files import SITE_FILE
from generator.content.model import Origin, Problem, Severity
from generator.ledger.checkpoint import PROOF, Checkpoint, read_checkpoint, read_proof
from generator.ledger.leaf_digests import Leaves, unsealed
from generator.ledger.log import Leaf, Ledger, LedgerReading, read_ledger
from generator.ledger.log_files import CHECKPOINTS, LEAVES
from generator.ledger.merkle import Tree
from generator.ledger.seals import Trust, seals_of
from generator.ledger.signed_note import read_note
from generator.site.kind import Site
from generator.text.public_key import NoteFault


def ledger_faults(
    reading: LedgerReading, site: Site, leaves: Leaves, way: str
) -> Iterator[Problem]:
    """The ledger's own faults; `way` is the path from the content to the ledger's folder."""
    ledger = reading.ledger
    for fault in (*reading.faults, *seals_of(site).faults()):
        place = Origin(path=f"{way}/{fault.path}", line=fault.line, column=1 if fault.line else 0)
        values = {"value": fault.value}
        if fault.detail == "short":
            checkpoint = next(c for c in ledger.checkpoints if str(c.size) == fault.value)
            names = (leaf.name for leaf in _guessed(checkpoint, site, leaves))
            values["names"] = "、".join(names) or "？"
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
    """A warning if the newest checkpoint has signatures, but not enough of keys that count now."""
    trust = seals_of(site).trust
    if newest and newest.note.signatures and not trust.complete(newest):
        with suppress(NoteFault):  # `Seals.faults` reports false signatures
            have, need = len(trust.signers(newest)), trust.needed(newest.size)
            place = Origin(path=f"{way}/{CHECKPOINTS}/{newest.size}.txt")
            values = {"size": str(newest.size), "have": str(have), "need": str(need)}
            code, severity = "record-unsigned", Severity.WARNING
            yield Problem(code=code, origin=place, severity=severity, values=values)


def misused_keys(note: Path, way: str, trust: Trust) -> Iterator[Problem]:
    """A warning for each key for checkpoints that has signed a release.

    `note` is that of the release that readers see, `way` the path to it from the content.
    """
    if not (trust.releases and note.is_file()):
        return
    ids = {(key.verifier.name, key.verifier.id) for key in trust.keys}
    with suppress(NoteFault):  # `audit` tells what else is wrong with it
        for signature in read_note(note.read_bytes()).signatures:
            if (signature.name, signature.key_id) in ids:
                problem = _problem("record-ledger", "release", way, 0, {"value": signature.name})
                yield structs.replace(problem, severity=Severity.WARNING)


def switched_off(ledger: Ledger, site: Site, leaves: Leaves) -> Iterator[Problem]:
    """A problem if this site has sealed records before and its settings no longer seal any."""
    named = ledger.newest is not None and ledger.newest.origin == site.settings.origin
    if named or not {leaf.digest.hex() for leaf in ledger.leaves}.isdisjoint(leaves.values()):
        values = {"count": str(len(ledger.leaves))}
        yield Problem(code="record-off", origin=Origin(path=SITE_FILE), values=values)


def remembered_faults(
    remembered: Mapping[str, bytes], ledger: Ledger, site: Site, leaves: Leaves, way: str
) -> Iterator[Problem]:
    """A problem wherever the ledger does not extend the ledger that somebody else kept."""
    own, old_leaves = ledger.files() if remembered else {}, read_ledger(remembered).ledger.leaves
    for path, content in sorted(remembered.items()):
        if path.startswith(CHECKPOINTS) and content != own.get(path):
            try:
                checkpoint = checkpoint_in(content)
                checkpoint.note.signers(seals_of(site).trust.verifiers(checkpoint.size))
            except NoteFault as fault:
                values = {"value": str(fault), "size": "？"}
                yield _problem("record-forked", "form", f"{way}/{LEAVES}", 0, values)
            else:
                covered = old_leaves or _guessed(checkpoint, site, leaves)
                yield from _missing(checkpoint, covered, ledger, way)


def checkpoint_in(content: bytes) -> Checkpoint:
    """The checkpoint in a file that is one, or that ends a proof; raises `NoteFault`."""
    return (
        read_proof(content).checkpoint
        if content.startswith(PROOF.encode())
        else read_checkpoint(content)
    )


def _missing(
    old: Checkpoint, old_leaves: Sequence[Leaf], ledger: Ledger, way: str
) -> Iterator[Problem]:
    """How the ledger fails to extend a checkpoint that was kept: cut short, forked, rewritten.

    `old_leaves` are the leaves that the checkpoint covers, as far as they are known.
    """
    have, path = len(ledger.leaves), f"{way}/{LEAVES}"
    values = {"size": str(old.size), "have": str(have), "value": old.origin}
    if ledger.newest and old.origin != ledger.newest.origin:
        yield _problem("record-forked", "origin", path, 0, values)
    elif old.size > have:
        lost = [(number, leaf.name) for number, leaf in enumerate(old_leaves[: old.size])][have:]
        for number, name in lost or [(have, "？")]:
            more = {**values, "id": name, "number": str(number)}
            yield _problem("record-truncated", "", path, 0, more)
    elif ledger.tree.root(old.size) != old.root:
        pairs = enumerate(zip(ledger.leaves, old_leaves[: old.size], strict=False))
        other = next((n for n, (here, there) in pairs if here != there), None)
        name = "？" if other is None else old_leaves[other].name
        line = 0 if other is None else other + 1
        yield _problem("record-forked", "", path, line, {**values, "id": name})
    elif (own := ledger.at(old.size)) and own.note.text != old.note.text:
        file = f"{way}/{CHECKPOINTS}/{old.size}.txt"
        yield _problem("record-forked", "text", file, 0, values)


def _guessed(checkpoint: Checkpoint, site: Site, leaves: Leaves) -> Sequence[Leaf]:
    """The leaves that a checkpoint covers, if the unsealed records complete the ledger's; else ().

    This names the records that somebody cut off the ledger.  The checkpoint's root confirms it.
    """
    sealed = seals_of(site).ledger.leaves
    more = [
        Leaf(bytes.fromhex(leaves[record.ref]), str(record.ref))
        for record in unsealed(site, leaves)
    ]
    guess = (*sealed, *more)[: checkpoint.size]
    if len(guess) < checkpoint.size:
        return ()
    root = Tree(leaf.digest for leaf in guess).root(checkpoint.size)
    return guess if root == checkpoint.root else ()


def _problem(code: str, detail: str, path: str, line: int, values: Mapping[str, str]) -> Problem:
    place = Origin(path=path, line=line, column=1 if line else 0)
    return Problem(code=code, origin=place, detail=detail, values=values)
