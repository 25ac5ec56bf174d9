"""Releases are kept in order, share bundles, and carry along what older pages ask for."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from publishing import finish_staged, publish, served, version, write_files
from sample_sites import SITES, build_site

from generator.build.verify import verify_manifest
from generator.commands._cli import main
from generator.commands._console import CLEAN, USAGE
from generator.release.manifest import BUNDLES, STARTED, digests
from generator.release.publish import complete, publication, published, rollback, show
from generator.release.releases import complete_releases, current, where
from generator.release.site_mark import SiteMark, read_mark, write_mark
from generator.release.staging import begin
from generator.release.target import Place, PublishRefused

CONTENT = Path("content")
Captured = pytest.CaptureFixture[str]


@pytest.fixture(params=["exchange", "in-place"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place that is published to by an exchange, then one that is changed in place."""
    return Place(work=tmp_path / "build", site=tmp_path / "site", way=request.param)


def page(place: Place) -> str:
    """The first word of the site's first page: the number of the version."""
    return page_of(place.site / "index.html")


def page_of(path: Path) -> str:
    """The number of the version of a first page."""
    return path.read_text("utf-8").split()[0]


def faults(place: Place) -> list[tuple[str, str]]:
    """What verification finds in the published site."""
    shown = published(place.work, place.site)
    text = shown.manifest.read_text("utf-8")
    found = verify_manifest(shown.folder, text, shown.digest, shown.carried_files())
    return [(problem.code, problem.origin.path) for problem in found]


def command(place: Place) -> list[str]:
    """The command line of a rollback."""
    content = str(place.work.parent / "content")
    return ["rollback", "--content", content, "--work", str(place.work), "--site", str(place.site)]


def test_names_and_files_of_any_sort_are_published(place: Place) -> None:
    """Composed and decomposed letters are two names; an empty file is a file too."""
    odd = {"\u00e9/a.txt": "1", "e\u0301/a.txt": "2", "empty.txt": "", "a b/c  d.txt": "3"}
    for number in range(5):
        publish(place, {**version(number), **odd})
        assert odd.items() <= {name: text.decode() for name, text in served(place).items()}.items()
        assert faults(place) == []


def test_rollback_goes_back_one_by_one_and_ends_clearly(place: Place, capsys: Captured) -> None:
    """Each says which release it has left and which it shows; at the oldest it is refused."""
    made = [publish(place, version(number)).digest for number in range(3)]
    for number in (1, 0):
        assert main(command(place)) == CLEAN
        said = f"已從版本 {made[number + 1]} 退回前一版 {made[number]}"
        assert said in capsys.readouterr().err
        assert page(place) == str(number)
        assert faults(place) == []
    assert main(command(place)) == USAGE
    assert "沒有可以退回的版本" in capsys.readouterr().err
    assert page(place) == "0"


def test_a_rollback_tells_of_a_release_that_was_not_built_here(
    tmp_path: Path, capsys: Captured
) -> None:
    """One that a build of this user made is shown without a word."""
    shutil.copytree(SITES / "minimal", tmp_path / "content")
    entry = tmp_path / "content/gazette/105/105-001/01.yaml"
    for word in ("訂定", "修正"):
        entry.write_text(entry.read_text("utf-8").replace("訂定", word), "utf-8")
        build_site(tmp_path / "content", tmp_path)
    place = Place(work=tmp_path / "build", site=tmp_path / "site")
    assert main([*command(place), "--lang", "en"]) == CLEAN
    assert "built here" not in capsys.readouterr().err
    entry.write_text(entry.read_text("utf-8").replace("修正", "再修正"), "utf-8")
    build_site(tmp_path / "content", tmp_path)
    _forged(place, "false")
    names = (place.work / "releases/order").read_text("utf-8").split()
    (place.work / "releases/order").write_text(f"{names[0]}\n{names[-1]}\n", "utf-8")
    assert main([*command(place), "--lang", "en"]) == CLEAN
    assert f"tells that release {names[0]} was built here" in capsys.readouterr().err


def test_a_publication_after_a_rollback_takes_the_place_of_what_was_taken_back(
    place: Place,
) -> None:
    """After 0, 1, back to 0, and 2, one goes back to 0, never to 1."""
    made = [publish(place, version(number)) for number in range(2)]
    with publication(place, CONTENT):
        rollback(place)
    last = publish(place, version(2))
    assert complete_releases(place.work, last.digest) == (made[0].digest, last.digest)
    with publication(place, CONTENT):
        rollback(place)
    assert page(place) == "0"


@pytest.fixture
def changed(tmp_path: Path) -> Place:
    """A site that is changed in place: release 2 of 0, 1, 2, each made from content `c` and it."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site", way="in-place")
    for number in range(3):
        publish_from(place, number)
    return place


def publish_from(place: Place, number: int) -> None:
    """Publishes a version with a note of the content that it was made from."""
    with publication(place, CONTENT):
        write_files(place.work / BUNDLES / str(number), version(number))
        made = finish_staged(place, str(number))
        mark = read_mark(made.folder) or SiteMark()
        write_mark(made.folder, replace(mark, content=f"c{number}"))
        show(place, made)


def interrupted(
    place: Place, monkeypatch: pytest.MonkeyPatch, step: Callable[[Place], object]
) -> None:
    """Does a step that dies in the middle of a change in place, as the first old file is gone."""
    with monkeypatch.context() as patch:
        patch.setattr("generator.release.in_place.discard", _die)
        with pytest.raises(KeyboardInterrupt):
            step(place)
    assert (read_mark(place.site) or SiteMark()).towards


def _die(path: Path) -> None:
    if path.exists():
        raise KeyboardInterrupt


def roll(place: Place) -> None:
    """One rollback, as the command does it."""
    with publication(place, CONTENT):
        rollback(place)


def held(place: Place) -> tuple[str, ...]:
    """The contents that no build shows by itself."""
    return (read_mark(place.site) or SiteMark()).held


def test_a_rollback_that_was_interrupted_goes_back_no_further(
    changed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run again it ends what it began; one more goes one further back."""
    interrupted(changed, monkeypatch, roll)
    roll(changed)
    assert (page(changed), held(changed), faults(changed)) == ("1", ("c2",), [])
    roll(changed)
    assert (page(changed), held(changed)) == ("0", ("c2", "c1"))


def test_a_rollback_after_a_build_that_was_interrupted_holds_the_content_of_the_build(
    changed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it takes back is the release that was to be shown, not the one before, which is good."""
    interrupted(changed, monkeypatch, lambda place: publish_from(place, 3))
    roll(changed)
    assert (page(changed), held(changed), faults(changed)) == ("2", ("c3",), [])


@pytest.mark.parametrize("gone", [False, True])
def test_a_held_site_between_two_releases_becomes_whole(
    gone: bool, changed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The release before the change, or the next one if that is gone; what is held stays so."""
    roll(changed)
    interrupted(changed, monkeypatch, roll)
    left = read_mark(changed.site) or SiteMark()
    if gone:
        shutil.rmtree(changed.work / "releases" / left.release)
    with publication(changed, CONTENT):
        shown = complete(changed)
    assert shown == (left.towards if gone else left.release)
    assert (page(changed), held(changed), faults(changed)) == ("01"[not gone], ("c2",), [])


def _forged(place: Place, text: str) -> None:
    """An older release of somebody else's, with a file that releases carry along."""
    path = "search/0123456789abcdef/a.bin"
    listing = f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n"
    name = hashlib.sha256(listing.encode()).hexdigest()[:16]
    releases = place.work / "releases"
    write_files(releases, {f"{name}/{path}": text, f"{name}.sha256": listing})
    write_mark(releases / name, SiteMark(release=name, own=("search",)))
    (releases / "order").write_text(f"{name}\n{(releases / 'order').read_text('utf-8')}", "utf-8")


def test_nothing_is_carried_along_from_a_release_that_is_not_known(place: Place) -> None:
    """A folder, a list and a line in the order are what anybody can make."""
    first = publish(place, version(0))
    _forged(place, "false")
    with publication(place, CONTENT):
        write_files(place.work / BUNDLES / "new", version(1))
        show(place, finish_staged(place, "new", trusted={first.digest}))
    texts = served(place).values()
    assert b"segment 0" in texts
    assert b"false" not in texts


@pytest.mark.parametrize(("changed", "other"), [("*/*.bin", "search/fold-"), ("*.bin", "/p0.bin")])
def test_a_file_that_is_not_as_listed_is_not_carried_along(
    changed: str, other: str, place: Place
) -> None:
    """It is read before it becomes part of the next site."""
    publish(place, version(0))
    (path,) = where(place, current(place.site) or "").glob(f"search/{changed}")
    path.write_text("false", "utf-8")
    publish(place, version(1))
    carried = published(place.work, place.site).carried_files()
    assert [other in path for path in carried] == [True]
    assert b"false" not in served(place).values()


@pytest.mark.parametrize("name", ["../../content", "/", "0123", "0123456789abcdeg"])
def test_a_name_in_the_order_is_that_of_a_release(name: str, place: Place) -> None:
    """No other could be a folder of the work folder's own."""
    made = publish(place, version(0))
    write_files(place.work.parent, {"content/a": "a", "content.sha256": ""})
    write_files(place.work, {"releases/0123/a": "a", "releases/0123.sha256": ""})
    order = place.work / "releases/order"
    order.write_text(f"{name}\n{made.digest}\n", "utf-8")
    assert complete_releases(place.work, made.digest) == (made.digest,)


def test_a_release_published_again_moves_to_the_end(place: Place) -> None:
    """After 0, 1, 0 the release before the current one is 1."""
    made = [publish(place, version(number)) for number in (0, 1, 0)]
    assert complete_releases(place.work, current(place.site)) == (made[1].digest, made[0].digest)
    assert "segment 1" in {content.decode() for content in served(place).values()}
    assert faults(place) == []


@pytest.mark.parametrize("keep", [1, 2, 4])
def test_as_many_releases_are_kept_as_asked(keep: int, tmp_path: Path) -> None:
    """`--keep` counts the current one; hashed files of the others are carried along."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site", keep=keep)
    made = [publish(place, version(number)).digest for number in range(6)]
    assert list(complete_releases(place.work, current(place.site))) == made[-keep:]
    segments = [text for text in served(place).values() if text.startswith(b"segment")]
    assert sorted(segments) == [f"segment {number}".encode() for number in range(6 - keep, 6)]


def test_with_one_release_kept_there_is_nothing_to_go_back_to(tmp_path: Path) -> None:
    """With `--keep 1` a rollback is refused and the site stays."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site", keep=1)
    for number in range(2):
        publish(place, version(number))
    with pytest.raises(PublishRefused, match="site"), publication(place, CONTENT):
        rollback(place)
    assert page(place) == "1"


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_a_build_that_fails_leaves_the_release_to_go_back_to(keep: int, tmp_path: Path) -> None:
    """The next release is begun from an older one, or anew."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site")
    for number in range(keep):
        publish(place, version(number))
    names = complete_releases(place.work, current(place.site))
    begin(replace(place, keep=keep), "0123456789abcdef")
    assert complete_releases(place.work, current(place.site)) == names[-2:]


def test_an_adopted_folder_is_not_taken_for_the_release_that_it_showed(tmp_path: Path) -> None:
    """A run was killed as it had exchanged an empty folder: its release is kept when it goes."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site")
    first = publish(place, version(0))
    (place.work / "releases" / first.digest).mkdir()
    (place.work / STARTED).touch()
    publish(place, version(1))
    with publication(place, CONTENT):
        rollback(place)
    assert page(place) == "0"


def test_a_change_in_place_touches_only_what_changes(tmp_path: Path) -> None:
    """The folder and unchanged files keep their inodes, the mark names the release."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site", way="in-place")
    publish(place, {**version(0), "same.html": "same"})
    before = [path.stat().st_ino for path in (place.site, place.site / "same.html")]
    made = publish(place, {**version(1), "same.html": "same"})
    assert (place.site / "same.html").read_text("utf-8") == "same"
    assert place.site.stat().st_ino == before[0]
    assert f"release {made.digest}" in (place.site / ".gongbao").read_text("utf-8")


def test_what_somebody_changed_in_an_older_release_is_not_shown_again(place: Place) -> None:
    """A page that was added goes; of one that was changed the rollback tells, and shows nothing."""
    publish(place, version(0))
    write_files(place.site, {"gazette/false.html": "false"})
    publish(place, version(1))
    publish(place, version(2))
    with publication(place, CONTENT):
        rollback(place)
        rollback(place)
    assert set(served(place)) == set(published(place.work, place.site).files())
    publish(place, version(3))
    pages = (place.work / "releases").glob("*/index.html")
    (older,) = (path for path in pages if page_of(path) == "0")
    older.write_text("false", "utf-8")
    with publication(place, CONTENT), pytest.raises(PublishRefused, match=r"index\.html"):
        rollback(place)
    assert page(place) == "3"


@pytest.mark.parametrize("harm", ["changed", "added", "gone", "link", "folder"])
def test_what_somebody_changed_in_the_oldest_release_is_not_in_the_next(
    harm: str, tmp_path: Path
) -> None:
    """The next is made from it: every name and inode is compared with the store."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site")
    for number in range(3):
        publish(place, {**version(number), "same/a.html": "same", "same/b.html": "same"})
    older = place.work / "releases" / complete_releases(place.work, current(place.site))[0]
    if harm in ("changed", "gone", "link"):
        (older / "same/a.html").unlink()
    if harm == "changed":
        (older / "same/a.html").write_text("else", "utf-8")
    if harm == "link":
        (older / "same/a.html").symlink_to("b.html")
    if harm == "added":
        write_files(older, {"same/c/d.html": "more", ".htaccess": "more"})
    if harm == "folder":
        shutil.rmtree(older / "same")
        (older / "same").symlink_to("gazette")
    publish(place, {**version(3), "same/a.html": "same", "same/b.html": "same"})
    listed_files = published(place.work, place.site).files()
    names = {
        path.relative_to(place.site).as_posix()
        for path in place.site.rglob("*")
        if not path.is_dir()
    }
    assert names == {*listed_files, ".gongbao"}
    assert dict(digests(place.site)) == listed_files
