"""Words with several spellings: each row is needed, and no word stands in two."""

from __future__ import annotations

from generator.text.normalize import fold
from generator.text.spellings import SPELLINGS


def test_spellings_are_not_folded_alike() -> None:
    """A row has what the folding of characters leaves apart, and each word stands once."""
    words = [fold(word) for group in SPELLINGS for word in group]
    assert len(set(words)) == len(words)
