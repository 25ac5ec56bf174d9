"""Signed notes: a text that people can read, with signature lines below it.

The format is C2SP's (c2sp.org/signed-note), so that other programs can check our signatures.
Only Ed25519 signatures are verified; signatures of unknown keys are kept unverified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from generator.text.public_key import NoteFault, Verifier, decoded, encoded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DASH = "— "
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signed>[A-Za-z0-9+/]+=*)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Signature(Struct, frozen=True):
    """A signature line: the signer's name, the id of their key, the signature."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The signature as a line below the text."""
        return f"{DASH}{self.name} {encoded(self.key_id + self.signature)}\n"


class Note(Struct, frozen=True):
    """A text that ends in a line break, and the signatures over its bytes."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(signature.line for signature in self.signatures)}"

    def with_signature(self, name: str, key: Ed25519PrivateKey) -> Note:
        """The same note with one more signature."""
        verifier = verifier_of(name, key)
        added = Signature(name, verifier.id, key.sign(self.text.encode()))
        return structs.replace(self, signatures=(*self.signatures, added))

    def signers(self, verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
        """Those of the keys that have signed, each once.

        Raises `NoteFault` if a signature in the name of one of the keys is false.
        """
        keys = {(signature.name, signature.id): signature for signature in verifiers}
        signers: dict[Verifier, None] = {}
        for signature in self.signatures:
            key = keys.get((signature.name, signature.key_id))
            if key is not None and not _signed(key, self.text, signature.signature):
                raise NoteFault(f"false signature of {signature.name}")
            if key is not None:
                signers[key] = None
        return tuple(signers)


def pem_of(key: Verifier) -> bytes:
    """A public key in PEM, as OpenSSL reads it."""
    from generator.ledger.ed25519 import public_pem  # noqa: PLC0415 -- see `_signed`

    return public_pem(key.public)


def _signed(key: Verifier, text: str, signature: bytes) -> bool:
    # imported here because it loads `cryptography`, which a site that seals nothing never needs
    from generator.ledger.ed25519 import verifies  # noqa: PLC0415

    return verifies(key.public, signature, text.encode())


def verifier_of(name: str, key: Ed25519PrivateKey) -> Verifier:
    """The public half of a private key, under a signer's name; raises `NoteFault`."""
    if not _NAME.fullmatch(name):
        raise NoteFault(f"not a name: {name!r}")
    return Verifier(name, key.public_key().public_bytes_raw())


def read_note(content: bytes) -> Note:
    """A signed note from its bytes; raises `NoteFault` unless they follow the format exactly."""
    try:
        whole = content.decode()
    except UnicodeDecodeError:
        raise NoteFault("not UTF-8") from None
    if _CONTROL.search(whole):
        raise NoteFault("control characters")
    text, between, lines = whole.rpartition("\n\n")
    *signatures, rest = lines.split("\n")
    if not between or rest:
        raise NoteFault("no text, blank line and signatures")
    return Note(f"{text}\n", tuple(map(_signature, signatures)))


def _signature(line: str) -> Signature:
    match = _LINE.fullmatch(line)
    signed = decoded(match["signed"]) if match else b""
    if match is None or len(signed) < 5:  # noqa: PLR2004 -- an id, and something signed
        raise NoteFault("a line below the text is no signature")
    return Signature(match["name"], signed[:4], signed[4:])
