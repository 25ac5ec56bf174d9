"""What is no regular file below the content folder is named, and never read, copied or followed."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sample_sites import AS_OF, MINIMAL, SITES, ScratchSite, examine_folder, files_below, options
from sealing import KEY, NAME, sealed

from generator.build import examine as run
from generator.build.ledger_runs import sign_ledger
from generator.build.plan import plan
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT
from generator.commands._preview import begin
from generator.content import safe_open
from generator.content.files import Files, odd_problem, offered
from generator.content.messages import worded
from generator.content.model import Problem
from generator.content.safe_open import Odd, Replaced, create_below, odd_at, open_below
from generator.ledger.sealing import SealRefused
from generator.pipeline import build
from generator.site.survey import Survey, survey

ISSUE = "gazette/105/105-001"
ENTRY = f"{ISSUE}/01.yaml"
ATTACHED = f"{ISSUE}/01/附表.txt"
ENTRY_TEXT = f"{MINIMAL[ENTRY]}attachments: [{{path: 附表.txt, title: 附表}}]\n"
SECRET = "密碼：七個不能公開的字"


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    """A test that waits for a pipe ends as a failure."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits"))
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _link(place: Path, target: str | Path) -> None:
    place.symlink_to(target)


def _to_file(place: Path, outside: Path) -> None:
    _link(place, outside / "secret.txt")


def _to_folder(place: Path, outside: Path) -> None:
    _link(place, outside)


def _to_nothing(place: Path, outside: Path) -> None:
    _link(place, outside / "nothing")


def _to_itself(place: Path, _: Path) -> None:
    _link(place, place.name)


def _pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


def _socket(place: Path, _: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # the way to a socket may have a hundred characters
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(place.name)
    finally:
        os.chdir(here)


Put = Callable[[Path, Path], None]
ODD: dict[str, tuple[Put, str, str]] = {
    "file": (_to_file, "file-link", "這是符號連結（指向「{target}」），本系統不接受。"),
    "folder": (_to_folder, "file-link", "這是符號連結（指向資料夾「{target}」），本系統不接受。"),
    "dangling": (
        _to_nothing,
        "file-link",
        "這是符號連結，指向的「{target}」並不存在；本系統也不接受符號連結。",
    ),
    "loop": (
        _to_itself,
        "file-link",
        "這是符號連結，指向「{target}」後又繞回自己；本系統也不接受符號連結。",
    ),
    "pipe": (_pipe, "file-special", "這是具名管道（named pipe），不是檔案，本系統不讀取。"),
    "socket": (_socket, "file-special", "這是通訊端（socket），不是檔案，本系統不讀取。"),
}
"""By name: how it is put into a place, the code and the sentence that name it."""
PLACES = (
    "site.yaml",
    "agencies.yaml",
    "gazette",
    "gazette/105",
    ISSUE,
    f"{ISSUE}/issue.yaml",
    ENTRY,
    f"{ISSUE}/02.yaml",
    f"{ISSUE}/01",
    ATTACHED,
    f"{ISSUE}/01/sub",
    "pages",
    "pages/about.md",
    "partners",
    "reports/2016-05-city",
    "visits/105/visit/a.jpg",
    "notes.txt",
)
"""A record's file, a list, an attachment, a folder of each depth, and what belongs to nothing."""


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that is none of the content, with a text that nobody may read."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text(SECRET, "utf-8")
    for name, text in {**MINIMAL, ATTACHED: SECRET}.items():
        (folder / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "copy" / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def content(scratch_site: ScratchSite) -> Path:
    """The minimal site, whose entry has an attachment."""
    return scratch_site({ENTRY: ENTRY_TEXT, ATTACHED: "附表"})


def _clear(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)


def _held(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files_below(folder).items()}


def _named(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(p.code, p.origin.path, worded(p, "zh-TW").sentence) for p in problems]


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_no_file_is_named_once(
    place: str, name: str, content: Path, outside: Path
) -> None:
    """One message says what it is, wherever it stands; what refers to it stays silent."""
    put, code, sentence = ODD[name]
    _clear(content / place)
    put(content / place, outside)
    target = (content / place).readlink() if code == "file-link" else ""
    wanted = (code, place, sentence.format(target=target))
    assert _named(examine_folder(content).problems) == [wanted]


@pytest.mark.parametrize("name", ODD)
def test_in_english_no_chinese_stands(name: str, content: Path, outside: Path) -> None:
    """The same messages, for those who read English."""
    put, code, _ = ODD[name]
    put(content / ISSUE / "02.yaml", outside)
    (problem,) = examine_folder(content).problems
    assert problem.code == code
    said = worded(problem, "en")
    assert said.sentence.isascii()
    assert said.remedy.isascii()


def test_a_device_is_named() -> None:
    """A device has no end; it is told by what it is, and is not opened for reading."""
    odd = odd_at("/dev/zero")
    assert odd == Odd("file-special", "device")
    assert worded(odd_problem("a.txt", odd), "zh-TW").sentence == (
        "這是裝置（device），不是檔案，本系統不讀取。"
    )
    with pytest.raises(Replaced):
        open_below("/dev", "zero")


def test_a_way_of_a_link_shows_and_does_not_act(content: Path) -> None:
    """A link's target may hold what acts on a terminal, or no text at all."""
    target = os.fsdecode(b"a\x1b[2J\n::error::\xff")
    (content / ISSUE / "02.yaml").symlink_to(target)
    (problem,) = examine_folder(content).problems
    assert problem.values["target"] == "a\N{REPLACEMENT CHARACTER}[2J\n::error::\\xff"


@pytest.mark.parametrize("place", [ATTACHED, f"{ISSUE}/01", ENTRY, ISSUE, "gazette"])
def test_nothing_outside_is_published(
    place: str, content: Path, outside: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A build stops, and neither work folder nor terminal has a word of what a link leads to."""
    copied = outside / "copy" / place
    _clear(content / place)
    (content / place).symlink_to(copied)
    built = build(options(content, tmp_path), lambda stage: None)
    assert built.release is None
    folders = ["--content", content, "--work", tmp_path / "build", "--site", tmp_path / "site"]
    assert main(["build", *map(str, folders), "--as-of", AS_OF.isoformat()]) == CONTENT
    assert not os.path.lexists(tmp_path / "site")
    held = b"".join(path.read_bytes() for path in (tmp_path / "build").rglob("*") if path.is_file())
    assert SECRET.encode() not in held
    assert SECRET not in "".join(capsys.readouterr())


def test_the_content_folder_itself_may_be_a_link(content: Path, tmp_path: Path) -> None:
    """Who names the folder may name it by a link."""
    content.rename(tmp_path / "elsewhere")
    content.symlink_to("elsewhere")
    built = build(options(content, tmp_path), lambda stage: None)
    assert built.release is not None
    assert (tmp_path / "site" / ISSUE / "01/附表.txt").read_text("utf-8") == "附表"


@pytest.fixture(params=["by folder", "by path"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How files are opened: below an open folder, or by path, as on Windows, which has no flag."""
    if request.param == "by path":
        monkeypatch.setattr(os, "supports_dir_fd", set())
        monkeypatch.setattr(safe_open, "_FILE", os.O_RDONLY | os.O_NONBLOCK)
        monkeypatch.setattr(safe_open, "_FRESH", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    return str(request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", ["file", "folder", "pipe"])
@pytest.mark.parametrize("place", [ATTACHED, ENTRY, ISSUE, "site.yaml"])
def test_a_swap_after_the_look_is_noticed(
    place: str, name: str, content: Path, outside: Path, tmp_path: Path
) -> None:
    """What was a file or a folder when the folder was listed is asked again when it is opened."""
    files = Files(content)
    path = next(p for p, odd in files.paths if odd is None and f"{p}/".startswith(f"{place}/"))
    (content / place).rename(tmp_path / "before")
    ODD[name][0](content / place, outside)
    with pytest.raises(Replaced) as raised:
        open_below(content, path)
    assert raised.value.path == place
    if not (name == "folder" and place == ISSUE):  # its stamp is asked of a name, before
        with pytest.raises((Replaced, OSError)):
            files.digest(path)
    with pytest.raises(Replaced):
        list(offered(content, path))


def test_a_command_names_what_was_swapped(
    content: Path,
    outside: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file that becomes a link while a command runs ends it with the link's own message."""

    def swapped(*given: object) -> Survey:
        found = survey(*given)  # type: ignore[arg-type]  # passed on as it came
        (content / ENTRY).rename(tmp_path / "before")
        (content / ENTRY).symlink_to(outside / "copy" / ENTRY)
        return found

    monkeypatch.setattr("generator.build.examine.survey", swapped)
    assert main(["check", "--content", str(content), "--as-of", AS_OF.isoformat()]) == CONTENT
    assert f"{ENTRY}: 這是符號連結" in capsys.readouterr().out


def test_an_attachment_that_changes_during_a_build_stops_it(
    content: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bytes that are published are those whose digest stands in the record, or nothing is."""

    def changed(*given: object) -> object:
        (content / ATTACHED).write_text("改過的附表", "utf-8")
        return plan(*given)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr("generator.build.plan.plan", changed)
    folders = ["--content", content, "--work", tmp_path / "build", "--site", tmp_path / "site"]
    command = ["build", *map(str, folders), "--as-of", AS_OF.isoformat(), "--jobs", "1"]
    assert main([*command, "--lang", "en"]) == CONTENT
    assert "changed while it was being read.[file-replaced]" in capsys.readouterr().out
    assert not os.path.lexists(tmp_path / "site")
    monkeypatch.undo()
    assert main(command) == CLEAN
    assert (tmp_path / "site" / ISSUE / "01/附表.txt").read_text("utf-8") == "改過的附表"


def test_what_was_replaced_travels_between_processes() -> None:
    """A worker's refusal reaches the process that tells it."""
    assert pickle.loads(pickle.dumps(Replaced("a/b.txt"))).path == "a/b.txt"


def test_a_link_that_goes_leaves_a_missing_file(content: Path, tmp_path: Path) -> None:
    """The silence about what a link stands for ends with the link, also for what is remembered."""
    chosen = options(content, tmp_path)
    agencies = content / "agencies.yaml"
    before = agencies.read_text("utf-8")
    _clear(content / ATTACHED)
    (content / ATTACHED).symlink_to("nothing")
    told = [build(chosen, lambda stage: None).examined.problems for _ in range(2)]
    assert [[p.code for p in problems] for problems in told] == [["file-link"]] * 2
    (content / ATTACHED).unlink()
    agencies.write_text(f"{before}\n", "utf-8")
    assert [p.code for p in build(chosen, lambda stage: None).examined.problems] == ["file-missing"]


RECORD_PLACES = (
    "leaves.txt",
    "leaves.txt.new",
    "checkpoints/4.txt",
    "checkpoints",
    "consistency",
    "redacted",
)


@pytest.fixture(scope="module")
def sealed_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full sample, sealed once."""
    return sealed(tmp_path_factory.mktemp("sealed")).content.parent


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("place", RECORD_PLACES)
def test_a_ledger_of_links_is_named(
    place: str, name: str, outside: Path, sealed_before: Path, tmp_path: Path
) -> None:
    """What is no file in `.record/` is named once, with its place."""
    root = shutil.copytree(sealed_before, tmp_path / "copy")
    chosen = options(root / "content", root)
    put, code, _ = ODD[name]
    _clear(chosen.ledger / place)
    put(chosen.ledger / place, outside)
    assert [(p.code, p.origin.path) for p in run.examine(chosen).problems if p.stops] == [
        (code, f"../.record/{place}")
    ]


@pytest.mark.parametrize(("place", "name"), list(zip(RECORD_PLACES, ODD, strict=True)))
def test_nothing_is_done_by_way_of_a_ledger_of_links(
    place: str,
    name: str,
    outside: Path,
    sealed_before: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is built, sealed, signed or written."""
    root = shutil.copytree(sealed_before, tmp_path / "copy")
    chosen = options(root / "content", root)
    before = _held(outside)
    put, code, _ = ODD[name]
    _clear(chosen.ledger / place)
    put(chosen.ledger / place, outside)
    assert build(chosen, lambda stage: None).release is None
    with pytest.raises(SealRefused) as refused:
        sign_ledger(chosen, NAME, KEY)
    assert str(refused.value) == "damaged"
    folders = ["--content", chosen.content, "--work", chosen.work, "--site", chosen.site]
    assert main(["seal", *map(str, folders), "--as-of", "2016-07-01"]) == CONTENT
    assert f"[{code}]" in capsys.readouterr().out
    assert _held(outside) == before


def test_a_ledger_of_links_is_seen_by_a_build_that_finds_the_rest_as_it_was(
    tmp_path: Path,
) -> None:
    """An unchanged content is no reason to pass over what came into `.record/` since."""
    chosen = sealed(tmp_path)
    assert build(chosen, lambda stage: None).release is not None
    (chosen.ledger / "checkpoints" / "9.txt").symlink_to("nothing")
    again = build(chosen, lambda stage: None)
    assert again.release is None
    assert [p.code for p in again.examined.problems if p.stops] == ["file-link"]


def test_a_sealed_entry_with_a_link_is_told_as_a_link(tmp_path: Path, outside: Path) -> None:
    """The gate does not call a file gone that is there and cannot be read."""
    chosen = sealed(tmp_path)
    place = chosen.content / ISSUE / "03/草案總說明.txt"
    place.unlink()
    place.symlink_to(outside / "secret.txt")
    assert [p.code for p in run.examine(chosen).problems if p.stops] == ["file-link"]


@pytest.mark.usefixtures("way")
def test_a_new_record_does_not_leave_the_content(
    outside: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gongbao new` names a folder that is a link and writes nothing."""
    content = tmp_path / "content"
    shutil.copytree(SITES / "minimal", content)
    (content / "partners").symlink_to(outside)
    before = _held(outside)
    typed = ["new", "partners", "hachioji", "--content", str(content), "--as-of", "2016-06-01"]
    assert main(typed) == CONTENT
    assert "content/partners: 這是符號連結（指向資料夾" in capsys.readouterr().out
    assert _held(outside) == before
    (content / "partners").unlink()
    assert main(typed) == CLEAN


@pytest.mark.usefixtures("way")
def test_a_new_file_replaces_nothing(tmp_path: Path) -> None:
    """Where a link stands that leads to nothing yet, no file is made at its end."""
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    with pytest.raises(FileExistsError):
        create_below(tmp_path, "a.yaml", b"x")
    assert not (tmp_path / "b.yaml").exists()


def test_the_preview_shows_no_link(content: Path, outside: Path, tmp_path: Path) -> None:
    """A file that became a link since the last look is not served, and the next look names it."""
    preview = begin(replace(options(content, tmp_path), work=tmp_path / "preview"))
    address = f"{ISSUE}/01/附表.txt"
    assert preview.content(address) == "附表".encode()
    _clear(content / ATTACHED)
    (content / ATTACHED).symlink_to(outside / "secret.txt")
    assert preview.content(address) is None
    preview.look()
    assert [problem.code for problem in preview.problems] == ["file-link"]
    assert preview.content(address) is None
