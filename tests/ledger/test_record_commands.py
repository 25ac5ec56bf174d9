"""The commands of the record, from a key to a redaction: words and exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sealing import SETTINGS, edit, put_settings, sealable, settings

from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE

ENTRY = "gazette/105/105-002/02.yaml"


def folders(root: Path) -> list[str]:
    """The options that name a scratch site's folders and day."""
    named = {"--content": "content", "--work": "build", "--site": "site"}
    words = [word for flag, name in named.items() for word in (flag, str(root / name))]
    return [*words, "--as-of", "2016-06-01"]


def test_from_a_key_to_a_redaction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each step tells what it did and what comes next; the log ends as it was told."""
    chosen = sealable(tmp_path)
    put_settings(chosen.content, "")
    given, key, phrase = folders(tmp_path), tmp_path / "clerk.pem", tmp_path / "phrase"
    phrase.write_text("通關密語\n", "utf-8")
    locked = ["--phrase-file", str(phrase)]
    assert main(["key", "new", "example.org/a", "--file", str(key), *locked, *given]) == CLEAN
    public = capsys.readouterr().out.strip()
    assert public.startswith("example.org/a+")
    assert key.stat().st_mode & 0o077 == 0
    assert "ENCRYPTED" in key.read_text("ascii")
    assert main(["key", "new", "example.org/a", "--file", str(key), *given]) == USAGE
    assert main(["key", "show", "example.org/a", "--file", str(key), *given]) == USAGE
    assert main(["key", "show", "example.org/a", "--file", str(key), *locked, *given]) == CLEAN
    assert capsys.readouterr().out.strip() == public
    assert main(["seal", *given]) == CLEAN
    assert "record: on" in capsys.readouterr().err
    assert not (tmp_path / ".record/leaves.txt").exists()
    put_settings(chosen.content, settings(public))
    assert main(["seal", "--backfill", " ", *given]) == USAGE
    assert main(["seal", "--quiet", *given]) == CLEAN
    out, err = capsys.readouterr()
    assert out.endswith("gazette:105-002-01\ngazette:105-002-02\n")
    assert "已封存 5 則，封存紀錄共 5 則" in err
    assert main(["seal", *given]) == CLEAN
    assert "沒有新的內容可封存" in capsys.readouterr().err
    signing = ["--key", str(key), *locked, *given]
    assert main(["sign", "example.org/b", *signing]) == USAGE
    assert main(["sign", "example.org/a", "--key", str(phrase), *given]) == USAGE
    assert main(["sign", "example.org/a", "--key", str(tmp_path / "none"), *given]) == USAGE
    assert main(["sign", "example.org/a", *signing]) == CLEAN
    out, err = capsys.readouterr()
    assert out.startswith("example.org/gongbao\n5\n")
    assert out.endswith("\ndate 2016-06-01\n")
    assert "以上文字已簽署（1/1）" in err
    assert main(["redact", "105-002-02", "--ground", "個資法", *given]) == USAGE
    law = ["redact", "gazette:105-002-02", "--ground", "個人資料保護法第11條", *given]
    assert main(law) == USAGE
    assert "內容沒有改變" in capsys.readouterr().err
    edit(chosen.content / ENTRY, "title: ", "title: 已遮蔽")
    assert main(["build", "--quiet", *given]) == CONTENT
    assert main(law) == CLEAN
    out, err = capsys.readouterr()
    assert "已記錄 gazette:105-002-02（號碼 4）的遮蔽" in err
    assert "git 歷史" in out
    assert main(["build", "--quiet", *given]) == CLEAN


def test_nothing_is_sealed_while_anything_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error keeps all from being sealed, and the words say so."""
    chosen = sealable(tmp_path)
    put_settings(chosen.content, SETTINGS)
    edit(chosen.content / ENTRY, "dispatch_date: ", "dispatch_date: x")
    assert main(["seal", *folders(tmp_path)]) == CONTENT
    assert "沒有封存任何一則" in capsys.readouterr().err
    assert not (tmp_path / ".record").exists()
