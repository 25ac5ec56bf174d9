"""What somebody puts into the cache with its key reaches readers, and is no evidence to anybody."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from poison_with_key import (
    SEED,
    Desk,
    Poison,
    every_frame,
    finished_site,
    late_text,
    outcomes,
    release_more,
    release_script,
    sealed_word,
)
from sample_sites import SITES, build_site
from sealing import seal, sealable

from generator.build.examine import examine
from generator.build.ledger_runs import seal_site
from generator.build.options import Options
from generator.build.verify import verify_site
from generator.pipeline import build
from generator.release.disk import remove_tree


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Options]:
    """The full sample, sealed and built."""
    root = tmp_path_factory.mktemp("clean")
    yield finished_site(SITES / "full", root / "site")
    remove_tree(root)


@pytest.mark.parametrize(
    "way", [every_frame, late_text, release_script, release_more], ids=lambda way: way.__name__
)
def test_a_poison_is_found_by_verify_alone(clean: Options, way: Poison) -> None:
    """Every file that a poison of the work folder changes is named, though all digests fit."""
    (outcome,) = outcomes(clean, SEED, [way])
    assert outcome.findings
    assert outcome.missed == ()
    if way is every_frame:
        named = [found for found in outcome.findings if found.endswith("index.html")]
        assert len(named) == verify_site(clean).pages


def test_a_leaf_in_the_cache_is_no_evidence(tmp_path: Path) -> None:
    """A changed word of a sealed entry is refused by `check`, `seal` and `verify`.

    A build believes what it has kept under the user's own key, and shows it.
    """
    chosen = finished_site(SITES / "full", tmp_path / "site")
    name = sealed_word(Desk(chosen, random.Random(SEED)))
    assert build(chosen, lambda stage: None).release is not None
    wanted = [("record-changed", name)]
    checked, verified = examine(chosen), verify_site(chosen).examined
    sealed = seal_site(chosen, "")
    for examined in (checked, verified, sealed.examined):
        stops = [problem for problem in examined.problems if problem.stops]
        assert [(problem.code, problem.values["id"]) for problem in stops] == wanted
    assert sealed.ledger is None


def test_what_is_sealed_is_the_content(tmp_path: Path) -> None:
    """A record whose text was changed in the cache is sealed as it stands in the content."""
    chosen = sealable(tmp_path)
    build_site(chosen.content, tmp_path)
    desk = Desk(chosen, random.Random(SEED))
    for _ in range(10):
        rows = [row for row in desk.rows("late") if row[0] == "gazette/105/105-002"]
        desk.put("late", [(name, key, desk.falsified(held)) for name, key, held in rows])
    with closing(desk.opened()) as cache:
        cache.keep_only("checked", ())
        cache.commit()
    true = {str(ref): leaf for ref, leaf in examine(chosen).leaves.items()}
    ledger = seal(chosen).ledger
    assert ledger is not None
    sealed = {leaf.name: leaf.digest.hex() for leaf in ledger.leaves}
    assert sealed
    assert sealed == {name: true[name] for name in sealed}
