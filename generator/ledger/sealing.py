"""Sealing, redacting and signing: pure functions from a site and its ledger to the next ledger.

A sealed record stays in the ledger for good.  Nothing here decides whether a record may be
sealed: the gate and all other checks have passed before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from generator.content.model import Ref
from generator.content.record import Record
from generator.ledger.leaf_digests import Leaves, unsealed
from generator.ledger.log import REDACTED, Leaf, Ledger, Redaction
from generator.ledger.merkle import leaf_hash
from generator.ledger.seals import Trust, seals_of
from generator.ledger.signed_note import verifier_of
from generator.site.kind import Site
from generator.text.public_key import NoteFault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SealRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """Something cannot be sealed, redacted or signed; the message is the reason in one word."""


class Sealed(Struct, frozen=True, kw_only=True):
    """The next ledger, and the records that were added to it."""

    ledger: Ledger
    added: tuple[Record, ...] = ()


def seal(site: Site, leaves: Leaves, reason: str = "") -> Sealed:
    """The ledger with every record that the site shows and that was not sealed yet.

    If nothing is new the ledger is returned as it is.  Leaves that an interrupted run left without
    a checkpoint get one.  Raises `SealRefused`.
    """
    ledger = seals_of(site).ledger
    added = unsealed(site, leaves)
    newest = ledger.newest
    if not added and len(ledger.leaves) == ledger.covered:
        return Sealed(ledger=ledger)
    if newest and newest.day and site.as_of < newest.day:
        raise SealRefused("day")
    more = [Leaf(bytes.fromhex(leaves[record.ref]), str(record.ref)) for record in added]
    grown = ledger.appended(more, site.settings.origin, site.as_of, reason)
    return Sealed(ledger=grown, added=tuple(added))


def redact(site: Site, leaves: Leaves, ref: Ref, address: str, ground: str) -> Ledger:
    """The ledger with a redaction of a sealed record: what remains of it now becomes lawful.

    `address` is the address of its page.  Raises `SealRefused`.
    """
    ledger, name = seals_of(site).ledger, str(ref)
    number = ledger.numbers.get(name)
    if number is None:
        raise SealRefused("unsealed")
    remaining = leaves.get(ref, "")
    if remaining == ledger.lawful(name):
        raise SealRefused("unchanged")
    newest = ledger.newest
    if newest and newest.day and site.as_of < newest.day:
        raise SealRefused("day")
    redaction = Redaction(
        name=name,
        number=number,
        leaf=ledger.leaves[number].digest.hex(),
        address=address,
        ground=" ".join(ground.split()),
        day=site.as_of,
        left=remaining,
    )
    leaf = Leaf(leaf_hash(redaction.content), REDACTED + name)
    return ledger.appended([leaf], site.settings.origin, site.as_of, redaction=redaction)


def sign(ledger: Ledger, trust: Trust, name: str, key: Ed25519PrivateKey) -> Ledger:
    """The ledger with one signature more under its newest checkpoint.

    Raises `SealRefused` if there is no checkpoint, if the key does not count, and if enough have
    signed already: published proofs contain these very bytes, so they must not change.
    """
    newest = ledger.newest
    if newest is None:
        raise SealRefused("nothing")
    verifier = verifier_of(name, key)
    if any(key.public == verifier.public for key in trust.releases):
        raise SealRefused("release-key")
    if verifier not in trust.verifiers(newest.size):
        raise SealRefused("stranger")
    try:
        signers = trust.signers(newest)
    except NoteFault:
        raise SealRefused("false") from None
    if len(signers) >= trust.needed(newest.size):
        raise SealRefused("complete")
    if verifier in signers:
        raise SealRefused("twice")
    return ledger.signed(structs.replace(newest, note=newest.note.with_signature(name, key)))
