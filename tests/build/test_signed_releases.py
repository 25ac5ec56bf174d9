"""A site that signs its releases shows none without a signature, and its readers can tell."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from browsing import serving
from forging import flat, relisted
from judging import says, script_module
from playwright.sync_api import Browser
from sample_sites import MINIMAL
from sealing import (
    KEY,
    NAME,
    OTHER,
    OTHER_NAME,
    RELEASE_KEY,
    RELEASE_NAME,
    build_signed,
    put,
    put_settings,
    release_settings,
    sealed,
    signed_releases,
)
from tampered import TAMPERINGS
from tampered_lists import LIST_TAMPERINGS

from generator.build.audit import audit
from generator.build.options import Built, Options
from generator.build.release_signing import release_gate, sign_waiting
from generator.build.verify import verify_site
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.content.messages import worded
from generator.content.model import Problem
from generator.ledger.private_key import write_key
from generator.ledger.release_note import read_release_note
from generator.ledger.sealing import SealRefused
from generator.ledger.signed_note import Note
from generator.pipeline import build
from generator.release.disk import remove_tree
from generator.release.manifest import RELEASES, STARTED, digest_of, listed
from generator.release.publish import rollback
from generator.release.root_list import CARRIED, INDEX, LISTS, NOTE, PARTS, part_of
from generator.release.site_mark import read_mark
from generator.release.target import IN_PLACE, Obstacle, PublishRefused

pytestmark = pytest.mark.usefixtures("shared_frames")
ENTRY = "gazette/105/105-001/03/"


def small(root: Path) -> Path:
    """A folder whose content is the minimal sample."""
    put(root / "content", dict(MINIMAL))
    return root


def built(chosen: Options) -> Built:
    """A build that finds no error."""
    result = build(chosen, lambda _: None)
    assert result.examined.errors == 0
    assert result.faults == ()
    return result


def shown(chosen: Options) -> str:
    """The release that readers see, as its mark and its note have it; "" for none."""
    mark = read_mark(chosen.site)
    if mark is None:
        return ""
    note = read_release_note((chosen.site / NOTE).read_bytes())
    assert note.note.signatures
    assert note.files == digest_of(chosen.site / INDEX)
    assert note.carried == digest_of(chosen.site / CARRIED)
    assert note.content == mark.content
    return f"{mark.release} {note.day}"


def test_nothing_is_shown_before_it_is_signed(tmp_path: Path) -> None:
    """Over days, an interruption, a rollback and `--again`, readers see signed releases alone."""
    chosen = signed_releases(small(tmp_path))
    waiting = built(chosen)
    assert waiting.release is None
    assert waiting.unsigned is not None
    assert (waiting.unsigned.day, waiting.unsigned.signer) == (chosen.as_of, RELEASE_NAME)
    assert waiting.unsigned.digest == digest_of(waiting.unsigned.folder / INDEX)
    assert not chosen.site.exists()
    signed = sign_waiting(chosen, RELEASE_NAME, RELEASE_KEY)
    assert signed.files == waiting.unsigned.digest
    (chosen.work / STARTED).touch()  # a run was killed in between
    first = built(chosen)
    assert first.release is not None
    assert shown(chosen) == f"{first.release.digest} 2016-06-01"
    assert [path.name for path in (chosen.work / RELEASES).glob("unsigned*")] == []
    assert verify_site(chosen).faults == ()
    assert built(chosen).release == first.release  # nothing changed: nothing to sign

    before, tomorrow = shown(chosen), replace(chosen, as_of=date(2016, 6, 2))
    assert built(tomorrow).unsigned is not None
    assert built(tomorrow).unsigned is not None
    assert shown(chosen) == before
    sign_waiting(tomorrow, RELEASE_NAME, RELEASE_KEY)
    after_tomorrow = replace(chosen, as_of=date(2016, 6, 3))
    assert built(after_tomorrow).unsigned is not None  # what was signed is another day's
    assert shown(chosen) == before
    second = built(replace(after_tomorrow, release_key=RELEASE_KEY))
    assert second.release is not None
    assert shown(chosen) == f"{second.release.digest} 2016-06-03"

    rollback(chosen.place, release_gate(chosen))
    assert shown(chosen) == before  # with its own signature
    assert built(after_tomorrow).held
    again = built(replace(after_tomorrow, again=True))
    assert again.release == second.release  # it has been signed once
    assert shown(chosen) == f"{second.release.digest} 2016-06-03"


def test_a_site_that_is_changed_in_place_has_the_signature_of_its_release(tmp_path: Path) -> None:
    """`--publish in-place` shows what was signed, and goes back to what was."""
    chosen = replace(signed_releases(small(tmp_path)), way=IN_PLACE, release_key=RELEASE_KEY)
    built(chosen)
    before = shown(chosen)
    done = built(replace(chosen, as_of=date(2016, 6, 2)))
    assert done.shown.obstacle == Obstacle.CHOSEN
    assert done.release is not None
    assert shown(chosen) == f"{done.release.digest} 2016-06-02"
    assert verify_site(replace(chosen, as_of=date(2016, 6, 2))).faults == ()
    rollback(chosen.place, release_gate(chosen))
    assert shown(chosen) == before
    note = read_release_note((chosen.site / NOTE).read_bytes())
    (chosen.site / NOTE).write_text(str(Note(note.note.text)), "utf-8")
    faults = [(fault.code, fault.origin.path) for fault in verify_site(chosen).faults]
    assert faults == [("audit-release", NOTE), ("verify-altered", NOTE)]


def test_only_what_was_made_is_signed_and_only_by_a_key_for_it(tmp_path: Path) -> None:
    """A key of another use, a stranger's, and a folder that somebody changed are refused."""
    chosen = signed_releases(small(tmp_path))
    with pytest.raises(SealRefused, match="release-nothing"):
        sign_waiting(chosen, RELEASE_NAME, RELEASE_KEY)
    waiting = built(chosen).unsigned
    assert waiting is not None
    for name, key, why in (
        (NAME, KEY, "release-other"),
        (RELEASE_NAME, KEY, "release-other"),
        (OTHER_NAME, OTHER, "release-stranger"),
        (OTHER_NAME, RELEASE_KEY, "release-stranger"),
    ):
        with pytest.raises(SealRefused, match=f"^{why}$"):
            sign_waiting(chosen, name, key)
    assert built(replace(chosen, release_key=KEY)).unsigned is not None
    note = waiting.folder.with_name("unsigned.note")
    for path in (waiting.folder / "index.html", note, waiting.folder / "more.html"):
        text = path.read_text("utf-8") if path.exists() else ""
        path.unlink(missing_ok=True)  # the file itself is one with the store's
        path.write_text(text.replace("files ", "files 0").replace("<h1>", "<h1>x"), "utf-8")
        with pytest.raises(SealRefused, match="release-changed"):
            sign_waiting(chosen, RELEASE_NAME, RELEASE_KEY)
        assert built(chosen).unsigned == waiting
    sign_waiting(chosen, RELEASE_NAME, RELEASE_KEY)
    with pytest.raises(SealRefused, match="release-twice"):
        sign_waiting(chosen, RELEASE_NAME, RELEASE_KEY)
    put_settings(chosen.content, release_settings().replace("releases: on", "releases: off"))
    with pytest.raises(SealRefused, match="releases-off"):
        sign_waiting(chosen, RELEASE_NAME, RELEASE_KEY)


def test_an_unsigned_release_does_not_come_back(tmp_path: Path) -> None:
    """A release from before the site signed them, or by a key that counts no longer, stays away."""
    chosen = sealed(small(tmp_path))
    built(chosen)
    assert (chosen.site / "manifest.sha256").is_file()
    assert not (chosen.site / NOTE).exists()
    put_settings(chosen.content, release_settings())
    built(replace(chosen, release_key=RELEASE_KEY))
    before = shown(chosen)
    assert not (chosen.site / "manifest.sha256").exists()
    with pytest.raises(PublishRefused, match=RELEASES) as refused:
        rollback(chosen.place, release_gate(chosen))
    assert refused.value.detail == "rollback-unsigned"
    assert shown(chosen) == before
    (chosen.content / "site.yaml").write_text("title: [", "utf-8")  # the site's own keys count
    with pytest.raises(PublishRefused, match=RELEASES):
        rollback(chosen.place, release_gate(chosen))


def test_the_commands_say_what_to_do_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`build` prints the digest and the next command; each refusal says what is amiss."""
    signed_releases(small(tmp_path))
    monkeypatch.chdir(tmp_path)
    write_key(Path("clerk.pem"), KEY)
    write_key(Path("release.pem"), RELEASE_KEY)
    day = ("--as-of", "2016-06-01", "--lang", "en")
    assert main(["build", *day]) == CLEAN
    said = capsys.readouterr().err
    assert f"{digest_of(Path('build/releases/unsigned') / INDEX)}\n" in said
    assert f"Next: gongbao sign {RELEASE_NAME} --release --key FILE" in said
    assert main(["sign", NAME, "--release", "--key", "clerk.pem", *day]) == USAGE
    assert "This key signs checkpoints and no releases" in capsys.readouterr().err
    assert main(["sign", RELEASE_NAME, "--release", "--key", "release.pem", *day]) == CLEAN
    heard = capsys.readouterr()
    assert heard.out.startswith("example.org\nrelease\ncontent ")
    assert "run gongbao build once more, as of 2016-06-01" in heard.err
    assert main(["build", "--release-key", "clerk.pem", *day]) == USAGE
    assert "This key signs checkpoints and no releases" in capsys.readouterr().err
    assert main(["build", *day]) == CLEAN
    assert Path("site", NOTE).is_file()
    assert main(["audit", "site", "--keys", "site/log/keys.txt", "--lang", "en"]) == CLEAN
    said = capsys.readouterr().err
    assert f"This is a release that {RELEASE_NAME} signed, as of 2016-06-01." in said
    assert "Two things no signature can tell" in said
    assert "Nobody has signed" not in said
    shutil.copytree("site", "copy")
    Path("copy", NOTE).unlink()
    assert main(["audit", "copy", "--keys", "site/log/keys.txt", "--lang", "en"]) == CONTENT
    assert "Of an unsigned release nothing but the sealed records" in capsys.readouterr().out


@pytest.fixture(scope="module")
def true(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A signed release that carries files along, as a folder of plain files; keys lie beside it."""
    root = tmp_path_factory.mktemp("signed")
    chosen = signed_releases(root)
    build_signed(chosen)
    flat(chosen.site, root / "true")
    shutil.copy(root / "true/log/keys.txt", root / "keys.txt")
    shutil.copy(root / "true/log/checkpoint", root / "kept.txt")
    yield root / "true"
    remove_tree(root)


@pytest.fixture
def copy(true: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(true, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script, for all tests."""
    return script_module()


def offences(site: Path, keys: Path, kept: Path | None = None) -> list[Problem]:
    """What fails an audit."""
    return [problem for problem in audit(site, keys, kept).problems() if problem.stops]


def test_the_parts_are_the_whole_list(true: Path) -> None:
    """Each file is in the part that its folder's address names; the note covers all of it."""
    rows: dict[str, str] = {}
    for part in PARTS:
        here = listed((true / part).read_text("utf-8"))
        assert {part_of(address) for address in here} <= {part}
        rows |= here
    carried = listed((true / CARRIED).read_text("utf-8"))
    files = {p.relative_to(true).as_posix(): p for p in true.rglob("*") if p.is_file()}
    assert files.keys() == rows.keys() | carried.keys() | LISTS
    assert {**rows, **carried} == {name: digest_of(files[name]) for name in {*rows, *carried}}
    assert carried
    digest = hashlib.sha256(ENTRY.encode()).hexdigest()
    assert part_of(f"{ENTRY}record.json") == f"log/files/{digest[:2]}.sha256"
    assert (true / INDEX).read_text("utf-8").count("\n") == 256
    note = read_release_note((true / NOTE).read_bytes())
    assert (note.files, note.carried) == (digest_of(true / INDEX), digest_of(true / CARRIED))


def test_a_true_release_is_good_to_all(true: Path, script: ModuleType) -> None:
    """Audit and script find nothing, and say what no signature can tell."""
    keys = true.with_name("keys.txt")
    assert [*audit(true, keys, None).problems()] == []
    code, said = says(script, true, keys)
    assert (code, "✗" in said, "–" in said) == (0, False, False)
    assert f"這是 {RELEASE_NAME} 簽署的發布版本，日期 2016-06-01。" in said
    assert "Two things no signature can tell" in said


SAMPLE = (
    "a style sheet, lists as they were",
    "a file more, on no list",
    "a file taken from its part",
    "as a site that signs nothing",
    "the old signature under a note that fits",
    "a note that a checkpoint's key signed",
    "the note of an earlier release",
    "a page more, on the list of carried files",
)
"""A few of all: `tests/audit/tamperings.py --releases` tries each with all three judges."""


@pytest.mark.parametrize("what", SAMPLE)
def test_a_change_of_any_file_or_list_is_told(
    what: str, true: Path, copy: Path, script: ModuleType
) -> None:
    """Whatever lists a forger makes anew, audit and script notice it by keys from elsewhere."""
    LIST_TAMPERINGS[what].change(copy)
    keys = true.with_name("keys.txt")
    assert {p.code for p in offences(copy, keys)} & {"audit-release", "audit-manifest"}
    code, said = says(script, copy, keys)
    assert (code, "✗ log/" in said or "不在清單上" in said or "與清單不同" in said) == (1, True)


def test_an_audit_says_what_a_signature_is_worth(
    true: Path, copy: Path, tmp_path: Path, script: ModuleType
) -> None:
    """Each fault of a release has its words; keys that tell nothing of releases check none."""
    keys, others = true.with_name("keys.txt"), tmp_path / "others.txt"
    text = "".join(row for row in keys.read_text("utf-8").splitlines(True) if "release " not in row)
    others.write_text(text, "utf-8")
    (unchecked,) = [p for p in audit(copy, others, None).problems() if p.code == "audit-release"]
    assert (unchecked.detail, unchecked.stops) == ("keys", False)
    assert "none of the trusted keys is for that" in worded(unchecked, "en").sentence
    assert "none of the keys given is for releases" in says(script, copy, others)[1]
    TAMPERINGS["free: the style sheet"].change(copy)
    relisted(copy)
    (remade,) = offences(copy, keys)
    assert (remade.origin.path, remade.detail) == (INDEX, "list")
    assert worded(remade, "zh-TW").sentence == "這份清單不是簽署的那一份。"
    LIST_TAMPERINGS["a note that a forger signed and lists"].change(copy)
    (forged,) = [p for p in offences(copy, keys) if p.code == "audit-release"]
    assert (forged.detail, forged.values["value"]) == ("signature", "0/1")
    assert "No key that is trusted has signed this release" in worded(forged, "en").sentence
    (copy / NOTE).unlink()
    (gone,) = [p for p in offences(copy, keys) if p.code == "audit-release"]
    assert gone.detail == "gone"
    assert "trusted, this site signs every release" in worded(gone, "en").sentence


@pytest.mark.parametrize("part", [ENTRY, "log"])
def test_a_part_of_a_signed_site_is_judged_for_what_it_has(
    part: str, true: Path, tmp_path: Path, script: ModuleType
) -> None:
    """An entry's folder and the log alone have no signature of the release, and need none."""
    shutil.copytree(true / part, tmp_path / part.rstrip("/"))
    folder = tmp_path / part.rstrip("/")
    keys = true.with_name("keys.txt")
    assert "audit-release" not in {p.code for p in offences(folder, keys)}
    code, said = says(script, folder, keys)
    assert code == 0, said


def test_the_page_checks_the_release_with_few_files(
    true: Path, copy: Path, browser: Browser
) -> None:
    """It loads note, index and the parts it needs, and notices what it loads; no longer list."""

    def verdict(asked: list[str]) -> tuple[str | None, str]:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url.partition("//")[2]))
        with serving(copy, "/") as address:
            page.goto(f"{address}verify/?entry={ENTRY}")
            result = page.locator("#result:not([data-verdict=''])[data-verdict]")
            result.wait_for(state="attached")
            answer = result.get_attribute("data-verdict"), result.inner_text()
        page.close()
        return answer

    asked: list[str] = []
    code, said = verdict(asked)
    assert code == "good", said
    assert "與簽署的發布版本逐字相同" in said
    lists = {url.partition("/")[2] for url in asked if "/log/files/" in url}
    assert INDEX in lists
    assert part_of(f"{ENTRY}record.json") in lists
    assert len(lists) <= 5  # the index; parts of the entry, the log, the theme, the site's logo
    for change in (
        TAMPERINGS["free: the style sheet"].change,
        TAMPERINGS["frame: a banner above the article"].apply,
        LIST_TAMPERINGS["as a site that signs nothing"].change,
        LIST_TAMPERINGS["a note that a checkpoint's key signed"].change,
    ):
        shutil.rmtree(copy)
        shutil.copytree(true, copy)
        change(copy)
        assert verdict([])[0] == "bad"
