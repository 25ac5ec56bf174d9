"""A work folder that somebody without the key has spoiled costs a cold build and nothing else.

`GONGBAO_POISONS` is the number of random poisons, 8 if unset, of each kind in turn;
`GONGBAO_SEED` the seed.
"""

from __future__ import annotations

import os

from poison_cache import AS_OF, POISONS, effective, harmless, outcomes
from sample_sites import SITES

COUNT = int(os.environ.get("GONGBAO_POISONS", "8"))
SEED = int(os.environ.get("GONGBAO_SEED", "19"))
STRIDE = 5
"""From one poison to the next, so that eight of them are of eight sorts."""


def test_no_poison_reaches_a_site() -> None:
    """After each the site is that of a cold build, or the folder is refused."""
    numbers = [SEED + STRIDE * turn for turn in range(COUNT)]
    assert len({number % len(POISONS) for number in numbers}) == min(COUNT, len(POISONS))
    told = list(outcomes(SITES / "full", AS_OF, numbers, SEED, lambda text: None))
    assert len(told) == COUNT
    assert [one for one in told if not harmless(one)] == []


def test_a_poison_that_has_an_effect_is_seen() -> None:
    """What counts as harmless here is what changed nothing, or was refused where it may be."""
    quiet = {"poison": "title", "refused": "", "differing": [], "count": 0}
    assert harmless(quiet)
    assert not effective(quiet)
    for changed in (
        {**quiet, "differing": ["index.html"], "count": 1},
        {**quiet, "refused": "work"},
        {**quiet, "failed": True},
    ):
        assert not harmless(changed)
    assert effective({**quiet, "count": 1})
    assert harmless({**quiet, "poison": "owner", "refused": "work-owner"})
    assert effective({**quiet, "poison": "owner"})
