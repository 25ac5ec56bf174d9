"""Questions to search, each with the page that should come first, and how search answers them.

The questions are those of people who read pages; they say more of the ranking than any word taken
from the index.  A test puts sixty to the site of `content/`, a script forty to a real gazette.
Both go through the search page, so that whatever helps a reader there counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Page

ENGLISH = "en/"
FIVE = 5
ASK = """query => new Promise(resolve => {
  const box = document.querySelector("#gb-query");
  const status = document.querySelector("#gb-status");
  const hits = () => [...document.querySelectorAll("#gb-hits > li")];
  status.textContent = "";
  new MutationObserver((_, observer) => {
    if (!status.textContent) return;
    observer.disconnect();
    setTimeout(() => resolve(hits().map((hit) => hit.querySelector("a").href)));
  }).observe(status, { childList: true, characterData: true, subtree: true });
  box.value = query;
  box.form.requestSubmit();
})"""
"""Sends a query; gives where the hits lead, once the page says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person types, and the addresses of which each answers it."""

    kind: str
    query: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question with the addresses of the hits on the first page of results, best first."""

    question: Question
    hits: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """The place of the first right hit, counted from 1."""
        places = enumerate(self.hits, start=1)
        return next((place for place, hit in places if self._is_right(hit)), None)

    @property
    def missed_cell(self) -> bool:
        """Whether the page of the expected cell is among the first five, but not the cell."""
        pages = {address.partition("#")[0] for address in self.question.expected}
        near = any(hit.partition("#")[0] in pages for hit in self.hits[:FIVE])
        return near and not is_within(self.rank, FIVE)

    def _is_right(self, hit: str) -> bool:
        page = hit.partition("#")[0]
        return any(right in (hit, page) for right in self.question.expected)


def is_within(rank: int | None, places: int) -> bool:
    """Whether a right hit is among so many first ones."""
    return rank is not None and rank <= places


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a file of tab-separated lines; `#` begins a comment."""
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(
        Question(kind=kind, query=query, expected=tuple(expected.split(" | ")))
        for kind, query, expected, _ in rows
    )


def put_questions(page: Page, root: str, questions: Iterable[Question]) -> tuple[Answer, ...]:
    """The answers of the site at `root`; those expected in English come from its English search."""
    answers = []
    opened = ""
    for question in questions:
        language = ENGLISH if question.expected[0].startswith(ENGLISH) else ""
        search = f"{root}{language}search/"
        if search != opened:
            page.goto(search)
            opened = search
        links: list[str] = page.evaluate(ASK, question.query)
        hits = tuple(unquote(link.removeprefix(root)) for link in links)
        answers.append(Answer(question=question, hits=hits))
    return tuple(answers)


def count_right(answers: Sequence[Answer]) -> tuple[int, int]:
    """How many have a right hit first, and how many among the first five."""
    return (
        sum(is_within(answer.rank, 1) for answer in answers),
        sum(is_within(answer.rank, FIVE) for answer in answers),
    )


def report(answers: Sequence[Answer]) -> str:
    """Both shares, and a line for each question whose right hit is not first, by kind."""
    first, within = count_right(answers)
    missed = [answer for answer in answers if answer.rank != 1]
    lines = sorted(f"{answer.question.kind:9} {_miss(answer)}" for answer in missed)
    return "\n".join(
        (
            f"first {_share(first, answers)}, within the first five {_share(within, answers)}",
            *lines,
        )
    )


def _share(count: int, answers: Sequence[Answer]) -> str:
    return f"{count} of {len(answers)} ({count / len(answers):.1%})"


def _miss(answer: Answer) -> str:
    place = f"place {answer.rank}" if answer.rank else "not among the hits"
    if answer.missed_cell:
        place = "the page, not the cell"
    first = f"first is {answer.hits[0]}" if answer.hits else "no hits"
    expected = " | ".join(answer.question.expected)
    return f"{answer.question.query}: {place}; {first}; expected {expected}"
