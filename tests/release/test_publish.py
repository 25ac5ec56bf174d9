"""A site is finished and verified before one rename makes it visible; nothing else is touched."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from errno import EMLINK
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader, TemplateNotFound
from publishing import manifest_of, publish
from sample_sites import AS_OF, SITES, ScratchSite, build_site, files_below, options

from generator.build import show
from generator.build.options import Built, Options
from generator.build.progress import unheard
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.commands._progress_line import STAGES
from generator.output.mkdocs import host_settings
from generator.output.mkdocs.host_settings import ThemeRefused
from generator.output.plugins import Plugins
from generator.pipeline import build, visible_site
from generator.release import staging
from generator.release.disk import link, remove_tree
from generator.release.manifest import listed
from generator.release.publish import published as shown_release
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


def state(site: Options) -> tuple[str, dict[str, bytes]]:
    """What a reader of the site could notice: its list and every byte in it."""
    files = {name: path.read_bytes() for name, path in files_below(site.site).items()}
    assert "gazette/105/105-001/01/index.html" in files
    return manifest_of(site.site).read_text(encoding="utf-8"), files


def releases(site: Options) -> list[str]:
    """The names in the folder of releases."""
    return sorted(path.name for path in (site.work / "releases").iterdir())


def test_the_site_is_a_plain_folder_named_by_its_mark(first: Path) -> None:
    """It holds the listed files, its mark names the release, the list is in the work folder."""
    digest = shown_release(first / "build", first / "site").digest
    assert f"\nrelease {digest}\n" in (first / "site/.gongbao").read_text("utf-8")
    assert not (first / "site").is_symlink()
    assert sorted(path.name for path in (first / "build/releases").iterdir()) == [
        f"{digest}.carried",
        f"{digest}.sha256",
        "order",
    ]


def test_a_site_has_no_link_and_nothing_that_its_owner_cannot_remove(first: Path) -> None:
    """Files have the mode 0644 and folders 0755, in the store too."""
    for top in (first / "site", first / "build/bundles"):
        paths = [*top.rglob("*")]
        assert not [path for path in paths if path.is_symlink()]
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths}
        assert modes == {(True, 0o755), (False, 0o644)}


def test_nothing_is_visible_before_verification_ends(tmp_path: Path) -> None:
    """At every stage that a build announces, the site is not there yet."""
    chosen = options(SITES / "minimal", tmp_path)
    seen: list[tuple[str, bool]] = []
    built = build(chosen, lambda stage: seen.append((stage, os.path.lexists(chosen.site))))
    assert seen == [(stage, False) for stage in STAGES if stage != "markdown"]  # only if asked for
    assert built.release is not None
    assert shown_release(chosen.work, chosen.site).digest == built.release.digest


def test_the_same_content_gives_the_same_release(published: Options) -> None:
    """A repeated build ends in the same release and leaves no other behind."""
    before, names = state(published), releases(published)
    built = build(published, lambda stage: None)
    assert built.release is not None
    assert built.release.digest == shown_release(published.work, published.site).digest
    assert (state(published), releases(published)) == (before, names)


def test_new_content_replaces_the_release(published: Options) -> None:
    """After an edit the site is a new release; the old one is kept, and nothing else."""
    old = shown_release(published.work, published.site).digest
    _edit(published, "修正")
    new = shown_release(published.work, published.site).digest
    assert new != old
    lists = [f"{name}{end}" for name in (old, new) for end in (".carried", ".sha256")]
    assert releases(published) == sorted([*lists, old, "order"])
    assert (published.work / "releases/order").read_text("utf-8").split() == [old, new]
    assert "修正檔案要點" in (published.site / "index.html").read_text("utf-8")


def _edit(published: Options, word: str) -> Built:
    """Builds the site after an edit of its entry."""
    text = (SITES / "minimal" / ENTRY).read_text("utf-8")
    (published.content / ENTRY).write_text(text.replace("訂定", word), "utf-8")
    return build_site(published.content, published.content.parent)


def _inodes(folder: Path) -> dict[str, int]:
    return {name: path.stat().st_ino for name, path in files_below(folder).items()}


def test_the_next_release_is_made_from_the_oldest(
    published: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder becomes the site again, and only what differs is linked: the cost is the change's.

    All files of the site but those that it carries along are those of the store.
    """
    for word in ("甲", "乙", "丙"):
        _edit(published, word)
    names = (published.work / "releases/order").read_text("utf-8").split()
    oldest = published.work / "releases" / names[0]
    folder, before = oldest.stat().st_ino, _inodes(oldest)
    linked: list[str] = []

    def watched(source: str, target: str) -> None:
        linked.append(target.partition("/staging/")[2])
        link(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(staging, "link", watched)
        _edit(published, "丁")
    after = _inodes(published.site)
    assert published.site.stat().st_ino == folder
    assert {name for name in after if after[name] != before.get(name)} <= set(linked)
    assert 0 < len(linked) < len(after) / 2
    stored = {path.stat().st_ino for path in (published.work / "bundles").rglob("*")}
    listed_files = listed(manifest_of(published.site).read_text("utf-8"))
    assert {after[name] for name in listed_files} <= stored


def test_where_links_are_impossible_files_are_copied(
    published: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site is the same, and so are the publications after it."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(EMLINK, "Too many links")

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", refuse)
        for word in ("甲", "乙", "丙", "丁"):
            _edit(published, word)
    assert {path.stat().st_nlink for path in files_below(published.site).values()} == {1}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files_below(published.site).values()} == {
        0o644
    }
    made = manifest_of(published.site).read_bytes()
    build_site(published.content, published.content.parent / "again")
    assert manifest_of(published.content.parent / "again/site").read_bytes() == made
    assert main(arguments(published, "verify")) == CLEAN


def test_the_umask_makes_no_difference_to_readers(scratch_site: ScratchSite) -> None:
    """A server of another user reads every file; nobody else writes."""
    content = scratch_site({})
    for umask in (0, 0o77):
        root = content.parent / str(umask)
        before = os.umask(umask)
        try:
            build_site(content, root)
        finally:
            os.umask(before)
        paths = [root / "site", *(root / "site").rglob("*")]
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths}
        assert modes == {(True, 0o755), (False, 0o644)}


def test_modes_that_somebody_changed_are_set_again(published: Options) -> None:
    """By the next builds, in files and folders, though releases share the files."""
    for path in (published.site / "index.html", published.site / "assets/icon.svg"):
        path.chmod(0o600)
    (published.site / "gazette/105").chmod(0o500)
    for word in ("甲", "乙", "丙"):
        _edit(published, word)
    paths = [published.site, *published.site.rglob("*")]
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths}
    assert modes == {(True, 0o755), (False, 0o644)}


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
    """`--site` at somebody else's folder or file ends with 2, names it, and leaves it."""
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
    """A folder named like the site in the making is refused, never a crash."""
    chosen = options(SITES / "minimal", tmp_path)
    fresh = chosen.place.fresh
    fresh.mkdir()
    (fresh / "kept.txt").touch()
    assert main(arguments(chosen)) == USAGE
    assert f"「{fresh}」已存在" in capsys.readouterr().err
    assert (fresh / "kept.txt").is_file()


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
        (".public.gongbao", "public"),
        (".public.gongbao/build", "public"),
        ("build", "link/site"),
    ],
)
@pytest.mark.parametrize("way", ["exchange", "in-place"])
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


def test_a_site_is_known_by_its_mark_whatever_the_work_folder(tmp_path: Path) -> None:
    """Whoever names another work folder, or has deleted the old one, publishes to the same site.

    The site stands meanwhile.
    """
    chosen = options(SITES / "minimal", tmp_path)
    assert main(arguments(chosen)) == CLEAN
    moved = replace(chosen, work=tmp_path / "other")
    assert main(arguments(moved)) == CLEAN
    shutil.rmtree(moved.work)
    assert (chosen.site / "index.html").is_file()
    assert main(arguments(moved)) == CLEAN
    assert main(arguments(moved, "verify")) == CLEAN


def test_readers_see_one_release_or_the_other(tmp_path: Path) -> None:
    """While releases are shown in turn, every reader gets one whole site or the other."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site")
    publish(place, {"index.html": "one"})
    seen: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append((place.site / "index.html").read_text("utf-8"))

    reader = threading.Thread(target=read)
    reader.start()
    for count in range(50):
        publish(place, {"index.html": ("two", "one")[count % 2]})
    stop.set()
    reader.join()
    assert set(seen) == {"one", "two"}


def test_the_site_works_after_the_whole_folder_moves(published: Options, tmp_path: Path) -> None:
    """Work and site moved together are as they were: the next build makes nothing anew."""
    moved = tmp_path / "moved"
    published.content.parent.rename(moved)
    assert (moved / "site/index.html").is_file()
    assert build(options(moved / "content", moved), lambda stage: None).changed == 0


def test_leftovers_of_a_build_that_was_killed_go(published: Options) -> None:
    """Half of a site in the staging folder, read-only or not, does not hinder the next build."""
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
    assert not [path for path in (published.work / "releases").iterdir() if path.is_dir()]
    told: list[str] = []
    assert build(published, told.append).release
    assert told == []


def _build_unheard(site: Options) -> None:
    with visible_site(site, unheard) as built:
        assert built.release
        assert shown_release(site.work, site.site).digest == built.release.digest
        raise BrokenPipeError


def test_a_cache_that_fails_at_the_end_is_begun_anew(
    published: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new site is out, it is said what is left, and the next run does it."""
    entry = published.content / ENTRY
    entry.write_text(entry.read_text("utf-8").replace("訂定", "再訂定"), "utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(show, "note_build", _malformed)
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
