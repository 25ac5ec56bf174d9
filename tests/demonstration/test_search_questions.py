"""Search of this repository's own site answers questions in people's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import serving
from lxml import html
from playwright.sync_api import Browser
from sample_sites import build_site
from search_answers import (
    Answer,
    Question,
    count_right,
    put_questions,
    read_questions,
    report,
)

PROJECT = Path(__file__).resolve().parents[2]
QUESTIONS = read_questions(Path(__file__).with_name("search_questions.tsv"))
OF_A_GAZETTE = read_questions(PROJECT / "tests" / "benchmarks" / "search_questions.tsv")
FLOOR = (60, 60)
"""Right hits, first and among the first five; they may only grow."""


def missing(site: Path) -> Iterator[str]:
    """The expected addresses that the site has not: no such page, or no such cell on it."""
    for question in QUESTIONS:
        for address in question.expected:
            folder, _, cell = address.partition("#")
            file = site / folder / "index.html"
            page = html.parse(file).getroot() if file.exists() else None
            if page is None or (cell and page.get_element_by_id(cell, None) is None):
                yield address


def test_search_answers_questions_of_people(browser: Browser, tmp_path: Path) -> None:
    """As many questions as ever have the right page first, and among the first five."""
    build_site(PROJECT / "content", tmp_path)
    assert list(missing(tmp_path / "site")) == []
    page = browser.new_page()
    with serving(tmp_path / "site", "/") as root:
        answers = put_questions(page, root, QUESTIONS)
    page.close()
    first, within_five = count_right(answers)
    assert (first >= FLOOR[0], within_five >= FLOOR[1]) == (True, True), report(answers)


def test_questions_are_of_the_promised_kinds() -> None:
    """Of a hundred questions a third are numbers, and a tenth have other forms of the words."""
    assert (len(QUESTIONS), len(OF_A_GAZETTE)) == (60, 40)
    kinds = Counter(question.kind for question in (*QUESTIONS, *OF_A_GAZETTE))
    assert kinds["number"] >= 34
    assert kinds["variant"] >= 10


@pytest.mark.parametrize(
    ("expected", "hits", "rank", "missed_cell"),
    [
        ("statistics/staff/", ("visits/a/", "statistics/staff/"), 2, False),
        ("statistics/staff/", ("statistics/staff/#all",), 1, False),
        ("statistics/staff/#all", ("statistics/staff/#all",), 1, False),
        ("statistics/staff/#all", ("statistics/staff/", "statistics/staff/#some"), None, True),
        ("statistics/staff/#all", ("statistics/", "visits/a/"), None, False),
        ("statistics/staff/", (), None, False),
    ],
)
def test_a_hit_is_right_by_its_cell_or_by_its_page(
    expected: str, hits: tuple[str, ...], rank: int | None, missed_cell: bool
) -> None:
    """A cell is answered by itself alone, a page by any place of it."""
    question = Question(kind="number", query="10", expected=(expected,))
    answer = Answer(question=question, hits=hits)
    assert (answer.rank, answer.missed_cell) == (rank, missed_cell)
