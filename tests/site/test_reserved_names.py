"""No file of an editor is called as what the program writes beside a record's page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sample_sites import MINIMAL, SITES, ScratchSite, build_site, examine_folder
from sealing import KEY, NAME, edit, sealed, stopping_problems

from generator.build.examine import examine
from generator.build.ledger_runs import redact_record, sign_ledger
from generator.content.model import Beside, Ref
from generator.content.value_types import is_taken, name_fault
from generator.release.disk import remove_tree
from generator.release.manifest import tree
from generator.release.publish import published
from generator.site.plan import plan, shown

ENTRY = "gazette/105/105-001/01.yaml"
FOLDER = "gazette/105/105-001/01"
NAMES = [name.value for name in Beside]
FORMS: dict[str, Callable[[str], str]] = {
    "as written": lambda name: name,
    "upper case": str.upper,
    "first letter": str.capitalize,
    "long s": lambda name: name.replace("s", "\u017f"),
    "a folder": lambda name: f"{name}/a.pdf",
    "a folder in upper case": lambda name: f"{name.upper()}/a.pdf",
    "in a folder": lambda name: f"a/{name}",
    "a folder in a folder": lambda name: f"a/{name}/b.pdf",
}
"""How a name may come: hosts differ in whether they tell case and Unicode form apart."""
PAGE = "pages/about.md"
PAGE_TEXT = "---\ntitle: 關於本站\npublished_on: 105-01-04\n---\n\n見[附檔](附檔.txt)。\n"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_ours_is_refused(name: str, form: str) -> None:
    """The name itself, a folder of that name, and the name in a folder."""
    assert name_fault(FORMS[form](name)) == "ours"


@pytest.mark.parametrize("name", ["proof.pdf", "a-record.json", "redaction.pdf", "index.html.pdf"])
def test_a_name_that_is_like_ours_is_free(name: str) -> None:
    """Whole names are compared, not their beginnings and ends."""
    assert name_fault(name) is None


@pytest.mark.parametrize("name", ["proof.txt", "Redaction.JSON", "index.html/附表.txt"])
def test_it_is_refused_before_anything_is_sealed(name: str, scratch_site: ScratchSite) -> None:
    """The site need not be sealed: its first seal would find the place taken."""
    text = f"{MINIMAL[ENTRY]}attachments: [{{path: {name}, title: 附表}}]\n"
    content = scratch_site({ENTRY: text, f"{FOLDER}/{name}": "{}"})
    problems = examine_folder(content).problems
    assert [(p.code, p.detail, p.values["value"]) for p in problems] == [
        ("file-name-invalid", "ours", name)
    ]


@pytest.mark.parametrize(
    ("name", "detail"),
    [("proof.txt", "ours"), ("redaction.json", "ours"), ("附%表.txt", "unportable")],
)
def test_a_file_that_a_text_leads_to_has_such_a_name_neither(
    name: str, detail: str, scratch_site: ScratchSite
) -> None:
    """What no field may name, no link in a text brings onto the site."""
    text = PAGE_TEXT.replace("附檔.txt", name)
    content = scratch_site({PAGE: text, f"pages/about/{name}": "{}"})
    problems = examine_folder(content).problems
    assert [(p.code, p.detail, p.values["value"]) for p in problems] == [
        ("file-name-invalid", detail, name)
    ]
    assert problems[0].origin.path == PAGE


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ("statistics/fleet.yaml", "fleet.csv"),
        ("statistics/fleet.yaml", "Fleet.JSON"),
        ("statistics/fleet.yaml", "fleet.ods"),
        ("reports/2016-05-test/report.yaml", "2016-05-test.ods"),
        ("reports/2016-05-test/01-fleet.md", "2016-05-TEST.ods"),
    ],
)
def test_a_name_after_the_record_is_refused(record: str, name: str, tmp_path: Path) -> None:
    """A kind's own files beside a page are called as the record is; elsewhere the name is free."""
    shutil.copytree(SITES / "full", tmp_path / "content")
    path = tmp_path / "content" / record
    text = path.read_text("utf-8")
    if record.endswith(".md"):
        path.write_text(f"{text}\n見[附檔]({name})。\n", "utf-8")
    else:
        before = next(line for line in text.splitlines() if line.startswith("summary_en: "))
        path.write_text(text.replace(before, f"summary_en: See [the table]({name})."), "utf-8")
    (path.with_suffix("")).mkdir()
    (path.with_suffix("") / name).write_text("{}", "utf-8")
    told = [p for p in examine_folder(tmp_path / "content").problems if p.stops]
    clashes = [(p.code, p.detail, p.values["value"]) for p in told if p.code != "file-refused"]
    assert clashes == [("file-name-invalid", "ours", name)]
    assert name_fault(name) is None


def test_the_list_is_what_is_written(tmp_path: Path) -> None:
    """A sealed site with every kind and a redaction: the list names all, and nothing in vain."""
    chosen = sealed(tmp_path)
    later = chosen.as_of + timedelta(days=1)
    edit(chosen.content / "gazette/105/105-001/01.yaml", "title: ", "title: （遮蔽）")
    done = redact_record(
        replace(chosen, as_of=later), Ref("gazette", "105-001-01"), "個人資料保護法第11條", ""
    )
    assert done.ledger is not None
    sign_ledger(chosen, NAME, KEY)
    assert stopping_problems(chosen, later) == []
    build_site(chosen.content, tmp_path, later)
    site = examine(replace(chosen, as_of=later)).site
    assert site is not None
    copied = {copy.address for copy in plan(shown(site, draft=False), site.views).copies}
    owners = {site.address(record): record for record in site.archive if site.kind(record).page}
    seen: set[str] = set()
    for address in tree(published(chosen.work, chosen.site).folder).files:
        steps = address.split("/")
        above = ("/".join((*steps[:depth], "")) for depth in range(len(steps) - 1, 0, -1))
        place = next((place for place in above if place in owners), None)
        if place and address not in copied:
            name = address.removeprefix(place)
            own = site.kind(owners[place]).own_names(owners[place])
            assert is_taken(name, (*Beside, *own)), address
            seen |= {*name.split("/")}
    assert seen >= {*NAMES}
    remove_tree(tmp_path)
