"""Whatever stops a publication, readers get the whole old site or the whole new one.

With `GONGBAO_FAULTS` of 100 and more a fault is planted at every call of every way to publish,
in a site of 50 pages; else at every 13th call of the most common way and every 23rd of
the others, in a site of 4 files.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from publishing import WAITING, publish, served, version, write_files

from generator.release.disk import remove_tree
from generator.release.ownership import MARK, MARK_TEXT
from generator.release.target import Place

TESTS = Path(__file__).parents[1]
FAULTS = int(os.environ.get("GONGBAO_FAULTS", "0"))
STEP, _FIRST = (1, 1) if FAULTS >= 100 else (23, 13)
COMMON = ("write", "fsync", "syncfs", "rename", "unlink", "rmdir")
WHOLE = (*COMMON, "link", "mkdir", "renameat2")
CASES = {
    "a new release": ("exchange", "exchange", 3, (*WHOLE, "chmod")),
    "a release that is kept": ("exchange", "exchange", 1, ("renameat2", "rename", "write", "link")),
    "a change in place": ("in-place", "in-place", 3, (*COMMON, "mkdir", "link")),
    "the first change in place": ("exchange", "in-place", 3, ("rename", "mkdir", "unlink", "link")),
    "an exchange again": ("in-place", "exchange", 3, ("renameat2", "rename", "unlink", "fsync")),
    "a link of an older version": ("link", "exchange", 3, ("renameat2", "rename", "unlink")),
}
"""What is published over what: how a site was shown, how it is to be, which version, the calls."""
FAULTY = {"kill": "signal=KILL", "full": "error=ENOSPC", "broken": "error=EIO"}


def _site(number: int) -> dict[str, str]:
    pages = {f"gazette/105/{page}/index.html": f"{number} {page}" for page in range(50)}
    return {**version(number), **(pages if FAULTS >= 100 else {})}


def _place(root: Path, way: str = "exchange") -> Place:
    return Place(work=root / "build", site=root / "site", keep=2, way=way)


def _interrupted(place: Place, inject: str, log: Path) -> subprocess.CompletedProcess[str]:
    """The publication of the waiting site, with a fault planted by the kernel's tracer."""
    call = inject.partition(":")[0]
    strace = [
        "strace",
        "-f",
        "-qq",
        "-o",
        str(log),
        "-e",
        f"trace={call}",
        "-e",
        f"inject={inject}",
    ]
    step = [sys.executable, "-B", str(TESTS / "publishing.py"), str(place.site.parent)]
    return subprocess.run(
        [*strace, *step, str(place.way)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(TESTS.parent), "PATH": os.environ["PATH"]},
    )


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Three releases shown either way, or through a link; another, by its number, waiting."""
    root = tmp_path_factory.mktemp("before")
    for way in ("exchange", "in-place"):
        for waiting in (1, 3):
            place = _place(root / f"{way}{waiting}", way)
            for number in (0, 1, 2):
                publish(place, _site(number))
            write_files(place.work / WAITING, _site(waiting))
    _older_link(_place(root / "link3"))
    yield root
    remove_tree(root)


def _older_link(place: Place) -> None:
    """A site as older versions made it: a link to a release, which has links into a store."""
    store, folder = (
        place.work / "volumes/0123456789abcdef",
        place.work / "releases/fedcba9876543210",
    )
    write_files(store, _site(2))
    folder.mkdir(parents=True)
    for name in ("gazette", "search", "index.html"):
        (folder / name).symlink_to(f"../../volumes/{store.name}/{name}")
    place.site.symlink_to("build/releases/fedcba9876543210")
    write_files(place.work, {MARK: MARK_TEXT})
    write_files(place.work / WAITING, _site(3))


@pytest.mark.parametrize("fault", FAULTY)
@pytest.mark.parametrize("case", CASES)
def test_a_fault_at_any_step_leaves_the_old_site_or_the_new(
    case: str, fault: str, before: Path, tmp_path: Path
) -> None:
    """At every call that changes the disk: the old site or the new, and the next run succeeds.

    One that is changed in place may be between the two, but its pages ask for nothing that is not
    there.
    """
    was, way, number, calls = CASES[case]
    whole = _copied(before / f"{was}{number}", tmp_path / "whole", way)
    old = served(whole)
    publish(whole, _site(number))
    new = served(whole)
    for call in calls:
        for count in range(1, 5000, _FIRST if case == "a new release" else STEP):
            place = _copied(before / f"{was}{number}", tmp_path / f"{call}{count}", way)
            log = tmp_path / f"{call}{count}.log"
            done = _interrupted(place, f"{call}:{FAULTY[fault]}:when={count}", log)
            if done.returncode == 0 and "INJECTED" not in log.read_text("utf-8"):
                assert count > 1, f"{call} is never called"
                break
            _check(place, done, old, new)
            publish(place, _site(number))
            assert served(place) == new
            assert _leavings(place) == []
            remove_tree(place.site.parent)


def _copied(source: Path, root: Path, way: str) -> Place:
    subprocess.run(["cp", "-a", source, root], check=True)  # it keeps hard links
    return _place(root, way)


def _check(
    place: Place,
    done: subprocess.CompletedProcess[str],
    old: dict[str, bytes],
    new: dict[str, bytes],
) -> None:
    """What is served is whole, and what the program has said of it is so."""
    seen = served(place)
    page = seen["index.html"].decode().split()
    assert set(page[1:]) <= set(seen)
    if done.returncode == 0:  # Python has seen for itself that the folder is there
        assert seen == new
    elif done.returncode == 2:
        said = "unchanged" if seen == old else "published" if seen == new else "partly"
        assert done.stderr == ""
        assert done.stdout == said or (done.stdout, place.way) == ("partly", "in-place")
    else:
        assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert seen in (old, new) or place.way == "in-place"


def _leavings(place: Place) -> list[str]:
    """Names in the work folder and beside the site that no finished run leaves."""
    names = [path.name for path in (*place.work.iterdir(), *place.site.parent.iterdir())]
    usual = {"CACHEDIR.TAG", "lock", "releases", "bundles", "site", "build", "content", WAITING}
    inner = [path.name for path in (place.work / "releases").iterdir()]
    return sorted({*names} - usual) + [name for name in inner if name.endswith(("ing", ".new"))]
