"""Signed notes, checkpoints and proofs: the published forms, read to the letter."""

from __future__ import annotations

import base64
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from generator.ledger.checkpoint import (
    Proof,
    new_checkpoint,
    read_checkpoint,
    read_hashes,
    read_proof,
)
from generator.ledger.merkle import Tree, leaf_hash
from generator.ledger.signed_note import (
    Note,
    Signature,
    pem_of,
    read_note,
    verifier_of,
)
from generator.text.public_key import NoteFault, Verifier, read_verifier

PUBLISHED = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNED = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
NOTE = f"""\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann {SIGNED}
"""
"""The example of Go's package `note`, whose key and signature are published with it."""
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TREE = Tree(leaf_hash(bytes([number])) for number in range(5))
CHECKPOINT = new_checkpoint("example.org/gazette", 5, TREE.root(5), date(2016, 6, 1), "舊公報 匯入")


def test_a_published_note_is_read_and_its_signature_holds() -> None:
    """The example of the format's first program is ours to check, and to write again."""
    note, verifier = read_note(NOTE.encode()), read_verifier(PUBLISHED)
    assert str(note) == NOTE
    assert verifier.text == PUBLISHED
    assert note.signers([verifier]) == (verifier,)
    with pytest.raises(NoteFault):
        structs.replace(note, text=note.text.replace("answer", "Answer")).signers([verifier])


def test_a_checkpoint_is_these_lines() -> None:
    """Origin, size, hash, then day and reason; a signature line names the key by four bytes."""
    note = CHECKPOINT.note.with_signature("example.org/clerk", KEY)
    lines = str(note).split("\n")
    assert lines[:5] == [
        "example.org/gazette",
        "5",
        base64.b64encode(TREE.root(5)).decode(),
        "date 2016-06-01",
        "backfill 舊公報 匯入",
    ]
    assert lines[5] == ""
    assert lines[6].startswith("— example.org/clerk ")
    assert base64.b64decode(lines[6].split()[2])[:4] == verifier_of("example.org/clerk", KEY).id
    assert lines[7:] == [""]
    held = read_checkpoint(str(note).encode())
    assert (held.origin, held.size, held.root) == ("example.org/gazette", 5, TREE.root(5))
    assert (held.day, held.reason) == (date(2016, 6, 1), "舊公報 匯入")


def test_signers_are_counted_once_and_strangers_not_at_all() -> None:
    """A key that signs twice is one signer; a key that nobody knows is none."""
    one, other = verifier_of("clerk", KEY), verifier_of("mayor", OTHER)
    note = CHECKPOINT.note.with_signature("clerk", KEY).with_signature("clerk", KEY)
    note = note.with_signature("mayor", OTHER)
    assert note.signers([one]) == (one,)
    assert note.signers([other, one]) == (one, other)
    assert note.signers([verifier_of("mayor", KEY)]) == ()


def test_a_key_of_the_same_id_is_not_the_same_key() -> None:
    """A line with the right name and id and another's signature is a false one."""
    one = verifier_of("clerk", KEY)
    forged = Signature("clerk", one.id, OTHER.sign(CHECKPOINT.note.text.encode()))
    with pytest.raises(NoteFault, match="false signature of clerk"):
        Note(CHECKPOINT.note.text, (forged,)).signers([one])


LINE = "— clerk " + base64.b64encode(bytes(68)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "a\nb\n",
        f"a\n\n{LINE}",
        f"a\n\n{LINE}\n\nmore\n",
        f"a\r\n\n{LINE}\n",
        f"a\n\n- clerk{LINE[7:]}\n",
        f"a\n\n—  clerk{LINE[7:]}\n",
        f"a\n\n{LINE} \n",
        f"a\n\n{LINE}\x85{LINE}\n",
        f"a\n\n{LINE}\u2028{LINE}\n",
        "a\n\n— clerk AAAA\n",
        "a\n\n— clerk AAAAAAB=\n",
        "a\n\n— cl+erk AAAAAAAA\n",
    ],
)
def test_a_loose_note_is_refused(text: str) -> None:
    """What is nearly a signed note is none."""
    with pytest.raises(NoteFault):
        read_note(text.encode())
    with pytest.raises(NoteFault):
        read_note(text.encode() + b"\xff")


HASH = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"o\n5\n{HASH[:-4]}\n",
        f"o\n05\n{HASH}\n",
        f"o\n+5\n{HASH}\n",
        f"o\n5 \n{HASH}\n",
        f"o\n٥\n{HASH}\n",
        f"\n5\n{HASH}\n",
        f"o\n5\n{HASH}\n\nmore\n",
        f"o\n5\n{HASH}\ndate 2016-13-01\n",
        "o\n5\n",
    ],
)
def test_a_loose_checkpoint_is_refused(text: str) -> None:
    """Sizes have no sign and no leading zero, hashes 32 bytes, lines something in them."""
    with pytest.raises(NoteFault):
        read_checkpoint(f"{text}\n{LINE}\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        "clerk",
        PUBLISHED.replace("c74f20a3", "c74f20a4"),
        PUBLISHED.replace("PeterNeumann", "PeterNeuman"),
        PUBLISHED.replace("+ARpc", "+AhpC"),
        PUBLISHED[:-4],
        f"{PUBLISHED} ",
    ],
)
def test_a_loose_key_is_refused(text: str) -> None:
    """A key's name and id belong to it; the type is Ed25519."""
    with pytest.raises(NoteFault):
        read_verifier(text)


def test_a_name_cannot_hold_what_a_line_is_cut_at() -> None:
    """Blanks and plus signs stand in no name."""
    for name in ("", "a b", "a+b", "a\nb", "a\u3000b"):
        with pytest.raises(NoteFault):
            verifier_of(name, KEY)


def test_a_public_key_is_written_for_openssl() -> None:
    """The PEM form holds the same 32 bytes."""
    verifier = verifier_of("clerk", KEY)
    body = "".join(pem_of(verifier).decode().split("\n")[1:-2])
    assert base64.b64decode(body).endswith(verifier.public)
    assert read_verifier(verifier.text) == verifier == Verifier("clerk", verifier.public)


def test_a_proof_is_complete_in_itself() -> None:
    """Index, hashes and checkpoint come back as they were; it shows its own leaf alone."""
    proof = Proof(index=3, path=TREE.inclusion(3, 5), checkpoint=CHECKPOINT)
    assert proof.content.startswith(b"c2sp.org/tlog-proof@v1\nindex 3\n")
    held = read_proof(proof.content)
    assert held == proof
    assert held.shows(leaf_hash(b"\x03"))
    assert not held.shows(leaf_hash(b"\x02"))
    alone = Proof(
        index=0,
        path=(),
        checkpoint=new_checkpoint("o", 1, leaf_hash(b"a"), date(2016, 1, 1)),
    )
    assert read_proof(alone.content).shows(leaf_hash(b"a"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 3", b"index 03"),
        (b"index 3", b"Index 3"),
        (b"index 3\n", b"index 3\nAAAA\n"),
        (b"\n\n", b"\n"),
    ],
)
def test_a_loose_proof_is_refused(old: bytes, new: bytes) -> None:
    """What is nearly a proof is none."""
    proof = Proof(index=3, path=TREE.inclusion(3, 5), checkpoint=CHECKPOINT)
    with pytest.raises(NoteFault):
        read_proof(proof.content.replace(old, new, 1))


OTHER_BREAKS = tuple(f"{HASH}{sign}{HASH}\n" for sign in ("\r", "\r\n", "\v", "\f", "\x1c"))
"""Two hashes with what is no line feed between them."""


def test_hashes_stand_one_a_line() -> None:
    """A list of hashes ends in a line break, and each has 32 bytes."""
    assert read_hashes(b"") == ()
    assert read_hashes(f"{HASH}\n".encode()) == (bytes(32),)
    for text in (HASH, f"{HASH}\n\n", f"{HASH[4:]}\n", "é\n", *f"{HASH}\r\n", *OTHER_BREAKS):
        with pytest.raises(NoteFault):
            read_hashes(text.encode())
