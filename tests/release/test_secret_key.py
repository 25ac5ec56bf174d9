"""The key of a user's work folders: made once, kept from others, never guessed."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from generator.commands._cli import main
from generator.commands._console import CLEAN, USAGE
from generator.release.releases import current
from generator.release.secret_key import SHORTEST, KeyNotice, KeyTooShort, Secret, mac

Told = list[tuple[KeyNotice, Path | None]]
HOME = "XDG_CONFIG_HOME"
PLACE = "gongbao/cache-key"


def _asked(folder: Path | None) -> tuple[bytes, Told]:
    """The key that a program gets which begins now, and what it says of it."""
    told: Told = []
    key = Secret(None, folder, lambda notice, path: told.append((notice, path))).key
    return key, told


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_made_at_first_use_for_the_user_alone(tmp_path: Path) -> None:
    """It stands in a folder and a file that nobody else can read, and stays."""
    key, told = _asked(tmp_path / "config")
    path = tmp_path / "config" / PLACE
    assert (_mode(path), _mode(path.parent), told) == (0o600, 0o700, [])
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert _asked(tmp_path / "config") == (key, [])
    assert _asked(tmp_path / "another")[0] != key


def test_builds_that_begin_at_once_get_one_key(tmp_path: Path) -> None:
    """Whoever is first gives all of them theirs."""
    count = 8
    barrier = Barrier(count)

    def begin(_: int) -> tuple[bytes, Told]:
        barrier.wait()
        return _asked(tmp_path)

    with ThreadPoolExecutor(count) as pool:
        got = list(pool.map(begin, range(count)))
    assert {key for key, _ in got} == {_asked(tmp_path)[0]}
    assert [told for _, told in got] == [[]] * count


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606, 0o620])
def test_a_key_that_others_could_read_is_replaced(mode: int, tmp_path: Path) -> None:
    """What was made with it counts no more; it is said once."""
    key, _ = _asked(tmp_path)
    (tmp_path / PLACE).chmod(mode)
    fresh, told = _asked(tmp_path)
    assert fresh != key
    assert told == [(KeyNotice.REPLACED, tmp_path / PLACE)]
    assert _mode(tmp_path / PLACE) == 0o600
    assert _asked(tmp_path) == (fresh, [])


@pytest.mark.parametrize("text", ["", "\n", "short", "\0" * 9])
def test_a_key_file_without_a_key_is_replaced(text: str, tmp_path: Path) -> None:
    """A disk that was full may have left half of one."""
    _asked(tmp_path)
    (tmp_path / PLACE).write_text(text, "utf-8")
    key, told = _asked(tmp_path)
    assert told == [(KeyNotice.REPLACED, tmp_path / PLACE)]
    assert _asked(tmp_path) == (key, [])


def test_a_folder_that_others_can_enter_is_closed(tmp_path: Path) -> None:
    """The user's own folder, made by hand, is as good as one that the program makes."""
    (tmp_path / "gongbao").mkdir(mode=0o755)
    (tmp_path / "gongbao").chmod(0o775)
    assert _asked(tmp_path)[1] == []
    assert _mode(tmp_path / "gongbao") == 0o700


def _linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir(0o700)


@pytest.mark.parametrize("change", [_linked, _piped, _folder])
def test_what_is_no_file_of_the_user_is_left_alone(change: object, tmp_path: Path) -> None:
    """Each run has a key of its own then, and names what is in the way."""
    _asked(tmp_path)
    assert callable(change)
    change(tmp_path / PLACE)
    before = (tmp_path / PLACE).lstat()
    (one, told), (other, _) = _asked(tmp_path), _asked(tmp_path)
    assert told == [(KeyNotice.FOREIGN, tmp_path / PLACE)]
    assert one != other
    assert (tmp_path / PLACE).lstat() == before


def test_a_home_of_another_user_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root in somebody's home makes nothing there that its owner could not use."""
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert _asked(tmp_path / ".config")[1] == [(KeyNotice.FOREIGN, tmp_path)]
    assert list(tmp_path.iterdir()) == []


def test_a_key_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it touched."""
    key, _ = _asked(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    other, told = _asked(tmp_path)
    assert other != key
    assert told == [(KeyNotice.FOREIGN, tmp_path / "gongbao")]
    monkeypatch.undo()
    assert _asked(tmp_path) == (key, [])


def test_where_no_key_can_be_kept_a_run_has_its_own(tmp_path: Path) -> None:
    """A home that cannot be written to, or none at all, costs what was made before."""
    (tmp_path / "file").touch()
    (one, told), (other, _) = _asked(tmp_path / "file"), _asked(tmp_path / "file")
    assert told == [(KeyNotice.UNWRITABLE, tmp_path / "file" / PLACE)]
    assert one != other
    assert _asked(None)[1] == [(KeyNotice.NOWHERE, None)]


def test_a_given_key_is_any_long_text() -> None:
    """Blanks around it, as secrets of a CI have, are no part of it; a short one is refused."""
    long = "x" * SHORTEST
    assert Secret(long).key == Secret(f" {long}\n").key != Secret(f"{long}x").key
    for short in ("", "x" * (SHORTEST - 1), f"{' ' * SHORTEST}x"):
        with pytest.raises(KeyTooShort):
            assert Secret(short).key


def test_no_part_of_a_digest_passes_for_its_neighbour() -> None:
    """Bytes moved from one part to the next give another digest; so does another key."""
    made = mac(b"key", b"ab", b"c")
    assert made == mac(b"key", b"ab", b"c")
    others = (b"a", b"bc"), (b"abc", b""), (b"abc",), (b"ab", b"c", b""), (b"", b"abc")
    assert made not in {mac(b"key", *parts) for parts in others}
    assert made != mac(b"another", b"ab", b"c")


def _build(scratch: Path) -> list[str]:
    folders = ("--content", scratch, "--work", scratch.parent / "build")
    return ["build", *map(str, (*folders, "--site", scratch.parent / "site")), "--quiet"]


def test_a_build_keeps_its_key_in_the_users_configuration(
    scratch_site: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Never below the work folder; with another one everything is made again, with equal bytes."""
    assert callable(scratch_site)
    content = scratch_site({})
    monkeypatch.delenv("GONGBAO_CACHE_KEY")
    monkeypatch.setenv(HOME, str(tmp_path / "config"))
    arguments = [*_build(content), "--as-of", "2016-06-01"]
    assert main(arguments) == CLEAN
    key = (tmp_path / "config" / PLACE).read_text("utf-8").strip()
    for path in (tmp_path / "build").rglob("*"):
        assert path.is_symlink() or path.is_dir() or key.encode() not in path.read_bytes()
    release = current(tmp_path / "site")
    assert release
    (tmp_path / "config" / PLACE).chmod(0o644)
    capsys.readouterr()
    assert main([*arguments, "--lang", "en"]) == CLEAN
    said = capsys.readouterr().err
    assert f"Others could read the key in “{tmp_path / 'config' / PLACE}”" in said
    assert current(tmp_path / "site") == release


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-TW", "環境變數 GONGBAO_CACHE_KEY 太短，容易被猜中：至少要有 32 個字"),
        ("en", "GONGBAO_CACHE_KEY is too short and could be guessed: give it 32 characters"),
    ],
)
def test_a_short_key_in_the_environment_is_wrong_use(
    language: str,
    words: str,
    scratch_site: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2, the variable by name, and a way to make a good one."""
    assert callable(scratch_site)
    monkeypatch.setenv("GONGBAO_CACHE_KEY", "hunter2")
    assert main([*_build(scratch_site({})), "--lang", language]) == USAGE
    said = capsys.readouterr().err
    assert words in said
    assert "openssl rand -hex 32" in said
    assert "hunter2" not in said
