"""What is sealed, as the rest of the program asks it: a record's number, its proof, its day.

A checkpoint counts once enough of the site's keys have signed it.  A record's proof is against
the first that counts and holds it, and so stays the same for ever.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from msgspec import Struct

from generator.content.model import Beside
from generator.content.settings import Settings
from generator.ledger.checkpoint import Checkpoint, Proof
from generator.ledger.log import Fault, Ledger, Redaction
from generator.ledger.log_files import CHECKPOINTS
from generator.site.kind import Site
from generator.text.public_key import NoteFault, Verifier, read_verifier

PROOF_FILE, REDACTION_FILE = Beside.PROOF.value, Beside.REDACTION.value
REDACTION_PROOF = Beside.REDACTION_PROOF.value
"""What stands beside a sealed record."""
_KEYS_LINE = re.compile(
    r"origin (?P<origin>[^ ]+)|threshold (?P<count>[1-9][0-9]?)"
    r"|(?P<key>[^ ]+\+[^ ]+)(?: (?P<since>[0-9]{1,18}))?(?: (?P<until>[0-9]{1,18}))?"
)


class SigningKey(Struct, frozen=True, kw_only=True):
    """A public key and the sizes of the log for which its signature counts.

    A key that was retired or lost counts for no more than `until` leaves.
    """

    verifier: Verifier
    since: int = 0
    until: int | None = None

    def counts(self, size: int) -> bool:
        """Whether its signature counts for a log of that size."""
        return self.since <= size and (self.until is None or size <= self.until)


class Trust(Struct, frozen=True, kw_only=True):
    """Whose signatures count, how many a checkpoint needs, and whose log it must be.

    Where fewer keys count for a size than that, all of them must have signed: what one key had
    signed alone stays as it is when a second key and a higher number come later.
    """

    keys: tuple[SigningKey, ...] = ()
    threshold: int = 1
    origin: str = ""

    def known(self, size: int) -> tuple[Verifier, ...]:
        """Those whose signatures count for a log of that size."""
        return tuple(key.verifier for key in self.keys if key.counts(size))

    def needed(self, size: int) -> int:
        """How many must have signed a checkpoint of that size, one at least."""
        return max(1, min(self.threshold, len(self.known(size))))

    def signers(self, checkpoint: Checkpoint) -> tuple[Verifier, ...]:
        """Who has signed of those that count; raises `NoteFault`.

        That is for a false signature, and for the log of another site.
        """
        if self.origin and checkpoint.origin != self.origin:
            raise NoteFault(f"the log of {checkpoint.origin}")
        return checkpoint.note.signers(self.known(checkpoint.size))

    def complete(self, checkpoint: Checkpoint) -> bool:
        """Whether enough have signed, and nobody falsely."""
        try:
            return len(self.signers(checkpoint)) >= self.needed(checkpoint.size)
        except NoteFault:
            return False


class Seal(Struct, frozen=True, kw_only=True):
    """A record's place in the log; `proof` is against the first checkpoint that holds it.

    Without one it is sealed, and signatures are still awaited.  A redaction has a leaf and a
    proof of its own.
    """

    number: int
    leaf: bytes
    proof: Proof | None
    redaction: Redaction | None = None
    redaction_proof: Proof | None = None

    @property
    def files(self) -> dict[str, bytes]:
        """The files beside the record by which anybody can check it, by name."""
        content = {
            PROOF_FILE: self.proof and self.proof.content,
            REDACTION_FILE: self.redaction and self.redaction.content,
            REDACTION_PROOF: self.redaction_proof and self.redaction_proof.content,
        }
        return {name: held for name, held in content.items() if held}


@dataclass(frozen=True)
class Seals:
    """A ledger and whose signatures count; empty where nothing is sealed."""

    ledger: Ledger = field(default_factory=Ledger)
    trust: Trust = field(default_factory=Trust)

    @cached_property
    def complete(self) -> tuple[Checkpoint, ...]:
        """The checkpoints that count, the smallest first."""
        return tuple(filter(self.trust.complete, self.ledger.checkpoints))

    @cached_property
    def published(self) -> Ledger:
        """The ledger as readers see it: as far as the newest checkpoint that counts."""
        size = self.complete[-1].size if self.complete else 0
        told = {number: held for number, held in self.ledger.redactions.items() if number < size}
        return Ledger(self.ledger.leaves[:size], self.complete, told)

    @cached_property
    def _sizes(self) -> list[int]:
        return [held.size for held in self.complete]

    @property
    def numbers(self) -> Mapping[str, int]:
        """The leaf of each sealed record, by the record's name."""
        return self.ledger.numbers

    @property
    def redacted(self) -> Mapping[str, int]:
        """The leaf of each redaction, by the record's name."""
        return self.ledger.redacted

    def of(self, name: str) -> Seal | None:
        """The seal of a record by its name (`kind:id`), if it has one."""
        number = self.ledger.numbers.get(name)
        if number is None:
            return None
        at = self.ledger.redacted.get(name)
        return Seal(
            number=number,
            leaf=self.ledger.leaves[number].digest,
            proof=self._proof(number),
            redaction=self.ledger.redactions[at] if at else None,
            redaction_proof=self._proof(at) if at else None,
        )

    def leaf(self, name: str) -> bytes:
        """The digest under which a record was sealed; b"" where it was not."""
        number = self.ledger.numbers.get(name)
        return b"" if number is None else self.ledger.leaves[number].digest

    def _first(self, number: int) -> Checkpoint | None:
        """The first checkpoint that counts and holds a leaf."""
        place = bisect_right(self._sizes, number)
        return self.complete[place] if place < len(self.complete) else None

    def _proof(self, number: int) -> Proof | None:
        held = self._first(number)
        if held is None:
            return None
        path = self.ledger.tree.inclusion(number, held.size)
        return Proof(index=number, path=path, checkpoint=held)

    def answer(self, name: str) -> str:
        """In short, all that a record's page and proofs depend on."""
        number, at = self.ledger.numbers.get(name), self.ledger.redacted.get(name)
        if number is None:
            return ""
        told = self.ledger.leaves[at].digest.hex() if at else ""
        places = [bisect_right(self._sizes, n) for n in (number, at) if n is not None]
        notes = [self._digests[place] for place in places if place < len(self._digests)]
        return f"{number} {self.ledger.leaves[number].digest.hex()} {told} {notes}"

    @cached_property
    def _digests(self) -> list[str]:
        """Of the checkpoints that count, with their signatures: every record asks for one."""
        return [hashlib.sha256(held.content).hexdigest() for held in self.complete]

    def faults(self) -> Iterator[Fault]:
        """False signatures."""
        for held in self.ledger.checkpoints:
            try:
                held.note.signers(self.trust.known(held.size))
            except NoteFault as fault:
                yield Fault(f"{CHECKPOINTS}/{held.size}.txt", 0, "signature", str(fault))


def seals_of(site: Site) -> Seals:
    """The ledger behind a site's seals; an empty one where the site was given none."""
    return site.seals if isinstance(site.seals, Seals) else Seals()


def trust_of(settings: Settings) -> Trust:
    """Whose signatures under a checkpoint count, by the settings."""
    sealing = settings.sealing
    if sealing is None:
        return Trust(origin=settings.origin)
    keys = tuple(
        SigningKey(verifier=read_verifier(key.key), since=key.since or 0, until=key.until)
        for key in sealing.keys
    )
    return Trust(keys=keys, threshold=sealing.threshold or 1, origin=settings.origin)


def keys_text(trust: Trust) -> str:
    """Whose signatures count, as it is published: whose log, how many, a key a line with sizes."""
    lines = [f"origin {trust.origin}", f"threshold {trust.threshold}"]
    for key in trust.keys:
        until = "" if key.until is None else f" {key.until}"
        lines.append(f"{key.verifier.text} {key.since}{until}")
    return "".join(f"{line}\n" for line in lines)


def read_keys(text: str) -> Trust:
    """Whose signatures count, from such a text; raises `NoteFault`."""
    match = [_KEYS_LINE.fullmatch(line) for line in text.splitlines()]
    if not all(match):
        raise NoteFault("not a list of keys")
    held = [one for one in match if one]
    counts = [int(one["count"]) for one in held if one["count"]]
    keys = tuple(
        SigningKey(
            verifier=read_verifier(one["key"]),
            since=int(one["since"] or 0),
            until=int(one["until"]) if one["until"] else None,
        )
        for one in held
        if one["key"]
    )
    origin = next((one["origin"] for one in held if one["origin"]), "")
    return Trust(keys=keys, threshold=counts[0] if counts else 1, origin=origin)
