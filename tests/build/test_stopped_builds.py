"""Whole builds that are killed, held up, or find no section: the old site stays, whole.

`GONGBAO_FAULTS` is the number of kills, 4 if unset.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES
from pathlib import Path
from threading import Thread

import pytest
from publishing import manifest_of, publish, served, version
from sample_sites import AS_OF, SITES

from generator.build import show
from generator.commands._cli import main
from generator.release.target import Place

PROJECT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("GONGBAO_FAULTS", "4"))


def _build(root: Path, *prefix: str) -> list[str]:
    """The command line of a whole build of `root`/content; `root`/public holds the site."""
    folders = ["--content", root / "content", "--work", root / "build"]
    chosen = [*folders, "--site", root / "public/site", "--as-of", AS_OF.isoformat()]
    return [*prefix, sys.executable, "-m", "generator", "build", *map(str, chosen)]


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False
    )


def _start(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        _build(root),
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def _edit(root: Path, number: int) -> None:
    entry = root / "content/gazette/105/105-001/01.yaml"
    text = (SITES / "minimal/gazette/105/105-001/01.yaml").read_text("utf-8")
    entry.write_text(text.replace("訂定檔案要點", f"訂定檔案要點第{number}號"), "utf-8")


@pytest.fixture
def built(tmp_path: Path) -> Place:
    """The minimal site, built by the program itself."""
    shutil.copytree(SITES / "minimal", tmp_path / "content")
    assert _run(*_build(tmp_path)).returncode == 0
    return Place(work=tmp_path / "build", site=tmp_path / "public/site")


def _until(running: subprocess.Popen[str], words: str) -> None:
    assert running.stderr is not None
    for line in running.stderr:
        if words in line:
            return


def test_kills_at_any_moment_leave_the_old_site_or_the_new(built: Place, tmp_path: Path) -> None:
    """A whole build and all its processes are killed, half of the times near its end."""
    chance = random.Random(5)
    seen = [served(built)]
    for count in range(KILLS):
        _edit(tmp_path, count)
        running = _start(tmp_path)
        if count % 2:
            _until(running, "核對網頁")
        time.sleep(chance.random() * (0.6 if count % 2 else 2.5))
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        now = served(built)
        if now != seen[-1]:
            assert f"第{count}號" in now["index.html"].decode()
            seen.append(now)
        listed = manifest_of(built.site, built.work)
        check = f"cd {built.site} && sha256sum --check --quiet {listed}"
        assert _run("sh", "-c", check).stdout == ""
    assert _run(*_build(tmp_path)).returncode == 0
    assert f"第{KILLS - 1}號" in served(built)["index.html"].decode()
    assert "staging" not in [path.name for path in (built.work / "releases").iterdir()]


def test_a_second_build_is_refused_while_one_is_at_work(built: Place, tmp_path: Path) -> None:
    """It ends with 2 and says why; the first one, held up meanwhile, publishes."""
    before = served(built)
    _edit(tmp_path, 1)
    (built.work / "cache.sqlite").unlink()  # with all to be made there is time to hold it up
    first = _start(tmp_path)
    _until(first, "讀取內容")
    os.killpg(first.pid, signal.SIGSTOP)
    second = _run(*_build(tmp_path))
    assert served(built) == before
    os.killpg(first.pid, signal.SIGCONT)
    first.communicate()
    assert (first.returncode, second.returncode) == (0, 2)
    work = tmp_path / "build"
    assert f"另一個 gongbao 正在使用工作資料夾「{work}」；請等它結束後再執行" in second.stderr
    assert "第1號" in served(built)["index.html"].decode()


@contextmanager
def _small_disk(folder: Path) -> Iterator[tuple[str, ...]]:
    """A disk with hardly any section left in place of `folder`; what to put before a command.

    Where nobody may mount one, the kernel's tracer answers as such a disk does.
    """
    size = sum(path.lstat().st_size for path in folder.rglob("*")) * 2 // 2**20 + 2
    aside = folder.rename(folder.with_name("aside"))
    folder.mkdir()
    mounted = _run("mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(folder))
    if mounted.returncode:
        folder.rmdir()
        aside.rename(folder)
        full = "inject=write,sendfile,copy_file_range:error=ENOSPC:when=40+"
        yield ("strace", "-f", "-qq", "-o", os.devnull, "-e", full)
        return
    try:
        shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
        free = os.statvfs(folder)
        ballast = free.f_bavail * free.f_frsize - 200_000
        (folder / "ballast").write_bytes(bytes(ballast))
        yield ()
    finally:
        assert _run("umount", str(folder)).returncode == 0


def test_a_full_disk_leaves_the_site_and_says_so(built: Place, tmp_path: Path) -> None:
    """The build ends with 2, names reason and remedy, without a traceback."""
    _edit(tmp_path, 1)
    with _small_disk(tmp_path / "build") as prefix:
        before = served(built)
        done = _run(*_build(tmp_path, *prefix))
        assert served(built) == before
    assert done.returncode == 2, done.stderr
    assert "磁碟空間已滿。原來的網站不變。請清出空間，或以 --work 指定其他磁碟" in done.stderr
    assert "Traceback" not in done.stderr


WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Root writes where nobody may; this takes that right from a command."""


def _without_rights(root: Path, folder: str) -> subprocess.CompletedProcess[str]:
    """A build that may not write to a folder and what is in it."""
    inner = [root / folder, *(path for path in (root / folder).rglob("*") if path.is_dir())]
    modes = [path.stat().st_mode for path in inner]
    for path in inner:
        path.chmod(0o555)
    done = _run(*_build(root, *(() if os.getuid() else WITHOUT_RIGHTS)))
    for path, mode in zip(inner, modes, strict=True):
        path.chmod(mode)
    return done


@pytest.mark.parametrize("folder", ["public", "build/releases"])
def test_a_folder_that_cannot_be_written_leaves_the_site(
    folder: str, built: Place, tmp_path: Path
) -> None:
    """The build ends with 2 and names the file and the reason."""
    before = served(built)
    _edit(tmp_path, 1)
    done = _without_rights(tmp_path, folder)
    assert done.returncode == 2, done.stderr
    assert f"無法寫入「{tmp_path / folder}" in done.stderr
    assert "」：沒有寫入的權限。原來的網站不變。" in done.stderr
    assert "Traceback" not in done.stderr
    assert served(built) == before
    assert _run(*_build(tmp_path)).returncode == 0


def test_a_work_folder_that_became_read_only_is_refused(built: Place, tmp_path: Path) -> None:
    """Nothing begins where the run could not note what it made: 2, and the site stays."""
    before = served(built)
    _edit(tmp_path, 1)
    (tmp_path / "build").chmod(0o555)
    done = _run(*_build(tmp_path, *(() if os.getuid() else WITHOUT_RIGHTS)))
    (tmp_path / "build").chmod(0o755)
    assert done.returncode == 2, done.stderr
    assert "：沒有寫入的權限。原來的網站不變。" in done.stderr
    assert served(built) == before


def test_a_failure_after_the_switch_does_not_deny_the_new_site(
    built: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where only the last note cannot be written, the new site is out, and the words say so."""
    _edit(tmp_path, 1)

    def refuse(*_: object) -> None:
        raise PermissionError(EACCES, "refused", str(tmp_path / "build/cache.sqlite"))

    monkeypatch.setattr(show, "note_build", refuse)
    assert main(_build(tmp_path)[3:]) == 2
    said = capsys.readouterr().err
    assert f"無法寫入「{tmp_path}/build/cache.sqlite」：沒有寫入的權限。" in said
    assert "新版網站已經公開，只有收尾沒有完成。" in said
    assert "第1號" in served(built)["index.html"].decode()
    assert _run(*_build(tmp_path)).returncode == 0


@pytest.mark.parametrize("way", ["exchange", "in-place"])
def test_readers_never_meet_a_missing_file(way: str, tmp_path: Path) -> None:
    """During 50 publications what a page names is there, up to two publications later."""
    place = Place(work=tmp_path / "build", site=tmp_path / "site", way=way)
    publish(place, version(0))
    published, done = [0], [False]
    missing, looked = list[str](), [0]

    def read() -> None:
        while not done[0]:
            since = published[0]
            names = (place.site / "index.html").read_text("utf-8").split()[1:]
            gone = [name for name in names if not (place.site / name).is_file()]
            looked[0] += 1
            if published[0] - since < place.keep - 1:
                missing.extend(gone)

    reader = Thread(target=read)
    reader.start()
    for number in range(1, 51):
        publish(place, version(number))
        published[0] = number
    done[0] = True
    reader.join()
    assert missing == []
    assert looked[0] > 50
