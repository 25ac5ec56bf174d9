"""The Merkle tree of RFC 6962: one root hash commits to every sealed record and to their order.

With the root and a short proof, anybody can check that a record is in the tree and that a later
tree extends it.  Both checks follow RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

EMPTY = hashlib.sha256().digest()
"""The hash of a tree without leaves."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf: 32 bytes."""
    return hashlib.sha256(b"\0" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node from the hashes of its children."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A tree over leaf hashes; the hash of every complete subtree is computed once."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._rows: list[list[bytes]] = [list(leaves)]
        while len(self._rows[-1]) > 1:
            below = self._rows[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            self._rows.append([node_hash(left, right) for left, right in pairs])

    def __len__(self) -> int:
        return len(self._rows[0])

    def root(self, size: int) -> bytes:
        """The hash of the first `size` leaves."""
        return self._hash(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """The proof that leaf `index` is in the tree of `size` leaves, the nearest hash first."""
        if not 0 <= index < size <= len(self):
            raise ValueError(f"no leaf {index} of {size}")
        return tuple(self._path(index, 0, size))

    def consistency(self, old: int, size: int) -> tuple[bytes, ...]:
        """The proof that the tree of `size` leaves extends that of the first `old`, 1 or more."""
        if not 0 < old <= size <= len(self):
            raise ValueError(f"no tree of {old} within {size}")
        return tuple(self._subproof(old, 0, size, root_known=True)) if old < size else ()

    def _hash(self, start: int, end: int) -> bytes:
        """The hash of the leaves from `start` to before `end`, as RFC 6962 splits trees."""
        span = end - start
        if span & (span - 1) == 0:
            return self._rows[span.bit_length() - 1][start // span]
        middle = start + _split(span)
        return node_hash(self._hash(start, middle), self._hash(middle, end))

    def _path(self, index: int, start: int, end: int) -> Iterator[bytes]:
        if end - start == 1:
            return
        middle = start + _split(end - start)
        if index < middle:
            yield from self._path(index, start, middle)
            yield self._hash(middle, end)
        else:
            yield from self._path(index, middle, end)
            yield self._hash(start, middle)

    def _subproof(self, old: int, start: int, end: int, *, root_known: bool) -> Iterator[bytes]:
        """`root_known` is RFC 6962's b: this subtree is the whole old tree, whose root is known."""
        if old == end:
            if not root_known:
                yield self._hash(start, end)
            return
        middle = start + _split(end - start)
        if old <= middle:
            yield from self._subproof(old, start, middle, root_known=root_known)
            yield self._hash(middle, end)
        else:
            yield from self._subproof(old, middle, end, root_known=False)
            yield self._hash(start, middle)


def _split(span: int) -> int:
    """The largest power of two below a span of two or more."""
    return 1 << ((span - 1).bit_length() - 1)


def included(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that the tree with this size and root has `leaf` at `index`."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    place, last, computed = index, size - 1, leaf
    for step in proof:
        if not last:
            return False
        if place & 1 or place == last:
            computed = node_hash(step, computed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            computed = node_hash(computed, step)
        place, last = place >> 1, last >> 1
    return not last and computed == root


def consistent(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that a tree of `size` leaves extends the tree of the first `old`.

    The RFC defines no proof from an empty tree, so an empty one is consistent only with itself.
    """
    if old == size:
        return not proof and old_root == root and (size > 0 or root == EMPTY)
    if not (0 < old < size and proof and _are_hashes(old_root, root, *proof)):
        return False
    steps = [old_root, *proof] if old & (old - 1) == 0 else proof
    return _leads(old - 1, size - 1, steps) == (old_root, root)


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == len(EMPTY) for value in values)


def _leads(place: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The old and the new root computed from a proof; None if it is too long or too short."""
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if not last:
            return None
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return None if last else (before, after)
