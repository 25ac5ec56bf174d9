"""Private keys on disk: PEM, readable by their owner only, encrypted if a phrase is given."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from generator.content.open_flags import NEW
from generator.content.yaml_reader import read_bytes
from generator.release.disk import naming


class KeyFault(ValueError):  # noqa: N818 -- the user's to mend
    """A file holds no Ed25519 key, or the phrase does not decrypt it."""


def write_key(path: Path, key: Ed25519PrivateKey, phrase: bytes = b"") -> None:
    """Writes a private key to a new file; raises `FileExistsError`."""
    lock: KeySerializationEncryption = NoEncryption()
    if phrase:
        lock = BestAvailableEncryption(phrase)
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    with naming(path), open(os.open(path, NEW, 0o600), "wb") as file:
        file.write(content)


def read_phrase(path: Path | None) -> bytes:
    """The phrase that encrypts a key: the first line of a file; b"" without a file."""
    return read_bytes(path).partition(b"\n")[0] if path else b""


def read_key(path: Path, phrase: bytes) -> Ed25519PrivateKey:
    """A private key from its file; raises `KeyFault`, or `OSError` if it cannot be read."""
    try:
        key = load_pem_private_key(read_bytes(path), phrase or None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFault(str(path)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault(str(path))
    return key
