"""What the program needs of a system, and what it does where the system lacks it.

Linux alone runs these tests; `.github/workflows/platforms.yml` is for macOS and Windows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from every_command import failed, run
from sample_sites import SITES
from windows_lacks import FUNCTIONS, MODULES, SIGNALS, windows_lock

from generator import PROGRAM
from generator.release import exchange, lock

TESTS = Path(__file__).parent
IN_PLACE = "不能一次對換兩個資料夾"
ELSEWHERE = {*FUNCTIONS, "fork", "sched_getaffinity", "link", "symlink", "wait", "WNOHANG"}
"""Names in `os` that some system lacks."""


def _root(folder: Path) -> Path:
    shutil.copytree(SITES / "minimal", folder / "content")
    return folder


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every command does here, where nothing is missing."""
    done = run(_root(tmp_path_factory.mktemp("whole")))
    assert failed(done) == []
    return done


def _no_affinity(patch: pytest.MonkeyPatch) -> None:
    patch.delattr(os, "sched_getaffinity")


def _no_exchange(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(exchange, "c_function", lambda _: None)
    patch.setattr(exchange, "_EXCHANGED", exchange.system_exchange())


def _no_fcntl(patch: pytest.MonkeyPatch) -> None:
    for name, module in (("fcntl", None), ("msvcrt", windows_lock())):
        patch.setitem(sys.modules, name, module)
    patch.setattr(lock, "_LOCK", lock.system_lock())


@pytest.mark.parametrize("take", [_no_affinity, _no_exchange, _no_fcntl])
def test_every_command_passes_without(
    take: Callable[[pytest.MonkeyPatch], None],
    expected: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the same bytes; a site that cannot be exchanged is changed in place, which is told."""
    take(monkeypatch)
    assert run(_root(tmp_path)) == expected
    assert (IN_PLACE in capsys.readouterr().err) == (take is _no_exchange)


@pytest.mark.parametrize("name", ["fork", "windows"])
def test_every_command_passes_in_a_process_without(
    name: str, expected: dict[str, str], tmp_path: Path
) -> None:
    """With the same bytes in the processes that it spawns.

    `windows` lacks everything at once, its paths have drives and backslashes, and its console
    cannot show Chinese.
    """
    # the program by its folder, as an editable installation finds it by paths of its own
    folders = map(str, (TESTS / "without", TESTS, TESTS.parent))
    more = {"WITHOUT": name, "PYTHONPATH": os.pathsep.join(folders)}
    if name == "windows":
        encodings = {"PYTHONWARNDEFAULTENCODING": "1", "PYTHONIOENCODING": "cp1252"}
        more |= {"WITHOUT": "windows,codec,slashes", "PATH": "", **encodings}
    command = [sys.executable, str(TESTS / "every_command.py"), str(_root(tmp_path))]
    ended = subprocess.run(command, env={**os.environ, **more}, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode(errors="replace")
    lacks, done = json.loads(ended.stdout.splitlines()[-1])
    assert lacks == (["fork", "fcntl", "affinity", "calls"] if name == "windows" else ["fork"])
    assert done == expected
    assert (IN_PLACE.encode() in ended.stderr) == (name == "windows")


_GUARDED = "|".join((*ELSEWHERE, *SIGNALS))
_IMPORTED = "|".join((*MODULES, "msvcrt", "winreg"))
_NAMES = re.compile(
    rf"\b(?:os|signal)\.(?:{_GUARDED})\b|^ *(?:import|from) (?:{_IMPORTED})\b", re.M
)


def test_what_some_systems_lack_is_asked_for_first() -> None:
    """No module names it unless it asks with `hasattr`, `getattr` or an import that may fail."""
    wrong: dict[str, set[str]] = {}
    for path in sorted(PROGRAM.rglob("*.py")):
        text = path.read_text("utf-8")
        names = {match[0] for match in _NAMES.finditer(text) if not _asks(text, match[0])}
        if names and "tests" not in path.parts:
            wrong[path.relative_to(PROGRAM).as_posix()] = names
    # hard links fail on some disks of every system, and all have the function
    assert wrong == {"release/disk.py": {"os.link"}, "release/secret_key.py": {"os.link"}}


def _asks(text: str, name: str) -> bool:
    """Whether a module asks for a name before it uses it."""
    module, _, attribute = name.partition(".")
    return f'hasattr({module}, "{attribute}")' in text
