"""Releases are kept in order, share bundles, and carry along what older pages ask for."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from errno import EIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from publishing import publish, served, version, write_files
from sample_sites import SITES, build_site

from generator.build.bundles.reuse import plain
from generator.build.bundles.store import BundleStore, roots
from generator.build.verify import verify_manifest
from generator.commands._cli import main
from generator.commands._console import CLEAN, USAGE
from generator.release.manifest import listed, tree
from generator.release.publish import (
    drop_older,
    finish,
    publication,
    published,
    rollback,
    show,
    staging,
)
from generator.release.releases import kept
from generator.release.target import Place, PublishFailed, PublishRefused

CONTENT = Path("content")
PAGES = {"index.html": "an issue", "01/index.html": "an entry"}
Captured = pytest.CaptureFixture[str]


@pytest.fixture(params=["link", "copy"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place that is published to by links, then one by copies."""
    return Place(work=tmp_path / "build", site=tmp_path / "site", way=request.param)


def page(place: Place) -> str:
    """The first word of the site's first page: the number of the version."""
    return (place.site / "index.html").read_text("utf-8").split()[0]


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
    assert kept(place.work, last.digest) == (made[0].digest, last.digest)
    with publication(place, CONTENT):
        rollback(place)
    assert page(place) == "0"


def _forged(place: Place, text: str) -> None:
    """An older release of somebody else's, with a file that releases carry along."""
    path = "search/0123456789abcdef/a.bin"
    listing = f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n"
    name = hashlib.sha256(listing.encode()).hexdigest()[:16]
    releases = place.work / "releases"
    write_files(releases, {f"{name}/{path}": text, f"{name}.sha256": listing})
    (releases / "order").write_text(f"{name}\n{(releases / 'order').read_text('utf-8')}", "utf-8")


def test_nothing_is_carried_along_from_a_release_that_is_not_known(place: Place) -> None:
    """A folder, a list and a line in the order are what anybody can make."""
    first = publish(place, version(0))
    _forged(place, "false")
    with publication(place, CONTENT):
        chosen = replace(place, trusted={first.digest})
        show(place, finish(chosen, write_files(staging(place.work), version(1))))
    texts = served(place).values()
    assert b"segment 0" in texts
    assert b"false" not in texts


@pytest.mark.parametrize(("changed", "other"), [("*/*.bin", "search/fold-"), ("*.bin", "/p0.bin")])
def test_a_file_that_is_not_as_listed_is_not_carried_along(
    changed: str, other: str, place: Place
) -> None:
    """It is read before it becomes part of the next site."""
    first = publish(place, version(0))
    (path,) = first.folder.glob(f"search/{changed}")
    path.chmod(0o644)
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
    assert kept(place.work, made.digest) == (made.digest,)


def test_a_copy_is_compared_byte_by_byte_where_its_list_is_not_known(tmp_path: Path) -> None:
    """A list that says of an old page that it is the new one does not keep it."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site", way="copy")
    old, new = {"index.html": "old"}, {"index.html": "new"}
    first = publish(place, old)
    before, after = (hashlib.sha256(text.encode()).hexdigest() for text in ("old", "new"))
    text = first.manifest.read_text("utf-8").replace(before, after)
    first.manifest.write_text(text, "utf-8")
    with publication(place, CONTENT):
        show(place, finish(place, write_files(staging(place.work), new)))
    assert page(place) == "new"


def test_a_release_published_again_moves_to_the_end(place: Place) -> None:
    """After 0, 1, 0 the release before the current one is 1."""
    made = [publish(place, version(number)) for number in (0, 1, 0)]
    assert kept(place.work, None) == (made[1].digest, made[0].digest)
    assert "segment 1" in {content.decode() for content in served(place).values()}
    assert faults(place) == []


@pytest.mark.parametrize("keep", [1, 2, 4])
def test_as_many_releases_are_kept_as_asked(keep: int, tmp_path: Path) -> None:
    """`--keep` counts the current one; hashed files of the others are carried along."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site", keep=keep)
    made = [publish(place, version(number)).digest for number in range(6)]
    assert list(kept(place.work, None)) == made[-keep:]
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


def test_a_copy_is_touched_only_where_it_changes(tmp_path: Path) -> None:
    """Unchanged files keep their inode, the mark names the release, dot names stay."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site", way="copy")
    publish(place, {**version(0), "same.html": "same"})
    write_files(place.site, {".well-known/token": "theirs"})
    before = (place.site / "same.html").stat().st_ino
    made = publish(place, {**version(1), "same.html": "same"})
    assert (place.site / "same.html").stat().st_ino == before
    assert f"release {made.digest}" in (place.site / ".gongbao").read_text("utf-8")
    assert (place.site / ".well-known/token").is_file()
    with pytest.raises(PublishRefused, match="well-known"):
        publish(Place(work=place.work, site=place.site, way="link"), version(2))


def _with_bundle(place: Place, number: int) -> Path:
    """Publishes a version that links to a bundle of its own number; the bundle."""
    with publication(place, CONTENT):
        pages = {**PAGES, "number": str(number)}
        files = {f"gazette/105/105-001/{path}": text.encode() for path, text in pages.items()}
        store = BundleStore(place.work, CONTENT, b"key")
        bundle = store.path(store.write(plain(files)).folder)
        staged = write_files(staging(place.work), version(number))
        (staged / "gazette/105/105-001").symlink_to(
            f"../../../../volumes/{bundle.name}/gazette/105/105-001"
        )
        show(place, finish(place, staged))
        drop_older(place)
    return bundle


def test_a_bundle_is_served_through_its_link_and_goes_with_its_last_release(place: Place) -> None:
    """Its files are in the list and in the site; once no release links to it, it is removed."""
    bundles = [_with_bundle(place, number) for number in range(5)]
    assert served(place)["gazette/105/105-001/number"] == b"4"
    manifest = published(place.work, place.site).manifest.read_text("utf-8")
    assert "gazette/105/105-001/01/index.html" in listed(manifest)
    assert [bundle.exists() for bundle in bundles] == [False, False, True, True, True]
    assert faults(place) == []
    with publication(place, CONTENT):
        rollback(place)
    assert served(place)["gazette/105/105-001/number"] == b"3"


STEPS = st.lists(st.sampled_from(("a/", "a-/", "a0/")), max_size=3).map("".join)
"""Folders whose names stand before and after one another's slash in order."""
ADDRESSES = st.builds(str.__add__, STEPS, st.sampled_from(("x", "y")))


@given(st.dictionaries(ADDRESSES, st.sampled_from("uvw")))
def test_a_bundle_is_linked_at_the_topmost_folders_of_its_own(owners: dict[str, str]) -> None:
    """What is linked holds all of a bundle and nothing of another; a folder above would not."""
    held = {name: [a for a in owners if owners[a] == name] for name in "uvw"}
    for name, found in roots(held).items():
        folders = tuple(root for root in found if root.endswith("/"))
        within = [a for a in owners if a.startswith(folders)]
        assert sorted((*within, *(set(found) - set(folders)))) == sorted(held[name])
        for root in found:
            above = root[: root.rstrip("/").rfind("/") + 1]
            assert not above or {owners[a] for a in owners if a.startswith(above)} != {name}


@pytest.mark.parametrize("way", ["/", "../../../../docs", "../../../../volumes/one.new", "nowhere"])
def test_a_link_to_anything_but_a_sealed_bundle_is_foreign(way: str, tmp_path: Path) -> None:
    """An absolute link, or one to another folder, is never followed."""
    release = write_files(tmp_path / "releases/abc", {"gazette/105/index.html": "x"})
    write_files(tmp_path, {"docs/a": "x", "volumes/one.new/a": "x"})
    (release / "gazette/105/105-001").symlink_to(way)
    found = tree(release)
    assert (list(found.files), list(found.links)) == (
        ["gazette/105/index.html"],
        ["gazette/105/105-001"],
    )


def test_what_is_left_of_removed_copies_stays_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a link is put in their place and their removal stops, the next run clears it."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site")
    for step in count(1):
        publish(replace(place, way="copy"), version(f"copies {step}"))
        with monkeypatch.context() as faulty, suppress(PublishFailed):
            met = _refuse(faulty, step)
            publish(replace(place, way="link"), version(step))
        assert served(place)["index.html"].decode().startswith(f"{step}\n")
        publish(place, version(f"next {step}"))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["build", "site"]
        if not met:
            break
    assert step > 10


def _refuse(faulty: pytest.MonkeyPatch, step: int) -> list[str]:
    """One removal beside the site fails, the others do what they do; which one it was."""
    counted, met = count(1), list[str]()

    def counting(remove: Callable[[str], None]) -> Callable[[str], None]:
        def removed(path: str) -> None:
            if "/site.new" in str(path) and os.path.lexists(path) and next(counted) == step:
                met.append(str(path))
                raise OSError(EIO, os.strerror(EIO), path)
            remove(path)

        return removed

    for name in ("unlink", "rmdir"):
        faulty.setattr(os, name, counting(getattr(os, name)))
    return met
