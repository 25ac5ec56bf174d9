"""Forged sites are told by the audit, by the stand-alone script, and by a saved page."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import serving
from forging import ENTRY, FORGERIES, ISSUE, World, flat, world
from playwright.sync_api import Browser, Page
from sample_sites import build_site, files_below
from sealing import KEY, NAME, OTHER_PUBLIC, PUBLIC, edit, sealed

from generator import PROGRAM
from generator.build.audit import audit
from generator.build.ledger_runs import redact_record, sign_ledger
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.content.messages import worded
from generator.content.model import Problem, Ref
from generator.ledger.seals import Trust, keys_text, read_keys
from generator.release.disk import remove_tree

pytestmark = pytest.mark.usefixtures("shared_frames")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The true site and the others, made once; tests change copies alone."""
    root = tmp_path_factory.mktemp("world")
    yield world(root)
    remove_tree(root)


@pytest.fixture
def copy(held: World, tmp_path: Path) -> Path:
    """A copy of the true site, to be forged."""
    shutil.copytree(held.true, tmp_path / "site")
    return tmp_path / "site"


def offences(site: Path, keys: Path | None, kept: Path | None) -> list[Problem]:
    """What an audit finds; that some words of pages are in no record is a remark, and true."""
    problems = audit(site, keys, kept).problems()
    return [problem for problem in problems if problem.code != "audit-beside"]


def script(held: World, site: Path) -> tuple[int, str]:
    """What the script of the true site says of another, with no library but Python's own."""
    return run(held, site, held.keys, held.checkpoint)


def run(held: World, *given: Path) -> tuple[int, str]:
    """What the script says of a site, keys and perhaps a checkpoint."""
    words = [sys.executable, "-I", str(held.true / "log/verify.py"), *map(str, given)]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def saved(held: World, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The true site's page, saved to a disk and opened there without a network."""
    path = tmp_path / "查驗.html"
    shutil.copy(held.true / "verify/index.html", path)
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    own = ("file:", "data:", "about:", "http://127.0.0.1:")
    assert [url for url in asked if not url.startswith(own)] == []
    context.close()


def judged(page: Page, site: Path, entry: str, kept: Path) -> tuple[str, str]:
    """What the page says of an entry's files, the log, and the checkpoint that was kept."""
    files = sorted(path for path in (site / entry).glob("*") if path.is_file())
    files += [site / "log/leaves.txt", site / "log/checkpoint"]
    page.set_input_files("#kept", kept)
    page.set_input_files("#files", files)
    return told(page)


def told(page: Page) -> tuple[str, str]:
    """The verdict that a page comes to, and all that it says."""
    result = page.locator(
        "#result:is([data-verdict=good], [data-verdict=bad], [data-verdict=none])"
    )
    result.wait_for()
    return result.get_attribute("data-verdict") or "", result.inner_text()


def test_a_true_site_is_told_to_be_one(held: World, saved: Page) -> None:
    """Audit, script and page find nothing wrong with what is right."""
    assert offences(held.true, held.keys, held.checkpoint) == []
    assert offences(held.true, None, None) == []
    code, said = script(held, held.true)
    assert code == 0
    assert "✓ 5 則紀錄與封存時相同 records are as they were sealed\n" in said
    for entry in (f"{ISSUE}/01", f"{ISSUE}/02", ENTRY, "gazette/105/105-002/02"):
        verdict, said = judged(saved, held.true, entry, held.checkpoint)
        assert verdict == "good", said


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_site_is_told(what: str, held: World, copy: Path, saved: Page) -> None:
    """Audit, script and page each say that something is wrong; the audit says what."""
    forge, code = FORGERIES[what]
    forge(held, copy)
    problems = list(audit(copy, held.keys, held.checkpoint).problems())
    assert code in {problem.code for problem in problems if problem.stops}
    for problem in problems:
        words = worded(problem, "zh-TW").sentence + worded(problem, "en").sentence
        assert not re.search(r"\{(?:value|expected|version|count|line)\}", words)
    status, said = script(held, copy)
    assert status == 1
    assert "✗" in said
    entry = f"{ISSUE}/01" if "sentence" in what else ENTRY
    if "place" in what:  # files alone do not say where they stood
        with serving(copy, "/") as address:
            saved.context.set_offline(False)
            saved.goto(f"{address}verify/?entry={entry}/")
            verdict, shown = told(saved)
            saved.goto("about:blank")
    else:
        verdict, shown = judged(saved, copy, entry, held.checkpoint)
    gone = what in ("a deleted entry", "a page without its record")
    assert verdict == ("none" if gone else "bad"), shown


def test_an_honest_later_site_is_no_forgery(held: World, tmp_path: Path, saved: Page) -> None:
    """A redaction that is logged is told as such, and fails nowhere."""
    chosen = sealed(tmp_path)
    edit(chosen.content / f"{ISSUE}/03.yaml", "title: 預告", "title: 已遮蔽預告")
    redact_record(chosen, Ref("gazette", "105-001-03"), "個人資料保護法第11條", "")
    sign_ledger(chosen, NAME, KEY)
    build_site(chosen.content, tmp_path)
    flat(chosen.site, tmp_path / "flat")
    kept = tmp_path / "flat/log/checkpoints/5.txt"
    assert offences(tmp_path / "flat", held.keys, kept) == []
    assert run(held, tmp_path / "flat", held.keys, kept)[0] == 0
    verdict, shown = judged(saved, tmp_path / "flat", ENTRY, kept)
    assert verdict == "good", shown
    assert "個人資料保護法第11條" in shown


def test_a_site_without_its_log_or_list_is_told(held: World, copy: Path) -> None:
    """Without a log nobody can tell what is missing, without a list what has changed beside."""
    shutil.rmtree(copy / "log")
    codes = [(p.code, p.stops) for p in audit(copy, held.keys, None).problems()]
    assert ("audit-alone", True) in codes
    (copy / "manifest.sha256").unlink()
    remarks = [(p.code, p.detail, p.stops) for p in offences(copy, held.keys, None)]
    assert remarks == [("audit-alone", "", False), ("audit-page", "partial", False)]
    shutil.copytree(held.true / "log", copy / "log")
    found = [(p.code, p.origin.path) for p in offences(copy, held.keys, None)]
    assert found == [("audit-manifest", "manifest.sha256")]


def test_what_is_not_sealed_yet_is_a_remark(held: World, copy: Path) -> None:
    """A record that the log does not know is no forgery; an empty folder is nothing at all."""
    shutil.copytree(copy / ENTRY, copy / "gazette/105/105-003/01")
    path = copy / "gazette/105/105-003/01"
    (path / "proof.txt").unlink()
    for name in ("record.json", "index.html"):
        text = (path / name).read_text("utf-8")
        (path / name).write_text(
            text.replace("105-001-03", "105-003-01").replace("廣場", "碼頭"), "utf-8"
        )
    problems = offences(copy, held.keys, None)
    # its issue is another's, so that no page can be written of it
    remarks = [(p.code, p.detail) for p in problems if not p.stops]
    assert remarks == [("audit-unsealed", ""), ("audit-page", "unknown")]
    assert {p.code for p in problems if p.stops} == {"audit-manifest"}
    (copy.parent / "empty").mkdir()
    assert [p.code for p in audit(copy.parent / "empty", held.keys, None).problems()] == [
        "audit-none"
    ]


def test_a_key_that_was_retired_signs_no_more(held: World, tmp_path: Path) -> None:
    """What it signed while it counted still holds, what came after does not."""
    keys = tmp_path / "keys.txt"
    keys.write_text(f"threshold 1\n{PUBLIC} 0 3\n{OTHER_PUBLIC} 4\n", "utf-8")
    problems = offences(held.true, keys, None)
    assert {problem.code for problem in problems} == {"audit-signature"}
    assert "log/checkpoints/3.txt" not in {problem.origin.path for problem in problems}
    assert run(held, held.true, keys)[0] == 1


def test_the_command_tells_keys_and_outcome(
    held: World, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its words name the log, its size and whose keys were trusted; its code tells the rest."""
    assert main(["audit", str(held.true), "--keys", str(held.keys)]) == CLEAN
    said = capsys.readouterr().err
    assert "封存紀錄「example.org/gongbao」：5 則，截至 2016-06-01。" in said
    assert "已查驗 5 則：0 處不符。" in said
    assert "網站自己列出的金鑰" not in said
    (copy / f"{ENTRY}/proof.txt").unlink()
    assert main(["audit", str(copy), "--against", str(held.checkpoint)]) == CONTENT
    out, err = capsys.readouterr()
    assert f"{copy}/{ENTRY}/proof.txt: 證明檔沒有" in out
    assert "網站自己列出的金鑰" in err
    assert main(["audit", str(copy / "nowhere")]) == USAGE
    assert main(["audit", str(copy), "--keys", str(copy / "index.html")]) == USAGE


def test_a_list_of_keys_is_read_as_written(held: World) -> None:
    """Whose log, how many, keys and sizes come back as they were."""
    trust = read_keys(held.keys.read_text("utf-8"))
    assert trust.origin == "example.org/gongbao"
    assert keys_text(trust) == held.keys.read_text("utf-8")
    more = read_keys(f"threshold 2\n{PUBLIC} 3 9\n")
    assert (more.keys[0].since, more.keys[0].until, more.threshold) == (3, 9, 2)
    assert Trust() == read_keys("")


def test_openssl_alone_checks_a_checkpoint(copy: Path) -> None:
    """The commands of the handbook, as they stand there, accept a true one and refuse another."""
    chapter = (PROGRAM / "kinds/views/templates/handbook/record.md").read_text("utf-8")
    match = re.search(r"```sh\n(sed .*?openssl .*?)```", chapter, re.S)
    assert match is not None
    for text, status in (("", 0), ("date 2016-06-01", 1)):
        path = copy / "log/checkpoint"
        path.write_text(
            path.read_text("utf-8").replace(text, f"{text} "), "utf-8"
        ) if text else None
        commands = f"set -e\n{match[1]}"
        done = subprocess.run(["sh", "-c", commands], cwd=copy, capture_output=True, check=False)
        assert done.returncode == status, done


def test_sha256sum_checks_an_issue_and_the_site(held: World, copy: Path) -> None:
    """Both lists are in its form; a changed file is told."""
    for folder in (copy, copy / ISSUE):
        words = ["sha256sum", "--check", "--quiet", "--strict", "manifest.sha256"]
        assert subprocess.run(words, cwd=folder, check=False).returncode == 0
        (copy / f"{ENTRY}/record.json").write_text("{}", "utf-8")
        done = subprocess.run(words, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 1
        shutil.copy(held.true / f"{ENTRY}/record.json", copy / f"{ENTRY}/record.json")
    assert len(files_below(copy)) == len((copy / "manifest.sha256").read_text().splitlines()) + 1
