"""The audit and the stand-alone script judge alike; the script survives whatever it is given."""

from __future__ import annotations

import ast
import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from judging import (
    ATTACHMENT,
    CASES,
    CHECKPOINT,
    ENTRY,
    ISSUE,
    LEAVES,
    LIST,
    NOTICED,
    PAGE,
    PROOF,
    RECORD,
    REDACTED,
    SCRIPT,
    Case,
    Judged,
    judged_site,
    says,
    script_module,
    script_says,
)

from generator.build.audit import audit
from generator.release.disk import remove_tree
from generator.text.public_key import NoteFault

pytestmark = pytest.mark.usefixtures("shared_frames")

OPENING = SCRIPT.read_text("utf-8").partition('OPENING = """\\\n')[2].partition('"""')[0]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """The true site, made once."""
    root = tmp_path_factory.mktemp("judged")
    yield judged_site(root)
    remove_tree(root)


@pytest.fixture
def copy(held: Judged, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(held.true, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script, for all tests."""
    return script_module()


def test_a_true_site_is_good_to_both(held: Judged) -> None:
    """Neither finds anything; the script says first what nobody has signed, and what it covers."""
    found = audit(held.true, held.keys, held.checkpoint).problems()
    assert [problem for problem in found if problem.stops] == []
    told = (
        "\n✓ 4 則紀錄與封存時相同 records are as they were sealed\n"
        "✓ 1 個附件與封存時相同 attachments are as they were sealed\n"
        "– 4 頁有紀錄的文字，其餘未查 pages have the texts; no more was checked\n"
    )
    assert script_says(held.true, held.keys, held.checkpoint) == (0, OPENING + told)
    assert "沒有人簽署" in OPENING.splitlines()[1]
    assert "Nobody has signed" in OPENING


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_judge_a_change_as_the_list_says(
    case: Case, held: Judged, copy: Path, script: ModuleType
) -> None:
    """Who must notice it does; who cannot says in words that he cannot, and is not alarmed."""
    case.change(copy)
    problems = audit(copy, held.keys, held.checkpoint).problems()
    stops = [problem for problem in problems if problem.stops]
    assert bool(stops) == (case.audit == NOTICED)
    code, said = says(script, copy, held.keys, held.checkpoint)
    assert code == (case.script == NOTICED), said
    assert said.startswith(OPENING)
    assert ("✗" in said) == (case.script == NOTICED)
    assert case.script in said


@pytest.mark.parametrize("part", ["record", "entry", "log"])
def test_a_part_of_a_site_is_judged_for_what_it_has(
    part: str, held: Judged, tmp_path: Path
) -> None:
    """A record with its proof, an entry's folder and a log alone are enough for a verdict."""
    folder = tmp_path / ENTRY if part != "log" else tmp_path / "log"
    shutil.copytree(held.true / (ENTRY if part != "log" else "log"), folder)
    if part == "record":
        (folder / "index.html").unlink()
    code, said = script_says(folder, held.keys, *([held.checkpoint] if part == "log" else ()))
    assert code == 0, said
    assert ("封存紀錄 7 行與簽署的相同" in said) == (part == "log")
    assert ("沒有網頁，未查驗" in said) == (part == "record")
    assert ("沒有封存紀錄，查不出少了哪一則" in said) == (part != "log")


def test_links_pipes_and_depths_are_told_and_not_entered(held: Judged, copy: Path) -> None:
    """Loops of links, pipes and deep folders are findings by name, and the rest is judged."""
    (copy / "a").mkdir()
    (copy / "a/up").symlink_to("..")
    (copy / "a/b").symlink_to(copy)
    (copy / "a/host").symlink_to("/etc/hostname")
    os.mkfifo(copy / "pipe")
    (copy / "/".join("d" * 40)).mkdir(parents=True)
    shutil.rmtree(copy / "feeds")
    (copy / "feeds").symlink_to("/etc")
    for listing in (LIST, f"{ISSUE}/{LIST}"):
        (copy / listing).write_bytes(b"")
    (copy / ATTACHMENT).unlink()
    (copy / ATTACHMENT).symlink_to("/etc/hostname")
    code, said = script_says(copy, held.keys)
    assert code == 1
    found = [line for line in said.splitlines() if line.startswith("✗")]
    assert sorted(line for line in found if "不在清單上" not in line) == [
        f"✗ {len(found) - 1} 處與封存時不同 not as sealed",
        "✗ a/b: 連結，未跟隨 a link, not followed: use cp -rL",
        "✗ a/host: 連結，未跟隨 a link, not followed: use cp -rL",
        "✗ a/up: 連結，未跟隨 a link, not followed: use cp -rL",
        f"✗ {'/'.join('d' * 33)}: 資料夾太深 too many folders within folders",
        "✗ feeds: 連結，未跟隨 a link, not followed: use cp -rL",
        f"✗ {RECORD}: 附件與封存時不同，或不見了 an attachment is changed or gone: 草案總說明.txt",
        f"✗ {ATTACHMENT}: 連結，未跟隨 a link, not followed: use cp -rL",
        "✗ pipe: 不是檔案 not a file but a pipe, socket or device",
    ]


MALFORMED: dict[str, tuple[str, bytes, str]] = {
    "an empty log": (LEAVES, b"", "封存紀錄與檢查點不符"),
    "no issuers": (RECORD, b'{"id":"105-001-03"}', "「issuers」不見了"),
    "a bomb": (RECORD, b'{"a":' * 100_000, "不是 JSON 物件"),
    "a number without end": (RECORD, b'{"id":' + b"9" * 1_000_000 + b"}", "「id」不見了"),
    "a list": (RECORD, b"[]", "不是 JSON 物件"),
    "a text for issuers": (RECORD, b'{"id":"105-001-03","issuers":"x"}', "「issuers」不見了"),
    "an issuer that is none": (RECORD, b'{"id":"105-001-03","issuers":[1]}', "發文機關沒有名稱"),
    "a number for attachments": (
        RECORD,
        b'{"id":"105-001-03","issuers":[],"attachments":1}',
        "附件的形式不對",
    ),
    "an attachment above": (
        RECORD,
        b'{"id":"105-001-03","issuers":[],"attachments":[{"path":"../01/record.json"}]}',
        "附件不是旁邊的檔案 not the name of a file beside the record: ../01/record.json",
    ),
    "an attachment anywhere": (
        RECORD,
        b'{"id":"105-001-03","issuers":[],"attachments":[{"path":"/etc/hostname","sha256":"0"}]}',
        "附件不是旁邊的檔案 not the name of a file beside the record: /etc/hostname",
    ),
    "a lone surrogate": (
        RECORD,
        b'{"id":"\\ud800","issuers":[],"title":"\\ud800"}',
        "這裡不是它的位置 this is another record's place: \\ud800",
    ),
    "a page of unclosed tags": (PAGE, b"<script" * 200_000, "網頁缺少"),
    "a page of unclosed comments": (PAGE, b"<!--" * 200_000, "網頁缺少"),
    "a page that is not UTF-8": (PAGE, b"\xff", "不是 UTF-8 文字"),
    "a redaction that is a list": (f"{ENTRY}/redaction.json", b"[]", "不是 JSON 物件"),
    "a line that looks like a verdict": (
        LEAVES,
        "\u001b[2J\r✓ 5 則\n".encode(),
        "第 1 行有誤 line 1 is wrong: \\x1b[2J\\r✓ 5 則",
    ),
    "a list of files that leads elsewhere": (
        "gazette/manifest.sha256",
        b"%064d  ../../../../../etc/hostname\n" % 0,
        "與清單不同 not what gazette/manifest.sha256 says",
    ),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_malformed_is_named_and_the_rest_judged(
    what: str, held: Judged, copy: Path
) -> None:
    """No file ends the script: each fault has its place, and another's is told as well."""
    name, content, words = MALFORMED[what]
    (copy / name).write_bytes(content)
    (copy / "gazette/105/105-001/01/proof.txt").write_bytes(b"x")
    code, said = script_says(copy, held.keys)
    assert code == 1
    faults = [line for line in said.splitlines() if line.startswith("✗")]
    assert any(words in line for line in faults), said
    assert any("105-001/01/record.json: 不是證明檔" in line for line in faults), said
    assert said.isprintable() or set(filter(lambda sign: not sign.isprintable(), said)) == {"\n"}


@pytest.mark.parametrize("keys", [b"", b"PGP", b"\xff", b"\n\n", b"threshold 0\n", b"a+b+c\n"])
def test_wrong_use_is_told_apart_from_a_forgery(keys: bytes, held: Judged, tmp_path: Path) -> None:
    """A list without a key signs nothing; what is no list, or no folder, is wrong use."""
    (tmp_path / "keys").write_bytes(keys)
    code, said = script_says(held.true, tmp_path / "keys")
    assert code == (2 if keys else 1)
    assert "✗" in said
    assert script_says(tmp_path / "nowhere", held.keys)[0] == 2
    assert script_says(held.true, tmp_path / "nowhere")[0] == 2


EDITED = (
    RECORD,
    PROOF,
    ATTACHMENT,
    f"{REDACTED}/record.json",
    f"{REDACTED}/redaction.json",
    f"{REDACTED}/redaction-proof.txt",
    LEAVES,
    CHECKPOINT,
    "log/checkpoints/3.txt",
    "log/consistency/3-5.txt",
    "log/redacted/5.json",
)
"""What is signed, or follows from what is: no byte of it may change."""
JUNK = (b"", b"null", b"[]", b'"x"', b"1e999", b"\0", b"\xff\xfe", b"\r", b"\n\n", b"\xe2\x80\xa8")
VALUES: tuple[object, ...] = (None, [], {}, "", 0, True, [[]], {"": None}, "../x", ["\ud800"])


def edited(content: bytes, chance: random.Random) -> bytes:
    """The same bytes with one edit, by a fixed seed; a JSON text may get another value."""
    at, to = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    piece = bytes(chance.randrange(256) for _ in range(chance.choice((1, 1, 2, 9))))
    edits: tuple[Callable[[], bytes], ...] = (
        lambda: content[:at] + piece + content[at + 1 :],
        lambda: content[:at] + piece + content[at:],
        lambda: content[:at] + content[to:],
        lambda: content[:to] + content[at:],
        lambda: content[:at] + chance.choice(JUNK) + content[to:],
        lambda: chance.choice(JUNK),
        lambda: other_value(content, chance),
    )
    return chance.choice(edits)()


def other_value(content: bytes, chance: random.Random) -> bytes:
    """A JSON text with one value replaced; of another text, one digit."""
    if not content.startswith(b"{"):
        return content.replace(b"%d" % chance.randrange(10), b"%d" % chance.randrange(10), 1)
    value = json.loads(content)
    within: Any = value
    while True:
        key = chance.choice(list(within) if isinstance(within, dict) else range(len(within)))
        inner = within[key]
        if isinstance(inner, (dict, list)) and inner and chance.random() < 0.7:
            within = inner
            continue
        within[key] = chance.choice(VALUES)
        return json.dumps(value, separators=(",", ":")).encode()


@pytest.mark.parametrize("seed", range(8))
def test_no_edit_of_what_is_signed_passes_or_ends_the_script(
    seed: int, held: Judged, copy: Path, script: ModuleType
) -> None:
    """Any change of what is signed gives exit code 1, and never an exception."""
    chance = random.Random(seed)
    assert says(script, copy, held.keys, held.checkpoint)[0] == 0
    for _ in range(60):
        path = copy / chance.choice(EDITED)
        before = path.read_bytes()
        after = edited(before, chance)
        path.write_bytes(after)
        code, said = says(script, copy, held.keys, held.checkpoint)
        assert code == (after != before), (path, after, said)
        path.write_bytes(before)


@pytest.mark.parametrize("seed", range(4))
def test_edited_keys_are_refused_or_judged_as_the_audit_does(
    seed: int, held: Judged, script: ModuleType, tmp_path: Path
) -> None:
    """The script is content with a list of keys only where the audit is."""
    chance = random.Random(seed)
    keys, true = tmp_path / "keys.txt", held.keys.read_bytes()
    for _ in range(60):
        keys.write_bytes(edited(true, chance))
        code, said = says(script, held.true, keys)
        assert code in (0, 1, 2), said
        if code == 0:
            problems = list(audit(held.true, keys, None).problems())
            assert not any(problem.stops for problem in problems), keys.read_bytes()
        elif code == 2 and "不是 UTF-8" not in said:
            with pytest.raises(NoteFault):
                audit(held.true, keys, None)


def test_the_script_is_python_of_its_own(held: Judged) -> None:
    """Its grammar is Python 3.8's, and what it imports is Python's own."""
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 8))
    froms = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    plain = {
        name.name for one in ast.walk(tree) if isinstance(one, ast.Import) for name in one.names
    }
    assert {name for name in froms | plain if name} <= sys.stdlib_module_names
    assert (held.true / "log/verify.py").read_bytes() == SCRIPT.read_bytes()
