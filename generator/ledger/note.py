"""Signed notes: a text that a person can read, and below it who has signed it.

The form is C2SP's (c2sp.org/signed-note), so that other programs check our signatures too.
Signatures are Ed25519 alone; those of keys that nobody here knows are kept and not judged.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct, structs

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"
DASH = "— "
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_KEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+=*)")
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<held>[A-Za-z0-9+/]+=*)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class NoteFault(ValueError):  # noqa: N818 -- found in what others wrote
    """A text is not a signed note, or not a key."""


class Verifier(Struct, frozen=True):
    """The public half of a key: the name it signs by, and 32 bytes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that a signature line names it by."""
        named = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(named).digest()[:4]

    @property
    def text(self) -> str:
        """`name+id+key`, as it is published."""
        return f"{self.name}+{self.id.hex()}+{encoded(ED25519 + self.public)}"

    @property
    def pem(self) -> bytes:
        """The same key as OpenSSL reads it."""
        from generator.ledger.ed25519 import public_pem  # noqa: PLC0415 -- as below

        return public_pem(self.public)

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether it has signed this text."""
        # loads the cryptography, which a site that seals nothing does without
        from generator.ledger.ed25519 import verifies  # noqa: PLC0415

        return verifies(self.public, signature, text.encode())


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
            if key is not None and not key.signed(self.text, one.signature):
                raise NoteFault(f"false signature of {one.name}")
            if key is not None:
                found[key] = None
        return tuple(found)


def verifier_of(name: str, key: Ed25519PrivateKey) -> Verifier:
    """The public half of a private key."""
    if not _NAME.fullmatch(name):
        raise NoteFault(f"not a name: {name!r}")
    return Verifier(name, key.public_key().public_bytes_raw())


def read_verifier(text: str) -> Verifier:
    """A public key from `name+id+key`; raises `NoteFault`."""
    match = _KEY.fullmatch(text)
    held = decoded(match["key"]) if match else b""
    if match is None or len(held) != 33 or held[:1] != ED25519:  # noqa: PLR2004 -- type and key
        raise NoteFault("not a key")
    found = Verifier(match["name"], held[1:])
    if found.id.hex() != match["id"]:
        raise NoteFault("the key's id is another's")
    return found


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


def encoded(content: bytes) -> str:
    """Bytes in base 64."""
    return base64.b64encode(content).decode()


def decoded(text: str) -> bytes:
    """Bytes from base 64, written in the one way there is; raises `NoteFault`."""
    try:
        held = base64.b64decode(text, validate=True)
    except ValueError:
        raise NoteFault("not base 64") from None
    if encoded(held) != text:
        raise NoteFault("base 64 with loose ends")
    return held
