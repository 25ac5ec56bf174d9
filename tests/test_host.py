"""The host is replaceable: plain MkDocs on the written Markdown gives the same site."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from conftest import SITES, build_site

from generator.pipeline import Options

PROJECT = Path(__file__).resolve().parents[1]
COMPARED = (".html", ".xml", ".json", ".csv")


def _files(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in COMPARED
    }


def _plain_mkdocs(work: Path, target: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(PROJECT / "mkdocs.yml")],
        env={
            "PATH": "/usr/bin:/bin",
            "GONGBAO_NAV": str(work / "nav.yml"),
            "GONGBAO_DOCS": str(work / "docs"),
            "GONGBAO_PLAIN": str(target),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_plain_mkdocs_gives_the_same_site(full_site: Options, tmp_path: Path) -> None:
    """`mkdocs build --strict` alone makes the same html, xml, json and csv, byte for byte."""
    target = tmp_path / "plain"
    _plain_mkdocs(full_site.work, target)
    ours, plain = _files(full_site.site.resolve()), _files(target)
    assert sorted(ours) == sorted(plain)
    assert [path for path in ours if ours[path] != plain[path]] == []


def test_hostile_texts_pass_the_host_unchanged(tmp_path: Path) -> None:
    """Signs that Markdown, HTML or a template would eat stand in the finished page."""
    built = build_site(SITES / "unicode", tmp_path)
    assert built.faults == ()
