"""Other programs at the same documents: Hugo, Pagefind, MkDocs with Material, Zensical.

Each gets its documents in the form it likes best and builds into an empty folder.
"""

from __future__ import annotations

import html
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from costs import Cost, Job, cost_of
from documents import Issue, Row, issues_of

HERE = Path(__file__).resolve().parent
BENCH = Path(sys.prefix) / "bench"
"""An environment of its own: what only benchmarks need is no part of the project."""
HUGO = next(BENCH.glob("lib/python*/site-packages/hugo/binaries/hugo"), BENCH / "bin" / "hugo")
"""The program itself: the script that starts it takes time of its own."""
ZENSICAL = BENCH / "bin" / "zensical"
PAGEFIND = BENCH / "node_modules" / ".bin" / "pagefind"
HUGO_SITE, MARKDOWN = "hugo", "markdown"
LATEST = 20
HUGO_PAGES, PAGEFIND_ALONE = "Hugo, pages alone", "Pagefind, on Hugo's pages"
HUGO_PARTS = "Hugo, pages alone, the same parts"
"""Citations, words for machines, related entries: what our pages have and a plain one has not."""
HUGO_ALL = "Hugo, pages, feeds, a record.json each"
HUGO_PAGEFIND, MATERIAL = "Hugo + Pagefind", "MkDocs + Material with search"
Lists = dict[str, dict[int, list[str]]]


def versions() -> str:
    """The programs with their versions; each is started once, so that it is in memory later."""
    said = {
        "Hugo": _said(HUGO, "version"),
        "Pagefind": _said(PAGEFIND, "--version"),
        "MkDocs": version("mkdocs"),
        "Material": version("mkdocs-material"),
        "Zensical": _said(ZENSICAL, "--version"),
    }
    return ", ".join(f"{name} {number}" for name, number in said.items())


def _said(program: Path, question: str) -> str:
    if not program.exists():
        return "(not installed)"
    done = subprocess.run([program, question], capture_output=True, text=True, check=False)
    words = (done.stdout or done.stderr).replace("-", " ").split()
    return next((word.strip("v,") for word in words if word.strip("v")[:1].isdigit()), "?")


def write_peers(rows: Sequence[Row], folder: Path) -> None:
    """Writes the documents for Hugo and, as plain Markdown, for MkDocs and Zensical."""
    issues = tuple(issues_of(rows))
    shutil.copytree(HERE / "hugo", folder / HUGO_SITE)
    _write(folder / HUGO_SITE / "content", _hugo_pages(issues))
    _write(folder / MARKDOWN / "docs", _markdown_pages(issues))
    shutil.copy(HERE / "mkdocs.yml", folder / MARKDOWN)


def _write(folder: Path, pages: Iterable[tuple[str, str]]) -> None:
    for name, text in pages:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _front(fields: Mapping[str, Any]) -> str:
    # JSON is YAML, and a title with a colon stays a title
    return f"---\n{json.dumps(fields, ensure_ascii=False)}\n---\n"


def _body(row: Row) -> str:
    lines = (html.escape(line.strip(), quote=False) for line in row["body"].split("\n"))
    return "\n\n".join(filter(None, lines))


def _hugo_pages(issues: Sequence[Issue]) -> Iterator[tuple[str, str]]:
    yield "gazette/_index.md", _front({"title": "公報"})
    for issue in issues:
        folder = f"gazette/{issue.name}"
        yield f"gazette/{issue.year}/_index.md", _front({"title": f"{issue.year}年"})
        head = {"title": f"{issue.year}年第{issue.number}期", "date": issue.day.isoformat()}
        yield f"{folder}/_index.md", _front(head)
        for number, row in enumerate(issue.rows, start=1):
            yield f"{folder}/{number:02d}.md", _front(_hugo_front(row, number)) + _body(row)


def _hugo_front(row: Row, number: int) -> Mapping[str, Any]:
    return {
        "title": row["title"],
        "weight": number,
        "date": row["date"],
        "dispatched": row["date_created"],
        "categories": [row["category"]],
        "agencies": [row["agency"]],
        "doc_no": row["doc_no"],
        "title_en": row["title_en"],
        "keywords": row["keywords"],
    }


def _markdown_pages(issues: Sequence[Issue]) -> Iterator[tuple[str, str]]:
    """Entries and the lists of them: MkDocs has no templates that make lists of pages."""
    categories: Lists = {}
    agencies: Lists = {}
    years: dict[int, list[str]] = {}
    latest: list[str] = []
    for issue in issues:
        title = f"{issue.year}年第{issue.number}期"
        years.setdefault(issue.year, []).append(
            f"- [{title}]({issue.name.partition('/')[2]}/index.md)"
        )
        yield f"gazette/{issue.name}/index.md", _markdown_issue(issue, title)
        for number, row in enumerate(issue.rows, start=1):
            line = f"{issue.name}/{number:02d}.md) {row['date']} {row['agency']}"
            link = f"- [{_link_text(row)}]("
            latest = [*latest, f"{link}gazette/{line}"][-LATEST:]
            for lists, field in ((categories, "category"), (agencies, "agency")):
                held = lists.setdefault(row[field], {}).setdefault(issue.year, [])
                held.append(f"{link}../../gazette/{line}")
            yield f"gazette/{issue.name}/{number:02d}.md", _markdown_entry(issue, number, title)
    yield "index.md", _page("公報", reversed(latest))
    yield "gazette/index.md", _page("公報", (f"- [{year}年]({year}/index.md)" for year in years))
    for year, lines in years.items():
        yield f"gazette/{year}/index.md", _page(f"{year}年", lines)
    yield from _markdown_lists("categories", "類別", categories)
    yield from _markdown_lists("agencies", "機關", agencies)


def _markdown_lists(folder: str, title: str, lists: Lists) -> Iterator[tuple[str, str]]:
    """A page a list and year, as `gongbao` has them, and one that names them all."""
    named: list[str] = []
    for number, (name, years) in enumerate(sorted(lists.items()), start=1):
        for year, lines in years.items():
            named.append(f"- [{name} {year}年]({number}/{year}.md)")
            yield f"{folder}/{number}/{year}.md", _page(f"{name} {year}年", reversed(lines))
    yield f"{folder}/index.md", _page(title, named)


def _page(title: str, lines: Iterable[str]) -> str:
    return f"# {title}\n\n" + "\n".join(lines) + "\n"


def _link_text(row: Row) -> str:
    return html.escape(row["title"], quote=False).replace("[", "［").replace("]", "］")


def _markdown_issue(issue: Issue, title: str) -> str:
    lines = (
        f"- [{_link_text(row)}]({number:02d}.md) {row['category']} {row['agency']}"
        for number, row in enumerate(issue.rows, start=1)
    )
    return _page(title, (f"出刊日期 {issue.day.isoformat()}", "", *lines))


def _markdown_entry(issue: Issue, number: int, title: str) -> str:
    row = issue.rows[number - 1]
    facts = (
        *(("類別", row["category"]), ("發文機關", row["agency"]), ("發文字號", row["doc_no"])),
        *(("發文日期", row["date_created"]), ("刊載", f"[{title}](index.md)，{row['date']}")),
    )
    parts = [
        f"[公報](../../index.md) / [{issue.year}年](../index.md) / [{title}](index.md)",
        f"# {html.escape(row['title'], quote=False)}",
        html.escape(row["title_en"] or "", quote=False),
        "\n".join(f"- {name}：{value}" for name, value in facts if value),
        _body(row),
        "、".join(row["keywords"] or ()),
        "　".join(
            f"[{_link_text(issue.rows[other - 1])}]({other:02d}.md)"
            for other in (number - 1, number + 1)
            if 0 < other <= len(issue.rows)
        ),
    ]
    return _front({"title": row["title"]}) + "\n\n".join(filter(None, parts)) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """The programs at work: the documents, an empty folder for what is made, a time limit."""

    inputs: Path
    root: Path
    limit: float

    def costs(self) -> Iterator[tuple[str, Cost]]:
        """What each costs, in turn."""
        pages = self._hugo("pages", "--disableKinds", "RSS")
        yield HUGO_PAGES, pages
        yield "Hugo, pages and feeds", self._hugo("feeds")
        parts = "hugo.toml,parts.toml"
        yield HUGO_PARTS, self._hugo("parts", "--disableKinds", "RSS", "--config", parts)
        yield HUGO_ALL, self._hugo("full", "--config", f"{parts},records.toml")
        indexed = self._cost((PAGEFIND, "--site", self.root / "pages"), "pages")
        yield PAGEFIND_ALONE, indexed
        yield HUGO_PAGEFIND, pages + indexed
        yield MATERIAL, self._mkdocs()
        yield "Zensical with search", self._zensical()

    def _hugo(self, name: str, *options: str) -> Cost:
        source = self.inputs / HUGO_SITE
        cache = self.root / "hugo-cache"
        folders = ("--source", source, "--destination", self.root / name, "--cacheDir", cache)
        return self._cost((HUGO, "build", *folders, "--noBuildLock", *options), name)

    def _mkdocs(self) -> Cost:
        config = self.inputs / MARKDOWN / "mkdocs.yml"
        command = (sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", config)
        return self._cost((*command, "--site-dir", self.root / "material"), "material")

    def _zensical(self) -> Cost:
        # it writes beside its settings, keeps a cache there, and reads nothing outside
        folder = self.root / "zensical"
        folder.mkdir()
        shutil.copy(self.inputs / MARKDOWN / "mkdocs.yml", folder)
        shutil.copytree(self.inputs / MARKDOWN / "docs", folder / "docs", copy_function=os.link)
        return self._cost((ZENSICAL, "build", "--config-file", folder / "mkdocs.yml"), "zensical")

    def _cost(self, command: Sequence[str | Path], name: str) -> Cost:
        if not Path(command[0]).exists():
            missing = f"{command[0]} is not installed"
            return Cost(seconds=0, processor=0, memory=0, files=0, size=0, fault=missing)
        job = Job(command=command, folder=self.root, environment={}, written=(self.root / name,))
        return cost_of(job, self.limit)
