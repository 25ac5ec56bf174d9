"""A work folder is used where nobody else can have filled it and nothing in it leads elsewhere."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sample_sites import AS_OF, SITES, ScratchSite, build_site, options

from generator.build.cache.store import BESIDE
from generator.commands._cli import main
from generator.commands._console import CLEAN, USAGE
from generator.commands._preview import begin
from generator.release.disk import remove_tree
from generator.release.ownership import _FILES, _FOLDERS, MARK, MARK_TEXT

Captured = pytest.CaptureFixture[str]


def _command(root: Path, *more: str, command: str = "build") -> list[str]:
    folders = ("--content", root / "content", "--work", root / "build", "--site", root / "site")
    return [command, *map(str, folders), "--as-of", AS_OF.isoformat(), *more]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the minimal site, built; nobody may change it."""
    root = tmp_path_factory.mktemp("built")
    shutil.copytree(SITES / "minimal", root / "content")
    build_site(root / "content", root)
    yield root
    remove_tree(root)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    shutil.copytree(built, tmp_path / "root", symlinks=True)
    return tmp_path / "root"


def _seen(folder: Path) -> Mapping[str, tuple[int, int, bytes]]:
    """All below a folder: inode, date, and the bytes of files."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_ino,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def _refused(root: Path, capsys: Captured, named: Path) -> str:
    """What a build says that is refused, in English; it changed nothing and names the way out."""
    before = _seen(root)
    assert main(_command(root, "--lang", "en")) == USAGE
    said = capsys.readouterr().err
    assert _seen(root) == before
    assert f"“{named}”" in said
    assert "--work" in said
    assert not re.search("[一-鿿]", said.replace(str(root), ""))
    assert main(_command(root)) == USAGE
    assert f"「{named}」" in capsys.readouterr().err
    return said


@pytest.mark.parametrize(
    "name",
    [
        *(
            "bundles",
            "volumes",
            "releases",
            "pictures",
            "host",
            "docs",
            "docs.new",
            "preview",
            "trash",
        ),
        *("cache.sqlite", "cache.sqlite-wal", "cache.sqlite-shm", "cache.sqlite-journal"),
        *("lock", "started", "links.json", "nav.yml"),
        *("releases/order", "releases/staging", "bundles/0123456789abcdef", "host/docs"),
        *("host/site", "preview/static", "host/docs/inner", "pictures/x", MARK, "anything"),
    ],
)
@pytest.mark.parametrize("folder", [True, False])
def test_a_link_in_a_work_folder_is_refused(
    name: str, folder: bool, root: Path, capsys: Captured
) -> None:
    """Whatever it leads to is neither read, written nor removed."""
    elsewhere = root / "elsewhere"
    if folder:
        (elsewhere / "inner").mkdir(parents=True)
        (elsewhere / "inner/precious.txt").write_text("precious", "utf-8")
    else:
        elsewhere.write_text(MARK_TEXT if name == MARK else "precious", "utf-8")
    link = root / "build" / name
    link.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(link):
        link.rename(root / "taken")
    link.symlink_to(elsewhere)
    named = root / "build" if name == MARK and folder else link
    _refused(root, capsys, named)


@pytest.mark.parametrize("name", ["cache.sqlite-journal", "lock", "bundles/x", "links.json"])
def test_a_pipe_in_a_work_folder_is_refused(name: str, root: Path, capsys: Captured) -> None:
    """A build would wait for it for ever."""
    path = root / "build" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert main(_command(root, "--lang", "en")) == USAGE
    assert f"“{path}” in the work folder is a link, a device" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "folder"), [("bundles", False), ("cache.sqlite", True)])
def test_a_file_in_the_place_of_a_folder_is_refused(
    name: str, folder: bool, root: Path, capsys: Captured
) -> None:
    """Nor is a folder taken for a file."""
    path = root / "build" / name
    path.rename(root / "taken")
    path.mkdir() if folder else path.touch()
    _refused(root, capsys, path)


def test_a_folder_of_another_user_is_refused(
    root: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root is no exception: what stands there may be made to be run by root."""
    owner = (root / "build").stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert "belongs to another user" in _refused(root, capsys, root / "build")


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o757, 0o702])
def test_a_folder_that_anybody_can_write_to_is_refused(
    mode: int, root: Path, capsys: Captured
) -> None:
    """It says what may be done with it."""
    (root / "build").chmod(mode)
    assert "Anybody can write to the work folder" in _refused(root, capsys, root / "build")


def test_a_folder_that_a_group_can_write_to_is_used(root: Path) -> None:
    """With a umask of 002 every folder is such."""
    (root / "build").chmod(0o775)
    assert main(_command(root)) == CLEAN


def test_a_new_folder_is_closed_to_the_world_whatever_the_umask(scratch_site: ScratchSite) -> None:
    """So that it can be used a second time."""
    root = scratch_site({}).parent
    umask = os.umask(0)
    try:
        assert main(_command(root)) == CLEAN
    finally:
        os.umask(umask)
    assert (root / "build").stat().st_mode & 0o777 == 0o775
    assert main(_command(root)) == CLEAN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Signature: 8a477f597d28d172789f06886806bc55\n# Made by cargo.\n",
        MARK_TEXT.replace("8a47", "8a48"),
        f"{MARK_TEXT}more",
    ],
)
def test_a_folder_that_another_program_marked_is_refused(
    text: str, root: Path, capsys: Captured
) -> None:
    """Many programs put a file of that name into what they make."""
    (root / "build" / MARK).write_text(text, "utf-8")
    _refused(root, capsys, root / "build")


@pytest.mark.parametrize("name", ["cache.sqlite", "releases/order.new", "cache.sqlite-shm"])
def test_a_file_with_a_second_name_elsewhere_keeps_its_content(name: str, root: Path) -> None:
    """What the program writes there gets a file of its own."""
    (root / "precious").write_bytes(b"precious")
    path = root / "build" / name
    path.unlink(missing_ok=True)
    os.link(root / "precious", path)
    entry = root / "content/gazette/105/105-001/01.yaml"
    entry.write_text(entry.read_text("utf-8").replace("訂定", "再訂定"), "utf-8")
    assert main(_command(root)) == CLEAN
    assert (root / "precious").read_bytes() == b"precious"
    assert "再訂定" in (root / "site/index.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["rollback", "seal"])
def test_other_commands_refuse_such_a_folder_too(
    command: str, root: Path, capsys: Captured
) -> None:
    """Whatever writes to a work folder looks at it first."""
    (root / "build/trash").symlink_to(root / "content")
    assert main(_command(root, "--lang", "en", command=command)) == USAGE
    assert f"“{root / 'build/trash'}”" in capsys.readouterr().err


def test_every_name_in_a_work_folder_is_known(root: Path) -> None:
    """What the program puts there, with Markdown and a preview, is on the list that is checked."""
    assert main(_command(root, "--markdown")) == CLEAN
    begin(options(root / "content", root))
    found = {path.name: path.is_dir() for path in (root / "build").iterdir()}
    beside = {f"cache.sqlite{end}" for end in BESIDE}
    assert {name for name, folder in found.items() if folder} <= _FOLDERS
    assert {name for name, folder in found.items() if not folder} <= _FILES | beside
    assert {"releases", "bundles", "docs", "preview", "nav.yml", "lock"} <= found.keys()
