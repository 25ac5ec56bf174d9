"""The gazette: what is sealed never changes by itself, and its rules across fields hold."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder, options
from whole_program import declare, examine

from generator.kinds.gazette.issue import issue_rank, spelled_like
from generator.kinds.gazette.rules import folded_number

ENTRY = "gazette/105/105-001/01.yaml"
RECORD = "gazette/105/105-001/01/record.json"
SEALED = (
    '{"body":"第一條　為管理檔案，訂定本要點。","category":"rule",'
    '"dispatch_date":"2016-01-04","document_numbers":["小市秘字第1050000001號"],'
    '"form":"order","id":"105-001-01",'
    '"issue":{"id":"105-001","publication_date":"2016-01-05"},'
    '"issuers":[{"id":"city","name":"小市政府"}],"schema":"gongbao-record-1",'
    '"title":"訂定檔案要點"}'
)
LATER_NAME = """\
- id: city
  names:
    - {name: 小市政府, to: 105-12-31}
    - {name: 大市政府, from: 106-01-01}
"""


def artifact(content: Path, address: str) -> bytes:
    """The bytes that a content's site has at an address."""
    chosen = options(content, content.parent)
    examined = examine(chosen)
    assert examined.site is not None, examined.problems
    made = declare(examined.site, chosen.loader)
    held = {one.address: one.content for one in made.artifacts}
    held |= {page.path: block.encode() for page, block in made.pages}
    return held[address]


def test_a_record_is_these_bytes(scratch_site: ScratchSite) -> None:
    """The canonical bytes of a small entry, literally: seals rest on them."""
    assert artifact(scratch_site({}), RECORD).decode() == SEALED


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("agencies.yaml", LATER_NAME),
        ("site.yaml", MINIMAL["site.yaml"].replace("行政規則", "規則")),
        ("gazette/105/105-001/02.yaml", MINIMAL[ENTRY].replace("0001號", "0002號")),
        (ENTRY, MINIMAL[ENTRY].replace("105-01-04", "民國105年1月4日")),
        (ENTRY, f"{MINIMAL[ENTRY]}source: 檔案室\n"),
        (ENTRY, f"{MINIMAL[ENTRY]}revisions: [{{date: 105-02-01, note: 補註}}]\n"),
        (ENTRY, MINIMAL[ENTRY].replace("form: order", "'form':   order # 令")),
    ],
)
def test_what_is_not_the_document_leaves_its_record(
    name: str, text: str, scratch_site: ScratchSite
) -> None:
    """A later name of an agency, a new label, a neighbour or other spelling changes no byte."""
    before = artifact(scratch_site({}), RECORD)
    assert artifact(scratch_site({name: text}), RECORD) == before


BODIES = (
    "第一條　為管理檔案,訂定本要點。",
    "第一條 為管理檔案，訂定本要點。",
    '"第一條　為管理檔案，訂定本要點。\\n"',
)


@pytest.mark.parametrize("body", BODIES)
def test_every_letter_of_the_document_is_in_its_record(
    body: str, scratch_site: ScratchSite
) -> None:
    """A changed sign, a blank or a line break changes the record."""
    before = artifact(scratch_site({}), RECORD)
    typed = MINIMAL[ENTRY].partition("body:")[0] + f"body: {body}\n"
    assert artifact(scratch_site({ENTRY: typed}), RECORD) != before


def test_attachments_are_in_the_record_with_their_digest(scratch_site: ScratchSite) -> None:
    """Size and SHA-256 of an attachment stand in the record of its entry."""
    typed = f"{MINIMAL[ENTRY]}attachments: [{{path: a.txt, title: 附件}}]\n"
    content = scratch_site({ENTRY: typed, "gazette/105/105-001/01/a.txt": "abc"})
    assert json.loads(artifact(content, RECORD))["attachments"] == [
        {
            "bytes": "3",
            "path": "a.txt",
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "title": "附件",
        }
    ]


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("高市府秘職第10530006500號", "高市府秘職字第１０５３０００６５００號"),
        ("(105)高市府字第1號", "（105）高市府字第1號"),
        ("臺教字第 5 號", "台教字第5號"),
    ],
)
def test_numbers_are_compared_as_people_write_them(printed: str, typed: str) -> None:
    """Width, blanks, 字, 號 and 臺 do not tell two numbers apart."""
    assert folded_number(printed) == folded_number(typed)


def test_issues_are_counted_within_year_season_and_edition() -> None:
    """An id gives its volume, series and number; seasons follow the calendar."""
    assert issue_rank("105-001") == (105, "", 1)
    counted = ["105-spring-02", "105-spring-extra-01", "105-summer-01", "105-autumn-01"]
    counted = ["105-003", "105-extra-001", *counted, "105-winter-01", "106-spring-01"]
    assert sorted(counted, key=issue_rank) == counted
    assert len({issue_rank(id_)[:2] for id_ in counted}) == len(counted)


def test_a_year_is_spelled_as_the_site_spells_it() -> None:
    """What is out stays as it is, and new issues follow it."""
    assert spelled_like("98-002", ["105-001", "098-001"]) == "098-002"
    assert spelled_like("098-002", ["98-001"]) == "98-002"
    assert spelled_like("98-spring-002", ["105-001"]) == "98-spring-002"
    assert spelled_like("105-002", ["098-001"]) == "105-002"


@pytest.mark.parametrize("form", ["announcement", "letter", "notice"])
def test_a_document_without_its_subject_is_named(form: str, scratch_site: ScratchSite) -> None:
    """公告, 函 and 書函 need their 主旨, and `not_stated` excuses it."""
    typed = MINIMAL[ENTRY].replace("form: order", f"form: {form}").partition("body:")[0]
    codes = [(p.code, p.detail) for p in examine_folder(scratch_site({ENTRY: typed})).problems]
    assert codes == [("form-needs", "subject")]
    excused = f"{typed}not_stated: [subject]\n"
    codes = [(p.code, p.detail) for p in examine_folder(scratch_site({ENTRY: excused})).problems]
    assert codes == [("not-stated", "")]


def test_a_page_shows_what_its_record_lacks(scratch_site: ScratchSite) -> None:
    """A field that the source does not state is shown as 來源未載明."""
    typed = MINIMAL[ENTRY].replace("document_numbers: [小市秘字第1050000001號]\n", "")
    content = scratch_site({ENTRY: f"{typed}not_stated: [document_numbers]\n"})
    page = artifact(content, "gazette/105/105-001/01/index.md").decode()
    shown = re.search("<dt>發文字號</dt><dd>(.*?)</dd>", page)
    assert shown is not None
    assert "來源未載明" in shown[1]


IDS = {"rule": "a", "draft": "b", "other": "c"}
DRAFT_DAYS = "comment_period: {starts_on: 105-01-05, ends_on: 105-03-20}\n"


def with_other_ids(text: str) -> str:
    """A text of the minimal site with other ids of its categories."""
    return re.sub(r"(id|category): (rule|draft|other)\b", lambda m: f"{m[1]}: {IDS[m[2]]}", text)


@pytest.mark.parametrize(
    ("category", "more", "without", "codes"),
    [
        ("a", "", "", []),
        ("a", DRAFT_DAYS, "", ["form-field"]),
        ("b", "", "", ["form-needs"]),
        ("b", DRAFT_DAYS, "", []),
        ("c", "", "document_numbers", []),
        ("plain", "", "document_numbers", ["form-needs"]),
        ("draft", "", "", []),  # an id of this name means nothing by itself
    ],
)
def test_a_category_means_what_the_site_says_of_it(
    category: str, more: str, without: str, codes: list[str], scratch_site: ScratchSite
) -> None:
    """Rules follow the nature of a category, whatever its id."""
    site = with_other_ids(MINIMAL["site.yaml"])
    site = site.replace("categories:\n", "categories:\n    - {id: plain, title: 公告}\n")
    site = site.replace("categories:\n", "categories:\n    - {id: draft, title: 函}\n")
    entry = MINIMAL[ENTRY].replace("category: rule", f"category: {category}") + more
    kept = [line for line in entry.splitlines(keepends=True) if not without or without not in line]
    problems = examine_folder(scratch_site({"site.yaml": site, ENTRY: "".join(kept)})).problems
    assert [problem.code for problem in problems] == codes


def test_other_ids_give_the_same_pages(scratch_site: ScratchSite) -> None:
    """No id of a category stands in the program: pages differ in the ids alone."""
    before = artifact(scratch_site({}), f"{ENTRY.removesuffix('.yaml')}/index.md").decode()
    own = {name: with_other_ids(MINIMAL[name]) for name in ("site.yaml", ENTRY)}
    after = artifact(scratch_site(own), f"{ENTRY.removesuffix('.yaml')}/index.md").decode()
    assert 'data-nature="norm"' in before
    assert before.replace("category/rule/", "category/a/") == after


def test_a_site_without_a_gazette_needs_no_settings_of_one(scratch_site: ScratchSite) -> None:
    """Its pages stand without; no page looks up numbers, and the first entry is told once."""
    site = MINIMAL["site.yaml"].partition("gazette:")[0]
    content = scratch_site({"site.yaml": site})
    assert [problem.code for problem in examine_folder(content).problems] == ["gazette-unset"]
    shutil.rmtree(content / "gazette")
    examined = examine_folder(content)
    assert examined.site is not None
    assert not examined.problems
    addresses = {
        page.path for page, _ in declare(examined.site, options(content, content).loader).pages
    }
    assert "index.md" in addresses
    assert "d/index.md" not in addresses
