"""MkDocs as a person runs it: with our plugin over a content folder, or over written Markdown."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml
from sample_sites import AS_OF, files_below

from generator import SETTINGS, THEME

PLAIN = "build/plain"


def site_files(folder: Path) -> dict[str, bytes]:
    """Every file of a site with its bytes; the mark of a folder of copies is none."""
    files = files_below(folder).items()
    return {name: path.read_bytes() for name, path in files if not name.startswith(".gongbao")}


def put_settings(root: Path, **more: object) -> None:
    """Puts the packaged `mkdocs.yml` beside a content folder, with settings replaced."""
    text = SETTINGS.read_text("utf-8")
    held = {**yaml.safe_load(text), **more} if more else None
    (root / "mkdocs.yml").write_text(yaml.safe_dump(held) if held else text, "utf-8")


def environment(day: date = AS_OF) -> dict[str, str]:
    """What MkDocs finds in its environment: the day, and no notice of its theme's."""
    named = {name: os.environ[name] for name in ("PATH", "GONGBAO_CACHE_KEY")}
    fixed = {"PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"}
    return {**named, **fixed, "GONGBAO_AS_OF": day.isoformat()}


def mkdocs(
    root: Path,
    *words: str,
    prefix: tuple[str, ...] = (),
    more: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """`mkdocs build --strict` in a folder that has a `mkdocs.yml`, behind other programs."""
    return subprocess.run(
        [*prefix, sys.executable, "-m", "mkdocs", "build", "--strict", *words],
        cwd=root,
        env={**environment(), **(more or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )


def mkdocs_of_markdown(docs: Path, nav: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """The same over the pages that `gongbao build --markdown` writes, without our plugin."""
    theme = {
        "name": "material",
        "custom_dir": str(THEME),
        "favicon": "assets/icon.svg",
        "static_templates": [f"assets/{path.name}" for path in (THEME / "assets").glob("*.css")],
    }
    held = {
        "INHERIT": str(nav),
        "docs_dir": str(docs),
        "site_dir": str(target),
        "theme": theme,
        "plugins": [],
        "markdown_extensions": [],
        "validation": {"nav": {"omitted_files": "ignore"}},
    }
    root = target.with_name(f"{target.name}.settings")
    root.mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text(yaml.safe_dump(held), "utf-8")
    return mkdocs(root)
