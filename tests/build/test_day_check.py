"""A wrong clock publishes nothing; a day that somebody names is obeyed, and pointed out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, files_below, options
from sealing import put_settings, seal, sealable, sealed

from generator.build.day_check import ClockRefused, early_day
from generator.build.ledger_runs import redact_record
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.content.model import Ref
from generator.ledger.log_files import ledger_files
from generator.ledger.sealing import SealRefused

PROJECT = Path(__file__).resolve().parents[2]
PAGE = "gazette/105/105-001/01/index.html"
Captured = pytest.CaptureFixture[str]


def folders(root: Path) -> list[str]:
    """The options that name a scratch site's folders."""
    named = {"--content": "content", "--work": "build", "--site": "site"}
    return [word for flag, name in named.items() for word in (flag, str(root / name))]


def at(clock: str, root: Path, command: str, *more: str) -> subprocess.CompletedProcess[str]:
    """A command on a machine whose clock says a day at noon."""
    faketime = shutil.which("faketime")
    assert faketime, "the program faketime is missing; .ci/machine installs it"
    program = [faketime, "-f", f"@{clock} 12:00:00", sys.executable, "-m", "generator"]
    return subprocess.run(
        [*program, command, *folders(root), "--lang", "en", *more],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "TZ": "UTC"},
    )


def test_a_clock_before_the_shown_site_publishes_nothing(
    scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """The site stays, the message has both days and the way out; by that way it is built."""
    scratch_site({})
    assert at("2016-06-01", tmp_path, "build").returncode == CLEAN
    before = (tmp_path / "site").stat().st_ino
    early = at("2015-06-01", tmp_path, "build")
    assert early.returncode == USAGE
    assert early.stdout == (
        f"{tmp_path}/site/status.json: The clock of this machine says 2015-06-01 (in Taipei), "
        "before 2016-06-01, the day of the site that readers see; nothing was changed."
        "[clock-early]\n"
        "Hint: Mend the clock, or name the day yourself: --as-of 2016-06-01.\n\n"
    )
    assert (tmp_path / "site").stat().st_ino == before
    assert PAGE in files_below(tmp_path / "site")
    (told,) = json.loads(at("2015-06-01", tmp_path, "build", "--format", "json").stdout)
    assert (told["code"], told["severity"]) == ("clock-early", "error")
    named = at("2015-06-01", tmp_path, "build", "--as-of", "2016-06-02")
    assert (named.returncode, named.stdout) == (CLEAN, "")
    assert at("2016-06-02", tmp_path, "build").returncode == CLEAN


@pytest.mark.parametrize(
    "command", ["build", "seal", "redact gazette:105-002-02 --ground 個人資料保護法第11條"]
)
def test_a_clock_before_the_newest_checkpoint_changes_nothing(command: str, tmp_path: Path) -> None:
    """Without a site to compare with, as in a fresh clone, the ledger knows the day."""
    chosen = sealed(tmp_path)
    held, before = ledger_files(chosen.ledger), sorted(tmp_path.iterdir())
    shutil.rmtree(chosen.work)
    early = at("2015-06-01", tmp_path, *command.split())
    assert early.returncode == USAGE
    (name,) = (chosen.ledger / "checkpoints").iterdir()
    assert early.stdout.startswith(
        f"{name}: The clock of this machine says 2015-06-01 (in Taipei), before 2016-06-01, the "
        f"day of the newest checkpoint ({name.stem} records); nothing was changed.[clock-early]\n"
    )
    assert ledger_files(chosen.ledger) == held
    assert sorted(tmp_path.iterdir()) == [path for path in before if path != chosen.work]


def test_a_clock_before_the_shown_site_seals_nothing(tmp_path: Path) -> None:
    """What would be sealed late is not sealed under a day that has passed."""
    chosen = sealable(tmp_path)
    assert at("2016-06-01", tmp_path, "build").returncode == CLEAN
    early = at("2016-05-31", tmp_path, "seal")
    assert early.returncode == USAGE
    assert "the day of the site that readers see" in early.stdout
    assert not chosen.ledger.exists()


def test_a_named_day_is_obeyed_and_pointed_out(
    scratch_site: ScratchSite, tmp_path: Path, capsys: Captured
) -> None:
    """The earlier site is built; the warning is of that run alone, and is in one JSON list."""
    scratch_site({})
    given = ["build", *folders(tmp_path), "--format", "json"]
    assert main([*given, "--as-of", "2016-06-02"]) == CLEAN
    assert json.loads(capsys.readouterr().out) == []
    assert main([*given, "--as-of", "2016-06-01"]) == CLEAN
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["code"], told["severity"]) == ("day-early", "warning")
    assert told["message"].startswith("截至日 2016-06-01 早於目前網站的截至日 2016-06-02")
    assert json.loads((tmp_path / "site/status.json").read_text("utf-8"))["as_of"] == "2016-06-01"
    assert main([*given, "--as-of", "2016-06-01"]) == CLEAN
    assert json.loads(capsys.readouterr().out) == []


def test_strictly_an_earlier_day_is_not_built(
    scratch_site: ScratchSite, tmp_path: Path, capsys: Captured
) -> None:
    """`--strict` stops at this warning as at any other, and the site stays."""
    scratch_site({})
    given = ["build", *folders(tmp_path)]
    assert main([*given, "--as-of", "2016-06-02"]) == CLEAN
    before = (tmp_path / "site").stat().st_ino
    capsys.readouterr()
    assert main([*given, "--as-of", "2016-06-01", "--strict"]) == CONTENT
    assert "[day-early]" in capsys.readouterr().out
    assert (tmp_path / "site").stat().st_ino == before


def test_a_day_before_the_newest_checkpoint_is_pointed_out(
    tmp_path: Path, capsys: Captured
) -> None:
    """The checkpoint's day is compared too, with its own words."""
    sealed(tmp_path)
    assert main(["build", *folders(tmp_path), "--as-of", "2016-05-31", "--format", "json"]) == CLEAN
    told = [one for one in json.loads(capsys.readouterr().out) if one["code"] == "day-early"]
    assert [one["values"]["known"] for one in told] == ["2016-06-01"]
    assert "最新檢查點" in told[0]["message"]


def test_another_content_in_the_same_place_is_not_compared(
    scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """A site with another address says nothing of this content's days."""
    content = scratch_site({})
    assert at("2016-06-01", tmp_path, "build").returncode == CLEAN
    other = MINIMAL["site.yaml"].replace("https://example.org/", "https://other.example/")
    assert other != MINIMAL["site.yaml"]
    (content / "site.yaml").write_text(other, "utf-8")
    early = at("2015-06-01", tmp_path, "build")
    assert (early.returncode, early.stdout) == (CLEAN, "")


OF_THIS_SITE = json.dumps({"homepage": "https://example.org/"})


@pytest.mark.parametrize(
    ("status", "package", "refused"),
    [
        ('{"as_of": "2016-06-01"}', OF_THIS_SITE, True),
        ('{"as_of": "2015-06-01"}', OF_THIS_SITE, False),
        *((text, OF_THIS_SITE, False) for text in ("", "{", "[]", '{"as_of": 7}', "\xff")),
        ('{"as_of": "soon"}', OF_THIS_SITE, False),
        *(('{"as_of": "2016-06-01"}', text, False) for text in ("", "[]", "{}")),
    ],
)
def test_a_site_that_tells_no_day_is_not_compared(
    status: str, package: str, *, refused: bool, scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """Files that are damaged or say no day are no reason to refuse, nor a fault of ours."""
    chosen = options(scratch_site({}), tmp_path, date(2015, 6, 1))
    chosen.site.mkdir()
    (chosen.site / "status.json").write_text(status, "latin-1")
    (chosen.site / "datapackage.json").write_text(package, "utf-8")
    with pytest.raises(ClockRefused) if refused else nullcontext():
        assert early_day(replace(chosen, by_clock=True)) == ()


def test_no_redaction_is_dated_before_the_newest_checkpoint(tmp_path: Path) -> None:
    """It would leave a ledger whose days run backwards, which nothing accepts any more."""
    chosen = sealable(tmp_path)
    seal(chosen, day=date(2016, 6, 2))
    put_settings(chosen.content)
    (chosen.content / "gazette/105/105-002/02.yaml").unlink()
    with pytest.raises(SealRefused, match="day"):
        redact_record(chosen, Ref("gazette", "105-002-02"), "個人資料保護法第11條", "")
