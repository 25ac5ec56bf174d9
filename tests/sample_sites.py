"""Sites for tests: a scratch one made of a few texts, and the full sample built once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import settings

from generator.build.examine import examine
from generator.build.options import Built, Examined, Options
from generator.pipeline import build
from generator.release.secret_key import Secret
from generator.release.site_mark import MARK
from generator.site.kind import Site
from generator.text.urls import counterpart

pytest_plugins = ["browsing"]
settings.register_profile("gongbao", deadline=None)  # no test asserts seconds
settings.load_profile("gongbao")

os.environ["GONGBAO_CACHE_KEY"] = KEY = "the key of these tests, and of nothing else"
"""For programs that tests start as well: none may write into the home of whoever runs them."""
SITES = Path(__file__).parent / "sites"
AS_OF = date(2016, 6, 1)

MINIMAL: Mapping[str, str] = {
    path.relative_to(SITES / "minimal").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((SITES / "minimal").rglob("*"))
    if path.is_file()
}
ScratchSite = Callable[[Mapping[str, str | bytes]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the flag that rewrites expected texts instead of comparing them."""
    parser.addoption("--rewrite", action="store_true", help="rewrite expected texts")


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are to be rewritten."""
    return bool(request.config.getoption("--rewrite"))


def options(content: Path, root: Path, as_of: date = AS_OF) -> Options:
    """Options for a build of `content` with its work and site below `root`."""
    return Options(
        content=content,
        work=root / "build",
        site=root / "site",
        as_of=as_of,
        secret=Secret(KEY),
    )


def examine_folder(content: Path, as_of: date = AS_OF) -> Examined:
    """The content as read and checked."""
    return examine(options(content, content.parent, as_of))


@cache
def sample_site(name: str) -> Site:
    """The content of a sample in `sites/`, read once."""
    site = examine_folder(SITES / name).site
    assert site is not None
    return site


def build_site(content: Path, root: Path, as_of: date = AS_OF, *, markdown: bool = False) -> Built:
    """The site of `content`, built below `root`; fails unless it became visible."""
    share_templates()
    chosen = replace(options(content, root, as_of), markdown=markdown)
    built = build(chosen, lambda stage: None)
    assert built.release is not None, built
    return built


def empty_sections(site: Site) -> Iterator[str]:
    """The index pages of kinds without records: they keep their addresses, unlinked."""
    for kind in site.kinds:
        if kind.section and not site.records(kind):
            yield from (kind.section.address, counterpart(kind.section.address))


def files_below(folder: Path) -> dict[str, Path]:
    """Every file that a reader of a folder reaches, by address, but for the mark of a site."""
    files = {}
    for above, _, names in os.walk(folder, followlinks=True):
        for name in names:
            path = Path(above, name)
            if path == folder / MARK:
                continue
            files[path.relative_to(folder).as_posix()] = path
    return dict(sorted(files.items()))


@pytest.fixture
def scratch_site(tmp_path: Path) -> ScratchSite:
    """A maker of small sites: the minimal one, with the given files added or replaced."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        content = tmp_path / "content"
        for name, text in {**MINIMAL, **files}.items():
            path = content / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return content

    return make


OLD_NAMES = ("1", "a b", 'say "so"', "a;b", "$uri", "公報", "it's", "a:b*c")
OLD_ADDRESSES = (
    *(f"https://example.org/old/{quote(name)}.html" for name in OLD_NAMES),
    "https://example.org/old/a%20b;$%22.aspx",
    "https://example.org/%E8%88%8A/%E5%85%AC.aspx",
    "https://example.org/%A4%BD.asp",
    "https://example.org/Show.aspx?id=7&n=公&x='$1",
    f"https://example.org/{'long' * 60}/{'long' * 60}/{'long' * 60}.asp",
    "https://old.example/Show.aspx?id=7",
)


@pytest.fixture(scope="session")
def moved_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal site, whose first entry has stood at many old addresses; built once."""
    root = tmp_path_factory.mktemp("moved")
    shutil.copytree(SITES / "minimal", root / "content")
    listed = "".join(f"- {url}\n" for url in OLD_ADDRESSES)
    entry = "gazette/105/105-001/01.yaml"
    (root / "content" / entry).write_text(f"{MINIMAL[entry]}legacy_urls:\n{listed}", "utf-8")
    build_site(root / "content", root)
    return root / "site"


@pytest.fixture(scope="session")
def full_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Options]:
    """The options of the full sample, built once, with its Markdown; nobody may change it."""
    root = tmp_path_factory.mktemp("full")
    build_site(SITES / "full", root, markdown=True)
    yield replace(options(SITES / "full", root), markdown=True)
    shutil.rmtree(root)


@cache
def share_templates() -> None:
    """Has all builds of this process share the theme's compiled templates.

    To compile them takes a third of the build of a small site, and a process makes hundreds; each
    build still asks whether a template's file has changed.
    """
    # most tests build nothing, and need not load it
    from mkdocs.theme import Theme  # noqa: PLC0415

    environments: dict[tuple[str, ...], Any] = {}
    own = Theme.get_env

    def shared(theme: Theme) -> Any:
        dirs = tuple(theme.dirs)
        if dirs not in environments:
            environments[dirs] = own(theme)
            environments[dirs].auto_reload = True
        return environments[dirs]

    pytest.MonkeyPatch().setattr(Theme, "get_env", shared)  # as long as the process runs


@pytest.fixture(scope="session")
def shared_frames() -> None:
    """The same for tests that build nothing but frames."""
    share_templates()
