"""The site is a folder that any program copies, in which what others put stays, and a rollback."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from errno import EACCES, EBUSY, EINVAL, EIO, ENOSYS, EXDEV
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from msgspec.structs import replace
from publishing import (
    finish_staged,
    publish,
    publish_shown,
    served,
    version,
    write_files,
)
from sample_sites import SITES, build_site

from generator.commands._cli import main
from generator.commands._console import CLEAN, USAGE
from generator.release import exchange
from generator.release.clean import clean
from generator.release.disk import c_function, remove_tree
from generator.release.in_place import _turn
from generator.release.lock import alone
from generator.release.manifest import BUNDLES, STARTED, digests
from generator.release.ownership import MARK, MARK_TEXT
from generator.release.publish import publication, published, rollback, show
from generator.release.releases import current
from generator.release.site_mark import SiteMark, read_mark, write_mark
from generator.release.target import Obstacle, Place, PublishFailed, PublishRefused

CONTENT = Path("content")
ENTRY = "content/gazette/105/105-001/01.yaml"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where nothing is published yet."""
    return Place(work=tmp_path / "build", site=tmp_path / "site")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the minimal site, built twice; nobody may change it."""
    root = tmp_path_factory.mktemp("built")
    shutil.copytree(SITES / "minimal", root / "content")
    for word in ("訂定", "修正"):
        _edit(root, word)
        build_site(root / "content", root)
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """The same, to be changed; `cp` keeps hard links."""
    subprocess.run(["cp", "-a", built, tmp_path / "root"], check=True)
    return tmp_path / "root"


def page(place: Place) -> str:
    """The number of the version that readers see."""
    return (place.site / "index.html").read_text("utf-8").split()[0]


def _edit(root: Path, word: str) -> None:
    text = (SITES / "minimal" / ENTRY.removeprefix("content/")).read_text("utf-8")
    (root / ENTRY).write_text(text.replace("訂定檔案要點", f"{word}檔案要點"), "utf-8")


def _run(root: Path, command: str, *more: str, day: str = "2016-06-01") -> int:
    folders = [f"--{name}={root / path}" for name, path in _FOLDERS.items()]
    return main([command, *folders, "--as-of", day, *more])


_FOLDERS = {"content": "content", "work": "build", "site": "site"}


def _told(root: Path, capsys: Captured, command: str, *more: str, day: str = "2016-06-01") -> str:
    """What a command says that ends well, in English."""
    assert _run(root, command, "--lang", "en", *more, day=day) == CLEAN
    return capsys.readouterr().err


COPIES = {
    "cp": "cp -r site copy && cp -r site/. copy/",
    "tar": "mkdir copy && tar c -C site . | tar x -C copy",
    "zip": f"cd site && {sys.executable} -m zipfile -c ../all.zip . "
    f"&& {sys.executable} -m zipfile -e ../all.zip ../copy",
    "git": "git init -q one && git -C one config user.email a@example.org"
    " && git -C one config user.name a && cp -r site one/site && git -C one add --force site"
    " && git -C one -c commit.gpgsign=false commit -q -m one"
    " && git clone -q one two && mv two/site copy",
}


@pytest.mark.parametrize("way", COPIES)
def test_any_program_copies_the_site_whole(way: str, root: Path) -> None:
    """Each copy has every listed file, no link, and nothing that its owner cannot remove."""
    subprocess.run(["sh", "-ec", COPIES[way]], cwd=root, check=True)
    assert dict(digests(root / "copy")) == published(root / "build", root / "site").files()
    paths = [root / "copy", *(root / "copy").rglob("*")]
    assert not [path for path in paths if path.is_symlink()]
    assert not [path for path in paths if path.is_dir() and not path.stat().st_mode & 0o200]


def test_a_web_server_answers_every_address_of_a_copy(root: Path) -> None:
    """With the listed bytes: Python's own server stands for any."""
    shutil.copytree(root / "site", root / "copy")
    handler = partial(_QuietHandler, directory=str(root / "copy"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    files = published(root / "build", root / "site").files()
    try:
        for name in files:
            address = f"http://127.0.0.1:{server.server_port}/{quote(name)}"
            with urlopen(address) as answer:
                assert answer.read() == (root / "site" / name).read_bytes()
    finally:
        server.shutdown()
        server.server_close()
    assert len(files) > 50


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Prints nothing."""


THEIRS = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".well-known/acme-challenge/x": "token",
    "google0123.html": "google-site-verification",
    "logs/today/access.log": "GET /\n",
}


@pytest.mark.parametrize("name", [*THEIRS, "all"])
def test_what_others_put_at_the_top_stays(name: str, place: Place) -> None:
    """Over ten publications and two rollbacks; the files of the site are those of each release."""
    theirs = THEIRS if name == "all" else {name: THEIRS[name]}
    publish(place, version("first"))
    write_files(place.site, theirs)
    for number in range(10):
        publish(place, version(number))
        assert (place.site / "index.html").read_text("utf-8").startswith(f"{number}\n")
    for number in (8, 7):
        with publication(place, CONTENT):
            rollback(place)
        assert (place.site / "index.html").read_text("utf-8").startswith(f"{number}\n")
    assert {name: (place.site / name).read_text("utf-8") for name in theirs} == theirs
    ours = published(place.work, place.site).files()
    names = {p.relative_to(place.site).as_posix() for p in place.site.rglob("*") if p.is_file()}
    assert names == {*ours, *theirs, ".gongbao"}


def test_a_folder_that_begins_with_a_dot_may_have_files_of_both(place: Place) -> None:
    """Those of the site change with it, those of others stay."""
    first = {**version(0), ".well-known/security.txt": "0", ".well-known/old/x.txt": "0"}
    publish(place, first)
    assert b"0" in served(place).values()
    write_files(place.site, THEIRS)
    publish(place, {**version(1), ".well-known/security.txt": "1"})
    assert (place.site / ".well-known/security.txt").read_text("utf-8") == "1"
    assert not (place.site / ".well-known/old").exists()
    assert {name: (place.site / name).read_text("utf-8") for name in THEIRS} == THEIRS
    assert served(place)[".well-known/security.txt"] == b"1"


def test_a_folder_of_others_in_a_shared_one_stays(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty one, and one that the program may not read, is not even looked into."""
    publish(place, {**version(0), ".well-known/a/security.txt": "0"})
    theirs = [place.site / ".well-known" / name for name in ("empty", "closed", "a/deep/empty")]
    for path in theirs:
        path.mkdir(parents=True)
    scan = os.scandir

    def closed(path: str | Path) -> object:
        if Path(path) in theirs:
            raise PermissionError(EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    for number in (1, 2):
        shown = publish_shown(place, {**version(number), ".well-known/a/security.txt": "1"})
        assert (shown.obstacle, shown.name) == (Obstacle.FOREIGN, ".well-known/a/deep")
        assert page(place) == str(number)
    assert [path for path in theirs if path.is_dir()] == theirs


@pytest.mark.parametrize("text", ["", "release 0123456789abcdef\n", "# Made by hand\n"])
@pytest.mark.parametrize("more", [[], ["index.html"]])
def test_a_folder_with_another_programs_mark_is_not_taken(
    text: str, more: list[str], place: Place
) -> None:
    """A file of the name alone makes a folder nobody's own."""
    write_files(place.site, {".gongbao": text, **dict.fromkeys(more, "theirs")})
    with pytest.raises(PublishRefused) as refused:
        publish(place, version(0))
    assert (refused.value.detail, refused.value.path) == ("site", place.site)
    assert (place.site / ".gongbao").read_text("utf-8") == text


@pytest.mark.parametrize("name", ["gazette2", "robots.txt", ".well-known/security.txt"])
def test_a_name_that_somebody_else_has_is_refused(name: str, place: Place) -> None:
    """The site needs it: it is named, nothing is changed, and without it the site is shown."""
    publish(place, version(0))
    write_files(place.site, {name: "theirs"})
    before = served(place)
    needed = {"gazette2/index.html": "ours", "robots.txt/x": "ours", ".well-known/security.txt": ""}
    with pytest.raises(PublishRefused) as refused:
        publish(place, {**version(1), **needed})
    assert (refused.value.detail, refused.value.path) == ("site-taken", place.site / name)
    assert served(place) == before
    (place.site / name).unlink()
    publish(place, {**version(1), **needed})
    assert needed.keys() <= served(place).keys()


def test_a_page_that_somebody_adds_deeper_goes(place: Place) -> None:
    """Readers would take it for one of the site's."""
    publish(place, version(0))
    write_files(place.site, {"gazette/false.html": "false"})
    publish(place, version(1))
    assert b"false" not in served(place).values()


def test_feeds_come_after_what_they_point_at() -> None:
    """Attachments first, then new pages and archives, then the feeds that name them."""
    old = [f"feeds/news.{ending}" for ending in ("atom", "json", "xml")]
    names = [
        "gazette/105/105-001/01/a.pdf",
        "gazette/105/105-001/01/index.html",
        "feeds/archive/news/2016q1.json",
        *old,
    ]
    assert sorted(names, key=_turn(dict.fromkeys(old, Path()))) == names


def test_who_holds_the_folder_open_sees_whole_releases(place: Place) -> None:
    """Between publications: the folder that was exchanged is another whole release later."""
    whole = [served(place)]
    publish(place, version(0))
    whole.append(served(place))
    folder = place.site.stat().st_ino
    for number in range(1, 11):
        publish(place, version(number))
        whole.append(served(place))
        releases = [*(place.work / "releases").iterdir(), place.site]
        (held,) = (path for path in releases if path.is_dir() and path.stat().st_ino == folder)
        assert {name: (held / name).read_bytes() for name, _ in digests(held)} in whole


def _failing(number: int) -> Callable[..., int]:
    """A renameat2(2) that fails with an error."""

    def fail(*_: object) -> int:
        ctypes.set_errno(number)
        return -1

    return fail


OBSTACLES = {
    ENOSYS: Obstacle.SYSTEM,
    EINVAL: Obstacle.SYSTEM,
    EBUSY: Obstacle.MOUNT,
    EXDEV: Obstacle.DISK,
    EACCES: Obstacle.RIGHTS,
    0: Obstacle.SYSTEM,
}


@pytest.mark.parametrize("number", OBSTACLES)
def test_where_folders_cannot_be_exchanged_the_site_is_changed_in_place(
    number: int, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is known; a rollback works, and without the obstacle all is as before."""
    for count in range(2):
        publish(place, version(count))
    folder = place.site.stat().st_ino
    with monkeypatch.context() as patch:
        # 0: a system without the call
        patch.setattr(exchange, "_EXCHANGED", _failing(number) if number else None)
        shown = [publish_shown(place, version(count)) for count in (2, 3)]
        assert [one.obstacle for one in shown] == [OBSTACLES[number]] * 2
        assert page(place) == "3"
        for count in (2, 1):
            with publication(place, CONTENT):
                rollback(place)
            assert page(place) == str(count)
    assert place.site.stat().st_ino == folder
    assert publish_shown(place, version(4)).obstacle is None
    assert page(place) == "4"
    assert place.site.stat().st_ino != folder
    with publication(place, CONTENT):
        rollback(place)
    assert page(place) == "1"


def test_a_change_in_place_is_told_with_its_reason(
    root: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the site is what it would be otherwise."""
    with monkeypatch.context() as patch:
        patch.setattr(exchange, "_EXCHANGED", _failing(ENOSYS))
        _edit(root, "再修正")
        said = _told(root, capsys, "build")
    assert "changed in place, as the system or the disk cannot exchange two folders" in said
    assert "再修正" in (root / "site/index.html").read_text("utf-8")
    assert _run(root, "verify") == CLEAN


def test_macos_has_a_call_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """renamex_np(2) gets the two paths and RENAME_SWAP, and both folders change places."""
    renameat2 = c_function("renameat2")

    def renamex_np(first: bytes, second: bytes, flags: int) -> int:
        assert flags == 2
        return int(renameat2(-100, first, -100, second, 2))

    monkeypatch.setattr(exchange, "c_function", {"renamex_np": renamex_np}.get)
    monkeypatch.setattr(exchange, "_EXCHANGED", exchange.system_exchange())
    for name in "ab":
        (tmp_path / name / f"was-{name}").mkdir(parents=True)
    assert exchange.exchange(tmp_path / "a", tmp_path / "b") is None
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["was-b"]


def test_another_error_of_the_exchange_is_one_of_the_disk(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old site stays, whole."""
    publish(place, version(0))
    before = served(place)
    monkeypatch.setattr(exchange, "_EXCHANGED", _failing(EIO))
    with pytest.raises(PublishFailed):
        publish(place, version(1))
    assert served(place) == before


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system than that of the tests."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        assert Path(folder).stat().st_dev != tmp_path.stat().st_dev
        yield Path(folder)


def test_a_site_on_another_disk_is_copied_and_changed_in_place(
    place: Place, elsewhere: Path
) -> None:
    """Its first folder appears whole; unchanged files keep their inodes; a rollback works."""
    place = replace(place, site=elsewhere / "site")
    publish(place, {**version(0), "same": "same"})
    same = (place.site / "same").stat()
    assert same.st_dev == elsewhere.stat().st_dev
    for number in range(1, 5):
        assert publish_shown(place, {**version(number), "same": "same"}).obstacle is Obstacle.DISK
    assert (place.site / "same").stat().st_ino == same.st_ino
    with publication(place, CONTENT):
        rollback(place)
    assert (place.site / "index.html").read_text("utf-8").startswith("3\n")
    assert sorted(path.name for path in elsewhere.iterdir()) == ["site"]


def older_link(place: Place, name: str = "fedcba9876543210") -> None:
    """A site as older versions made it: a link to a release, which has links into a store."""
    store, folder = place.work / "volumes/0123456789abcdef", place.work / "releases" / name
    write_files(store, version("old"))
    folder.mkdir(parents=True)
    for top in ("gazette", "search", "index.html"):
        (folder / top).symlink_to(f"../../volumes/{store.name}/{top}")
    place.site.symlink_to(os.path.relpath(folder, place.site.parent))
    write_files(place.work, {MARK: MARK_TEXT})
    for path in (*store.rglob("*/"), store, folder):
        path.chmod(0o555)


@pytest.mark.parametrize("disk", ["same", "other"])
def test_a_link_of_an_older_version_becomes_a_folder(
    disk: str, place: Place, elsewhere: Path
) -> None:
    """Without a moment without a site; what only older versions used goes."""
    place = place if disk == "same" else replace(place, site=elsewhere / "site")
    older_link(place)
    seen: set[str] = set()
    looking = [True]

    def look() -> None:
        while looking[0]:
            seen.add((place.site / "index.html").read_text("utf-8").split()[0])

    reader = Thread(target=look)
    reader.start()
    publish(place, version("new"))
    looking[0] = False
    reader.join()
    assert seen <= {"old", "new"}
    assert not place.site.is_symlink()
    assert (place.site / "index.html").read_text("utf-8").startswith("new\n")
    assert not (place.work / "volumes").exists()
    assert not os.path.lexists(place.fresh)


@pytest.mark.parametrize("possible", [True, False])
def test_a_link_to_a_release_of_the_same_name_never_leads_nowhere(
    possible: bool, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older version made the same list: readers have one folder or the other at any moment."""
    release = publish(replace(place, site=place.work.parent / "other"), version("new"))
    remove_tree(place.work)
    older_link(place, release.digest)
    seen: list[str] = []

    def look(path: Path, other: Path) -> Obstacle | None:
        seen.append(page(place))
        return exchange.exchange(path, other) if possible else Obstacle.SYSTEM

    monkeypatch.setattr("generator.release.publish.exchange", look)
    if possible:
        publish(place, version("new"))
        assert (seen, page(place), place.site.is_symlink()) == (["old", "new"], "new", False)
    else:
        with pytest.raises(PublishRefused):
            publish(place, version("new"))
        assert (seen, page(place)) == (["old"], "old")


def test_an_older_link_is_left_where_nothing_can_be_exchanged(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot be replaced without a moment in which the site is absent: the user decides."""
    older_link(place)
    monkeypatch.setattr(exchange, "_EXCHANGED", None)
    with pytest.raises(PublishRefused) as refused:
        publish(place, version("new"))
    assert refused.value.detail == "exchange"
    for _ in range(2):  # a second run after one that was interrupted, too
        assert (place.site / "index.html").read_text("utf-8").startswith("old\n")
        with pytest.raises(PublishRefused):
            publish(place, version("newer"))
    place.site.unlink()
    publish(place, version("new"))
    assert served(place)["index.html"].startswith(b"new\n")


@pytest.mark.parametrize("before", ["nothing", "link", "looked"])
def test_what_appears_in_the_sites_place_during_a_run_stays(
    before: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's folder comes after the first look, or at the very moment of the exchange."""
    if before != "nothing":
        older_link(place)
    with publication(place, CONTENT):
        write_files(place.work / BUNDLES / "new", version("new"))
        made = finish_staged(place, "new")
        if before == "looked":
            looks = iter([True, False])
            monkeypatch.setattr("generator.release.publish.is_older_link", lambda *_: next(looks))
        if before == "link":
            place.site.unlink()
        theirs = place.site if before != "looked" else place.work.parent / "theirs"
        write_files(theirs, {"index.html": "theirs"})
        if before == "looked":
            place.site.unlink()
            theirs.rename(place.site)
        with pytest.raises(PublishRefused) as refused:
            show(place, made)
    assert (refused.value.detail, refused.value.path) == ("site", place.site)
    assert (place.site / "index.html").read_text("utf-8") == "theirs"


@pytest.mark.parametrize("theirs", ["a copy of the site", "a link"])
def test_what_others_have_beside_the_site_stays(theirs: str, place: Place) -> None:
    """A user's backup with a `.git` in it is neither used nor removed, whatever its name."""
    publish(place, version(0))
    for backup in (place.site.with_name("site.new"), place.fresh):
        if theirs == "a link":
            backup.symlink_to(place.work.parent)
        else:
            shutil.copytree(place.site, backup)
            write_files(backup, {".git/HEAD": "theirs"})
    remove_tree(place.site)
    (place.work / STARTED).touch()
    with pytest.raises(PublishRefused) as refused:
        publish(place, version(1))
    assert (refused.value.detail, refused.value.path) == ("site", place.fresh)
    if theirs == "a link":
        assert place.fresh.is_symlink()
    else:
        assert (place.fresh / ".git/HEAD").is_file()
        assert (place.site.with_name("site.new") / ".git/HEAD").is_file()
        shutil.rmtree(place.fresh / ".git")
        publish(place, version(1))
        assert not place.fresh.exists()
    assert os.path.lexists(place.site.with_name("site.new"))


@pytest.mark.parametrize("command", ["rollback", "clean", "verify"])
def test_other_commands_ask_for_a_build_first(command: str, root: Path, capsys: Captured) -> None:
    """What an older version made is a link, of which they know nothing."""
    remove_tree(root / "site")
    remove_tree(root / "build")
    place = Place(work=root / "build", site=root / "site")
    older_link(place)
    assert _run(root, command, "--lang", "en") == USAGE
    assert "an older version made" in capsys.readouterr().err
    assert (root / "site/index.html").is_file()


def test_a_rollback_holds_until_the_content_changes(root: Path, capsys: Captured) -> None:
    """Nightly builds of the same content leave the release before, and each says so."""
    assert "until it changes" in _told(root, capsys, "rollback")
    before = current(root / "site")
    for day in ("2016-06-01", "2016-06-02", "2016-06-03", "2016-06-04"):
        said = _told(root, capsys, "build", day=day)
        assert f"readers still see release {before}" in said
        assert current(root / "site") == before
    assert "訂定檔案要點" in (root / "site/index.html").read_text("utf-8")
    _edit(root, "重新修正")
    _told(root, capsys, "build", day="2016-06-04")
    assert "重新修正檔案要點" in (root / "site/index.html").read_text("utf-8")
    _edit(root, "修正")  # not the last one that was taken back any more
    _told(root, capsys, "build", day="2016-06-04")
    assert "修正檔案要點" in (root / "site/index.html").read_text("utf-8")


def test_a_held_site_is_whole_after_a_change_that_was_interrupted(
    root: Path, capsys: Captured
) -> None:
    """The next build of what is held ends the change, and shows nothing else."""
    mark = read_mark(root / "site") or SiteMark()
    write_mark(root / "site", replace(mark, in_place=True))
    _told(root, capsys, "rollback")
    left = read_mark(root / "site") or SiteMark()
    write_mark(root / "site", replace(left, towards=mark.release))
    (root / "site/index.html").unlink()
    assert f"readers still see release {left.release}" in _told(root, capsys, "build")
    assert read_mark(root / "site") == left
    assert "訂定檔案要點" in (root / "site/index.html").read_text("utf-8")


def test_a_rollback_tells_why_the_site_was_changed_in_place(root: Path, capsys: Captured) -> None:
    """As a build does; where the work folder is gone it names the way back by the content."""
    write_files(root / "site", THEIRS)
    told = _told(root, capsys, "rollback")
    assert "changed in place, as" in told
    assert "has .git, which another program put there" in told
    remove_tree(root / "build")
    assert _run(root, "rollback", "--lang", "en") == USAGE
    assert "git revert" in capsys.readouterr().err
    assert not (root / "build").exists()


def test_a_rollback_is_lifted_by_a_word(root: Path, capsys: Captured) -> None:
    """`--again` shows the same content again; afterwards nothing is held."""
    _told(root, capsys, "rollback")
    shutil.rmtree(root / "build")
    assert "was rolled back" in _told(root, capsys, "build")  # the site itself knows
    _told(root, capsys, "build", "--again")
    assert "修正檔案要點" in (root / "site/index.html").read_text("utf-8")
    assert "rolled back" not in _told(root, capsys, "build", day="2016-06-02")


def test_two_rollbacks_hold_both_contents(root: Path, capsys: Captured) -> None:
    """Neither of the contents that were taken back shows itself."""
    _edit(root, "第三")
    _told(root, capsys, "build")
    for _ in range(2):
        _told(root, capsys, "rollback")
    for word in ("第三", "修正"):
        _edit(root, word)
        assert "was rolled back" in _told(root, capsys, "build")
    assert "訂定檔案要點" in (root / "site/index.html").read_text("utf-8")


def test_clean_names_what_it_removes_and_leaves_the_rest(root: Path, capsys: Captured) -> None:
    """The work folder goes; site, content, ledger and what others put there stay."""
    write_files(
        root, {"build/notes.txt": "theirs", ".record/log": "", "build/plain/index.html": ""}
    )
    before = dict(digests(root / "site"))
    told = _told(root, capsys, "clean")
    assert {path.name for path in (root / "build").iterdir()} == {"notes.txt", MARK, "lock"}
    named = {line.rpartition("/")[2] for line in told.splitlines() if line.startswith("Removing")}
    assert named == {"bundles", "cache.sqlite", "releases", "started", "plain"}
    assert dict(digests(root / "site")) == before
    assert (root / ".record/log").is_file()
    _told(root, capsys, "build")
    assert _run(root, "verify") == CLEAN
    assert (root / "build/notes.txt").read_text("utf-8") == "theirs"
    (root / "build/notes.txt").unlink()
    _told(root, capsys, "clean")
    assert not (root / "build").exists()
    assert "nothing to remove" in _told(root, capsys, "clean")


@pytest.mark.parametrize("after", ["nothing", "a new lock"])
def test_a_lock_that_was_removed_while_it_was_opened_is_none(
    after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs would hold one each: the one that comes too late is refused."""

    def removed(*_: object) -> None:
        (tmp_path / "lock").unlink()
        if after == "a new lock":
            (tmp_path / "lock").touch()

    monkeypatch.setattr("fcntl.flock", removed)
    with pytest.raises(PublishRefused) as refused, alone(tmp_path):
        pytest.fail("two runs have the lock")
    assert refused.value.detail == "busy"


def test_the_work_folder_is_unmarked_when_a_cleaning_run_has_done_all_else(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that begins then has its own mark and lock, of which nothing is removed."""
    publish(place, version(0))
    seen: list[set[str]] = []

    def look(path: Path, missing_ok: bool = False) -> None:
        if path.parent == place.work and path.name in (MARK, "lock"):
            seen.append({entry.name for entry in place.work.iterdir()})
        unlink(path, missing_ok)

    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", look)
    clean(place, CONTENT, lambda _: None)
    assert seen == [{MARK, "lock"}, {"lock"}]
    assert not place.work.exists()


def test_a_site_without_its_work_folder_is_published_again(root: Path, capsys: Captured) -> None:
    """`rm -rf build` leaves the site; the next build knows it, and what others put there stays."""
    shutil.rmtree(root / "build")
    write_files(root / "site", {".well-known/acme-challenge/x": "token"})
    _edit(root, "再修正")
    assert ".well-known" in _told(root, capsys, "build")
    assert "再修正" in (root / "site/index.html").read_text("utf-8")
    assert (root / "site/.well-known/acme-challenge/x").is_file()
    assert _run(root, "verify") == CLEAN


def test_an_empty_folder_becomes_the_site(root: Path) -> None:
    """As one that was made for it."""
    remove_tree(root / "site")
    (root / "site").mkdir()
    assert _run(root, "build") == CLEAN
    assert (root / "site/index.html").is_file()
