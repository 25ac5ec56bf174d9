"""Measures search against plain substring truth, and Pagefind in the same run.

    make bench-search BENCH="--documents 10000"
    make bench-search BENCH="--corpus rows.jsonl --queries words.txt"

Rows are those of `gongbao import`; more documents than rows are made of halves of two rows.
Without a corpus texts of invented words stand in.  Figures are printed, nothing is asserted.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browsing import CHROMIUM, QUIET
from documents import SEED, Row, rows_of
from playwright.sync_api import Page, sync_playwright

from generator.commands._http import LOOPBACK, server
from generator.output.search.documents import SearchDocument
from generator.output.search.index import index_artifacts
from generator.text.normalize import fold

PROJECT = Path(__file__).resolve().parents[2]
PAGEFIND = Path(sys.prefix) / "node_modules" / ".bin" / "pagefind"
SCRIPTS = ("search.js", "search-hits.js", "search-forms.js", "search-cells.js", "search-near.js")
"""The module that every query needs, and those that some need."""
OURS = """async ([root, query]) => {
  window.ours ??= await (await import(`${root}assets/search.js`)).open(root);
  performance.clearResourceTimings();
  const begun = performance.now();
  const found = await window.ours.search(query, { limit: 10 });
  const ms = performance.now() - begun;
  const asked = performance.getEntriesByType("resource").filter(
    (entry) => !/\\/t[0-9a-f]+\\.bin/.test(entry.name));
  const all = await window.ours.candidates(query);
  const shown = found.hits.map((hit) => hit.url.slice(root.length));
  const bytes = asked.reduce((sum, entry) => sum + entry.encodedBodySize, 0);
  return { ms, all, shown, requests: asked.length, bytes };
}"""
PAGEFINDS = """async ([root, query]) => {
  window.theirs ??= await import(`${root}pagefind/pagefind.js`);
  performance.clearResourceTimings();
  const begun = performance.now();
  const found = await window.theirs.search(query);
  const ms = performance.now() - begun;
  const asked = performance.getEntriesByType("resource");
  const requests = asked.length, bytes = asked.reduce((s, e) => s + e.encodedBodySize, 0);
  const held = await Promise.all(found.results.map((result) => result.data()));
  const all = held.map(({ url }) => new URL(url, root).href.slice(root.length));
  return { ms, all, shown: all.slice(0, 10), requests, bytes };
}"""


def document(number: int, row: Row) -> SearchDocument:
    """A row as search sees it."""
    texts = [row.get("title_en"), row["body"], *(row.get("keywords") or [])]
    return SearchDocument(
        address=f"d/{number}/",
        title=row["title"],
        day=date.fromisoformat(row["date"]),
        kind="公報",
        category=row.get("category") or "其他",
        agencies=(row.get("agency") or "機關",),
        numbers=tuple(filter(None, (row.get("doc_no"),))),
        texts=tuple(text for text in texts if text),
    )


def fields(document: SearchDocument) -> Iterator[str]:
    """Everything of a document that can be found."""
    yield from (document.title, *document.numbers, *document.agencies, *document.texts)


def write_ours(found: Sequence[SearchDocument], root: Path) -> None:
    """The index and the module that reads it."""
    for artifact in index_artifacts(found):
        path = root / artifact.address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)
    (root / "assets").mkdir(exist_ok=True)
    for script in SCRIPTS:
        shutil.copy(PROJECT / "theme" / "assets" / script, root / "assets")


def write_pages(found: Sequence[SearchDocument], root: Path) -> None:
    """A plain page a document, for Pagefind to read."""
    for document in found:
        folder = root / document.address
        folder.mkdir(parents=True)
        texts = "".join(f"<p>{html.escape(field)}</p>" for field in list(fields(document))[1:])
        title = html.escape(document.title)
        head = f'<!doctype html><html lang="zh-TW"><title>{title}</title><h1>{title}</h1>'
        (folder / "index.html").write_text(f"{head}{texts}</html>", encoding="utf-8")


def size(folder: Path) -> int:
    """Bytes of everything below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measured(page: Page, script: str, root: str, truth: Mapping[str, set[str]]) -> dict[str, Any]:
    """What a search gives for every query, against the truth."""
    right = listed = wanted = shown = shown_right = 0
    answers = []
    for query, held in truth.items():
        answer = page.evaluate(script, [root, query])
        answers.append(answer)
        all_ = set(answer["all"])
        right, listed, wanted = right + len(all_ & held), listed + len(all_), wanted + len(held)
        shown += len(answer["shown"])
        shown_right += sum(address in held for address in answer["shown"])
    return {
        "recall": round(right / max(1, wanted), 4),
        "precision of the list": round(right / max(1, listed), 4),
        "precision of the page": round(shown_right / max(1, shown), 4),
        **{
            f"{name} (median, p95, max)": _spread([answer[name] for answer in answers])
            for name in ("bytes", "requests", "ms")
        },
    }


def _spread(numbers: list[float]) -> tuple[int, int, int]:
    ranked = sorted(numbers)
    return (
        round(statistics.median(ranked)),
        round(ranked[int(len(ranked) * 0.95)]),
        round(ranked[-1]),
    )


def main() -> None:
    """Builds both indexes, asks both the same, prints both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--without-pagefind", action="store_true")
    chosen = parser.parse_args()
    chance = random.Random(SEED)
    rows = rows_of(chosen.documents, chosen.corpus)
    found = [document(number, row) for number, row in enumerate(rows)]
    queries = (
        chosen.queries.read_text("utf-8").split("\n") if chosen.queries else _runs(found, chance)
    )
    folded = [(document.address, [fold(field) for field in fields(document)]) for document in found]
    truth = {
        query: {
            address for address, texts in folded if any(fold(query).strip() in t for t in texts)
        }
        for query in filter(None, queries)
    }
    with tempfile.TemporaryDirectory() as name:
        _compare(found, truth, Path(name), theirs=not chosen.without_pagefind)


def _holding(term: str, folded: Sequence[tuple[str, list[str]]]) -> set[str]:
    return {address for address, texts in folded if any(term in text for text in texts)}


def _runs(found: Sequence[SearchDocument], chance: random.Random) -> list[str]:
    cuts = [(document.texts[0], chance.randint(2, 8)) for document in chance.choices(found, k=300)]
    starts = [(body, chance.randrange(len(body) - 9), length) for body, length in cuts]
    runs = [body[start : start + length].strip("，") for body, start, length in starts]
    return [run for run in runs if len(run) > 1]


def _compare(
    found: Sequence[SearchDocument], truth: Mapping[str, set[str]], root: Path, *, theirs: bool
) -> None:
    begun = time.perf_counter()
    write_ours(found, root)
    print(f"documents {len(found)}, queries {len(truth)}")
    report: dict[str, dict[str, Any]] = {"ours": {"build s": time.perf_counter() - begun}}
    report["ours"]["index MB"] = size(root / "search") / 1e6
    report["ours"]["largest file KB"] = max(p.stat().st_size for p in root.rglob("*.bin")) / 1e3
    first = [root / "search" / "index.json", root / "assets" / SCRIPTS[0]]
    first += (root / "search").glob("fold-*")
    report["ours"]["KB before the first query"] = sum(path.stat().st_size for path in first) / 1e3
    scripts = {"ours": OURS}
    if theirs:
        write_pages(found, root)
        begun = time.perf_counter()
        subprocess.run([PAGEFIND, "--site", root], check=True, capture_output=True)
        report["pagefind"] = {"build s": time.perf_counter() - begun}
        report["pagefind"]["index MB"] = size(root / "pagefind") / 1e6
        scripts["pagefind"] = PAGEFINDS
    running = server(root)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page()
        address = f"http://{LOOPBACK}:{running.server_port}/"
        page.goto(f"{address}search/index.json")
        for name, script in scripts.items():
            report[name] |= measured(page, script, address, truth)
        browser.close()
    running.shutdown()
    print(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
