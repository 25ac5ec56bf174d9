"""Answers the program's questions about seals: a record's number in the log, and its proof.

A checkpoint counts once enough of the site's keys have signed it.  A record's proof is made
against the first checkpoint that counts and covers it, so that the proof never changes.
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
from generator.content.settings import RELEASE_USE, Settings
from generator.ledger.checkpoint import Checkpoint, Proof
from generator.ledger.log import Fault, Ledger, Redaction
from generator.ledger.log_files import CHECKPOINTS
from generator.ledger.release_note import ReleaseNote
from generator.site.kind import Site
from generator.text.public_key import NoteFault, Verifier, read_verifier

PROOF_FILE, REDACTION_FILE = Beside.PROOF.value, Beside.REDACTION.value
REDACTION_PROOF = Beside.REDACTION_PROOF.value
"""The names of the files beside a sealed record."""
_KEYS_LINE = re.compile(
    r"release (?P<release>[^ ]+\+[^ ]+)|origin (?P<origin>[^ ]+)|threshold (?P<count>[1-9][0-9]?)"
    r"|(?P<key>[^ ]+\+[^ ]+)(?: (?P<since>[0-9]{1,18}))?(?: (?P<until>[0-9]{1,18}))?"
)


class SigningKey(Struct, frozen=True, kw_only=True):
    """A public key, and the range of log sizes for which its signature counts.

    A key that was retired or lost counts up to `until` leaves.
    """

    verifier: Verifier
    since: int = 0
    until: int | None = None

    def counts(self, size: int) -> bool:
        """Whether the key's signature counts for a log of that size."""
        return self.since <= size and (self.until is None or size <= self.until)


class Trust(Struct, frozen=True, kw_only=True):
    """The keys whose signatures count, how many a checkpoint needs, and the log's origin.

    If fewer than `threshold` keys count for a size, all of them must have signed: a checkpoint
    that one key signed alone stays valid when a second key and a higher threshold come later.
    `releases` are the keys that sign releases, of which one is enough; a site without them does
    not sign its releases.  No key of one sort counts for the other.
    """

    keys: tuple[SigningKey, ...] = ()
    threshold: int = 1
    origin: str = ""
    releases: tuple[Verifier, ...] = ()

    def verifiers(self, size: int) -> tuple[Verifier, ...]:
        """The keys whose signatures count for a log of that size."""
        return tuple(key.verifier for key in self.keys if key.counts(size))

    def needed(self, size: int) -> int:
        """How many keys must have signed a checkpoint of that size, at least one."""
        return max(1, min(self.threshold, len(self.verifiers(size))))

    def signers(self, checkpoint: Checkpoint) -> tuple[Verifier, ...]:
        """The keys that count and have signed.

        Raises `NoteFault` for a false signature, and for the log of another site.
        """
        if self.origin and checkpoint.origin != self.origin:
            raise NoteFault(f"the log of {checkpoint.origin}")
        return checkpoint.note.signers(self.verifiers(checkpoint.size))

    def release_signers(self, release: ReleaseNote) -> tuple[Verifier, ...]:
        """The keys that have signed a release.

        Raises `NoteFault` for a false signature, and for a release of another site.
        """
        if self.origin and release.origin != self.origin:
            raise NoteFault(f"a release of {release.origin}")
        return release.note.signers(self.releases)

    def complete(self, checkpoint: Checkpoint) -> bool:
        """Whether enough keys have signed, and no signature is false."""
        try:
            return len(self.signers(checkpoint)) >= self.needed(checkpoint.size)
        except NoteFault:
            return False


class Seal(Struct, frozen=True, kw_only=True):
    """A record's place in the log; `proof` is against the first checkpoint that covers it.

    A seal without a proof still waits for signatures.  A redaction has its own leaf and proof.
    """

    number: int
    leaf: bytes
    proof: Proof | None
    redaction: Redaction | None = None
    redaction_proof: Proof | None = None

    @property
    def files(self) -> dict[str, bytes]:
        """The files beside the record with which anybody can check it, by name."""
        content = {
            PROOF_FILE: self.proof and self.proof.content,
            REDACTION_FILE: self.redaction and self.redaction.content,
            REDACTION_PROOF: self.redaction_proof and self.redaction_proof.content,
        }
        return {name: part for name, part in content.items() if part}


@dataclass(frozen=True)
class Seals:
    """A ledger and the keys that count; both empty if nothing is sealed."""

    ledger: Ledger = field(default_factory=Ledger)
    trust: Trust = field(default_factory=Trust)

    @cached_property
    def complete(self) -> tuple[Checkpoint, ...]:
        """The checkpoints that count, the smallest first."""
        return tuple(filter(self.trust.complete, self.ledger.checkpoints))

    @cached_property
    def published(self) -> Ledger:
        """The ledger as readers see it: up to the newest checkpoint that counts."""
        size = self.complete[-1].size if self.complete else 0
        redactions = {n: redaction for n, redaction in self.ledger.redactions.items() if n < size}
        return Ledger(self.ledger.leaves[:size], self.complete, redactions)

    @cached_property
    def _sizes(self) -> list[int]:
        return [checkpoint.size for checkpoint in self.complete]

    @property
    def numbers(self) -> Mapping[str, int]:
        """The leaf number of each sealed record, by the record's name."""
        return self.ledger.numbers

    @property
    def redacted(self) -> Mapping[str, int]:
        """The leaf number of each record's last redaction, by the record's name."""
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
        """The digest under which a record was sealed; b"" if it is not sealed."""
        number = self.ledger.numbers.get(name)
        return b"" if number is None else self.ledger.leaves[number].digest

    def _proof(self, number: int) -> Proof | None:
        """The proof of a leaf against the first checkpoint that counts and covers it."""
        place = bisect_right(self._sizes, number)
        if place == len(self.complete):
            return None
        checkpoint = self.complete[place]
        path = self.ledger.tree.inclusion(number, checkpoint.size)
        return Proof(index=number, path=path, checkpoint=checkpoint)

    def answer(self, name: str) -> str:
        """A summary of everything that a record's page and proofs depend on, for a cache key."""
        number, at = self.ledger.numbers.get(name), self.ledger.redacted.get(name)
        if number is None:
            return ""
        redacted = self.ledger.leaves[at].digest.hex() if at else ""
        places = [bisect_right(self._sizes, n) for n in (number, at) if n is not None]
        notes = [self._digests[place] for place in places if place < len(self._digests)]
        return f"{number} {self.ledger.leaves[number].digest.hex()} {redacted} {notes}"

    @cached_property
    def _digests(self) -> list[str]:
        """Digests of the signed checkpoints that count; cached, since every record needs one."""
        return [hashlib.sha256(checkpoint.content).hexdigest() for checkpoint in self.complete]

    def faults(self) -> Iterator[Fault]:
        """A fault for each checkpoint with a false signature, or one by a key for releases."""
        for checkpoint in self.ledger.checkpoints:
            try:
                checkpoint.note.signers(self.trust.verifiers(checkpoint.size))
            except NoteFault as fault:
                yield Fault(f"{CHECKPOINTS}/{checkpoint.size}.txt", 0, "signature", str(fault))
            ids = {(key.name, key.id) for key in self.trust.releases}
            for signature in checkpoint.note.signatures:
                if (signature.name, signature.key_id) in ids:
                    yield Fault(f"{CHECKPOINTS}/{checkpoint.size}.txt", 0, "use", signature.name)


def seals_of(site: Site) -> Seals:
    """A site's seals together with their ledger; empty ones if the site was given none."""
    return site.seals if isinstance(site.seals, Seals) else Seals()


def trust_of(settings: Settings) -> Trust:
    """The keys and the threshold that the settings declare."""
    sealing = settings.sealing
    if sealing is None:
        return Trust(origin=settings.origin)
    keys = tuple(
        SigningKey(verifier=read_verifier(key.key), since=key.since or 0, until=key.until)
        for key in sealing.keys
        if key.use != RELEASE_USE
    )
    releases = tuple(read_verifier(key.key) for key in sealing.keys if key.use == RELEASE_USE)
    return Trust(
        keys=keys,
        threshold=sealing.threshold or 1,
        origin=settings.origin,
        releases=releases if settings.signs_releases else (),
    )


def keys_text(trust: Trust) -> str:
    """The published form of a trust: origin, threshold, then one key per line with its sizes.

    Keys for releases come last, after the word `release`.
    """
    lines = [f"origin {trust.origin}", f"threshold {trust.threshold}"]
    for key in trust.keys:
        until = "" if key.until is None else f" {key.until}"
        lines.append(f"{key.verifier.text} {key.since}{until}")
    lines += [f"release {key.text}" for key in trust.releases]
    return "".join(f"{line}\n" for line in lines)


def read_keys(text: str) -> Trust:
    """The trust that a text of `keys_text` declares; raises `NoteFault`."""
    matches = [_KEYS_LINE.fullmatch(typed) for typed in text.splitlines()]
    if not all(matches):
        raise NoteFault("not a list of keys")
    lines = [match for match in matches if match]
    counts = [int(line["count"]) for line in lines if line["count"]]
    keys = tuple(
        SigningKey(
            verifier=read_verifier(line["key"]),
            since=int(line["since"] or 0),
            until=int(line["until"]) if line["until"] else None,
        )
        for line in lines
        if line["key"]
    )
    origin = next((line["origin"] for line in lines if line["origin"]), "")
    releases = tuple(read_verifier(line["release"]) for line in lines if line["release"])
    threshold = counts[0] if counts else 1
    return Trust(keys=keys, threshold=threshold, origin=origin, releases=releases)
