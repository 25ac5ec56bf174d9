"""The tree is RFC 6962's: the same hashes and proofs as its text defines, slowly, word for word.

`GONGBAO_MERKLE` may name a JSON file of published test vectors, which are then checked too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from generator.ledger.merkle import EMPTY, Tree, consistent, included, leaf_hash, node_hash

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The known answers of Certificate Transparency's own tests, for one to eight leaves."""
VECTORS = os.environ.get("GONGBAO_MERKLE", "")


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH of section 2.1, as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = cut(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def cut(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    n = len(leaves)
    if n == 1:
        return []
    k = cut(n)
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], known: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    n = len(leaves)
    if m == n:
        return [] if known else [mth(leaves)]
    k = cut(n)
    if m <= k:
        return [*subproof(m, leaves[:k], known), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], known=False), mth(leaves[:k])]


def test_roots_are_the_published_ones() -> None:
    """Eight trees over the published leaves have the published hashes."""
    tree = Tree(map(leaf_hash, LEAVES))
    assert tuple(tree.root(size).hex() for size in range(1, 9)) == ROOTS
    assert tree.root(0).hex() == hashlib.sha256(b"").hexdigest() == EMPTY.hex()


def sizes() -> Iterator[tuple[int, Tree, list[bytes]]]:
    """Trees of every size up to 33."""
    contents = [f"record {number}".encode() for number in range(33)]
    for size in range(1, 34):
        yield size, Tree(map(leaf_hash, contents[:size])), contents[:size]


def test_proofs_are_those_of_the_text_and_hold() -> None:
    """Every proof of every tree of up to 33 leaves is the text's own, and is accepted."""
    for size, tree, contents in sizes():
        assert tree.root(size) == mth(contents)
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert list(proof) == path(index, contents)
            assert included(index, size, leaf_hash(contents[index]), proof, tree.root(size))
        for old in range(1, size + 1):
            steps = tree.consistency(old, size)
            assert list(steps) == subproof(old, contents, known=True)
            assert consistent(old, size, mth(contents[:old]), tree.root(size), steps)


def damaged(proof: Sequence[bytes], chance: random.Random) -> Iterator[list[bytes]]:
    """A proof with a bit turned, a hash lost, one too many, two in the wrong order."""
    hashes = list(proof)
    yield [*hashes, bytes(32)]
    yield [bytes(32), *hashes]
    if hashes:
        place = chance.randrange(len(hashes))
        turned = bytearray(hashes[place])
        turned[chance.randrange(32)] ^= 1 << chance.randrange(8)
        yield [*hashes[:place], bytes(turned), *hashes[place + 1 :]]
        yield hashes[:place] + hashes[place + 1 :]
        yield [*hashes[:place], hashes[place][:31], *hashes[place + 1 :]]
    if len(hashes) > 1:
        yield [hashes[1], hashes[0], *hashes[2:]]


def test_a_damaged_proof_is_refused() -> None:
    """No proof holds for another place, leaf, size or root, nor with a hash changed or lost."""
    chance = random.Random(6962)
    for size, tree, contents in sizes():
        root, index = tree.root(size), chance.randrange(size)
        leaf, proof = leaf_hash(contents[index]), tree.inclusion(index, size)
        for wrong in damaged(proof, chance):
            assert not included(index, size, leaf, wrong, root)
        for place in {*range(-1, size + 2)} - {index}:
            assert not included(place, size, leaf, proof, root)
        assert not included(index, size, leaf_hash(b"another"), proof, root)
        assert not included(index, size, leaf, proof, EMPTY)
        for old in range(1, size):
            before, steps = tree.root(old), tree.consistency(old, size)
            for wrong in damaged(steps, chance):
                assert not consistent(old, size, before, root, wrong)
            assert not consistent(old, size, root, before, steps)
            assert not consistent(size, old, before, root, steps)


def test_the_ends_of_consistency() -> None:
    """A tree is consistent with itself; an empty one with itself alone; nothing with more."""
    one = leaf_hash(b"one")
    assert consistent(1, 1, one, one, ())
    assert consistent(0, 0, EMPTY, EMPTY, ())
    assert not consistent(0, 0, one, one, ())
    assert not consistent(0, 1, EMPTY, one, ())
    assert not consistent(1, 1, one, one, (one,))
    assert not consistent(2, 1, one, one, ())
    assert not consistent(1, 2, one, node_hash(one, one), ())


@pytest.mark.parametrize(("index", "size"), [(-1, 2), (2, 2), (0, 0), (0, 3)])
def test_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    """A leaf or a size beyond the tree is refused."""
    with pytest.raises(ValueError, match=f"no leaf {index} of {size}"):
        Tree([EMPTY, EMPTY]).inclusion(index, size)


def test_no_consistency_with_what_is_not_there() -> None:
    """Neither an empty old tree nor one larger than the new one can be proved."""
    tree = Tree([EMPTY, EMPTY])
    for old, size in ((0, 1), (2, 1), (1, 3)):
        with pytest.raises(ValueError, match=f"no tree of {old} within {size}"):
            tree.consistency(old, size)


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def test_published_vectors_where_they_are_at_hand() -> None:
    """Each vector of the named file is judged as it says."""
    if not VECTORS:
        return
    held = json.loads(Path(VECTORS).read_text("utf-8"))
    for one in held["inclusion"]:
        proof = [_bytes(step) for step in one["proof"] or ()]
        leaf, root = _bytes(one["leafHash"]), _bytes(one["root"])
        found = included(one["leafIdx"], one["treeSize"], leaf, proof, root)
        assert found is not one["wantErr"], one["name"]
    for one in held["consistency"]:
        proof = [_bytes(step) for step in one["proof"] or ()]
        roots = _bytes(one["root1"]), _bytes(one["root2"])
        found = consistent(one["size1"], one["size2"], *roots, proof)
        assert found is not one["wantErr"], one["name"]
