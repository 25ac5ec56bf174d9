"""Puts people's questions to search over a real gazette, and says how many find their entry.

    .venv/bin/python tests/benchmarks/search_questions.py --corpus rows.jsonl.gz

Rows are those of `gongbao import`, which this script imports, builds and serves.  The questions
beside it expect entries of the Executive Yuan Gazette of January to June 2015, by document number.
With `--site` they are put to a site that was built of those rows before.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from browsing import CHROMIUM, QUIET, serving  # noqa: E402 -- as the tests find each other
from playwright.sync_api import sync_playwright  # noqa: E402
from search_answers import Question, put_questions, read_questions, report  # noqa: E402

from generator.commands._cli import main as gongbao  # noqa: E402
from generator.commands._console import CLEAN  # noqa: E402

QUESTIONS = Path(__file__).with_suffix(".tsv")
AS_OF = "2016-06-01"
SYNONYMS = (
    ("健保", "全民健康保險"),
    ("勞保", "勞工保險"),
    ("補充保費", "補充保險費"),
    ("長照", "長期照顧"),
    ("長照法", "長期照顧服務法"),
    ("基改", "基因改造"),
)
"""Short words of everyday speech, as an editor of such a site would list them in `site.yaml`."""


def build_gazette(corpus: Path, root: Path) -> Path:
    """The site of the corpus' rows, built below `root`."""
    rows, content, site = root / "rows.jsonl", root / "content", root / "site"
    read = gzip.open if corpus.suffix == ".gz" else open
    with read(corpus, "rb") as file:
        rows.write_bytes(file.read())
    folders = ("--content", str(content), "--work", str(root / "work"), "--site", str(site))
    commands = {
        "import": (str(rows), "--into", str(content)),
        "build": ("--quiet", "--as-of", AS_OF, *folders),
    }
    for name, options in commands.items():
        if name == "build":
            lines = "".join(f"  - [{', '.join(group)}]\n" for group in SYNONYMS)
            with (content / "site.yaml").open("a", encoding="utf-8") as settings:
                settings.write(f"synonyms:\n{lines}")
        # real texts have hundreds of remarks, which say nothing of search
        log = io.StringIO()
        with redirect_stdout(log), redirect_stderr(log):
            code = gongbao((name, *options))
        if code != CLEAN:
            raise SystemExit(f"{log.getvalue()}\ngongbao {name} failed")
    return site


def entries_by_number(site: Path) -> Mapping[str, str]:
    """The address of each entry below the site, by document number."""
    table = json.loads((site / "data" / "gazette.json").read_text(encoding="utf-8"))
    return {
        row["document_numbers"]: row["url"][row["url"].index("/gazette/") + 1 :]
        for row in table["rows"]
        if row.get("document_numbers")
    }


def addressed(questions: Sequence[Question], entries: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions with addresses for document numbers; a corpus without one is another one."""
    lost = [
        number for question in questions for number in question.expected if number not in entries
    ]
    if lost:
        raise SystemExit(f"not in the corpus: {', '.join(lost)}")
    return tuple(
        replace(question, expected=tuple(entries[number] for number in question.expected))
        for question in questions
    )


def main() -> None:
    """Builds the site of the corpus, puts the questions to it, prints how they are answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--corpus", type=Path, help="rows as JSON Lines, or these with gzip")
    given.add_argument("--site", type=Path, help="a site that was built of the rows")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = chosen.site or build_gazette(chosen.corpus, Path(folder))
        questions = addressed(read_questions(QUESTIONS), entries_by_number(site))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        with serving(site, "/") as root:
            print(report(put_questions(browser.new_page(), root, questions)))
        browser.close()


if __name__ == "__main__":
    main()
