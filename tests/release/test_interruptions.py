"""Whatever stops a publication, readers get the whole old site or the whole new one.

With `GONGBAO_FAULTS` of 100 and more a fault is planted at every call of every way to publish,
in a site of 50 pages; else at every third call of the most common way and every ninth of the
others, in a site of 4 files.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from publishing import WAITING, publish, served, version, write_files

from generator.release.disk import remove_tree
from generator.release.target import Place

TESTS = Path(__file__).parents[1]
FAULTS = int(os.environ.get("GONGBAO_FAULTS", "0"))
STEP, _FIRST = (1, 1) if FAULTS >= 100 else (9, 3)
COMMON = ("write", "fsync", "syncfs", "rename", "unlink", "rmdir")
CASES = {
    "a new release": ("link", "link", 3, (*COMMON, "link", "symlink", "mkdir", "chmod")),
    "a release that is kept": ("link", "link", 1, ("renameat2", "rename", "write", "symlink")),
    "copies": ("copy", "copy", 3, (*COMMON, "mkdir", "sendfile")),
    "copies in a link's place": ("link", "copy", 3, ("renameat2", "rename", "mkdir", "unlink")),
    "a link in copies' place": (
        "copy",
        "link",
        3,
        ("renameat2", "symlink", "unlink", "rmdir", "fsync"),
    ),
}
"""What is published over what: what the site is, what it is to be, which version, the calls."""
FAULTY = {"kill": "signal=KILL", "full": "error=ENOSPC", "broken": "error=EIO"}


def _site(number: int) -> dict[str, str]:
    pages = {f"gazette/105/{page}/index.html": f"{number} {page}" for page in range(50)}
    return {**version(number), **(pages if FAULTS >= 100 else {})}


def _place(root: Path, way: str = "link") -> Place:
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
    """Two releases published by links and by copies; another one, by its number, waiting."""
    root = tmp_path_factory.mktemp("before")
    for way in ("link", "copy"):
        for waiting in (1, 3):
            place = _place(root / f"{way}{waiting}", way)
            publish(place, _site(1))
            publish(place, _site(2))
            write_files(place.work / WAITING, _site(waiting))
    yield root
    remove_tree(root)


@pytest.mark.parametrize("fault", FAULTY)
@pytest.mark.parametrize("case", CASES)
def test_a_fault_at_any_step_leaves_the_old_site_or_the_new(
    case: str, fault: str, before: Path, tmp_path: Path
) -> None:
    """At every call that changes the disk: the old site or the new, and the next run succeeds.

    A folder of copies may be between the two, but none of its pages asks for what is not there.
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
    shutil.copytree(source, root, symlinks=True)
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
        assert done.stdout == said or (done.stdout, place.way) == ("partly", "copy")
    else:
        assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert seen in (old, new) or (place.way == "copy" and not place.site.is_symlink())


def _leavings(place: Place) -> list[str]:
    """Names in the work folder and beside the site that no finished run leaves."""
    names = [path.name for path in (*place.work.iterdir(), *place.site.parent.iterdir())]
    usual = {"CACHEDIR.TAG", "lock", "releases", "volumes", "site", "build", "content", WAITING}
    inner = [path.name for path in (place.work / "releases").iterdir()]
    return sorted({*names} - usual) + [name for name in inner if name.endswith(("ing", ".new"))]
