"""Ed25519 (RFC 8032) with public keys of 32 bytes.

Apart from `signed_note`, so that a site that seals nothing never imports `cryptography`.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def verifies(public: bytes, signature: bytes, content: bytes) -> bool:
    """Whether a signature over these bytes is valid for a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def public_pem(public: bytes) -> bytes:
    """The public key in PEM, as OpenSSL reads it."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
