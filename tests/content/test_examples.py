"""The published page of codes: its wrong examples are wrong, its right ones are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder

from generator import PROGRAM
from generator.content.messages import Example, examples, messages

SITE, AGENCIES = MINIMAL["site.yaml"], MINIMAL["agencies.yaml"]
ENTRY = MINIMAL["gazette/105/105-001/01.yaml"].replace("0001號", "0002號")
VISIT = "title: 八王子市長來訪\ndirection: incoming\ncountries: [JP]\npublished_on: 105-05-06\n"
PARTNER = "name: 八王子市\ncountry: JP\nrelation: friendship\n"
STATISTIC = """\
title: 車輛借用
unit: 車次
source: 測試報告
published_on: 105-05-06
columns: [{title: 次數}]
rows: [{title: 甲, value: 1}]
"""
PLACES = {
    "entry": ("gazette/105/105-001/02.yaml", ENTRY),
    "raw": ("gazette/105/105-001/02.yaml", ""),
    "agencies": ("agencies.yaml", ""),
    "page": ("pages/about.md", ""),
    "site": ("site.yaml", SITE),
    "visit": ("visits/105/hachioji.yaml", VISIT),
    "partner": ("partners/hachioji.yaml", PARTNER),
    "statistic": ("statistics/fleet.yaml", STATISTIC),
}
COMPANIONS = {
    "statistics/venues.yaml": """\
title: 場地
source: 測試報告
as_of: 105-01-01
published_on: 105-05-06
columns: [{title: 數值}]
rows: [{title: 中庭及廣場開放, unit: 場次, value: 164}, {title: 訪賓, unit: 案, value: 4}]
""",
    "reports/2016-05/report.yaml": """\
title: 業務報告
presented_on: 105-05-06
presenter: {name: 王小明}
period: {from: 104-09-01, to: 105-02-29}
""",
    "reports/2016-05/01-venues.md": "---\ntitle: 場地\n---\n內文。\n",
}
"""What examples of reports stand beside."""
PLACES["section"] = ("reports/2016-05/01-venues.md", "---\ntitle: 場地\n---\n")
PLACES["report"] = (path := "reports/2016-05/report.yaml", COMPANIONS[path])
SETTINGS: dict[str, str] = {}
"""The settings of examples that need their own, by the sort of file."""
# a kind's folder may have the file that its examples stand in, at its place below the content
for file in (PROGRAM / "kinds").glob("*/tests/examples/*/**/*.yaml"):
    where, _, path = file.as_posix().rpartition("/tests/examples/")[2].partition("/")
    if path == "site.yaml":
        SETTINGS[where] = file.read_text("utf-8")
    else:
        PLACES[where] = (path, file.read_text("utf-8"))
CHECKED = [example for example in examples() if example.where != "words"]
DATED = {"visit": "date: 105-02-19\n", "statistic": "as_of: 105-01-01\n"}


def with_fields(base: str, snippet: str) -> str:
    """A file's text with the fields of a snippet in place of its own."""
    named = set(re.findall(r"^([a-z_]+):", snippet, re.M))
    kept = [
        field
        for field in re.split(r"(?m)^(?=[a-z_]+:)", base)
        if field.partition(":")[0] not in named
    ]
    return "".join(kept) + snippet + "\n"


def codes(example: Example, snippet: str, scratch_site: ScratchSite) -> set[str]:
    """The codes of a content that holds the snippet."""
    path, base = PLACES[example.where]
    text = with_fields(base, snippet) if base else snippet + "\n"
    dated = DATED.get(example.where, "")
    if dated and not re.search("^(?:date|period|as_of):", snippet, re.M):
        text += dated if example.code != "statistic-when" else ""
    beside = COMPANIONS if example.where in ("section", "report") else {}
    if example.where in SETTINGS:
        beside = {"site.yaml": SETTINGS[example.where]}
    content: Path = scratch_site({**beside, path: text})
    return {problem.code for problem in examine_folder(content).problems}


@pytest.mark.parametrize("example", CHECKED, ids=lambda example: example.code)
def test_wrong_is_wrong_and_right_is_right(example: Example, scratch_site: ScratchSite) -> None:
    """The wrong example brings its code, the right one does not."""
    assert example.code in codes(example, example.wrong, scratch_site)
    assert example.code not in codes(example, example.right, scratch_site)


def test_every_code_has_an_example() -> None:
    """The page lists every code once, most with examples that a program can try."""
    listed = [example.code for example in examples()]
    assert sorted(listed) == sorted({code.partition("/")[0] for code in messages("zh-TW")})
    assert len(CHECKED) > len(listed) / 2
