"""Helpers of templates: sizes of files in words."""

from __future__ import annotations

import pytest

from generator.output.html import file_size

KB, MB, GB = 1 << 10, 1 << 20, 1 << 30


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (KB - 1, "1023 B"),
        (KB, "1.0 KB"),
        (3 * KB // 2, "1.5 KB"),
        (MB - 60, "1023.9 KB"),
        (MB - 1, "1.0 MB"),
        (MB, "1.0 MB"),
        (GB - 60 * KB, "1023.9 MB"),
        (GB - 1, "1.0 GB"),
        (GB, "1.0 GB"),
        (2000 * GB, "2000.0 GB"),
    ],
)
def test_a_size_has_the_unit_that_its_rounded_number_needs(count: int, words: str) -> None:
    """No size is 1024.0 of a unit that has a larger one above it."""
    assert file_size(count) == words
