"""Whatever stands in a copy's files, an audit ends, names it and judges the rest."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from forging import ENTRY, ISSUE, World, flat, relisted, true_world
from sample_sites import build_site
from sealing import KEY, NAME, sealed

from generator.build.audit import audit
from generator.build.ledger_runs import redact_record, sign_ledger
from generator.commands._cli import main
from generator.commands._console import CONTENT
from generator.content.model import Ref
from generator.ledger.copied_site import LARGEST
from generator.release.disk import remove_tree
from generator.text.canonical_json import canonical_json

pytestmark = pytest.mark.usefixtures("shared_frames")

RECORD, OWN_LIST, ROOT_LIST = f"{ENTRY}/record.json", f"{ISSUE}/manifest.sha256", "manifest.sha256"
DEEP = "[" * 100_000
NEGATIVE = canonical_json(
    {
        "schema": "gongbao-redaction-1",
        "id": "gazette:105-001-03",
        "number": "-99999999",
        "leaf": "0" * 64,
        "address": "",
        "ground": "",
        "date": "2016-01-01",
        "left": "",
    }
)
ABOVE = (
    '{"attachments":[{"bytes":"1","path":"../../../../../keys.txt","sha256":"DIGEST"}],'
    '"id":"105-001-03"}'
)
NO_RECORD, NO_LINE = ("audit-record", "form"), ("audit-manifest", "line")
MALFORMED: Mapping[str, tuple[str, str | bytes, tuple[str, str]]] = {
    "a record that is a list": (RECORD, "[]", NO_RECORD),
    "a record of a word": (RECORD, '"x"', NO_RECORD),
    "a record without an end": (RECORD, '{"id":', NO_RECORD),
    "a record in no encoding": (RECORD, b'{"id":"\xff\xd8"}', NO_RECORD),
    "a record that is deep": (RECORD, DEEP, NO_RECORD),
    "a record with a number for an id": (RECORD, '{"id":3}', NO_RECORD),
    "attachments that are numbers": (RECORD, '{"attachments":[1,2],"id":"105-001-03"}', NO_RECORD),
    "attachments that are one number": (RECORD, '{"attachments":7,"id":"105-001-03"}', NO_RECORD),
    "an attachment whose path is a list": (
        RECORD,
        '{"attachments":[{"path":["a"],"sha256":"0"}],"id":"105-001-03"}',
        NO_RECORD,
    ),
    "an attachment without a size": (
        RECORD,
        '{"attachments":[{"path":"a","sha256":"0"}],"id":"105-001-03"}',
        NO_RECORD,
    ),
    "an attachment elsewhere on the machine": (
        RECORD,
        '{"attachments":[{"bytes":"1","path":"/etc/passwd","sha256":"0"}],"id":"105-001-03"}',
        ("audit-file", ""),
    ),
    "an attachment above the copy": (
        RECORD,
        ABOVE,
        ("audit-file", ""),
    ),
    "an issuer whose id is a list": (
        RECORD,
        '{"id":"105-001-03","issue":{"publication_date":"x"},"issuers":[{"id":[],"name":"b"}]}',
        ("audit-page", "unknown"),
    ),
    "topics of a record that are a text": (
        RECORD,
        '{"category":"rule","id":"105-001-03","issue":{},"issuers":"a","topics":{"a":[]}}',
        ("audit-page", "unknown"),
    ),
    "a redaction that is a list": (f"{ENTRY}/redaction.json", "[]", ("audit-record", "")),
    "a redaction of nothing": (f"{ENTRY}/redaction.json", "\0", ("audit-record", "")),
    "a redaction of no end": (
        f"{ENTRY}/redaction.json",
        '{"number":Infinity,"id":"a:b","leaf":[],"address":1,"ground":{},"date":"0","left":0}',
        ("audit-record", ""),
    ),
    "a redaction that is deep": (f"{ENTRY}/redaction.json", DEEP, ("audit-record", "")),
    "a redaction in the log that is deep": ("log/redacted/1.json", DEEP, ("audit-log", "")),
    "a redaction in the log of a number below all": (
        "log/redacted/4.json",
        NEGATIVE,
        ("audit-log", ""),
    ),
    "a list that is no text": (ROOT_LIST, b"\xff\xfe\n", NO_LINE),
    "a list of odd lines": (ROOT_LIST, "\n\nab  c\n", NO_LINE),
    "a list of one file twice": (OWN_LIST, f"{'0' * 64}  01/record.json\n" * 2, NO_LINE),
    "a list of a file above": (ROOT_LIST, f"{'0' * 64}  ../keys.txt\n", ("audit-manifest", "")),
    "an empty page": (f"{ENTRY}/index.html", "", ("audit-page", "gone")),
    "a page of a comment": (f"{ENTRY}/index.html", "<!--", ("audit-page", "")),
    "a page of nothing": (f"{ENTRY}/index.html", b"\0\xff", ("audit-page", "")),
    "a proof of nothing": (f"{ENTRY}/proof.txt", b"\xff\n\n\xff", ("audit-proof", "")),
    "a proof of a huge number": (
        f"{ENTRY}/proof.txt",
        f"c2sp.org/tlog-proof@v1\nindex {'9' * 18}\n\nx\n1\n{'A' * 43}=\n\n",
        ("audit-proof", ""),
    ),
    "a checkpoint of a huge size": (
        f"log/checkpoints/{'9' * 18}.txt",
        f"x\n{'9' * 18}\n{'A' * 43}=\n\n",
        ("audit-log", ""),
    ),
    "leaves of nothing": ("log/leaves.txt", b"\xff\0\n", ("audit-log", "")),
    "keys of nothing": ("log/keys.txt", b"\xff\0", ("audit-signature", "")),
}
"""Files that no program of ours wrote, each with code and detail of the finding that names it."""


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The true site, made once."""
    root = tmp_path_factory.mktemp("true")
    yield true_world(root)
    remove_tree(root)


@pytest.fixture
def copy(held: World, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(held.true, tmp_path / "site")
    return tmp_path / "site"


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_malformed_is_a_finding(what: str, held: World, copy: Path) -> None:
    """Whatever stands in a file is named, no file outside the copy is read, the rest is judged."""
    path, content, finding = MALFORMED[what]
    shutil.copy(held.keys, copy.parent / "keys.txt")
    if isinstance(content, str):
        digest = hashlib.sha256(held.keys.read_bytes()).hexdigest()
        content = content.replace("DIGEST", digest).encode()
    (copy / path).parent.mkdir(parents=True, exist_ok=True)
    (copy / path).write_bytes(content)
    (copy / f"{ISSUE}/01/record.json").write_text("{}", "utf-8")
    problems = list(audit(copy, None, held.checkpoint).problems())
    assert finding in {(p.code, p.detail) for p in problems}
    if path != "log/keys.txt":
        assert f"{ISSUE}/01/record.json" in {p.origin.path for p in problems if p.detail == "form"}
    assert main(["audit", str(copy), "--lang", "en"]) == CONTENT


def test_no_link_pipe_or_closed_folder_is_read(
    held: World, copy: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    """What is no plain file is told and never opened; a pipe would keep an audit for ever."""
    record, proof = copy / RECORD, copy / f"{ENTRY}/proof.txt"
    for path in (record, proof):
        path.unlink()
    record.symlink_to(held.true / RECORD)
    os.mkfifo(proof)
    (copy / "deep").mkdir()
    request.addfinalizer(partial(flattened, copy / "deep", deepened(copy / "deep")))
    (copy / "log/checkpoint").write_bytes(b"0" * (LARGEST + 1))
    problems = list(audit(copy, held.keys, held.checkpoint).problems())
    found = {(p.origin.path[:34], p.detail) for p in problems if p.code == "audit-special"}
    deep = ("deep/folder/folder/folder/folder/f"[:34], "folder")
    assert found == {
        (RECORD, "link"),
        (f"{ENTRY}/proof.txt", ""),
        ("log/checkpoint", "large"),
        deep,
    }
    assert main(["audit", str(copy), "--lang", "en"]) == CONTENT
    assert "This is a link and was not read" in capsys.readouterr().out


def deepened(folder: Path) -> int:
    """Makes folders within folders until no path leads to the last; how many."""
    place, depth = os.open(folder, os.O_RDONLY), 1_000
    for _ in range(depth):
        os.mkdir("folder", dir_fd=place)
        above, place = place, os.open("folder", os.O_RDONLY, dir_fd=place)
        os.close(above)
    os.close(place)
    return depth


def flattened(folder: Path, depth: int) -> None:
    """Removes such folders from the top: the way to the last is too long for others."""
    for count in range(depth):
        below = folder.parent / f"deep{count}"
        (folder / "folder").rename(below)
        folder.rmdir()
        folder = below
    folder.rmdir()


def test_a_file_in_the_place_of_the_log_is_told(held: World, copy: Path) -> None:
    """A log that is no folder is no log."""
    shutil.rmtree(copy / "log")
    (copy / "log").write_text("no folder", "utf-8")
    assert "audit-alone" in {p.code for p in audit(copy, held.keys, None).problems() if p.stops}


def test_a_site_without_any_entry_is_told(held: World, copy: Path) -> None:
    """A copy that holds log and list must hold every sealed record, though none is left."""
    shutil.rmtree(copy / "gazette")
    relisted(copy)
    for kept in (None, held.checkpoint):
        problems = list(audit(copy, held.keys, kept).problems())
        assert [(problem.code, problem.stops) for problem in problems] == [
            ("audit-missing", True)
        ] * 5
    (copy / "manifest.sha256").unlink()
    assert "audit-missing" in {p.code for p in audit(copy, held.keys, None).problems()}
    # a log alone is whole
    assert list(audit(copy / "log", held.keys, held.checkpoint).problems()) == []


def test_an_entry_may_be_gone_where_the_log_says_so(held: World, tmp_path: Path) -> None:
    """A removal by law is no gap; another entry that is gone beside it is."""
    chosen = sealed(tmp_path)
    (chosen.content / f"{ENTRY}.yaml").unlink()
    shutil.rmtree(chosen.content / ENTRY)
    redact_record(chosen, Ref("gazette", "105-001-03"), "個人資料保護法第11條", f"{ENTRY}/")
    sign_ledger(chosen, NAME, KEY)
    build_site(chosen.content, tmp_path)
    flat(chosen.site, tmp_path / "flat")
    assert [p for p in audit(tmp_path / "flat", held.keys, None).problems() if p.stops] == []
    shutil.rmtree(tmp_path / "flat" / ISSUE / "02")
    relisted(tmp_path / "flat")
    found = [(p.code, p.values["value"]) for p in audit(tmp_path / "flat", None, None).problems()]
    assert ("audit-missing", "gazette:105-001-02") in found
    assert ("audit-missing", "gazette:105-001-03") not in found
