"""`verify` sees what it claims to see: every fault is planted once."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import SITES, build_site, options

from generator.manifest import manifest_text
from generator.pipeline import Options, declare, examine, verify_site
from generator.publish import manifest_of
from generator.verify import Expected, verify, verify_manifest

FAULTS = 200
ENTRY = "gazette/105/105-001/01/index.html"


@pytest.fixture(scope="module")
def expected(full_site: Options) -> Expected:
    """What the full sample's site must hold."""
    site = examine(full_site).site
    assert site is not None
    return declare(site, full_site).expected


@pytest.fixture(scope="module")
def opened(full_site: Options, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the full sample's site that may be damaged and mended."""
    copy = tmp_path_factory.mktemp("opened") / "site"
    shutil.copytree(full_site.site.resolve(), copy, copy_function=shutil.copyfile)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    yield copy
    shutil.rmtree(copy)


def _edit(pattern: str, replacement: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        changed, count = re.subn(pattern, replacement, text, count=1, flags=re.S)
        assert count == 1, pattern
        return changed

    return edit


SEMANTIC: tuple[tuple[str, str, Callable[[str], str], str], ...] = (
    ("text", ENTRY, _edit("一、公文", "一、公函"), "verify-content"),
    ("title", ENTRY, _edit("<title>訂定", "<title>修正"), "verify-head"),
    ("description", ENTRY, _edit('(name="description" content=")', r"\1舊"), "verify-head"),
    ("canonical", ENTRY, _edit('(rel="canonical" href="https://)', r"\1www."), "verify-head"),
    ("robots", ENTRY, _edit('<meta name="robots" content="noindex">', ""), "verify-head"),
    ("language", ENTRY, _edit('<html lang="zh-TW"', '<html lang="en"'), "verify-head"),
    ("cut off", ENTRY, lambda text: text[: len(text) - 40], "verify-cut-off"),
    ("link", ENTRY, _edit('href="../"', 'href="../nowhere/"'), "verify-link"),
    ("anchor", ENTRY, _edit('href="#art-2"', 'href="#art-99"'), "verify-anchor"),
    ("feed", "feeds/gazette.xml", _edit("<item>.*?</item>", ""), "verify-altered"),
    ("cell", "statistics/fleet/fleet.csv", _edit("34", "35"), "verify-altered"),
    ("record", "gazette/105/105-001/01/record.json", _edit("公文", "公函"), "verify-altered"),
    ("sitemap", "sitemap.xml", _edit("<url>.*?</url>", ""), "verify-sitemap"),
    (
        "attachment",
        "gazette/105/105-001/03/草案總說明.txt",
        lambda text: text + "。",
        "verify-altered",
    ),
)


def test_a_clean_site_has_no_fault(opened: Path, expected: Expected) -> None:
    """What was declared and built is found in order."""
    assert list(verify(opened, expected)) == []


@pytest.mark.parametrize(("name", "path", "edit", "code"), SEMANTIC, ids=[s[0] for s in SEMANTIC])
def test_each_fault_is_seen_without_the_list_of_digests(
    name: str,
    path: str,
    edit: Callable[[str], str],
    code: str,
    opened: Path,
    expected: Expected,
) -> None:
    """The content alone gives a fault away, with its code and its file."""
    file = opened / path
    held = file.read_bytes()
    file.write_bytes(edit(held.decode()).encode())
    try:
        found = {(problem.code, problem.origin.path) for problem in verify(opened, expected)}
    finally:
        file.write_bytes(held)
    assert (code, path) in found, name


def test_a_missing_and_an_added_page_are_seen(opened: Path, expected: Expected) -> None:
    """The set of files is the declared one, in both directions."""
    moved = opened / "gazette/105/105-001/91/index.html"
    moved.parent.mkdir()
    (opened / ENTRY).rename(moved)
    try:
        found = {(problem.code, problem.origin.path) for problem in verify(opened, expected)}
    finally:
        moved.rename(opened / ENTRY)
        moved.parent.rmdir()
    assert ("verify-missing", ENTRY) in found
    assert ("verify-undeclared", "gazette/105/105-001/91/index.html") in found


def _flip(file: Path, chance: random.Random) -> str:
    held = bytearray(file.read_bytes())
    place = chance.randrange(len(held))
    held[place] ^= 1 << chance.randrange(8)
    file.write_bytes(held)
    return "flipped"


def _cut(file: Path, chance: random.Random) -> str:
    held = file.read_bytes()
    file.write_bytes(held[: chance.randrange(len(held))])
    return "cut"


def _remove(file: Path, chance: random.Random) -> str:
    del chance
    file.unlink()
    return "removed"


def _grow(file: Path, chance: random.Random) -> str:
    del chance
    file.write_bytes(file.read_bytes() + b"\n")
    return "grown"


def _add(file: Path, chance: random.Random) -> str:
    twin = file.with_name(f"{chance.randrange(10**6)}-{file.name}")
    twin.write_bytes(file.read_bytes())
    return twin.name


def _semantic_plant(file: Path, chance: random.Random) -> str:
    text = file.read_bytes()
    edits = ((b"href=", b"hrfe="), (b"<item>", b"<itm>"), (b",", b";"), (b"<title>", b"<ttle>"))
    fitting = [(old, new) for old, new in edits if old in text]
    if not fitting:
        return _flip(file, chance)
    old, new = chance.choice(fitting)
    file.write_bytes(text.replace(old, new, 1))
    return "edited"


PLANTS = (_flip, _cut, _remove, _grow, _add, _semantic_plant)


def test_two_hundred_random_faults_are_named(full_site: Options, opened: Path) -> None:
    """Whatever happens to whichever file, the list of digests names that file."""
    chance = random.Random(20160506)
    listing = manifest_of(full_site.site).read_text(encoding="utf-8")
    digest = full_site.site.resolve().name
    files = sorted(path for path in opened.rglob("*") if path.is_file())
    for _ in range(FAULTS):
        file = chance.choice(files)
        held = file.read_bytes()
        before = {path.name for path in file.parent.iterdir()}
        chance.choice(PLANTS)(file, chance)
        added = {path.name for path in file.parent.iterdir()} - before
        wanted = {file.parent / name for name in added or {file.name}}
        named = {opened / p.origin.path for p in verify_manifest(opened, listing, digest)}
        for name in added:
            (file.parent / name).unlink()
        file.write_bytes(held)
        assert named == wanted
    assert manifest_text(opened) == listing


def test_the_command_names_a_damaged_file(tmp_path: Path) -> None:
    """`gongbao verify` compares the published site itself."""
    build_site(SITES / "minimal", tmp_path)
    chosen = options(SITES / "minimal", tmp_path)
    assert verify_site(chosen).faults == ()
    page = chosen.site.resolve() / ENTRY
    page.chmod(0o644)
    page.write_text(page.read_text(encoding="utf-8").replace("檔案", "擋案"), encoding="utf-8")
    codes = {(fault.code, fault.origin.path) for fault in verify_site(chosen).faults}
    assert codes == {("verify-altered", ENTRY), ("verify-content", ENTRY), ("verify-head", ENTRY)}


def test_a_forged_list_of_digests_is_noticed(tmp_path: Path) -> None:
    """A list that was rewritten to fit a damaged site no longer fits the release's name."""
    build_site(SITES / "minimal", tmp_path)
    chosen = options(SITES / "minimal", tmp_path)
    folder = chosen.site.resolve()
    page = folder / ENTRY
    page.chmod(0o644)
    page.write_bytes(page.read_bytes() + b" ")
    manifest = manifest_of(chosen.site)
    manifest.write_text(manifest_text(folder), encoding="utf-8")
    assert "verify-manifest" in {fault.code for fault in verify_site(chosen).faults}
