"""The gate: nothing sealed changes unnoticed, and what is lawful is never refused."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sample_sites import SITES, build_site, options
from sealing import (
    KEY,
    NAME,
    OTHER,
    OTHER_NAME,
    OTHER_PUBLIC,
    PUBLIC,
    codes,
    edit,
    put,
    put_settings,
    seal,
    sealable,
    sealed,
    settings,
    stopping_problems,
)

from generator.build.examine import examine, gather
from generator.build.ledger_runs import copies_of, redact_record, sign_ledger
from generator.build.options import Options
from generator.content.files import line_of
from generator.content.messages import as_text, worded
from generator.content.model import Ref
from generator.kinds.gazette.new_files import start_entry
from generator.ledger.log import read_ledger
from generator.ledger.log_files import ledger_files
from generator.ledger.sealing import SealRefused
from generator.ledger.seals import seals_of
from generator.pipeline import build
from generator.release.publish import published

FIRST = "gazette/105/105-001/01.yaml"
ISSUE = "gazette/105/105-001"
LATER = {
    "gazette/105/105-003/issue.yaml": "publication_date: 105-05-20\n",
    "gazette/105/105-003/01.yaml": """\
title: 公告測試市圖書館開放時間
category: public_notice
form: announcement
issuers: [city]
document_numbers: [測市圖字第1050000300號]
dispatch_date: 105-05-19
subject: 公告圖書館開放時間。
""",
}


def test_what_is_published_is_sealed_in_order(tmp_path: Path) -> None:
    """By day of publication, issue and sequence; what is not out yet waits."""
    chosen = sealable(tmp_path)
    done = seal(chosen, day=date(2016, 1, 25))
    assert [str(record.ref) for record in done.added] == [
        "gazette:105-001-01",
        "gazette:105-001-02",
        "gazette:105-001-03",
    ]
    names = sorted(path.name for path in chosen.ledger.rglob("*.txt"))
    assert names == ["3.txt", "feeds.txt", "leaves.txt"]
    more = seal(chosen)
    assert [str(record.ref) for record in more.added] == [
        "gazette:105-002-01",
        "gazette:105-002-02",
    ]
    assert sorted(more.written) == ["checkpoints/5.txt", "consistency/3-5.txt", "leaves.txt"]
    assert seal(chosen).written == ()
    assert stopping_problems(chosen) == []


@pytest.mark.parametrize("number", ["001/01", "001/02", "001/03", "002/02"])
def test_a_sealed_entry_that_is_gone_is_told_once(number: str, tmp_path: Path) -> None:
    """Nothing is said of links and relations to it, of the gap it leaves, or of its files."""
    chosen = sealed(tmp_path)
    before = examine(chosen).problems
    (chosen.content / f"gazette/105/105-{number}.yaml").unlink()
    (told,) = [problem for problem in examine(chosen).problems if problem not in before]
    id_ = f"gazette:105-{number.replace('/', '-')}"
    assert (told.code, told.detail, told.values["id"]) == ("record-removed", "", id_)


def test_an_issue_that_is_gone_is_told_entry_by_entry(tmp_path: Path) -> None:
    """Its folder was moved away with all that lay in it."""
    chosen = sealed(tmp_path)
    shutil.rmtree(chosen.content / ISSUE)
    assert [code for code, _ in codes(chosen)] == ["record-removed"] * 3


def test_the_number_of_a_sealed_entry_that_is_gone_is_not_given_again(tmp_path: Path) -> None:
    """A new entry comes after it."""
    chosen = sealed(tmp_path)
    (chosen.content / "gazette/105/105-002/02.yaml").unlink()
    site = gather(chosen).site
    assert site is not None
    assert start_entry(site, "105-002").path == "gazette/105/105-002/03.yaml"


def test_links_to_a_removed_entry_are_told_once_its_removal_is_lawful(tmp_path: Path) -> None:
    """Before and after: a redaction waits for the links to be mended, as it always did."""
    chosen = sealed(tmp_path)
    (chosen.content / f"{ISSUE}/02.yaml").unlink()
    done = redact_record(chosen, Ref("gazette", "105-001-02"), "個人資料保護法第11條", "")
    assert done.ledger is None
    assert {problem.code for problem in done.examined.problems} >= {"link-dangling"}


CHANGED = """\
content/gazette/105/105-001/01.yaml:1:8: 「gazette:105-001-01」已封存（號碼 0），「標題」卻改了：\
原為「訂定「測試市檔案管理要點」」，現為「訂定「試測市檔案管理要點」」。[record-changed]
   1 | title: 訂定「試測市檔案管理要點」
     |        ^^^^^^^^^^^^^^^^^^^^^^^^^^
提示：請改回原來的內容；要更正，另刊一則「更正」（relations 寫 corrects）；\
要撤回，另刊一則（withdraws）；\
依法須遮蔽時，執行 gongbao redact gazette:105-001-01 --ground 法律依據。"""


def test_a_change_is_named_with_field_file_line_and_ways_out(tmp_path: Path) -> None:
    """Where the published record is at hand, both values are shown, and the lawful ways out."""
    chosen = sealed(tmp_path)
    build_site(chosen.content, tmp_path)
    edit(chosen.content / FIRST, "訂定「測試市", "訂定「試測市")
    (problem,) = stopping_problems(chosen)
    told = as_text(problem, "content", lambda *at: line_of(chosen.content, *at), "zh-TW")
    assert told == CHANGED
    assert build(chosen, lambda stage: None).release is None


Edit = Callable[[Path], object]
SEALED_ID = "gazette:105-001-01"
EDITS: Mapping[str, tuple[Edit, list[tuple[str, str]]]] = {
    "record-changed/digest": (
        lambda c: edit(c / FIRST, "訂定「測試市", "訂定「試測市"),
        [("record-changed", SEALED_ID)],
    ),
    "record-changed/file": (
        lambda c: (c / f"{ISSUE}/03/草案總說明.txt").unlink(),
        [("record-changed", "gazette:105-001-03"), ("file-missing", "")],
    ),
    "an attachment's byte": (
        lambda c: (c / f"{ISSUE}/03/草案總說明.txt").write_text("別的", "utf-8"),
        [("record-changed", "gazette:105-001-03")],
    ),
    "a translation that was sealed": (
        lambda c: edit(c / FIRST, "Directions for Archives", "Rules for Archives"),
        [("record-changed", SEALED_ID)],
    ),
    "a translation added, and a word changed": (
        lambda c: edit(c / f"{ISSUE}/02.yaml", "title: 公告", "title_en: Fair\ntitle: 公佈"),
        [("record-changed", "gazette:105-001-02")],
    ),
    "the issue's day": (
        lambda c: edit(c / f"{ISSUE}/issue.yaml", "105-01-20", "105-01-19"),
        [("record-changed", f"gazette:105-001-0{n}") for n in (1, 2, 3)],
    ),
    "record-removed": (
        lambda c: (c / "gazette/105/105-002/02.yaml").unlink(),
        [("record-removed", "gazette:105-002-02")],
    ),
    "record-removed/broken": (
        lambda c: edit(c / FIRST, "form: ", "form:  : "),
        [("record-removed", SEALED_ID), ("yaml-syntax", "")],
    ),
    "record-moved": (
        lambda c: (c / "gazette/105/105-002/02.yaml").rename(c / "gazette/105/105-002/03.yaml"),
        [("record-moved", "gazette:105-002-02")],
    ),
    "two entries change places": (
        lambda c: [
            (c / f"{ISSUE}/{old}.yaml").rename(c / f"{ISSUE}/{new}.yaml")
            for old, new in (("01", "09"), ("02", "01"), ("09", "02"))
        ],
        [("record-moved", "gazette:105-001-02"), ("record-moved", SEALED_ID)],
    ),
    "record-backdated": (
        lambda c: shutil.copy(c / FIRST, c / f"{ISSUE}/04.yaml"),
        [("record-backdated", "gazette:105-001-04")],
    ),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_offence_is_refused_by_its_code(what: str, tmp_path: Path) -> None:
    """Edited, removed, moved, swapped, back-dated: each has its code, place and entry."""
    chosen = sealed(tmp_path)
    work, expected = EDITS[what]
    work(chosen.content)
    beside = ("document-number-duplicate", "correction-wrong")
    problems = [p for p in stopping_problems(chosen) if p.code not in beside]
    assert sorted((p.code, p.values.get("id", "")) for p in problems) == sorted(expected)
    for problem in problems:
        row = f"{problem.code}/{problem.detail}".rstrip("/")
        if row == what:
            assert problem.values["id"] in worded(problem, "zh-TW").sentence
            assert problem.values["id"] in worded(problem, "en").sentence
            assert line_of(chosen.content, problem.origin.path, problem.origin.line or 1)


HONEST: Mapping[str, Edit] = {
    "a file more in the folder of an issue": lambda c: put(c, {f"{ISSUE}/說明.txt~": ""}),
    "a new issue": lambda c: put(c, LATER),
    "a translation that was never sealed": lambda c: edit(
        c / f"{ISSUE}/02.yaml", "title: ", "title_en: A festival\nsummary_en: Soon.\ntitle: "
    ),
    "an entry more in the newest issue": lambda c: (c / "gazette/105/105-002/03.yaml").write_text(
        LATER["gazette/105/105-003/01.yaml"], "utf-8"
    ),
    "a word of the site": lambda c: edit(c / "site.yaml", "title: 法規", "title: 法規與規則"),
    "a source, a revision, a day to go": lambda c: (c / FIRST).write_text(
        (c / FIRST)
        .read_text("utf-8")
        .replace("source: 測試資料", "source: 檔案室\nexpires_on: 120-01-01"),
        "utf-8",
    ),
}


@pytest.mark.parametrize("what", HONEST)
def test_what_is_lawful_is_never_refused(what: str, tmp_path: Path) -> None:
    """New records, words of the site and what stands outside of the record may change."""
    chosen = sealed(tmp_path)
    HONEST[what](chosen.content)
    assert [code for code, _ in codes(chosen) if code.startswith("record")] == []


def test_an_expired_seal_wants_a_word(tmp_path: Path) -> None:
    """What is sealed and shown no longer must be logged, or audits would miss it."""
    chosen = sealed(tmp_path)
    HONEST["a source, a revision, a day to go"](chosen.content)
    edit(chosen.content / FIRST, "expires_on: 120-01-01", "expires_on: 105-05-01")
    (problem,) = (p for p in examine(chosen).problems if p.code == "expired-sealed")
    assert (problem.origin.path, problem.severity) == (FIRST, "warning")
    (chosen.content / FIRST).unlink()
    redact_record(
        chosen, Ref("gazette", "105-001-01"), "行政程序法第78條", "gazette/105/105-001/01/"
    )
    assert "expired-sealed" not in [p.code for p in examine(chosen).problems]


def test_a_renamed_agency_leaves_older_records_as_they_are(tmp_path: Path) -> None:
    """A second name from a later day on is no change of what was printed before it."""
    chosen = sealed(tmp_path)
    edit(
        chosen.content / "agencies.yaml",
        "names: [{name: 測試市政府, name_en: Test City Government}]",
        "names: [{name: 測試市政府, to: 2016-03-31}, {name: 試驗市政府, from: 2016-04-01}]",
    )
    assert codes(chosen) == []


@pytest.mark.parametrize(("first", "second"), [("098", "98"), ("98", "098")])
def test_the_log_says_how_years_are_spelled(tmp_path: Path, first: str, second: str) -> None:
    """Where a site spells one year in two ways, the way that is sealed stays."""
    issue, day = f"gazette/{first}/{first}-001", "publication_date: 98-12-29\n"
    entry = (SITES / "full" / FIRST).read_text("utf-8").partition("body:")[0]
    entry = entry.replace("10530006500", "9830006500").replace("105-01-04", "98-12-28")
    entry += "body: 全文。\n"
    chosen = sealed(tmp_path, {f"{issue}/issue.yaml": day, f"{issue}/01.yaml": entry})
    put(chosen.content, {f"gazette/{second}/{second}-002/issue.yaml": day})
    (problem,) = (p for p in stopping_problems(chosen) if p.code == "year-spelling")
    assert problem.detail == "sealed"
    values = problem.values
    assert (values["known"], values["expected"]) == (f"{first}-001", f"{first}-002")


def test_a_late_record_comes_in_with_a_public_reason(tmp_path: Path) -> None:
    """A backfill is sealed with its reason, and then stands like any other."""
    chosen = sealed(tmp_path)
    shutil.copy(chosen.content / FIRST, chosen.content / f"{ISSUE}/04.yaml")
    edit(
        chosen.content / f"{ISSUE}/04.yaml",
        "dispatch_date",
        "not_stated: [document_numbers]\ndispatch_date",
    )
    text = (chosen.content / f"{ISSUE}/04.yaml").read_text("utf-8")
    kept = [line for line in text.split("\n") if not line.startswith("document_numbers")]
    (chosen.content / f"{ISSUE}/04.yaml").write_text("\n".join(kept), "utf-8")
    assert codes(chosen) == [("record-backdated", "gazette:105-001-04")]
    done = seal(chosen, "匯入 民國105年以前 漏登")
    assert done.ledger is not None
    assert done.ledger.newest is not None
    assert done.ledger.newest.reason == "匯入 民國105年以前 漏登"
    assert codes(chosen) == []


def test_sealing_is_refused_while_anything_is_wrong(tmp_path: Path) -> None:
    """An error anywhere, another branch, an earlier day: no seal, and nothing is remembered."""
    chosen = sealable(tmp_path)
    put_settings(chosen.content, settings(PUBLIC, more="  branch: main\n"))
    with pytest.raises(SealRefused, match="branch"):
        seal(chosen)
    put_settings(chosen.content)
    edit(chosen.content / FIRST, "dispatch_date: ", "dispatch_date: x")
    with pytest.raises(AssertionError):
        seal(chosen)
    assert not chosen.ledger.exists()
    edit(chosen.content / FIRST, "dispatch_date: x", "dispatch_date: ")
    seal(chosen)
    put(chosen.content, LATER)
    with pytest.raises(SealRefused, match="day"):
        seal(replace(chosen, as_of=date(2016, 5, 25)))


def test_a_redaction_is_logged_and_then_lawful(tmp_path: Path) -> None:
    """What is left is sealed too; the stub tells leaf, ground and day; every copy is listed."""
    chosen = sealed(tmp_path)
    build_site(chosen.content, tmp_path)
    ref = Ref("gazette", "105-002-02")
    with pytest.raises(SealRefused, match="unchanged"):
        redact_record(chosen, ref, "個人資料保護法第11條", "")
    with pytest.raises(SealRefused, match="unsealed"):
        redact_record(chosen, Ref("gazette", "105-009-09"), "個人資料保護法第11條", "")
    path = chosen.content / "gazette/105/105-002/02.yaml"
    before = path.read_text("utf-8")
    title = next(line for line in before.split("\n") if line.startswith("title:"))
    path.write_text(before.replace(title, "title: 公示送達（已遮蔽）"), "utf-8")
    assert codes(chosen) == [("record-changed", str(ref))]
    done = redact_record(chosen, ref, "個人資料保護法 第11條", "")
    assert done.ledger is not None
    told = done.ledger.redactions[5]
    assert (told.name, told.number, told.ground, told.day) == (
        str(ref), 4, "個人資料保護法 第11條", chosen.as_of,
    )  # fmt: skip
    assert told.leaf == done.ledger.leaves[4].digest.hex() != told.left != ""
    files = ["checkpoints/6.txt", "consistency/5-6.txt", "leaves.txt", "redacted/5.json"]
    assert sorted(done.written) == files
    assert codes(chosen) == []
    assert {one.name for one in copies_of(chosen, told.address)} >= {"bundles", "cache.sqlite"}
    path.write_text(before, "utf-8")
    assert codes(chosen) == [("record-changed", str(ref))]


def test_a_removal_leaves_a_stub(tmp_path: Path) -> None:
    """A record that the law removes leaves its page with number, digest, ground and day."""
    chosen = sealed(tmp_path)
    build_site(chosen.content, tmp_path)
    path = chosen.content / "gazette/105/105-002/02.yaml"
    before = path.read_bytes()
    path.unlink()
    ref = Ref("gazette", "105-002-02")
    done = redact_record(chosen, ref, "個人資料保護法第11條", "")
    assert done.ledger is not None
    told = done.ledger.redactions[5]
    assert (told.left, told.address) == ("", "gazette/105/105-002/02/")
    sign_ledger(chosen, NAME, KEY)
    build_site(chosen.content, tmp_path)
    page = (chosen.site / told.address / "index.html").read_text("utf-8")
    assert "個人資料保護法第11條" in page
    assert told.leaf in page
    assert not (chosen.site / told.address / "record.json").exists()
    path.write_bytes(before)
    (problem,) = stopping_problems(chosen)
    assert (problem.code, problem.detail) == ("record-changed", "redacted")
    assert "已依法移除，又出現了" in worded(problem, "zh-TW").sentence


def _cut(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True)[:-1])


LEAVES, CHECK = "leaves.txt", "checkpoints/5.txt"
DAMAGE: Mapping[str, tuple[str, Callable[[str], str | None], int]] = {
    "record-ledger/form": (CHECK, lambda t: t.replace("\n\n", "\n"), 0),
    "record-ledger/size": (CHECK, lambda t: t.replace("\n5\n", "\n4\n"), 2),
    "record-ledger/end": (LEAVES, lambda t: t[:-1], 5),
    "record-ledger/line": (LEAVES, lambda t: t.replace("\n2 ", "\n2  "), 3),
    "record-ledger/number": (LEAVES, lambda t: t.replace("\n2 ", "\n3 "), 3),
    "record-ledger/twice": (LEAVES, lambda t: t.replace("105-001-03", "105-001-02"), 3),
    "record-ledger/short": (LEAVES, _cut, 5),
    "record-ledger/root": (
        LEAVES,
        lambda t: t.replace(t.split("\n")[4][2:10], "00000000"),
        3,
    ),
    "record-ledger/day": (CHECK, lambda t: t.replace("date ", "day "), 4),
    "record-ledger/consistency": ("consistency/3-5.txt", lambda t: None, 0),
    "record-ledger/signature": (CHECK, lambda t: t.replace("date 2016-06", "date 2016-07"), 0),
    "record-open": (CHECK, lambda t: None, 4),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_ledger_is_named_with_file_and_line(what: str, tmp_path: Path) -> None:
    """Whatever is not as it was written has a place, and words that name it."""
    chosen = sealable(tmp_path)
    seal(chosen, day=date(2016, 1, 25))
    seal(chosen)
    sign_ledger(chosen, NAME, KEY)
    name, damage, line = DAMAGE[what]
    path = chosen.ledger / name
    damaged = damage(path.read_text("utf-8"))
    path.unlink() if damaged is None else path.write_text(damaged, "utf-8")
    problems = [p for p in stopping_problems(chosen) if f"{p.code}/{p.detail}".rstrip("/") == what]
    assert len(problems) == 1, stopping_problems(chosen)
    place = "leaves.txt" if what == "record-open" else CHECK if what.endswith("root") else name
    assert problems[0].origin.path == f"../.record/{place}"
    assert problems[0].origin.line == line
    told = as_text(problems[0], "content", lambda *at: line_of(chosen.content, *at), "zh-TW")
    assert told.startswith(f".record/{place}")
    if what.endswith("short"):
        assert "gazette:105-002-02" in told
    assert worded(problems[0], "en").sentence


def test_a_damaged_redaction_is_named(tmp_path: Path) -> None:
    """The note of a redaction is a leaf of the log, to the letter."""
    chosen = sealed(tmp_path)
    edit(chosen.content / "gazette/105/105-002/02.yaml", "title: ", "title: 已遮蔽")
    redact_record(chosen, Ref("gazette", "105-002-02"), "個人資料保護法第11條", "")
    path = chosen.ledger / "redacted/5.json"
    edit(path, "第11條", "第12條")
    (problem,) = [p for p in stopping_problems(chosen) if p.code == "record-ledger"]
    assert (problem.detail, problem.origin.path) == ("redaction", "../.record/redacted/5.json")
    assert "gazette:105-002-02" in worded(problem, "zh-TW").sentence
    path.unlink()
    (problem,) = [p for p in stopping_problems(chosen) if p.code == "record-ledger"]
    assert (problem.detail, problem.origin.line) == ("redaction", 6)


def test_a_log_belongs_to_one_name(tmp_path: Path) -> None:
    """A site that gets a new address keeps the name of its log, or is told to."""
    chosen = sealed(tmp_path)
    edit(chosen.content / "site.yaml", "https://example.org/gongbao/", "https://example.net/")
    (problem,) = stopping_problems(chosen)
    assert (problem.code, problem.detail) == ("record-ledger", "origin")
    assert "sealing.origin" in worded(problem, "zh-TW").remedy
    put_settings(chosen.content, settings(PUBLIC, more="  origin: example.org/gongbao\n"))
    assert stopping_problems(chosen) == []


def test_a_checkpoint_that_was_dated_anew_is_told(tmp_path: Path) -> None:
    """The same records under another day, signed by the same hand, are not what was kept."""
    chosen = sealed(tmp_path)
    kept = tmp_path / "kept.txt"
    shutil.copy(chosen.ledger / CHECK, kept)
    (chosen.ledger / CHECK).unlink()
    later = date(2016, 6, 2)
    seal(chosen, day=later)
    sign_ledger(replace(chosen, as_of=later), NAME, KEY)
    assert stopping_problems(chosen, later) == []
    (problem,) = stopping_problems(replace(chosen, against=kept), later)
    assert (problem.code, problem.detail) == ("record-forked", "text")
    assert problem.origin.path == f"../.record/{CHECK}"
    assert "日期" in worded(problem, "zh-TW").sentence


def test_what_was_begun_is_not_switched_off(tmp_path: Path) -> None:
    """A site that sealed keeps saying so; the ledger of another content says nothing of it."""
    chosen = sealed(tmp_path)
    put_settings(chosen.content, "")
    (problem,) = stopping_problems(chosen)
    assert (problem.code, problem.origin.path) == ("record-off", "site.yaml")
    assert "record: on" in worded(problem, "zh-TW").remedy
    other = replace(chosen, content=tmp_path / "other")
    shutil.copytree(SITES / "unicode", other.content)
    edit(other.content / "site.yaml", "https://example.org/", "https://example.net/")
    assert "record-off" not in {problem.code for problem in stopping_problems(other)}


def test_signatures_that_no_longer_suffice_are_told(tmp_path: Path) -> None:
    """A second signer who counts for what was sealed before leaves it without enough."""
    chosen = sealed(tmp_path)
    late = f"{OTHER_PUBLIC}, since: {{}}"
    for since, told in ((5, ["record-unsigned"]), (6, [])):
        keys = settings(PUBLIC, late.format(since), more="  threshold: 2\n")
        put_settings(chosen.content, keys)
        problems = examine(chosen).problems
        assert [p.code for p in problems if p.code == "record-unsigned"] == told
    assert stopping_problems(chosen) == []


def test_a_seal_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    """Leaves without a checkpoint stop a build; the next seal brings them under one."""
    chosen = sealed(tmp_path)
    (chosen.ledger / CHECK).unlink()
    assert [code for code, _ in codes(chosen)] == ["record-open"]
    with pytest.raises(SealRefused, match="damaged"):
        sign_ledger(chosen, NAME, KEY)
    assert seal(chosen).added == ()
    assert stopping_problems(chosen) == []


def kept(chosen: Options, root: Path) -> Path:
    """A copy of a ledger, as somebody outside keeps it."""
    shutil.copytree(chosen.ledger, root / "kept")
    return root / "kept"


@pytest.mark.parametrize("count", [1, 3, 5])
@pytest.mark.parametrize("as_file", [False, True])
def test_a_shorter_ledger_is_told(count: int, as_file: bool, tmp_path: Path) -> None:
    """A ledger cut short without a trace, and signed anew, fails against a kept checkpoint.

    Each entry that is lost is named, also where nothing but the checkpoint was kept.
    """
    chosen = sealed(tmp_path)
    remembered = kept(chosen, tmp_path)
    names = [leaf.name for leaf in read_ledger(ledger_files(chosen.ledger)).ledger.leaves]
    shutil.rmtree(chosen.ledger)
    if count == 3:
        seal(chosen, day=date(2016, 1, 20))
        names = names[3:]
    elif count == 1:
        (chosen.content / "gazette/105/105-002/02.yaml").rename(tmp_path / "02.yaml")
        seal(chosen)
        (tmp_path / "02.yaml").rename(chosen.content / "gazette/105/105-002/02.yaml")
        names = names[4:]
    against = replace(chosen, against=remembered / CHECK if as_file else remembered)
    assert stopping_problems(chosen) == []
    assert codes(against) == [("record-truncated", name) for name in names]
    (problem, *_) = stopping_problems(against)
    assert "外部保存的檢查點有 5 則" in worded(problem, "zh-TW").sentence
    assert names[0] in worded(problem, "en").sentence


def test_a_ledger_written_anew_is_told(tmp_path: Path) -> None:
    """The first entry that differs is named; a false or foreign checkpoint compares with none."""
    chosen = sealed(tmp_path)
    remembered = kept(chosen, tmp_path)
    shutil.rmtree(chosen.ledger)
    edit(chosen.content / "gazette/105/105-001/02.yaml", "title: ", "title: 偽造")
    seal(chosen)
    (problem,) = stopping_problems(replace(chosen, against=remembered))
    assert (problem.code, problem.values["id"]) == ("record-forked", "gazette:105-001-02")
    assert problem.origin.line == 2
    assert "gazette:105-001-02" in worded(problem, "zh-TW").sentence
    path = remembered / CHECK
    path.write_text(path.read_text("utf-8").replace("date 2016", "date 2015"), "utf-8")
    (problem,) = stopping_problems(replace(chosen, against=path))
    assert (problem.code, problem.detail) == ("record-forked", "form")
    assert NAME in worded(problem, "zh-TW").sentence
    path.write_text(
        f"example.net\n{path.read_text('utf-8').partition(chr(10))[2]}".partition("\n\n")[0]
        + "\n\n",
        "utf-8",
    )
    (problem,) = stopping_problems(replace(chosen, against=path))
    assert (problem.code, problem.detail) == ("record-forked", "origin")
    assert "example.net" in worded(problem, "en").sentence


def test_a_later_ledger_goes_on_from_what_others_remember(tmp_path: Path) -> None:
    """A checkpoint, a proof or a whole log that was kept is no hindrance to what came after."""
    chosen = sealed(tmp_path)
    remembered = kept(chosen, tmp_path)
    build_site(chosen.content, tmp_path)
    put(chosen.content, LATER)
    seal(chosen)
    proof = chosen.site / "gazette/105/105-001/01/proof.txt"
    for against in (remembered, remembered / CHECK, chosen.site, proof):
        assert stopping_problems(replace(chosen, against=against)) == []


def test_signatures_are_counted_and_keys_change(tmp_path: Path) -> None:
    """Two sign where two must; what a lost key has signed still counts under the next one."""
    chosen = sealable(tmp_path)
    with pytest.raises(SealRefused, match="nothing"):
        sign_ledger(chosen, NAME, KEY)
    seal(chosen, day=date(2016, 1, 25))
    with pytest.raises(SealRefused, match="stranger"):
        sign_ledger(chosen, OTHER_NAME, OTHER)
    sign_ledger(chosen, NAME, KEY)
    with pytest.raises(SealRefused, match="complete"):
        sign_ledger(chosen, NAME, KEY)
    first = ledger_files(chosen.ledger)["checkpoints/3.txt"]
    keys = f"""\
record: on
sealing:
  threshold: 2
  keys:
    - key: {PUBLIC}
    - {{key: {OTHER_PUBLIC}, since: 4}}
"""
    put_settings(chosen.content, keys)
    seal(chosen)
    sign_ledger(chosen, NAME, KEY)
    with pytest.raises(SealRefused, match="twice"):
        sign_ledger(chosen, NAME, KEY)
    site = examine(chosen).site
    assert site is not None
    assert [held.size for held in seals_of(site).complete] == [3]
    sign_ledger(chosen, OTHER_NAME, OTHER)
    put_settings(
        chosen.content,
        keys.replace(f"key: {PUBLIC}", f"{{key: {PUBLIC}, until: 5}}").replace(
            "threshold: 2", "threshold: 1"
        ),
    )
    put(chosen.content, LATER)
    seal(chosen)
    with pytest.raises(SealRefused, match="stranger"):
        sign_ledger(chosen, NAME, KEY)
    sign_ledger(chosen, OTHER_NAME, OTHER)
    site = examine(chosen).site
    assert site is not None
    assert [held.size for held in seals_of(site).complete] == [3, 5, 6]
    assert ledger_files(chosen.ledger)["checkpoints/3.txt"] == first
    seal_of = seals_of(site).of("gazette:105-001-01")
    assert seal_of is not None
    assert seal_of.proof is not None
    assert seal_of.proof.checkpoint.size == 3


def test_settings_of_seals_are_checked(tmp_path: Path) -> None:
    """A key that is not whole and a number of signers that cannot be reached are problems."""
    chosen = sealable(tmp_path)
    put_settings(chosen.content, settings(PUBLIC.replace("+A", "+B", 1)))
    (problem,) = stopping_problems(chosen)
    assert (problem.code, problem.origin.path) == ("sealing-key", "site.yaml")
    assert worded(problem, "zh-TW").sentence == "這把公開金鑰的代號與內容不符。"
    put_settings(chosen.content, settings("clerk", more="  threshold: 2\n  origin: a+b\n"))
    assert [(p.code, p.detail) for p in stopping_problems(chosen)] == [
        ("text-form", "origin"),
        ("text-form", "key"),
    ]
    put_settings(chosen.content, settings(PUBLIC, more="  threshold: 2\n"))
    (problem,) = stopping_problems(chosen)
    assert worded(problem, "en").sentence == "2 keys must sign, but only 1 are listed."


def test_a_site_that_seals_nothing_is_as_before(tmp_path: Path) -> None:
    """Without `record: on` there is no log, no page to check with, and nothing is refused."""
    chosen = sealable(tmp_path)
    put_settings(chosen.content, "")
    edit(chosen.content / FIRST, "訂定「測試市", "訂定「試測市")
    assert stopping_problems(chosen) == []
    build_site(chosen.content, tmp_path)
    names = {path.name for path in chosen.site.iterdir()}
    assert names.isdisjoint({"log", "verify", "manifest.sha256"})


def test_a_new_seal_makes_the_sealed_folders_alone(tmp_path: Path) -> None:
    """What was out before keeps its proof and its page, byte for byte and file by file."""
    chosen = sealed(tmp_path)
    build_site(chosen.content, tmp_path)
    old = {path: path.stat() for path in (
        chosen.site / "gazette/105/105-001/01/proof.txt",
        chosen.site / "gazette/105/105-001/01/record.json",
        chosen.site / "log/checkpoints/5.txt",
    )}  # fmt: skip
    put(chosen.content, LATER)
    seal(chosen)
    sign_ledger(chosen, NAME, KEY)
    build_site(chosen.content, tmp_path)
    for path, before in old.items():
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (chosen.site / "gazette/105/105-003/01/proof.txt").is_file()
    cold = tmp_path / "cold"
    again = replace(options(chosen.content, cold), record=chosen.ledger)
    made = build(again, lambda stage: None)
    assert made.release is not None
    assert made.release.digest == published(chosen.work, chosen.site).digest


def test_seals_travel_to_workers_elsewhere(tmp_path: Path) -> None:
    """What a cluster is told of the ledger is all that pages and proofs ask for."""
    site = examine(sealed(tmp_path)).site
    assert site is not None
    name = "gazette:105-001-03"
    seal_of = seals_of(site).of(name)
    assert seal_of is not None
    assert pickle.loads(pickle.dumps(site.seals)).of(name) == seal_of
