"""Ed25519 public keys in the text form of C2SP (c2sp.org/signed-note): `name+id+key`."""

from __future__ import annotations

import base64
import hashlib
import re

from msgspec import Struct

ED25519 = b"\x01"
"""The byte before a key that gives its algorithm."""
_KEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+=*)")


class NoteFault(ValueError):  # noqa: N818 -- found in what others wrote
    """A text is not a signed note, or not a key."""


class Verifier(Struct, frozen=True):
    """The public half of a key: the name it signs by, and 32 bytes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that identify the key in a signature line."""
        material = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(material).digest()[:4]

    @property
    def text(self) -> str:
        """`name+id+key`, as it is published."""
        return f"{self.name}+{self.id.hex()}+{encoded(ED25519 + self.public)}"


def read_verifier(text: str) -> Verifier:
    """A public key from `name+id+key`; raises `NoteFault`."""
    match = _KEY.fullmatch(text)
    key = decoded(match["key"]) if match else b""
    if match is None or len(key) != 33 or key[:1] != ED25519:  # noqa: PLR2004 -- type and key
        raise NoteFault("not a key")
    verifier = Verifier(match["name"], key[1:])
    if verifier.id.hex() != match["id"]:
        raise NoteFault("the key's id is another's")
    return verifier


def encoded(content: bytes) -> str:
    """Bytes in base 64."""
    return base64.b64encode(content).decode()


def decoded(text: str) -> bytes:
    """Bytes from base 64 in canonical form; raises `NoteFault`."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise NoteFault("not base 64") from None
    if encoded(content) != text:
        raise NoteFault("base 64 with loose ends")
    return content
