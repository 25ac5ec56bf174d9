"""One list of changes to a sealed site, and what each of its three judges must say of them.

`gongbao audit`, `log/verify.py` and the page `verify/` see different parts of a site: of each
change it is said here who notices it, and with which words the others say that they cannot.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from forging import World, flat
from publishing import manifest_text
from sample_sites import build_site
from sealing import KEY, NAME, edit, seal, sealable

from generator.build.ledger_runs import redact_record, sign_ledger
from generator.build.options import Options
from generator.content.model import Ref
from generator.ledger.merkle import leaf_hash

SCRIPT = Path(__file__).parents[1] / "generator/ledger/templates/verify.py.txt"
ISSUE = "gazette/105/105-001"
ENTRY = f"{ISSUE}/03"
"""The entry that is changed: it has an attachment and a place in the middle."""
REDACTED = f"{ISSUE}/02"
"""An entry of which a part was hidden by law."""
ATTACHMENT = f"{ENTRY}/草案總說明.txt"
RECORD, PROOF, PAGE = f"{ENTRY}/record.json", f"{ENTRY}/proof.txt", f"{ENTRY}/index.html"
LEAVES, CHECKPOINT, LIST = "log/leaves.txt", "log/checkpoint", "manifest.sha256"
NOTICED = ""
"""What a judge says who notices a change; otherwise, the words by which he says he cannot."""


def script_module() -> ModuleType:
    """The script as a module: signatures that it has checked are not checked again."""
    module = ModuleType("verify")
    exec(compile(SCRIPT.read_text("utf-8"), str(SCRIPT), "exec"), module.__dict__)
    return module


def says(script: ModuleType, *given: Path) -> tuple[int, str]:
    """What the script says within this process, where an exception of its own is one here."""
    heard = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(heard):
        code = script.main([str(path) for path in given])
    heard.seek(0)
    return code, heard.read()


class Judged(World):
    """Five sealed entries in two steps; one was redacted later, and one was removed."""


def judged_site(root: Path) -> Judged:
    """The true site, made below `root`."""
    chosen = sealable(root / "made")
    for day in (chosen.as_of.replace(month=1, day=25), chosen.as_of):
        seal(chosen, day=day)
        sign_ledger(replace(chosen, as_of=day), NAME, KEY)
    edit(chosen.content / f"{REDACTED}.yaml", "公告105年文化節活動", "公告文化節活動")
    _redact(chosen, "105-001-02", f"{REDACTED}/")
    (chosen.content / "gazette/105/105-002/02.yaml").unlink()
    _redact(chosen, "105-002-02", "gazette/105/105-002/02/")
    build_site(chosen.content, root / "made")
    judged = Judged(root)
    flat(chosen.site, judged.true)
    shutil.copy(judged.true / "log/keys.txt", judged.keys)
    shutil.copy(judged.true / "log/checkpoints/5.txt", judged.checkpoint)
    return judged


def _redact(chosen: Options, id_: str, address: str) -> None:
    done = redact_record(chosen, Ref("gazette", id_), "個人資料保護法第11條", address)
    assert done.ledger is not None, done.examined.problems
    sign_ledger(chosen, NAME, KEY)


def script_says(site: Path, keys: Path, *checkpoints: Path) -> tuple[int, str]:
    """The exit code and words of the script, run with no library but Python's own."""
    words = [sys.executable, "-I", str(SCRIPT), *map(str, (site, keys, *checkpoints))]
    done = subprocess.run(
        words, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


Change = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """A change, and what each judge says: `NOTICED`, or words by which he says he cannot tell.

    The words of the audit are not compared. `entry` is what the page is asked for.
    """

    name: str
    change: Change
    audit: str = NOTICED
    script: str = NOTICED
    page: str = NOTICED
    entry: str = ENTRY


def _text(name: str, old: str, new: str) -> Change:
    def change(site: Path) -> None:
        text = (site / name).read_bytes().decode()
        assert old in text, (name, old)
        (site / name).write_bytes(text.replace(old, new).encode())

    return change


def _bytes(name: str, content: bytes) -> Change:
    def change(site: Path) -> None:
        assert (site / name).read_bytes() != content
        (site / name).write_bytes(content)

    return change


def _added(name: str, content: bytes) -> Change:
    def change(site: Path) -> None:
        before = (site / name).read_bytes() if (site / name).exists() else b""
        (site / name).write_bytes(before + content)

    return change


def _gone(name: str) -> Change:
    def change(site: Path) -> None:
        path = site / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def _other(name: str, source: str) -> Change:
    return lambda site: _bytes(name, (site / source).read_bytes())(site)


def _listed(*changes: Change) -> Change:
    """Changes by somebody who makes every list of files anew."""

    def change(site: Path) -> None:
        for each in changes:
            each(site)
        for listing in site.rglob(LIST):
            if listing.parent != site:
                rows = [row.partition("  ")[2] for row in listing.read_text("utf-8").splitlines()]
                digests = ((hashlib.sha256(_read(listing.parent / row)), row) for row in rows)
                listing.write_text(
                    "".join(f"{d.hexdigest()}  {row}\n" for d, row in digests), "utf-8"
                )
        (site / LIST).unlink()
        (site / LIST).write_text(manifest_text(site), "utf-8")

    return change


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _forged_with_the_true_one(site: Path) -> None:
    """A forged record that names the true one, which stands beside it, as an attachment."""
    true = (site / RECORD).read_bytes()
    digest = hashlib.sha256(true).hexdigest()
    named = f'"attachments":[{{"path":"old.json","sha256":"{digest}","title":"x"}},'
    forged = true.decode().replace("廣場", "廣埸").replace('"attachments":[', named)
    (site / ENTRY / "old.json").write_bytes(true)
    (site / RECORD).write_text(forged, "utf-8")


def _record_and_leaf(site: Path) -> None:
    """A record and its line in the log, without the hashes above."""
    before = leaf_hash((site / RECORD).read_bytes()).hex()
    _text(RECORD, "廣場", "廣埸")(site)
    _text(PAGE, "廣場", "廣埸")(site)
    _text(LEAVES, before, leaf_hash((site / RECORD).read_bytes()).hex())(site)


def _unsealed_entry(site: Path) -> None:
    """An entry that nobody has sealed."""
    new = site / "gazette/105/105-003/01"
    shutil.copytree(site / ENTRY, new)
    (new / "proof.txt").unlink()
    for name in ("record.json", "index.html"):
        text = (new / name).read_text("utf-8")
        (new / name).write_text(text.replace("105-001", "105-003"), "utf-8")
    text = (new / "record.json").read_text("utf-8")
    (new / "record.json").write_text(text.replace("105-003-03", "105-003-01"), "utf-8")


def _blanks(site: Path) -> None:
    """Blanks before a page, beyond where one might look for its beginning."""
    (site / PAGE).write_bytes(b" " * 400 + (site / PAGE).read_bytes())


BESIDE, LOG_FILES = "網頁上紀錄以外的文字", "leaves.txt 與 checkpoint"
TAIL = "</main>"
CASES = (
    # the log
    Case("line ends of Windows in the log", _listed(_text(LEAVES, "\n", "\r\n"))),
    Case("a number with a zero before it", _listed(_text(LEAVES, "\n2 ", "\n02 "))),
    Case("a number with a sign", _listed(_text(LEAVES, "\n2 ", "\n+2 "))),
    Case("a log that is none", _listed(_other(LEAVES, "404.html"))),
    Case("an empty line", _listed(_added(LEAVES, b"\n"))),
    Case("a last line without an end", _listed(_added(LEAVES, b"7"))),
    Case("a line that nobody signed", _listed(_added(LEAVES, b"7 %064d gazette:105-003-01\n" % 0))),
    Case("a name that is not UTF-8", _listed(_added(LEAVES, b"7 %064d gazette:\xff\n" % 0))),
    Case("a name that stands twice", _listed(_text(LEAVES, "105-001-01", "105-001-03"))),
    Case("a log without its last line", _listed(_text(LEAVES, "\n6 ", "\n"))),
    Case("a record and its line", _listed(_record_and_leaf)),
    Case("names exchanged", _listed(_text(LEAVES, "gazette:105-001-03", "gazette:105-001-09"))),
    Case("no log at all", _gone("log")),
    Case("no log at all, in no list", _listed(_gone("log"))),
    Case("a checkpoint that is none", _listed(_bytes(CHECKPOINT, b"garbage"))),
    Case("a checkpoint that is not UTF-8", _listed(_bytes(CHECKPOINT, b"\xff\n\n"))),
    Case("an older checkpoint", _listed(_other(CHECKPOINT, "log/checkpoints/3.txt"))),
    Case("a checkpoint of another size", _listed(_text(CHECKPOINT, "\n7\n", "\n8\n"))),
    Case("a checkpoint of another day", _listed(_text(CHECKPOINT, "date 2016", "date 2015"))),
    Case("a checkpoint with line ends of Windows", _listed(_text(CHECKPOINT, "\n", "\r\n"))),
    Case("a checkpoint that nobody signed", _listed(_text(CHECKPOINT, "— ", "— not"))),
    Case("no checkpoint", _gone(CHECKPOINT)),
    Case(
        "an earlier checkpoint that is none",
        _listed(_bytes("log/checkpoints/3.txt", b"garbage")),
        page=LOG_FILES,
    ),
    Case(
        "an earlier checkpoint that nobody signed",
        _listed(_text("log/checkpoints/3.txt", "— ", "— not")),
        page=LOG_FILES,
    ),
    Case(
        "steps between checkpoints that are none",
        _listed(_bytes("log/consistency/3-5.txt", b"garbage")),
        page=LOG_FILES,
    ),
    Case(
        "a redaction with another ground",
        _listed(_text("log/redacted/5.json", "第11條", "第12條")),
        page=LOG_FILES,
    ),
    Case(
        "a redaction that is no JSON",
        _listed(_bytes("log/redacted/5.json", b"[]")),
        page=LOG_FILES,
    ),
    Case("a redaction without its file", _listed(_gone("log/redacted/5.json")), page=LOG_FILES),
    Case(
        "a redaction that the log calls a record",
        _listed(_text(LEAVES, "redaction:gazette:105-002-02", "gazette:105-002-09")),
        page="封存紀錄裡的名稱",
    ),
    Case(
        "another kind in the name of a leaf",
        _listed(_text(LEAVES, "gazette:105-001-03", "visits:105-001-03")),
        audit="kind",
        script="封存紀錄裡的名稱",
        page="封存紀錄裡的名稱",
    ),
    # a record and its proof
    Case("a changed record", _listed(_text(RECORD, "廣場", "廣埸"))),
    Case(
        "a changed record and page",
        _listed(_text(RECORD, "廣場", "廣埸"), _text(PAGE, "廣場", "廣埸")),
    ),
    Case("a changed record with the true one as attachment", _listed(_forged_with_the_true_one)),
    Case("a record with line ends", _listed(_added(RECORD, b"\n"))),
    Case("a record that is no JSON", _listed(_bytes(RECORD, b"{"))),
    Case("a record that is a list", _listed(_bytes(RECORD, b"[1]"))),
    Case("a record that is not UTF-8", _listed(_added(RECORD, b"\xff"))),
    Case("another's record", _listed(_other(RECORD, f"{ISSUE}/01/record.json"))),
    Case("no record", _listed(_gone(RECORD))),
    Case("no entry", _listed(_gone(ENTRY))),
    Case("no proof", _listed(_gone(PROOF))),
    Case("the proof of another", _listed(_other(PROOF, f"{ISSUE}/01/proof.txt"))),
    Case("a proof that is none", _listed(_bytes(PROOF, b"garbage"))),
    Case("a proof that is not UTF-8", _listed(_text(PROOF, "index", "индекс"))),
    Case("a proof of another number", _listed(_text(PROOF, "index 2", "index 1"))),
    Case("a proof with a zero before its number", _listed(_text(PROOF, "index 2", "index 02"))),
    Case("a proof with line ends of Windows", _listed(_text(PROOF, "\n", "\r\n"))),
    Case("a proof that nobody signed", _listed(_text(PROOF, "— ", "— not"))),
    Case(
        "a changed redaction",
        _listed(_text(f"{REDACTED}/redaction.json", "第11條", "第12條")),
        entry=REDACTED,
    ),
    Case("a hidden redaction", _listed(_gone(f"{REDACTED}/redaction.json")), entry=REDACTED),
    Case("no proof of it", _listed(_gone(f"{REDACTED}/redaction-proof.txt")), entry=REDACTED),
    Case(
        "an entry that nobody sealed",
        _listed(_unsealed_entry),  # its page is another entry's, which the audit notices
        script="尚未封存",
        page="尚未封存",
        entry="gazette/105/105-003/01",
    ),
    # what stands beside it
    Case("a changed attachment", _listed(_added(ATTACHMENT, b"x"))),
    Case("no attachment", _listed(_gone(ATTACHMENT))),
    Case("a changed page", _listed(_text(PAGE, "廣場使用", "廣埸使用"))),
    Case("a changed page after 400 blanks", _listed(_text(PAGE, "廣場使用", "廣埸使用"), _blanks)),
    Case("a page of nothing", _listed(_bytes(PAGE, b"<html>"))),
    Case("no page", _listed(_gone(PAGE))),
    # what the audit alone can tell, which writes the page anew
    Case("400 blanks before a page", _listed(_blanks), script=BESIDE, page=BESIDE),
    Case(
        "a sentence beside the article",
        _listed(_text(PAGE, TAIL, "<p>本則業已廢止</p></main>")),
        script=BESIDE,
        page=BESIDE,
    ),
    # what nobody has signed
    *(
        Case(f"a sentence in {address}", _listed(_added(address, b"<p>x</p>")), "rest", word, word)
        for address, word in (
            ("gazette/index.html", "列表"),
            ("feeds/all.xml", "訂閱"),
            ("search/index.html", "搜尋"),
            ("data/gazette.csv", "資料表"),
            ("statistics/fleet/index.html", "統計頁"),
            ("en/gazette/index.html", "英文頁"),
            ("assets/site.css", "樣式"),
        )
    ),
    # lists of files, by somebody who does not make them anew
    Case("a list that is none", _added(LIST, b"garbage\n"), page="檔案清單"),
    Case("no list", _gone(LIST), page="檔案清單"),
    Case("an issue's list that is none", _added(f"{ISSUE}/{LIST}", b"garbage\n"), page="檔案清單"),
    Case("a file more", _added("more.html", b"x"), page="檔案清單"),
    Case("a page less", _gone("gazette/index.html"), page="檔案清單"),
)
