"""Same content, same day: same bytes, wherever and whenever."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from publishing import manifest_of
from sample_sites import SITES, ScratchSite, build_site, files_below, options

from generator.pipeline import build

WORLDS: tuple[Mapping[str, str], ...] = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Taipei", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4711", "TZ": "America/Los_Angeles", "LC_ALL": "C", "LANG": "POSIX"},
)


def _build(root: Path, world: Mapping[str, str], prefix: list[str]) -> str:
    content = root / "somewhere" / "content"
    shutil.copytree(SITES / "full", content)
    command = [*prefix, sys.executable, "-m", "generator", "build", "--as-of", "2016-06-01"]
    command += ["--content", str(content), "--work", str(root / "w"), "--site", str(root / "s")]
    done = subprocess.run(
        command,
        env={"PATH": "/usr/bin:/bin", **world},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return manifest_of(root / "s", root / "w").read_text(encoding="utf-8")


def test_hash_seed_zone_locale_folder_and_clock_do_not_matter(tmp_path: Path) -> None:
    """Two builds, the second in another world more than a year later, are byte-identical."""
    assert shutil.which("faketime"), "the program faketime is missing; .ci/machine installs it"
    first = _build(tmp_path / "one", WORLDS[0], [])
    second = _build(tmp_path / "two", WORLDS[1], ["faketime", "-f", "+398d"])
    assert first == second


def _inodes(folder: Path) -> Mapping[str, int]:
    return {name: path.stat().st_ino for name, path in files_below(folder).items()}


def test_an_unchanged_site_is_not_written_again(tmp_path: Path) -> None:
    """A second build leaves every written file and the release as they were."""
    first = build_site(SITES / "minimal", tmp_path)
    before = _inodes(tmp_path / "build" / "bundles")
    assert any(name.endswith("/gazette/105/105-001/01/index.html") for name in before)
    second = build_site(SITES / "minimal", tmp_path)
    assert (second.changed, second.release) == (0, first.release)
    assert _inodes(tmp_path / "build" / "bundles") == before


def test_what_is_no_longer_declared_goes(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """The page of an entry that was deleted before publication leaves Markdown and site."""
    content = scratch_site({"gazette/105/105-001/02.yaml": SECOND})
    build_site(content, tmp_path, markdown=True)
    assert (tmp_path / "site/gazette/105/105-001/02/index.html").is_file()
    assert (tmp_path / "build/docs/gazette/105/105-001/02/index.md").is_file()
    (content / "gazette/105/105-001/02.yaml").unlink()
    build_site(content, tmp_path, markdown=True)
    assert not (tmp_path / "build/docs/gazette/105/105-001/02").exists()
    assert not (tmp_path / "site/gazette/105/105-001/02").exists()


SECOND = """\
title: 第二則紀錄
category: other
form: other
issuers: [city]
dispatch_date: 105-01-04
body: 文字。
"""


@pytest.mark.parametrize("as_of", ["2016-01-04", "2016-01-05"])
def test_an_issue_appears_on_its_day(as_of: str, tmp_path: Path) -> None:
    """An issue dated after as-of is checked, but not in the site."""
    day = date.fromisoformat(as_of)
    build(options(SITES / "minimal", tmp_path, day), lambda stage: None)
    there = (tmp_path / "site/gazette/105/105-001/01/index.html").is_file()
    assert there == (as_of == "2016-01-05")
