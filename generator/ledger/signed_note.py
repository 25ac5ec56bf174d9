"""Signed notes: a text that a person can read, and below it who has signed it.

The form is C2SP's (c2sp.org/signed-note), so that other programs check our signatures too.
Signatures are Ed25519 alone; those of keys that nobody here knows are kept and not judged.
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
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<held>[A-Za-z0-9+/]+=*)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Signature(Struct, frozen=True):
    """A signature line: who says to have signed, which of their keys, with what."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """As it stands below the text."""
        return f"{DASH}{self.name} {encoded(self.key_id + self.signature)}\n"


class Note(Struct, frozen=True):
    """A text that ends in a line break, and the signatures over its bytes."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(one.line for one in self.signatures)}"

    def with_signature(self, name: str, key: Ed25519PrivateKey) -> Note:
        """The same note, signed by one more."""
        verifier = verifier_of(name, key)
        added = Signature(name, verifier.id, key.sign(self.text.encode()))
        return structs.replace(self, signatures=(*self.signatures, added))

    def signers(self, known: Iterable[Verifier]) -> tuple[Verifier, ...]:
        """Those of the known who have signed; raises `NoteFault` where one's signature is false.

        A second signature of one key counts once.
        """
        keys = {(one.name, one.id): one for one in known}
        found: dict[Verifier, None] = {}
        for one in self.signatures:
            key = keys.get((one.name, one.key_id))
            if key is not None and not _signed(key, self.text, one.signature):
                raise NoteFault(f"false signature of {one.name}")
            if key is not None:
                found[key] = None
        return tuple(found)


def pem_of(key: Verifier) -> bytes:
    """A public key as OpenSSL reads it."""
    from generator.ledger.ed25519 import public_pem  # noqa: PLC0415 -- see `_signed`

    return public_pem(key.public)


def _signed(key: Verifier, text: str, signature: bytes) -> bool:
    # loads the cryptography, which a site that seals nothing does without
    from generator.ledger.ed25519 import verifies  # noqa: PLC0415

    return verifies(key.public, signature, text.encode())


def verifier_of(name: str, key: Ed25519PrivateKey) -> Verifier:
    """The public half of a private key."""
    if not _NAME.fullmatch(name):
        raise NoteFault(f"not a name: {name!r}")
    return Verifier(name, key.public_key().public_bytes_raw())


def read_note(content: bytes) -> Note:
    """A signed note from its bytes; raises `NoteFault` unless it is one to the letter."""
    try:
        whole = content.decode()
    except UnicodeDecodeError:
        raise NoteFault("not UTF-8") from None
    if _CONTROL.search(whole):
        raise NoteFault("control characters")
    text, between, lines = whole.rpartition("\n\n")
    if not between or (lines and not lines.endswith("\n")):
        raise NoteFault("no text, blank line and signatures")
    return Note(f"{text}\n", tuple(map(_signature, lines.splitlines())))


def _signature(line: str) -> Signature:
    match = _LINE.fullmatch(line)
    held = decoded(match["held"]) if match else b""
    if match is None or len(held) < 5:  # noqa: PLR2004 -- an id, and something signed
        raise NoteFault("a line below the text is no signature")
    return Signature(match["name"], held[:4], held[4:])
