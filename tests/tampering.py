"""Copies of a built site that a test may damage, and the ways of damaging them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, Template
from msgspec import structs
from publishing import manifest_text

from generator.build.options import Options
from generator.output.plugins import Plugins
from generator.release.publish import published, release_name
from generator.release.releases import release
from generator.release.site_mark import read_mark, write_mark


class CompiledOnce(BaseLoader):
    """A loader that compiles each template once a test run: half of a verification's time."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner
        self._codes: dict[str, CodeType] = {}

    def load(self, environment: Environment, name: str, globals: Any = None) -> Template:
        """The template, bound to the environment that asks for it."""
        if name not in self._codes:
            source, filename, _ = self._inner.get_source(environment, name)
            self._codes[name] = environment.compile(source, name, filename)
        variables = environment.make_globals(globals)
        return environment.template_class.from_code(environment, self._codes[name], variables)


def copy_of(built: Options, root: Path) -> Options:
    """The same site below `root`, as files of its own, with the list of its work folder."""
    shutil.copytree(built.site, root / "site")
    manifest = published(built.work, built.site).manifest
    (root / "build/releases").mkdir(parents=True)
    shutil.copyfile(manifest, root / "build/releases" / manifest.name)
    plugins = Plugins((built.kinds, built.views, CompiledOnce(built.loader)))
    return replace(built, work=root / "build", site=root / "site", plugins=plugins)


def remake_manifest(site: Options) -> None:
    """Makes the list of digests fit what the site holds now: only its sense can tell a fault."""
    listing, mark = manifest_text(site.site), read_mark(site.site)
    assert mark
    published(site.work, site.site).manifest.unlink()
    named = release(site.work, release_name(listing))
    named.manifest.write_text(listing, encoding="utf-8")
    write_mark(site.site, structs.replace(mark, release=named.digest))


@contextmanager
def restoring(*paths: Path) -> Iterator[None]:
    """Puts files back as they were, or away where there was none."""
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    try:
        yield
    finally:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Changes a file's text; raises `AssertionError` where nothing would change."""
    text = path.read_bytes().decode()
    changed = change(text)
    assert changed != text, f"nothing to damage in {path}"
    path.write_bytes(changed.encode())
