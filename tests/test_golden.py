"""Artifacts as they are, byte for byte; `pytest --rewrite` accepts new ones."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from sample_sites import SITES, options

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.output.mkdocs.nav import nav_file, theme_settings
from generator.output.renderer import Renderer
from generator.site.plan import plan, shown

GOLDEN = Path(__file__).parent / "golden"
CHOSEN = {
    "minimal": (
        "nav.yml",
        "index.md",
        "gazette/105/105-001/01/index.md",
        "gazette/105/105-001/01/record.json",
        "agencies/city/index.md",
        "feeds/news.xml",
        "data/gazette.csv",
        "data/gazette.json",
    ),
    "full": (
        "reports/2016-05-test/index.md",
        "reports/2016-11-test/periods/index.md",
        "gazette/105/105-001/01/record.json",
        "gazette/105/105-001/manifest.sha256",
        "gazette/105/105-002/02/record.json",
        "statistics/fleet/fleet.csv",
        "statistics/fleet/fleet.json",
    ),
}
"""A page of each shape, a feed, a table, what is sealed: few, since each change is read."""


def produced(name: str) -> dict[str, bytes]:
    """Everything that a sample's site is written as, by address."""
    chosen = options(SITES / name, SITES)
    site = examine(chosen).site
    assert site is not None
    expected, planned = declare(site, chosen.loader), plan(shown(site, draft=False), site.views)
    renderer = Renderer(site, planned.feeds, chosen.loader)
    markdown = (renderer.markdown(page, block) for page, block in expected.pages)
    artifacts = (*markdown, *expected.artifacts, nav_file(theme_settings(planned.navigation, site)))
    return {artifact.address: artifact.content for artifact in artifacts}


def test_artifacts_are_as_expected(rewrite: bool) -> None:
    """The chosen artifacts equal the files of `tests/golden`, which holds nothing else."""
    artifacts = {name: produced(name) for name in sorted(CHOSEN)}
    chosen = {f"{n}/{address}": artifacts[n][address] for n in artifacts for address in CHOSEN[n]}
    if rewrite:
        _rewrite(chosen)
    golden = {
        path.relative_to(GOLDEN).as_posix(): path.read_bytes()
        for path in GOLDEN.rglob("*")
        if path.is_file()
    }
    assert sorted(golden) == sorted(chosen)
    for address, content in chosen.items():
        assert content.decode() == golden[address].decode(), address
        assert content == golden[address], address


def _rewrite(chosen: Mapping[str, bytes]) -> None:
    if GOLDEN.exists():
        shutil.rmtree(GOLDEN)
    for address, content in chosen.items():
        path = GOLDEN / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
