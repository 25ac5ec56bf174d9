"""Pages of sealed entries: every true copy passes, and nothing put into one stays unnoticed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from forging import ENTRY, ISSUE, World, relisted, true_copy, true_world
from hypothesis import given
from hypothesis import strategies as st
from plain_mkdocs import put_settings as mkdocs_settings
from rich import FILES
from sample_sites import AS_OF, SITES
from sealing import KEY, NAME, edit, put, seal
from tampered import TAMPERINGS

from generator.build.audit import audit
from generator.build.ledger_runs import redact_record, sign_ledger
from generator.build.options import Options
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT
from generator.content.model import Problem, Ref
from generator.ledger.record_page import difference
from generator.release.disk import remove_tree
from generator.site.unsealing import UNKNOWN

pytestmark = pytest.mark.usefixtures("shared_frames")


def test_a_site_of_its_own_theme_is_audited_in_its_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its pages are compared in that theme; a copy alone does not have it, and is told so."""
    own = tmp_path / "own/partials"
    own.mkdir(parents=True)
    (own / "header.html").write_text("<header>自訂</header>", "utf-8")
    (own / "footer.html").write_text("<footer>自訂</footer>", "utf-8")
    mkdocs_settings(tmp_path, theme={"name": "material", "custom_dir": "own"})
    copy = true_copy(tmp_path, SITES / "full")
    command = ["audit", str(copy), "--content", str(tmp_path / "content")]
    assert main(command) == CLEAN
    page = next(path for path in copy.glob("gazette/*/*/*/index.html"))
    page.write_text(page.read_text("utf-8").replace("自訂", "自定", 1), "utf-8")
    assert main(command) == CONTENT
    assert main(["audit", str(copy), "--content", str(tmp_path / "elsewhere")]) == CONTENT
    assert "請在它的儲存庫裡查驗" in capsys.readouterr().out


def told(site: Path) -> list[tuple[str, str, str]]:
    """What an audit finds but for words that are in no record: code, detail, place."""
    problems = audit(site, None, None).problems()
    return [(p.code, p.detail, p.origin.path) for p in problems if p.code != "audit-beside"]


@pytest.mark.parametrize("day", [date(2016, 3, 10), AS_OF, date(2018, 1, 1)], ids=str)
def test_a_true_copy_of_all_that_a_page_can_show(day: date, tmp_path: Path) -> None:
    """Whatever stands on entries' pages, for whichever day, follows from the copy's records."""
    assert told(true_copy(tmp_path, SITES / "full", day=day, files=FILES)) == []


def _plain_settings(content: Path) -> None:
    """A demonstration without English, whose mistakes are told by mail."""
    path = content / "site.yaml"
    text = path.read_text("utf-8").replace("official: true", "official: false")
    text = text.replace("title_en: Test City Gazette\n", "", 1)
    text = text.replace("repository: https://example.org/edit/\n", "")
    mail = "contact: 秘書處 <a.b+c@example.org>\n"
    path.write_text(re.sub("contact:\n(  .*\n)+", mail, text), "utf-8")


def _english(chosen: Options) -> None:
    """English, a source and notes that come after the seal."""
    path = chosen.content / f"{ENTRY}.yaml"
    later = (
        'title_en: Draft "rules" & <more>\nsummary_en: |\n  A **bold** [link](https://example.org/)\n'
        '\n  - and a [visit](visits:2016-02-19-lantern)\nsource: 甲 & <乙> "丙"\n'
        "revisions: [{date: 105-04-01, note: 補上英文 <b>。}, {date: 105-04-02, note: 再補。}]\n"
    )
    path.write_text(path.read_text("utf-8") + later, "utf-8")


def _redacted(chosen: Options) -> None:
    edit(chosen.content / f"{ENTRY}.yaml", "title: 預告", "title: 已遮蔽預告")
    redact_record(chosen, Ref("gazette", "105-001-03"), "個人資料保護法第11條", "")
    sign_ledger(chosen, NAME, KEY)


def _removed(chosen: Options) -> None:
    (chosen.content / f"{ENTRY}.yaml").unlink()
    shutil.rmtree(chosen.content / ENTRY)
    redact_record(chosen, Ref("gazette", "105-001-03"), "個人資料保護法第11條", f"{ENTRY}/")
    sign_ledger(chosen, NAME, KEY)


@pytest.mark.parametrize("after", [_english, _redacted, _removed])
def test_a_true_copy_of_what_changed_lawfully(
    after: Callable[[Options], object], tmp_path: Path
) -> None:
    """English that came later, hidden words, an entry that was removed: none is forged."""
    assert told(true_copy(tmp_path, SITES / "full", after=after)) == []


def test_a_true_copy_of_other_sites(tmp_path: Path) -> None:
    """The sample of rare characters, and a demonstration in one language."""
    assert told(true_copy(tmp_path / "a", SITES / "unicode")) == []
    plain = true_copy(tmp_path / "b", SITES / "full", before=_plain_settings)
    assert told(plain) == []


def test_a_seal_that_waits_is_a_remark(tmp_path: Path) -> None:
    """A later entry whose seal nobody has signed yet changes pages of sealed ones lawfully."""

    def later(chosen: Options) -> None:
        put(chosen.content, {path: text for path, text in FILES.items() if "105-003" in path})
        seal(chosen)

    found = told(true_copy(tmp_path, SITES / "full", after=later))
    assert {(code, detail) for code, detail, _ in found} == {("audit-unsealed", "")}


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


def problem_of(site: Path, path: str) -> Problem:
    """The one offence of a copy, which must be at a path."""
    (problem,) = (p for p in audit(site, None, None).problems() if p.stops)
    assert problem.origin.path == path
    return problem


def test_what_no_seal_covers_is_told_once(
    held: World, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A source and a note are in no record: each is named, with how many pages have it."""
    page = copy / f"{ISSUE}/01/index.html"
    edit(page, "</span>測試資料</p>", "</span>假的來源</p>")
    relisted(copy)
    assert main(["audit", str(copy), "--keys", str(held.keys)]) == CLEAN
    out, err = capsys.readouterr()
    assert out.count("「假的來源」") == 1
    assert "共 1 頁" in out
    assert err.startswith("簽署擔保的只有：")
    assert main(["audit", str(copy), "--lang", "en"]) == CLEAN
    out, err = capsys.readouterr()
    assert "pages that have it: 1): “假的來源”" in out
    assert err.startswith("Signatures vouch for the records")
    assert "Nobody has signed the rest: the home page" in err


def test_a_part_of_a_site_is_compared(held: World, tmp_path: Path) -> None:
    """Without all records it is said what was not compared, and the rest still is."""
    shutil.copytree(held.true / ENTRY, tmp_path / ENTRY)
    page = f"{ENTRY}/index.html"
    assert told_with_keys(tmp_path, held) == [
        ("audit-page", "partial", page),
        ("audit-alone", "", "log"),
    ]
    edit(tmp_path / page, "<dd>公告</dd>", "<dd>令</dd>")
    assert ("audit-page", "", page) in told_with_keys(tmp_path, held)


def told_with_keys(site: Path, held: World) -> list[tuple[str, str, str]]:
    """What an audit with keys finds, sorted by place."""
    problems = [*audit(site, held.keys, None).problems()]
    found = sorted((p.origin.path, p.code, p.detail) for p in problems)
    return [(code, detail, path) for path, code, detail in found if code != "audit-beside"]


def test_words_that_are_none_are_told(copy: Path) -> None:
    """Where all pages agree on an address that is none, no page can be written to compare with."""
    for path in copy.glob("gazette/*/*/*/index.html"):
        text = path.read_text("utf-8")
        path.write_text(text.replace('"canonical" href="https:', '"canonical" href="javascript:'))
    relisted(copy)
    (problem,) = (p for p in audit(copy, None, None).problems() if p.stops)
    assert (problem.code, problem.detail) == ("audit-page", "words")


def test_a_record_of_a_later_program_is_a_remark(copy: Path) -> None:
    """A field that this program does not know is named, and the page is not called false."""
    path = copy / f"{ENTRY}/record.json"
    row = {**json.loads(path.read_bytes()), "votes": "12"}
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(text, "utf-8")
    found = [p for p in audit(copy, None, None).problems() if p.detail == "unknown"]
    assert [(p.code, p.stops, p.values["value"]) for p in found] == [("audit-page", False, "votes")]


def test_a_difference_is_named_with_both_texts(copy: Path) -> None:
    """A false deadline is named as it stands, beside what the record says."""
    page = f"{ENTRY}/index.html"
    edit(
        copy / page,
        '至<time datetime="2016-03-20">105年3月20日</time></p>',
        '至<time datetime="2016-03-20">105年9月9日</time></p>',
    )
    relisted(copy)
    problem = problem_of(copy, page)
    assert problem.values["value"].startswith("105年9月9日</time>")
    assert problem.values["expected"].startswith("105年3月20日</time>")


SAMPLE = (
    "article: true text hidden",
    "article: a false section of a known class",
    "article: a false fact row",
    "article: a false deadline",
    "article: a false mailbox behind the true one",
    "article: an attachment's link elsewhere",
    "article: how it stands",
    "article: a sign without width in the text",
    "head: a refresh to elsewhere",
    "head: a policy that lets all pass",
    "frame: a banner above the article",
    "record: two entries, whole, in each other's place",
)


@pytest.mark.parametrize("what", SAMPLE)
def test_a_change_within_an_entrys_page_is_told(what: str, held: World, copy: Path) -> None:
    """Whatever is put into a sealed entry's page, or taken from it, the audit names the page."""
    entry = TAMPERINGS[what].apply(copy)
    found = {(p.code, p.origin.path) for p in audit(copy, held.keys, held.checkpoint).problems()}
    place = ("audit-place", f"{entry}record.json")
    assert found & {("audit-page", f"{entry}index.html"), place}


def test_what_nobody_signs_is_said_to_be_so(
    held: World, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A style sheet that hides every text passes, and the first words say that it would."""
    TAMPERINGS["free: the style sheet"].apply(copy)
    assert main(["audit", str(copy), "--keys", str(held.keys), "--lang", "en"]) == CLEAN
    said = capsys.readouterr().err
    assert said.index("Nobody has signed the rest") < said.index("0 offences")
    assert "styles and scripts" in said


PAGE = "<article><h1>標題</h1><p>甲<b>乙</b></p></article>"


@given(st.integers(0, len(PAGE)), st.text(min_size=1, max_size=5))
def test_no_byte_is_put_in_unnoticed(place: int, text: str) -> None:
    """Whatever is put wherever into a page is a difference."""
    assert difference(PAGE[:place] + text + PAGE[place:], PAGE, "a/") is not None


LINK = f'<a href="../../{UNKNOWN}/visits/{UNKNOWN}/lantern/#k">來訪</a>'
LEADS = {
    "../../visits/105/lantern/#k": True,
    "../../visits/lantern/#k": True,
    "": True,
    "../../visits/105/lantern/": False,
    "../../visits/105/lantern/#l": False,
    "../../visits/105/other/#k": False,
    "../../elsewhere/lantern/#k": False,
    "../../../visits/105/lantern/#k": False,
    "../../visits/./lantern/#k": False,
    "../../visits/105/lantern/?x#k": False,
    "https://example.net/visits/105/lantern/#k": False,
    "//example.net/visits/105/lantern/#k": False,
    "javascript:visits/105/lantern/#k": False,
}


@pytest.mark.parametrize("href", LEADS)
def test_an_unknown_link_leads_where_its_record_may_stand(href: str) -> None:
    """A record of a kind that is not sealed may stand anywhere in its section, by its own id."""
    page = LINK.replace(LINK.split('"')[1], href) if href else "<a>來訪</a>"
    assert (difference(page, LINK, "a/b/") is None) is LEADS[href]
