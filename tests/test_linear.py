"""What a text costs grows as the text does: no pattern, no loop and no library takes its square.

A text of each shape goes the way of any text, from the file to page, feed, search and messages.
Each stage of the way is measured by itself with 6 and 12 thousand characters, or with 6 and 24
where it is quick; twice the text may take three times the processor time, the best of three.
Seconds are never compared with a limit: what is too short to measure counts as the least that can
be, and a shape that has taken long is not made larger.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sample_sites import AS_OF, MINIMAL, examine_folder

from generator.build.bundles.page_checks import targets
from generator.commands._console import Console
from generator.commands._source_check import numerals_of
from generator.content.archive import Archive
from generator.content.model import Problem
from generator.content.record import Record
from generator.ledger.record_page import difference
from generator.output.formats.feed_documents import feed_entry
from generator.output.html import legal_text
from generator.output.renderer import Renderer
from generator.output.search.documents import words_of
from generator.output.search.index import document
from generator.output.search.segments import segment_files
from generator.output.templates_loader import package_templates
from generator.site.checks import check_folder
from generator.site.feed_items import feed_item
from generator.site.figures.citing import Narrative
from generator.site.figures.inventory import as_json, inventory
from generator.site.kind import Site
from generator.site.outgoing_links import outbound
from generator.site.parse import parse
from generator.site.plan import record_plan
from generator.site.unsealing import UNKNOWN
from generator.text.legal_text import text_lines
from generator.text.markdown import read_prose

SIZES = (6_000, 12_000)
MOST, CLEAR, TRIES = 3, 2.4, 3
LEAST, QUICK, ENOUGH = 0.03, 0.1, 0.1
"""Seconds: the shortest time that is compared, a short one, and one that shows enough."""

Made = Callable[[int], str]
Files = Mapping[str, str]
Times = Mapping[str, float]


def of(unit: str) -> Made:
    """A text that is one piece again and again."""
    return lambda size: unit * (size // len(unit))


def between(first: str, unit: str, last: str = "") -> Made:
    """The same with something before and behind it."""
    return lambda size: f"{first}{unit * (size // len(unit))}{last}"


def numbered(form: str, unit: int) -> Made:
    """Pieces of about so many characters that differ by a number, and by a Han character."""
    return lambda size: "".join(
        form.format(n=n, han=chr(0x4E00 + n % 20_000)) for n in range(size // unit)
    )


def growing(sign: str) -> Made:
    """Lines of a sign, each longer than the one before."""
    return lambda size: "\n".join(sign * n for n in range(3, int((2 * size) ** 0.5)))


def steps(depth: int) -> Made:
    """A list within a list within a list, again and again."""
    lines = "".join(f"{'  ' * step}- 甲\n" for step in range(depth))
    return of(lines)


SHAPES: Mapping[str, Made] = {
    "letters": of("a"),
    "han": of("公"),
    "blanks after #": between("# ", " "),
    "blanks within a heading": between("# 甲", " ", "#乙"),
    "blanks at the end": between("甲", " "),
    "blank lines": between("甲", "\n", "乙"),
    "lines": of("甲乙丙丁戊己庚\n"),
    "paragraphs": of("甲乙丙丁戊己庚辛壬癸\n\n"),
    "headings": numbered("## {han}甲乙丙丁戊己庚辛{n}\n", 16),
    "headings of one name": of("## 甲乙丙丁戊己庚辛\n\n"),
    "numbered headings": numbered("## 甲_{n}\n## 甲_2\n", 18),
    "rules": of("甲乙丙丁戊己庚辛\n---\n"),
    "hashes": of("#"),
    "一": of("一"),
    "一 counted": between("", "一", "人"),
    "一 around a year": lambda size: f"{'一' * (size // 2)}年{'一' * (size // 2)}",
    "digits": of("1"),
    "digits and commas": of("1,"),
    "1、1、": of("1、"),
    "1、1、日": between("", "1、", "日"),
    "第一條": of("第一條"),
    "第一條 in lines": numbered("第{n}條　甲乙丙丁戊己庚辛\n", 16),
    "第 and digits": between("第", "1", "條"),
    "第 and blanks": between("第", "一 "),
    "第 and 之": between("第", "一之", "一條"),
    "第一條第 and digits": between("第一條第", "1", "甲"),
    "民國": of("民國"),
    "dates": of("民國105年1月4日"),
    "dates with points": of("105.1."),
    "萬": between("1", "萬1", "x"),
    "百分之": of("百分之"),
    "（": of("（"),
    "points": of("（一）甲乙丙丁戊己庚辛壬癸子丑\n"),
    "fences": of("```\n"),
    "open fences": of("```a\n"),
    "open fences of waves": of("~~~a\n"),
    "closed fences": of("```\n甲乙\n```\n\n"),
    "backticks": growing("`"),
    "backslashes": of("\\*"),
    "asterisks": of("*"),
    "pairs of asterisks": of("** "),
    "strong words": of("**甲乙** "),
    "other emphasis": of(" *甲乙丙丁*"),
    "underscores": of("_a "),
    "[": of("["),
    "](": of("]("),
    "![": of("!["),
    "[a](": of("[a]("),
    "links": numbered("[甲](https://example.org/{n}) ", 28),
    "links that fail": numbered("[甲](file-{n}.pdf) ", 18),
    "pictures that fail": numbered("![](picture-{n}.png) ", 21),
    "one picture again": of("![甲乙](a.png) "),
    "mailto": of("[甲](mailto:a@example.org) "),
    "urls": numbered("https://example.org/{n} ", 25),
    "a long link": between("[甲](https://example.org/", "a", ")"),
    "<": of("<"),
    "&": of("&"),
    "tags": of("<b>甲</b>"),
    "<script": of("<script "),
    "quotes": of("「"),
    "> nested": of("> "),
    "> on lines": of("> 甲乙丙丁戊己庚\n"),
    "{": of("{"),
    "{{": of("{{"),
    "references": of("{{ venues.hall }}、甲乙"),
    "references that fail": numbered("{{{{ venues.a{n} }}}} ", 20),
    "references apart": of("{{ 表：venues }} 甲\n\n"),
    "a long reference": between("{{ venues.", "a", " }}"),
    "rows": between("| 甲 | 乙 |\n|---|---|\n", "| 1 | 2 |\n"),
    "strokes": of("|"),
    "short rows": lambda size: f"{'|a' * 300}|\n{'|-' * 300}|\n" + "|\n" * (size // 2),
    "code in a row": between("|", "`a``b", "|x|\n|-|-|\n|1|2|"),
    "tables": of("甲乙丙丁|戊己庚辛\n---|---\n壬癸子丑|寅卯辰巳\n\n"),
    "rows without a rule": of("| 甲 | 乙 |\n"),
    "points below words": of("甲乙丙丁\n- 戊己\n- 庚\n"),
    "points too far in": of("- 甲乙丙\n    - 丁戊\n"),
    "targets with blanks": of("[甲](乙 丙.pdf) "),
    "- -": of("- "),
    "items": of("- 甲乙丙丁戊己庚\n"),
    "items apart": of("1. 甲乙丙丁戊己庚\n\n"),
    "lists in lists": steps(10),
    "lines of an item": between("- 甲\n", "乙丙丁戊己庚辛\n"),
    "headings of an item": between("- 甲\n\n- # 乙\n", "# 丙丁戊己庚辛壬\n"),
    "variation selectors": of("葛\U000e0100"),
    "combining marks": between("a", "\u0301\u0323"),
    "invisible characters": of("a\u200b"),
    "simplified characters": of("国"),
    "identity numbers": of("A123456789 "),
}
"""Texts of which each says one thing again and again."""

STATISTIC = """\
title: 場地
source: 場地年報
as_of: 105-01-05
published_on: 105-01-05
unit: 件
columns: [{title: 件數}]
rows: [{title: 大廳, id: hall, value: 22018}, {title: 廣場, id: square, value: 3}]
"""
REPORT = """\
title: 施政報告
presented_on: 105-01-05
presenter: {name: 王一, title: 市長}
audience: 議會
period: {from: 104-01-01, to: 104-12-31}
"""
HEAD = MINIMAL["gazette/105/105-001/01.yaml"].partition("body:")[0]
BASE: Files = {
    "statistics/venues.yaml": STATISTIC,
    "reports/spring/report.yaml": REPORT,
    "reports/spring/01-start.md": "---\ntitle: 前言\n---\n甲\n",
}


def quoted(value: object) -> str:
    """JSON is YAML, and the quickest to write."""
    return json.dumps(value, ensure_ascii=False)


def entry(sequence: int, **fields: object) -> Files:
    """An entry of the first issue with fields of its own, in quotes."""
    head = HEAD.replace("第1050000001號", f"第105000000{sequence}號")
    listed = "".join(f"{name}: {quoted(value)}\n" for name, value in fields.items())
    return {f"gazette/105/105-001/0{sequence}.yaml": head + listed}


def texts(text: str) -> Files:
    """A text in the fields that take a long one, each in a record of its own."""
    block = "".join(f"  {line}\n" for line in text.split("\n"))
    return {
        **entry(2, subject=text, explanation=[text, [text]]),
        **entry(3, markdown=text),
        "gazette/105/105-001/04.yaml": f"{HEAD.replace('0001號', '0004號')}body: |2\n{block}",
        "reports/spring/02-text.md": (
            f"---\ntitle: 內文\nuncited: [{{text: '1', reason: 測試}}]\n---\n{text}\n"
        ),
        "statistics/noted.yaml": STATISTIC.replace("場地", "註記", 1) + f"note: {quoted(text)}\n",
    }


@contextmanager
def unswept() -> Iterator[None]:
    """Python's search for unused objects comes when it will, and takes as long as all are many."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@dataclass(frozen=True, kw_only=True)
class Way:
    """A site that texts are added to, and the means to take them all the way."""

    site: Site
    renderer: Renderer
    content: Path

    def times(self, files: Files) -> Times:
        """The processor time of each stage with each file of a content."""
        seconds: dict[str, float] = {}
        for remembering in (read_prose, text_lines, legal_text):
            remembering.cache_clear()
        for name, text in files.items():
            path = self.content / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            stages = self._stages(name, text.encode())
            with unswept():
                started = time.process_time()
                for stage in stages:
                    seconds[f"{stage} {name}"] = time.process_time() - started
                    started = time.process_time()
        return seconds

    def _stages(self, name: str, content: bytes) -> Iterator[str]:
        """Takes a file all the way; gives the name of each stage as it ends."""
        kind = next(kind for kind in self.site.kinds if kind.pattern.fullmatch(name))
        parsed = parse({name: (content, kind)}, self.site.settings.choices)
        yield "read"
        site = self._with(parsed.records)
        problems = [*parsed.problems, *check_folder(parsed.records, (), site)]
        yield "check"
        self._say(problems)
        yield "messages"
        if any(problem.stops for problem in problems):
            return  # such a record has no page
        self.renderer.site = site
        for record in parsed.records:
            yield from self._record(record, site)

    def _record(self, record: Record, site: Site) -> Iterator[str]:
        whole = (record, *filter(None, map(site.archive.find, record.parts_of)))
        pages = [page for each in whole for page in record_plan(each, site).pages]
        blocks = [self.renderer.block(page) for page in pages]
        yield "page"
        for block in blocks:
            targets(block)
        list(outbound([record]))
        yield "links"
        if site.kind(record).feed_item:
            feed_entry(feed_item(record, site), site.settings.base_url, self.renderer.full_text)
        yield "feed"
        documents = [document(record, site)]
        segment_files(documents, words_of(documents))
        yield "search"
        if isinstance(record, Narrative):
            as_json(inventory(site), "content")
            yield "figures"

    def _with(self, records: Iterable[Record]) -> Site:
        by_ref = {record.ref: record for record in (*self.site.archive, *records)}
        order = {kind.name: kind.order for kind in self.site.kinds}
        return replace(self.site, archive=Archive(by_ref.values(), order))

    def _say(self, problems: Iterable[Problem]) -> None:
        """Every message in every style; the longest is no longer than what was typed."""
        every_problem = tuple(problems)
        for style in ("text", "json", "github"):
            said: list[str] = []
            console = Console(
                show=said.append,
                say=said.append,
                note=said.append,
                line=None,
                clock=lambda: 0.0,
                style=style,
                language="en",
                content=self.content,
                site=self.content,
            )
            console.report(every_problem)


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Way:
    """The minimal site with a statistic and a report, which each text is added to."""
    content = tmp_path_factory.mktemp("linear") / "content"
    for name, text in {**MINIMAL, **BASE}.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    site = examine_folder(content, AS_OF).site
    assert site is not None
    prepared = Way(site=site, renderer=Renderer(site, (), package_templates()), content=content)
    prepared.times(texts("甲"))  # templates are compiled, tables of characters are read
    return prepared


def too_slow(measure: Callable[[int], Times]) -> Mapping[str, tuple[float, float]]:
    """Stages for which twice the text takes more than three times as long: both times.

    What is quick is made four times as large at once; what has taken long, and clearly no more
    than it is long, is not made larger.
    """
    size, before = SIZES[0], measure(SIZES[0])
    while size < SIZES[-1]:
        doublings = 2 if max(before.values()) < QUICK else 1
        larger = size * 2**doublings
        after = measure(larger)
        for _ in range(TRIES - 1):
            if slow(before, after, MOST**doublings):  # anything may have come between
                before, after = best(before, measure(size)), best(after, measure(larger))
        if excess := slow(before, after, MOST**doublings):
            return excess
        if max(after.values()) > ENOUGH and not slow(before, after, CLEAR**doublings):
            break
        size, before = larger, after
    return {}


def best(first: Times, second: Times) -> Times:
    """The shorter time of each stage."""
    return {stage: min(taken, second[stage]) for stage, taken in first.items()}


def slow(before: Times, after: Times, most: float) -> Mapping[str, tuple[float, float]]:
    """The stages that took so many times as long, or more."""
    return {
        stage: (before.get(stage, 0.0), taken)
        for stage, taken in after.items()
        if taken > most * max(LEAST, before.get(stage, 0.0))
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_takes_time_as_it_is_long(shape: str, way: Way) -> None:
    """In every field, at every stage, twice the text takes about twice the time."""
    assert too_slow(lambda size: way.times(texts(SHAPES[shape](size)))) == {}


MARKS = "\u0301\u0323"
"""Two marks whose order Unicode sorts."""


def pieces(form: str, many: int) -> list[str]:
    """Texts that differ by a number."""
    return [form.format(n=n) for n in range(many)]


def section(text: str, **fields: object) -> Files:
    """A section of the report with a text and fields of its own."""
    head = "".join(f"{name}: {quoted(value)}\n" for name, value in fields.items())
    return {"reports/spring/02-text.md": f"---\ntitle: 內文\n{head}---\n{text}\n"}


def corrections(many: int) -> Files:
    """An entry that corrects words of another, each in a line of its own."""
    wrong = [
        {"type": "corrects", "target": "105-001-01", "wrong": text, "right": "甲"}
        for text in pieces("第{n}字", many)
    ]
    return entry(2, body="甲", relations=wrong)


def tabulated(**fields: object) -> Files:
    """A statistic with fields of its own."""
    head = STATISTIC.replace("場地", "另表", 1).partition("rows:")[0]
    listed = "".join(f"{name}: {quoted(value)}\n" for name, value in fields.items())
    return {"statistics/other.yaml": head + listed}


LISTS: Mapping[str, Callable[[int], Files]] = {
    "keywords": lambda n: entry(2, body="甲", keywords=pieces("詞{n}", n // 10)),
    "keywords of one name": lambda n: entry(2, body="甲", keywords=["詞語"] * (n // 8)),
    "attachments without a name": lambda n: entry(
        2, body="甲", attachments=[{"title": "", "url": "a"}] * (n // 24)
    ),
    "attachments that are missing": lambda n: entry(
        2, body="甲", attachments=[{"title": "甲", "path": p} for p in pieces("a{n}.pdf", n // 40)]
    ),
    "old addresses": lambda n: entry(
        2, body="甲", legacy_urls=pieces("https://example.org/old/{n}.html", n // 36)
    ),
    "addresses with marks": lambda n: entry(
        2, body="甲", legacy_urls=pieces(f"https://a.org/{{n}}{MARKS * 1900}", n // 3900)
    ),
    "a host with marks": lambda n: entry(2, body="甲", legacy_urls=[f"https://a{MARKS * n}.org/"]),
    "relations": lambda n: entry(
        2, body="甲", relations=[{"type": "cites", "target": "105-001-01"}] * (n // 80)
    ),
    "corrections": lambda n: {
        **entry(1, body="\n".join(pieces("第{n}字甲乙丙丁戊己庚辛壬癸子丑寅卯", n // 20))),
        **corrections(n // 80),
    },
    "corrections that fail": lambda n: corrections(n // 80),
    "points": lambda n: entry(2, subject="甲乙丙丁", explanation=pieces("{n}. 甲乙", n // 12)),
    "excuses": lambda n: section(
        "、".join(pieces("{n}件", n // 10)),
        uncited=[{"text": text, "reason": "甲"} for text in pieces("{n}件", n // 80)],
    ),
    "one excuse everywhere": lambda n: section(
        "1 " * (n // 4), uncited=[{"text": "1", "reason": "甲"}]
    ),
    "lists of a section": lambda n: section(
        "\n\n".join(pieces("{{{{ 清單：l{n} }}}}", n // 80)),
        lists=[{"id": i, "title": "甲", "items": ["乙"]} for i in pieces("l{n}", n // 80)],
    ),
    "lists that are not there": lambda n: section(
        "\n\n".join(pieces("{{{{ 清單：m{n} }}}}", n // 80)),
        lists=[{"id": i, "title": "甲", "items": ["乙"]} for i in pieces("l{n}", n // 80)],
    ),
    "a long number": lambda n: {"statistics/other.yaml": STATISTIC.replace("22018", "1" * n)},
    "rows with long names": lambda n: tabulated(
        rows=[{"title": title, "value": 1} for title in pieces("{n}" + "甲" * 270, n // 300)]
    ),
}
"""Files in which a list is long, or what is no text."""


@pytest.mark.parametrize("shape", LISTS)
def test_a_list_takes_time_as_it_is_long(shape: str, way: Way) -> None:
    """The same of long lists, of what is wrong in them, and of texts that are no prose."""
    assert too_slow(lambda size: way.times(LISTS[shape](size))) == {}


FILES: Mapping[str, Made] = {
    "flow lists": of("["),
    "flow mappings": of("{"),
    "flow over lines": between("a: [", "\n  甲,", "]"),
    "flow within flow": between(f"a: {'[' * 60}", "\n  甲,", "]" * 60),
    "items within items": of("- "),
    "keys of keys": of("a: "),
    "question marks": of("? "),
    "anchors": of("&a "),
    "aliases": between("a: &a 1\n", "b: *a\n"),
    "directives": numbered("%TAG !e{n}! tag:e,2000:\n", 24),
    "comments": of("# 甲\n"),
    "comments below a field": between("a: 甲\n", "# 乙\n"),
    "many keys": numbered("key-{n}: 甲\n", 12),
    "one key again": of("a: 甲\n"),
    "a long key": between("", "a", ": 甲"),
    "quoted lines": between('body: "', "甲\n  ", '"'),
    "quotes": between("body: '", "''", "'"),
    "escapes": between('body: "', "\\u4e00", '"'),
    "an open quote": between('body: "', "甲 "),
    "plain lines": between("body: 甲\n", "  乙\n"),
    "block lines": between("body: |\n", "  甲\n"),
    "folded lines": between("body: >\n", "  甲\n\n"),
    "blank lines of a block": between("body: |\n", "\n", "  甲\n"),
    "a line of blanks": between("body: |\n", " ", "\n  甲\n"),
    "steps": lambda size: "\n".join(" " * n + "a:" for n in range(int((2 * size) ** 0.5))),
    "tabs": between("a:\n", "\t"),
    "a list in place of a record": of("- {a: 甲}\n"),
    "documents": of("---\n"),
    "colons": of(":"),
    "commas": between("a: [", ","),
    "controls": between("a: ", "\x07"),
}
"""Whole files; few of them can be read, all must be refused as quickly."""


@pytest.mark.parametrize("shape", FILES)
def test_a_file_takes_time_as_it_is_long(shape: str, way: Way) -> None:
    """Whatever stands in a file is read, or refused with its place, in the time that it is long."""
    path = "gazette/105/105-001/02.yaml"
    assert too_slow(lambda size: way.times({path: FILES[shape](size)})) == {}


def timed(work: Callable[[], object]) -> Times:
    """The processor time of one piece of work."""
    with unswept():
        started = time.process_time()
        work()
        return {"": time.process_time() - started}


@pytest.mark.parametrize("unit", ["<script", "<style>", "<a href='", '<a "', "<", "&lt;", "=' "])
def test_a_page_is_verified_as_it_is_long(unit: str) -> None:
    """A page that somebody changed on a host does not keep who verifies it."""
    assert too_slow(lambda size: timed(lambda: targets(of(unit)(size)))) == {}


def test_an_entry_of_many_points_is_audited_as_it_is_long() -> None:
    """Links that the copy cannot tell are filled in as the page has them, each once."""

    def audit(size: int) -> Times:
        points = [f'<li><a href="{UNKNOWN}/a/{n}/">甲乙</a></li>' for n in range(size // 40)]
        written = f"<html><body><ol>{''.join(points)}</ol></body></html>"
        page = written.replace(f"{UNKNOWN}/", "")
        assert difference(page, written, "") is None
        return timed(lambda: difference(page, written, ""))

    assert too_slow(audit) == {}


@pytest.mark.parametrize("shape", ["一", "1、1、", "digits", "lines", "第一條 in lines"])
def test_a_source_is_read_as_it_is_long(shape: str, way: Way) -> None:
    """The numerals of a source text are told in the time that it is long."""
    make = SHAPES[shape]
    assert too_slow(lambda size: timed(lambda: numerals_of(make(size), way.site))) == {}
