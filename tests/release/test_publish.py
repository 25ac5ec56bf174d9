"""A site is finished and verified before one rename makes it visible; nothing else is touched."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader, TemplateNotFound
from sample_sites import AS_OF, SITES, ScratchSite, build_site, files_below, options

from generator.build import show
from generator.build.options import Options
from generator.build.progress import unheard
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, FAULT, USAGE
from generator.commands._progress_line import STAGES
from generator.output.mkdocs import host_settings
from generator.output.mkdocs.host_settings import ThemeRefused
from generator.output.plugins import Plugins
from generator.pipeline import build, visible_site
from generator.release.disk import remove_tree
from generator.release.publish import manifest_of, switch
from generator.release.releases import Release
from generator.release.target import Outcome, Place, PublishFailed

ENTRY = "gazette/105/105-001/01.yaml"
BROKEN_LINK = '{% extends "page.html" %}{% block content %}<a href="no/such/">x</a>{% endblock %}'


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the minimal site built in it; nobody may change it."""
    root = tmp_path_factory.mktemp("first")
    shutil.copytree(SITES / "minimal", root / "content")
    build_site(root / "content", root)
    yield root
    remove_tree(root)


@pytest.fixture
def published(first: Path, tmp_path: Path) -> Options:
    """The minimal site, published: its content may be changed and built again."""
    root = tmp_path / "published"
    shutil.copytree(first, root, symlinks=True)
    return options(root / "content", root)


def arguments(site: Options, command: str = "build") -> list[str]:
    """The command line of a build with a site's options."""
    return [
        command,
        *("--content", str(site.content)),
        *("--work", str(site.work)),
        *("--site", str(site.site)),
        *("--as-of", AS_OF.isoformat()),
    ]


def state(site: Options) -> tuple[Path, str, dict[str, bytes]]:
    """What a reader of the site could notice: where it leads and every byte in it."""
    files = {name: path.read_bytes() for name, path in files_below(site.site).items()}
    assert "gazette/105/105-001/01/index.html" in files
    return site.site.readlink(), manifest_of(site.site).read_text(encoding="utf-8"), files


def releases(site: Options) -> list[str]:
    """The names in the folder of releases."""
    return sorted(path.name for path in (site.work / "releases").iterdir())


def test_the_site_is_a_link_to_a_release_named_after_its_list(first: Path) -> None:
    """`site` leads to `releases/<digest>`, and the list of digests stands beside it."""
    folder = (first / "site").resolve()
    assert (first / "site").is_symlink()
    assert folder.parent == (first / "build/releases").resolve()
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        folder.name,
        f"{folder.name}.carried",
        f"{folder.name}.sha256",
        "order",
    ]


def test_a_release_cannot_be_written_to(first: Path) -> None:
    """Every file and folder of a release is read-only, and so is every stored bundle."""
    folder = (first / "site").resolve()
    sealed = sorted(path for path in (first / "build/volumes").iterdir() if path.is_dir())
    assert sealed
    writable = [
        path.name
        for top in (folder, *sealed)
        for path in (top, *top.rglob("*"))
        if stat.S_IMODE(path.stat().st_mode) & 0o222
    ]
    assert writable == []


def test_nothing_is_visible_before_verification_ends(tmp_path: Path) -> None:
    """At every stage that a build announces, the site is not there yet."""
    chosen = options(SITES / "minimal", tmp_path)
    seen: list[tuple[str, bool]] = []
    built = build(chosen, lambda stage: seen.append((stage, os.path.lexists(chosen.site))))
    assert seen == [(stage, False) for stage in STAGES if stage != "markdown"]  # only if asked for
    assert built.release is not None
    assert chosen.site.resolve() == built.release.folder.resolve()


def test_the_same_content_gives_the_same_release(published: Options) -> None:
    """A repeated build ends in the same release and leaves no other behind."""
    before, names = state(published), releases(published)
    built = build(published, lambda stage: None)
    assert built.release is not None
    assert built.release.digest == published.site.resolve().name
    assert (state(published), releases(published)) == (before, names)


def test_new_content_replaces_the_release(published: Options) -> None:
    """After an edit the link leads to a new release; the old one is kept, and nothing else."""
    old, new = (folder.name for folder in _edited(published))
    assert new != old
    ends = ("", ".carried", ".sha256")
    assert releases(published) == sorted([*(f"{n}{e}" for n in (old, new) for e in ends), "order"])
    assert (published.work / "releases/order").read_text("utf-8").split() == [old, new]
    assert "修正檔案要點" in (published.site / "index.html").read_text("utf-8")


def _links(folder: Path) -> dict[str, tuple[str, int]]:
    """Where each link of a release leads, and its inode; those of the search may be carried."""
    places = (path for path in sorted(folder.rglob("*")) if path.parent.name != "search")
    found = (path for path in places if path.is_symlink())
    return {
        path.relative_to(folder).as_posix(): (str(path.readlink()), path.lstat().st_ino)
        for path in found
    }


def _edited(published: Options) -> tuple[Path, Path]:
    """The release before an edit, and the one after it."""
    old = published.site.resolve()
    entry = published.content / ENTRY
    entry.write_text(entry.read_text("utf-8").replace("訂定檔案要點", "修正檔案要點"), "utf-8")
    build_site(published.content, published.content.parent)
    return old, published.site.resolve()


def test_a_link_that_stays_is_that_of_the_release_before(published: Options) -> None:
    """Only links to other bundles are made: an archive has thousands, and an edit a few."""
    old, new = map(_links, _edited(published))
    same = {name for name, (way, _) in new.items() if name in old and old[name][0] == way}
    assert same
    assert same != new.keys()
    assert {name for name, (_, inode) in new.items() if old.get(name, ("", 0))[1] == inode} == same


def test_links_that_cannot_be_shared_are_made_anew(
    published: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file system has no second name for a link, the site is the same."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    old, new = map(_links, _edited(published))
    assert not {inode for _, inode in old.values()} & {inode for _, inode in new.values()}
    monkeypatch.undo()
    listed = manifest_of(published.site).read_bytes()
    build_site(published.content, published.content.parent / "again")
    assert manifest_of(published.content.parent / "again/site").read_bytes() == listed


def written(work: Path) -> dict[Path, int]:
    """What stands in a work folder, beside what a run notes for the next one."""
    notes = ("cache.sqlite", "cache.sqlite-shm", "cache.sqlite-wal", "started")
    found = (path for path in work.rglob("*") if path.name not in notes)
    return {path: path.lstat().st_mtime_ns for path in found}


def test_a_content_error_leaves_the_site(
    published: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an error in the content a build ends with 1, and neither site nor work changes."""
    before = state(published)
    work = written(published.work)
    (published.content / ENTRY).write_text("title: 缺少其他欄位\n", "utf-8")
    assert main(arguments(published)) == CONTENT
    assert "[field-required]" in capsys.readouterr().out
    assert state(published) == before
    assert written(published.work) == work


def test_settings_that_mkdocs_refuses_leave_the_site(
    published: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where MkDocs refuses `mkdocs.yml` the old site stays, and a next build works."""
    before = state(published)
    (published.work / "cache.sqlite").unlink()
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ntheme: {name: nothing}\n", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(host_settings, "SETTINGS", tmp_path / "mkdocs.yml")
        with pytest.raises(ThemeRefused, match="nothing"):
            build(published, lambda stage: None)
    assert state(published) == before
    assert build(published, lambda stage: None).release is not None
    assert "staging" not in releases(published)


def test_a_fault_found_by_verification_leaves_the_site(published: Options) -> None:
    """A page with a broken link is named, and the old site stays; the next build cleans up."""
    before = state(published)
    templates = DictLoader({"gazette-entry.html": BROKEN_LINK})
    loader = ChoiceLoader([templates, published.loader])
    damaged = replace(published, plugins=Plugins((published.kinds, published.views, loader)))
    built = build(damaged, lambda stage: None)
    assert built.release is None
    assert {(fault.code, fault.origin.path, fault.values["value"]) for fault in built.faults} == {
        ("verify-link", "gazette/105/105-001/01/index.html", "no/such/")
    }
    assert state(published) == before
    assert build(published, lambda stage: None).release is not None
    assert "staging" not in releases(published)


def test_a_missing_template_is_no_fault_of_the_disk(published: Options) -> None:
    """It is a bug: `TemplateNotFound` is an OSError with which no system call has failed."""
    before = state(published)
    templates = DictLoader({"gazette-entry.html": '{% include "nowhere.html" %}'})
    loader = ChoiceLoader([templates, published.loader])
    damaged = replace(published, plugins=Plugins((published.kinds, published.views, loader)))
    with pytest.raises(TemplateNotFound, match="nowhere"):
        build(damaged, lambda stage: None)
    assert state(published) == before


@pytest.mark.parametrize("name", ["site", "site/index.html"])
def test_a_folder_or_file_in_the_sites_place_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--site` at a real folder or file ends with 2, names it, and leaves it as it was."""
    chosen = options(SITES / "minimal", tmp_path)
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("precious", "utf-8")
    aimed = replace(chosen, site=tmp_path / name)
    assert main(arguments(aimed)) == USAGE
    assert f"「{aimed.site}」已存在" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["index.html"]
    assert (tmp_path / "site/index.html").read_text("utf-8") == "precious"


def test_a_foreign_link_in_the_sites_place_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link that leads to no release is not ours to replace: 2, and it stays."""
    chosen = options(SITES / "minimal", tmp_path)
    (tmp_path / "elsewhere").mkdir()
    chosen.site.symlink_to(tmp_path / "elsewhere")
    assert main(arguments(chosen)) == USAGE
    assert "已存在" in capsys.readouterr().err
    assert chosen.site.readlink() == tmp_path / "elsewhere"


def test_a_folder_beside_the_site_is_no_fault_of_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder named like the link in the making, `site.new`, is refused or left, never a crash."""
    chosen = options(SITES / "minimal", tmp_path)
    (tmp_path / "site.new").mkdir()
    (tmp_path / "site.new/kept.txt").touch()
    assert main(arguments(chosen)) != FAULT
    assert "Traceback" not in capsys.readouterr().err
    assert (tmp_path / "site.new/kept.txt").is_file()


@pytest.mark.parametrize("where", ["content", "."])
def test_work_never_enters_folders_that_are_not_its_own(
    where: str, scratch_site: ScratchSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """A `--work` that holds the editors' folder, or is it, is refused; a folder `docs` stays."""
    content = scratch_site({})
    root = content.parent
    (root / "docs").mkdir()
    (root / "docs/precious.txt").write_text("precious", "utf-8")
    chosen = replace(options(content, root), work=root / where)
    assert main(arguments(chosen)) == USAGE
    capsys.readouterr()
    assert (root / "docs/precious.txt").read_text("utf-8") == "precious"
    assert not (content / "docs").exists()


@pytest.mark.parametrize(
    ("work", "site"),
    [
        ("build", "content/site"),
        ("build", "content/gazette/site"),
        ("build", "build/site"),
        ("build", "build/releases"),
        ("public.new", "public"),
        ("public.new/build", "public"),
        ("build", "link/site"),
    ],
)
@pytest.mark.parametrize("way", ["link", "copy"])
def test_a_site_within_content_or_work_is_refused(
    work: str, site: str, way: str, scratch_site: ScratchSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor may it be made ready where one of them stands; a folder is known by its whole path."""
    content = scratch_site({})
    root = content.parent
    (root / "link").symlink_to("content")
    held = sorted(content.rglob("*"))
    chosen = replace(options(content, root), work=root / work, site=root / site)
    assert main([*arguments(chosen), "--publish", way]) == USAGE
    assert f"網站資料夾「{root / site}」與內容或工作資料夾重疊" in capsys.readouterr().err
    assert sorted(content.rglob("*")) == held
    assert not os.path.lexists(root / site)


def test_folders_whose_names_begin_alike_are_apart(scratch_site: ScratchSite) -> None:
    """`content-build` and `content.site` lie beside `content`, not in it."""
    content = scratch_site({})
    root = content.parent
    work, site = root / "content-build", root / "content.site"
    chosen = replace(options(content, root), work=work, site=site)
    assert main(arguments(chosen)) == CLEAN
    assert (site / "index.html").is_file()


def test_a_link_to_the_releases_of_another_program_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`current` leads to `releases/20160601` wherever a site is deployed by hand: it stays."""
    chosen = options(SITES / "minimal", tmp_path)
    (tmp_path / "app/releases/20160601").mkdir(parents=True)
    chosen.site.symlink_to("app/releases/20160601")
    assert main(arguments(chosen)) == USAGE
    assert f"「{chosen.site}」已存在" in capsys.readouterr().err
    assert str(chosen.site.readlink()) == "app/releases/20160601"


def test_a_link_to_a_work_folder_of_ours_is_taken_over(tmp_path: Path) -> None:
    """Whoever names another work folder, or has deleted the old one, publishes to the same site."""
    chosen = options(SITES / "minimal", tmp_path)
    assert main(arguments(chosen)) == CLEAN
    moved = replace(chosen, work=tmp_path / "other")
    assert main(arguments(moved)) == CLEAN
    assert chosen.site.resolve().is_relative_to(moved.work)
    remove_tree(moved.work)
    assert main(arguments(moved)) == CLEAN


def test_readers_see_one_release_or_the_other(tmp_path: Path) -> None:
    """While the link is switched to and fro, every read gets one whole site or the other."""
    made = [_release(tmp_path, name) for name in ("one", "two")]
    site = tmp_path / "site"
    place = Place(work=tmp_path / "build", site=site)
    switch(place, made[0])
    seen: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append((site / "index.html").read_text("utf-8") if site.exists() else "gone")

    reader = threading.Thread(target=read)
    reader.start()
    while len(seen) < 2000:
        for release in reversed(made):
            switch(place, release)
    stop.set()
    reader.join()
    assert set(seen) == {"one", "two"}


def _release(root: Path, name: str) -> Release:
    folder = root / name
    folder.mkdir()
    (folder / "index.html").write_text(name, "utf-8")
    return Release(folder=folder, manifest=root / f"{name}.sha256", digest=name)


def test_the_link_works_after_the_whole_folder_moves(published: Options, tmp_path: Path) -> None:
    """Work and site moved together still fit: the link is relative."""
    moved = tmp_path / "moved"
    published.content.parent.rename(moved)
    assert not (moved / "site").readlink().is_absolute()
    assert (moved / "site/index.html").is_file()


def test_leftovers_of_a_build_that_was_killed_go(published: Options) -> None:
    """A read-only half of a site in the staging folder does not hinder the next build."""
    left = published.work / "releases/staging/gazette"
    left.mkdir(parents=True)
    (left / "index.html").write_text("half", "utf-8")
    left.chmod(0o555)
    built = build(published, lambda stage: None)
    assert built.release is not None
    assert "staging" not in releases(published)


def test_what_is_left_is_done_though_nobody_hears_of_it(published: Options) -> None:
    """Old releases go, and it is noted how the build ended, before the folder is let go."""
    entry = published.content / ENTRY
    entry.write_text(entry.read_text("utf-8").replace("訂定", "再訂定"), "utf-8")
    with pytest.raises(BrokenPipeError):
        _build_unheard(replace(published, keep=1))
    releases = [path for path in (published.work / "releases").iterdir() if path.is_dir()]
    assert releases == [published.site.resolve()]
    told: list[str] = []
    assert build(published, told.append).release
    assert told == []


def _build_unheard(site: Options) -> None:
    with visible_site(site, unheard) as built:
        assert built.release
        assert site.site.resolve().name == built.release.digest
        raise BrokenPipeError


def test_a_cache_that_fails_at_the_end_is_begun_anew(
    published: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new site is out, it is said what is left, and the next run does it."""
    entry = published.content / ENTRY
    entry.write_text(entry.read_text("utf-8").replace("訂定", "再訂定"), "utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(show, "_note_build", _malformed)
        with pytest.raises(PublishFailed) as failed:
            build(published, unheard)
    assert failed.value.outcome is Outcome.PUBLISHED
    assert "再訂定" in (published.site / "index.html").read_text("utf-8")
    assert not (published.work / "cache.sqlite").exists()
    assert build(published, unheard).release
    told: list[str] = []
    assert build(published, told.append).release
    assert told == []


def _malformed(*_: object) -> None:
    raise sqlite3.DatabaseError("database disk image is malformed")
